from __future__ import annotations

import pytest
from rule_clusters import cluster_spec
from support import run

from lenie.compiler.diagnostics import Diagnostic, Report
from lenie.compiler.graph import Graph
from lenie.compiler.load import parse
from lenie.targets.eks.names import check_names, named, subnet_variable


def graph(text: str) -> Graph:
    built, found = run(text)
    assert built is not None, found
    return built


def checked(text: str) -> list[Diagnostic]:
    report = Report(parse(text, "spec.yaml"))
    check_names(graph(text), report)
    return report.diagnostics


def test_names_in_an_environment() -> None:
    built = graph(cluster_spec("name: demo-${env.name}"))
    found = named(built, built.clusters["demo"], "prod")
    assert (found.cluster, found.namespace, found.api_access) == ("demo-prod", "demo-prod", ("203.0.113.0/24",))
    assert found.network == {
        "VPC_ID": "/demo/prod/vpc-id",
        "SUBNET_PUBLIC_A": "/demo/prod/public-subnet-a/subnet-id",
        "SUBNET_PUBLIC_B": "/demo/prod/public-subnet-b/subnet-id",
    }


def test_variables_of_subnets() -> None:
    assert subnet_variable("edge-nodes-c") == "SUBNET_EDGE_NODES_C"


@pytest.mark.parametrize("name", ["a", "lenie-ai", "a" * 39])
def test_names_that_can_be(name: str) -> None:
    assert checked(cluster_spec(f"name: {name}")) == []


@pytest.mark.parametrize("name", ["a" * 40, "Lenie", "lenie_ai", "-lenie", "lenie.ai", "'2nd'", "'123'"])
def test_names_that_cannot_be(name: str) -> None:
    assert [found.code for found in checked(cluster_spec(f"name: {name}"))] == ["E540"]


@pytest.mark.parametrize("namespace", ["kube-system", "default", "a" * 64, "Lenie", "lenie-", "lenie.ai"])
def test_namespaces_that_cannot_be(namespace: str) -> None:
    text = cluster_spec().replace("demo-${env.name}", namespace)
    assert [found.code for found in checked(text)] == ["E540"]


def test_names_of_groups_and_pools() -> None:
    pools = "pools: {%s: {families: [c], cpu-limit: 8, memory-limit: 32GB}}"
    more = f"karpenter: {{version: 1.14.1, {pools % ('p' * 64)}}}"
    text = cluster_spec(more).replace("workers:", f"{'n' * 64}:")
    assert [(found.code, found.message[:12]) for found in checked(text)] == [
        ("E540", 'the name "nn'),
        ("E540", 'the name "pp'),
    ]
    assert checked(text.replace("n" * 64, "n" * 63).replace("p" * 64, "p" * 63)) == []


def test_the_same_name_in_one_environment_only() -> None:
    other = cluster_spec(name="other").partition("kubernetes:\n")[2].replace("other:", "other:\n    name: demo-dev")
    text = cluster_spec("name: demo-${env.name}") + other
    [found] = checked(text)
    assert (found.code, found.message) == ("E541", 'two clusters would be called "demo-dev" (dev)')
