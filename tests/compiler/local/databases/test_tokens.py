"""Tokens of IAM, as boto3 makes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from lenie.compiler.local.databases.tokens import fault

HOST, PORT, USER = "127.0.0.1", 5555, "lenie_app"


@pytest.fixture
def token() -> str:
    client = boto3.client("rds", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")
    return str(client.generate_db_auth_token(DBHostname=HOST, Port=PORT, DBUsername=USER))


def test_a_token_lets_its_user_in_for_a_quarter_of_an_hour(token: str) -> None:
    now = datetime.now(UTC)
    assert fault(token, HOST, PORT, USER) == ""
    assert fault(token, HOST, PORT, USER, now + timedelta(minutes=14)) == ""
    assert fault(token, HOST, PORT, USER, now + timedelta(minutes=16)) == "its time is over"
    assert fault(token, HOST, PORT, USER, now - timedelta(minutes=10)) == "its time is over"


def test_a_token_is_for_one_user_at_one_place(token: str) -> None:
    assert fault(token, HOST, PORT, "other") == "it is for the user lenie_app"
    assert fault(token, HOST, 5432, USER) == "it is for 127.0.0.1:5555"
    assert fault(token, "localhost", PORT, USER) == "it is for 127.0.0.1:5555"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Action=connect", "Action=other", "it is no token"),
        ("rds-db", "rds", "it is not signed for rds-db"),
        ("X-Amz-Signature=", "X-Amz-Signature=1&X-Other=", "it has no signature"),
        ("X-Amz-Expires=900", "X-Amz-Expires=many", "its time is none"),
        ("X-Amz-Expires=900", "X-Amz-Expires=0", "its time is over"),
        (":5555", ":none", "it is no token"),
    ],
)
def test_what_is_no_token(token: str, old: str, new: str, words: str) -> None:
    assert old in token
    assert fault(token.replace(old, new, 1), HOST, PORT, USER) == words


@pytest.mark.parametrize("text", ["", "a-password", "http://[", "127.0.0.1:5555/", "\x00"])
def test_a_password_is_no_token(text: str) -> None:
    assert fault(text, HOST, PORT, USER) != ""
