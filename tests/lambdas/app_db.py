"""Requests to `app-server-db`, and what they work on."""

from __future__ import annotations

import json
from typing import Any

from app_server_db.handler import lambda_handler
from lambdas.conftest import body_of
from lambdas.events import CONTEXT, post
from lambdas.postgres import Server
from library.kinds import DIMENSIONS

MODEL = "text-embedding-ada-002"
URL = "https://example.com/"


def call(event: Any, status: int = 200) -> Any:
    done = lambda_handler(event, CONTEXT)
    assert done["statusCode"] == status, done["body"]
    return body_of(done)


def save(**fields: Any) -> int:
    return int(call(post("/website_save", fields))["id"])


def unit(index: int) -> list[float]:
    return [1.0 if n == index else 0.0 for n in range(DIMENSIONS)]


def embed(database: Server, found: list[tuple[int, str, list[float]]], model: str = MODEL) -> None:
    connection = database.connect()
    with connection, connection.cursor() as cursor:
        for document, text, vector in found:
            cursor.execute(
                "INSERT INTO lenie.websites_embeddings (website_id, text, embedding, model) VALUES (%s, %s, %s, %s)",
                (document, text, json.dumps(vector), model),
            )
    connection.close()
