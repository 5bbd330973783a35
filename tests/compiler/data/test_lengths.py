from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from lenie.compiler.data.lengths import LENGTHS

ROOT = files("cfnlint").joinpath("data", "schemas")


def property_schema(type_name: str, dotted: str) -> Any:
    hashes = json.loads(ROOT.joinpath("providers", "us-east-1.json").read_text(encoding="utf-8"))
    schema = json.loads(ROOT.joinpath("resources", f"{hashes[type_name]}.json").read_text(encoding="utf-8"))
    node = schema
    for step in dotted.split("."):
        node = node["properties"][step]
        while "$ref" in node:
            node = schema["definitions"][node["$ref"].rpartition("/")[2]]
    return node


@pytest.mark.parametrize(("type_name", "name"), list(LENGTHS))
def test_no_limit_is_wider_than_the_registry_says(type_name: str, name: str) -> None:
    schema = property_schema(type_name, name)
    assert schema["type"] == "string"
    assert LENGTHS[type_name, name] <= schema.get("maxLength", LENGTHS[type_name, name])
