"""A group of IAM Identity Center, and who is in it."""

from __future__ import annotations

from typing import Any

from support import compile_snippet, errors, of_type, one, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, ParameterItem, ParameterValue
from lenie.compiler.graph import Graph

PARAMETERS = {
    "store": {"type": "text", "default": "d-1234567890", "description": "Identity store"},
    "developer": {"type": "text", "default": "u-1", "description": "A person"},
    "others": {"type": "list(text)", "default": ["u-2", "u-3"], "description": "More people"},
}
GROUP = """
developers:
  kind: identity-group
  name: Demo-Developers
  description: Developers
  identity-store: ${param.store}
  members: ["${param.developer}", "${param.others}"]
"""


def graph_of(text: str = GROUP) -> Graph:
    return compile_snippet(one(text, "organization"), defaults={}, parameters=PARAMETERS)


def test_group() -> None:
    assert schema_faults(graph_of()) == []
    group = resource(graph_of(), "DevelopersGroup")
    assert group.properties == {
        "IdentityStoreId": ParameterValue("store"),
        "DisplayName": "Demo-Developers",
        "Description": "Developers",
    }
    assert group.origin(("DisplayName",)) == ("components", "main", "resources", "developers", "name")


def test_each_member_has_a_membership() -> None:
    memberships = of_type(graph_of(), "AWS::IdentityStore::GroupMembership")
    found: dict[str, Any] = {m.logical_id: m.properties for m in memberships}
    assert {name: p["MemberId"] for name, p in found.items()} == {
        "DevelopersDeveloperMembership": {"UserId": ParameterValue("developer")},
        "DevelopersOthers1Membership": {"UserId": ParameterItem("others", 0)},
        "DevelopersOthers2Membership": {"UserId": ParameterItem("others", 1)},
    }
    for properties in found.values():
        assert properties["GroupId"] == AttributeOf("main", "DevelopersGroup", "GroupId")
        assert properties["IdentityStoreId"] == ParameterValue("store")
    assert memberships[2].path == ("components", "main", "resources", "developers", "members", 1)


def test_another_member_leaves_the_first_one_alone() -> None:
    inserted = GROUP.replace('["${param.developer}"', '["u-0", "${param.developer}"')
    before = {m.logical_id for m in of_type(graph_of(), "AWS::IdentityStore::GroupMembership")}
    after = {m.logical_id for m in of_type(graph_of(inserted), "AWS::IdentityStore::GroupMembership")}
    assert before < after


def test_a_member_twice_is_told_at_the_second() -> None:
    text = GROUP.replace('"${param.others}"', '"${param.developer}"').replace("members: [", "members: [u-9, ")
    found = errors(one(text, "organization"), defaults={}, parameters=PARAMETERS)
    assert found == [
        ("E203", "${param.developer} is there twice", '"${param.developer}"', "remove one of the two"),
    ]
