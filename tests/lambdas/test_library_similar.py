"""Nearest documents: `website_similar` against a real pgvector."""

from __future__ import annotations

import json
import math
import random
from typing import Any
from urllib.parse import urlencode

import pytest
from lambdas.app_db import MODEL, URL, call, embed, save, unit
from lambdas.events import form, post
from lambdas.postgres import Server
from library.kinds import DIMENSIONS
from library.similar import NEAREST, PREPARE

pytestmark = pytest.mark.usefixtures("container")


class TestSimilar:
    def test_nearest_documents(self, container: Server) -> None:
        near, far, other = (save(url=f"{URL}{n}", title=str(n)) for n in range(3))
        slanted = [1.0, 1.0, *([0.0] * (DIMENSIONS - 2))]
        embed(container, [(far, "far", unit(5)), (near, "half", slanted), (near, "near", unit(0)), (far, "x", unit(6))])
        embed(container, [(other, "other model", unit(0))], model="another")
        found = call(post("/website_similar", {"embedds": unit(0), "model": MODEL}))["websites"]
        assert [(f["website_id"], f["text"]) for f in found] == [(near, "near"), (far, "far")]
        assert math.isclose(found[0]["similarity"], 1)
        assert math.isclose(found[1]["distance"], 1)
        assert found[0]["url"] == URL + "0"
        assert len(call(post("/website_similar", {"embedds": slanted, "limit": 1}))["websites"]) == 1
        scaled = [1e-3, 1e-50, *([0.0] * (DIMENSIONS - 2))]
        assert math.isclose(call(post("/website_similar", {"embedds": scaled}))["websites"][0]["similarity"], 1)
        sent = form("/website_similar", {"embedds": json.dumps(unit(0)), "limit": "2", "model": "another"})
        assert [f["text"] for f in call(sent)["websites"]] == ["other model"]
        listed = [("embedds[]", str(number)) for number in unit(0)]
        sent = post(
            "/website_similar", raw=urlencode([*listed, ("limit", "1")]), kind="application/x-www-form-urlencoded"
        )
        assert [f["text"] for f in call(sent)["websites"]] == ["near"]
        sent = post("/website_similar", raw=urlencode([*listed[1:], ("embedds[]", "x")]), kind="")
        call(sent, 400)

    def test_many_parts_of_one_document(self, container: Server) -> None:
        first, second = save(url=URL + "1"), save(url=URL + "2")
        close = [[1.0, n / 1000, *([0.0] * (DIMENSIONS - 2))] for n in range(60)]
        embed(container, [*((first, str(n), vector) for n, vector in enumerate(close)), (second, "x", unit(1))])
        found = call(post("/website_similar", {"embedds": unit(0)}))["websites"]
        assert [(f["website_id"], f["text"]) for f in found] == [(first, "0"), (second, "x")]

    @pytest.mark.parametrize(
        "embedds",
        [
            None,
            [],
            "",
            "[1",
            "{}",
            [1.0] * (DIMENSIONS - 1),
            [0] * DIMENSIONS,
            ["1"] * DIMENSIONS,
            [True] * DIMENSIONS,
            [1e300] * DIMENSIONS,
            [1e-50] * DIMENSIONS,
            [10**400] * DIMENSIONS,
            [float("nan")] * DIMENSIONS,
        ],
    )
    def test_wrong_vectors(self, embedds: Any) -> None:
        assert "embedds" in call(post("/website_similar", {"embedds": embedds}), 400)["message"]

    @pytest.mark.parametrize("limit", [0, -1, 101, "x", 2.0, True])
    def test_wrong_limits(self, limit: Any) -> None:
        call(post("/website_similar", {"embedds": unit(0), "limit": limit}), 400)

    @pytest.mark.slow
    def test_ten_thousand_use_the_index(self, container: Server) -> None:
        number = save(url=URL)
        # Filled before the index is built, as that takes less time.
        ((index,),) = container.execute("SELECT pg_get_indexdef('websites_embeddings_nearest'::regclass)")
        container.execute(
            "DROP INDEX websites_embeddings_nearest",
            "ALTER TABLE websites_embeddings SET (parallel_workers = 2)",
            "SELECT setseed(0.5)",
            "INSERT INTO websites_embeddings (website_id, text, embedding, model)"
            f" SELECT {number}, n::text,"
            f" ARRAY(SELECT random() - 0.5 + 0 * n FROM generate_series(1, {DIMENSIONS}))::vector, '{MODEL}'"
            " FROM generate_series(1, 10000) n",
            index,
            "ANALYZE websites_embeddings",
        )
        chance = random.Random(1)
        vector = [chance.uniform(-1, 1) for _ in range(DIMENSIONS)]
        connection = container.connect()
        with connection, connection.cursor() as cursor:
            cursor.execute("SET search_path TO lenie, public")
            cursor.execute(PREPARE)
            cursor.execute("EXPLAIN " + NEAREST, {"vector": json.dumps(vector), "model": MODEL, "rows": 12})
            plan = "\n".join(row[0] for row in cursor.fetchall())
        connection.close()
        assert "Index Scan using websites_embeddings_nearest" in plan
        found = call(post("/website_similar", {"embedds": vector}))["websites"]
        assert [f["website_id"] for f in found] == [number]
        container.execute("TRUNCATE websites_embeddings")
