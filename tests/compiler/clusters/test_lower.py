from __future__ import annotations

from rule_clusters import cluster_spec
from support import run

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation, ParameterValue
from lenie.compiler.graph import Graph
from lenie.compiler.specialise import specialise


def graph(text: str) -> Graph:
    built, found = run(text)
    assert built is not None, found
    return built


def test_a_cluster_in_the_graph() -> None:
    cluster = graph(cluster_spec()).clusters["demo"]
    assert cluster.path == ("kubernetes", "demo")
    assert (cluster.physical, cluster.version, cluster.oidc, cluster.karpenter) == ("demo", "1.36", False, None)
    assert cluster.namespace == Interpolation(("demo-", EnvironmentName()))
    assert cluster.api_access == (ParameterValue("admins"),)
    assert cluster.vpc == AttributeOf("vpc", "Vpc", "Ref")
    assert list(cluster.subnets) == ["public-a", "public-b"]
    assert cluster.reads() == (
        AttributeOf("vpc", "Vpc", "Ref"),
        AttributeOf("vpc", "VpcPublicSubnetA", "Ref"),
        AttributeOf("vpc", "VpcPublicSubnetB", "Ref"),
    )


def test_what_a_cluster_reads_is_published() -> None:
    built = graph(cluster_spec())
    component = built.components["vpc"]
    paths = [built.ssm_path(component.exports[read], component, "dev") for read in built.clusters["demo"].reads()]
    assert paths == ["/demo/dev/vpc-id", "/demo/dev/public-subnet-a/subnet-id", "/demo/dev/public-subnet-b/subnet-id"]
    without = graph(cluster_spec(access="203.0.113.0/24").partition("kubernetes:")[0])
    assert without.clusters == {}
    assert without.components["vpc"].exports == {}


def test_one_environment() -> None:
    built = graph(cluster_spec("name: ${env.name}-cluster"))
    cluster = specialise(built, "prod").clusters["demo"]
    assert (cluster.physical, cluster.namespace) == ("prod-cluster", "demo-prod")
    assert cluster.api_access == (["203.0.113.0/24"],)
    assert cluster.vpc == built.clusters["demo"].vpc
