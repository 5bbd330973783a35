from __future__ import annotations

import pytest
from rule_clusters import cluster_spec
from support import marked, run

from lenie.compiler.clusters.model import NodePool, parse_sources
from lenie.compiler.diagnostics import Severity
from lenie.compiler.types import Lookup, Template


def faults(text: str) -> list[tuple[str, str, str]]:
    _, found = run(text)
    wrong = [d for d in found if d.severity is Severity.ERROR]
    return [(d.code, d.message, marked(text, d)) for d in wrong]


@pytest.mark.parametrize(
    ("old", "new", "message", "place"),
    [
        ("min: 2, max: 4", "min: 5, max: 4", "the largest number, 4, is below the least, 5", "4"),
        ("max: 4", "max: 4, disk: 20.5GB", "a size is wanted here", "20.5GB"),
        ("max: 4", "max: 4, disk: 20481MB", "a disk has whole gigabytes", "20481MB"),
        ("[t3.medium]", "[t3.medium, t4g.medium]", "t4g.medium has another architecture than t3.medium, and a", "t4g."),
        ("[t3.medium]", "[t3.medium, t3.medium]", '"t3.medium" is listed twice', "t3.medium"),
        ("vpc.public", "vpc.public-a", '"vpc" has no group "public-a"', "vpc.public-a"),
        ("${param.admins}", "[]", "at least one network is wanted here", "[]"),
        ("${param.admins}", '"x ${param.admins}"', "a network or a parameter is wanted here", '"x '),
        ("${param.admins}", "203.0.113.1/24", '"203.0.113.1/24" has bits set behind its prefix', "203.0.113.1/24"),
        ("[203.0.113.0/24]", "[]", '"admins" can be empty, and then EKS would let everybody', "${param.admins}"),
    ],
)
def test_faults_have_their_places(old: str, new: str, message: str, place: str) -> None:
    text = cluster_spec()
    assert old in text
    [(_, said, at)] = faults(text.replace(old, new))
    assert said.startswith(message)
    assert at.startswith(place)


def test_a_network_that_exists_once_has_no_environment() -> None:
    [(code, message, _)] = faults(cluster_spec(scope="account"))
    assert (code, message) == ("E308", 'a cluster is of an environment, and "vpc" exists only once')


def test_sources() -> None:
    parameter = Template((Lookup("param", "office"),), "list")
    assert parse_sources("203.0.113.0/24") == ["203.0.113.0/24"]
    assert parse_sources("${param.office}") == [parameter]
    assert parse_sources(["${param.office}", "10.0.0.0/8"]) == [parameter, "10.0.0.0/8"]


def test_defaults_of_a_pool() -> None:
    pool = NodePool.model_validate({"families": ["c"], "cpu-limit": 8, "memory-limit": "32GB"})
    assert (pool.spot, pool.architecture, pool.generation_above) == (False, "amd64", 2)
    assert (pool.expire, pool.consolidate_after, pool.memory_limit) == (30 * 86400, 60, 32 * 1024)


def test_a_parameter_that_only_a_cluster_uses_is_used() -> None:
    _, found = run(cluster_spec())
    assert [d.code for d in found if d.code == "W325"] == []
    _, found = run(cluster_spec(access="203.0.113.0/24"))
    assert [d.message for d in found if d.code == "W325"] == ['nothing uses the parameter "admins"']


@pytest.mark.parametrize(("type", "code"), [("t3.mikro", "E338"), ("p4d.24xlarge", "W329"), ("t3.medium", "")])
def test_types_of_nodes_are_known(type: str, code: str) -> None:
    text = cluster_spec(types=f"[{type}]")
    _, found = run(text)
    assert [d.code for d in found] == [code] * bool(code)
    assert all(marked(text, d) == type for d in found)
