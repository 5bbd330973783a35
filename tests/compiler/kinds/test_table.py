"""DynamoDB tables: keys, indexes, and what they cost."""

from __future__ import annotations

from typing import Any

from support import ARTIFACTS, compile_snippet, errors, one, properties, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation, PerEnvironment, as_part, interpolate
from lenie.compiler.graph import Graph

TABLE = """\
documents:
  kind: table
  name: demo_${env.name}_documents
  key: {pk: string, sk: number}
  indexes: {DateIndex: {created: string, sk: number}}
"""
SPEC = ("components", "main", "resources", "documents")
ARN = AttributeOf("main", "DocumentsTable", "Arn")


def built(text: str = TABLE) -> Graph:
    graph = compile_snippet(one(text))
    assert schema_faults(graph) == []
    return graph


def test_keys() -> None:
    found = resource(built(), "DocumentsTable")
    assert found.properties["TableName"] == Interpolation(("demo_", EnvironmentName(), "_documents"))
    assert found.properties["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    assert found.origin(("KeySchema", 0)) == (*SPEC, "key")


def test_only_key_attributes_are_defined_and_each_once() -> None:
    found = resource(built(), "DocumentsTable")
    assert found.properties["AttributeDefinitions"] == [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "N"},
        {"AttributeName": "created", "AttributeType": "S"},
    ]
    assert found.origin(("AttributeDefinitions", 2)) == (*SPEC, "indexes", "DateIndex", "created")


def test_index_holds_all_attributes() -> None:
    found = resource(built(), "DocumentsTable")
    assert found.properties["GlobalSecondaryIndexes"] == [
        {
            "IndexName": "DateIndex",
            "KeySchema": [
                {"AttributeName": "created", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ]
    assert found.origin(("GlobalSecondaryIndexes", 0, "KeySchema")) == (*SPEC, "indexes", "DateIndex")


def test_defaults() -> None:
    found = resource(built("documents: {kind: table, key: {pk: binary}}"), "DocumentsTable")
    assert found.properties["BillingMode"] == "PAY_PER_REQUEST"
    assert found.properties["SSESpecification"] == {"SSEEnabled": True}
    assert found.properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": False}
    assert found.deletion_policy == "RetainExceptOnCreate"
    assert found.update_replace_policy == "Retain"
    assert "GlobalSecondaryIndexes" not in found.properties
    assert "ProvisionedThroughput" not in found.properties


def test_recovery_by_environment() -> None:
    found = resource(built(TABLE + "  point-in-time-recovery: ${env.production}\n"), "DocumentsTable")
    assert found.properties["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": PerEnvironment("Production", (("dev", False), ("prod", True)))
    }
    place = ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")
    assert found.origin(place) == (*SPEC, "point-in-time-recovery")
    assert "CKV_AWS_28" in found.accepted
    always = resource(built(TABLE + "  point-in-time-recovery: true\n"), "DocumentsTable")
    assert "CKV_AWS_28" not in always.accepted


def statements(verbs: str, table: str = TABLE) -> Any:
    graph = built(table + ARTIFACTS + f"f: {{kind: function, access: {{documents: {verbs}}}}}\n")
    role: Any = properties(graph, "FRole")
    return role["Policies"][0]["PolicyDocument"]["Statement"]


def test_put_concerns_the_table_only() -> None:
    first = statements("put")[0]
    assert (first["Action"], first["Resource"]) == ("dynamodb:PutItem", ARN)


def test_query_concerns_the_indexes_too() -> None:
    first = statements("[query, scan]")[0]
    assert first["Action"] == ["dynamodb:Query", "dynamodb:Scan"]
    assert first["Resource"] == [ARN, interpolate(as_part(ARN), "/index/*")]
    without = statements("query", "documents: {kind: table, key: {pk: string}}\n")[0]
    assert without["Resource"] == ARN


def test_attribute_has_one_type() -> None:
    (found,) = errors(one(TABLE.replace("created: string, sk: number", "created: string, sk: binary")))
    assert found == ("E203", '"sk" is a number above, and an attribute has one type', "binary", "write number")


def test_unknown_type() -> None:
    (found,) = errors(one("documents: {kind: table, key: {pk: text}}"))
    assert found[:3] == ("E203", '"text" is not possible here', "text")


def test_key_has_two_parts_at_most() -> None:
    (found,) = errors(one("documents: {kind: table, key: {a: string, b: string, c: string}}"))
    assert found[:3] == ("E203", "at most 2 entries are possible here", "{a: string, b: string, c: string}")
