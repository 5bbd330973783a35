"""The organization."""

from __future__ import annotations

from support import compile_snippet, of_type, one, resource, schema_faults

from lenie.compiler.expressions import AttributeOf


def test_all_features_and_never_deleted() -> None:
    graph = compile_snippet(one("org: {kind: organization, publish: [root-id]}\n", "organization"), defaults={})
    assert schema_faults(graph) == []
    organization = resource(graph, "OrgOrganization")
    assert organization.properties == {"FeatureSet": "ALL"}
    assert (organization.deletion_policy, organization.update_replace_policy) == ("RetainExceptOnCreate", "Retain")
    (parameter,) = of_type(graph, "AWS::SSM::Parameter")
    assert parameter.properties["Name"] == "/demo/organization/org/root-id"
    assert parameter.properties["Value"] == AttributeOf("main", "OrgOrganization", "RootId")
