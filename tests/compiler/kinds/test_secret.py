"""Secrets: generated or set by hand, and never in a file."""

from __future__ import annotations

from typing import Any

import pytest
from support import ARTIFACTS, compile_snippet, errors, one, properties, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation, JsonText
from lenie.compiler.graph import Graph

SPEC = ("components", "main", "resources", "password")


def built(text: str) -> Graph:
    graph = compile_snippet(one(text))
    assert schema_faults(graph) == []
    return graph


def test_generated_password_fits_into_a_url() -> None:
    found = resource(built("password: {kind: secret, generate: {username: lenie}}"), "PasswordSecret")
    assert found.properties["GenerateSecretString"] == {
        "SecretStringTemplate": JsonText({"username": "lenie"}),
        "GenerateStringKey": "password",
        "PasswordLength": 32,
        "ExcludePunctuation": True,
    }
    assert found.origin(("GenerateSecretString", "PasswordLength")) == (*SPEC, "generate")
    assert found.deletion_policy is None


def test_fields_are_set_by_hand_and_kept() -> None:
    found = resource(built("keys: {kind: secret, description: APIs, fields: [api_key]}"), "KeysSecret")
    assert set(found.properties) == {"Name", "Description", "Tags"}
    assert found.deletion_policy == "RetainExceptOnCreate"
    assert found.update_replace_policy == "Retain"


def test_user_name_is_no_secret() -> None:
    graph = built("password: {kind: secret, generate: {username: lenie}, publish: [username]}")
    assert properties(graph, "PasswordUsernameParameter")["Value"] == "lenie"


def test_name() -> None:
    text = 'password: {kind: secret, name: "/demo/${env.name}/rds", generate: {username: lenie}}'
    found = resource(built(text), "PasswordSecret")
    assert found.properties["Name"] == Interpolation(("/demo/", EnvironmentName(), "/rds"))
    assert found.origin(("Name",)) == (*SPEC, "name")


def test_name_can_be_read_without_the_secret() -> None:
    text = "keys: {kind: secret, fields: [api_key]}\n" + ARTIFACTS
    graph = built(text + 'f: {kind: function, access: {keys: read}, environment: {SECRET: "${keys.name}"}}\n')
    environment: Any = properties(graph, "FFunction")["Environment"]
    assert environment["Variables"]["SECRET"] == Interpolation(("demo-", EnvironmentName(), "-keys"))
    role: Any = properties(graph, "FRole")
    statement = role["Policies"][0]["PolicyDocument"]["Statement"][0]
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    assert statement["Resource"] == AttributeOf("main", "KeysSecret", "Ref")


@pytest.mark.parametrize(
    ("fields", "message", "place"),
    [
        ("description: x", "a secret needs fields", "{kind: secret, description: x}"),
        ("generate: {username: a}, fields: [b]", "a secret is either generated or set by hand", "fields"),
        ("fields: [arn]", 'a field cannot be called "arn"', "arn"),
        ("fields: [api-key]", '"api-key" cannot be the name of a field', "api-key"),
        (
            "generate: {username: Admin User}",
            '"Admin User" is no name that PostgreSQL takes without quotes',
            "Admin User",
        ),
        ("generate: {username: a}, publish: [password]", '"password" would be published in plain text', "[password]"),
    ],
)
def test_wrong_fields(fields: str, message: str, place: str) -> None:
    found = errors(one(f"keys: {{kind: secret, {fields}}}"))
    assert [f[:3] for f in found] == [("E203", message, place)]


def test_unknown_field() -> None:
    text = "keys: {kind: secret, fields: [api_key]}\np: {kind: parameter, path: a, value: '${keys.apikey}'}\n"
    (found,) = [f for f in errors(one(text)) if f[0] == "E305"]
    assert found == ("E305", 'secret "keys" has no attribute "apikey"', "${keys.apikey}", 'did you mean "api_key"?')
