"""What a change of the spec does to clusters, and how they differ between environments."""

from __future__ import annotations

from typing import Any

import pytest
from rule_clusters import cluster_spec
from support_diff import compiled_text, entries

from lenie.compiler.diff.against import against
from lenie.compiler.diff.clusters import SECTION
from lenie.compiler.diff.deep import MISSING
from lenie.compiler.diff.environments import environments
from lenie.compiler.diff.model import Action, Change, Comparison

KARPENTER = """
oidc: true
addons: {metrics-server: 3.14.0}
karpenter:
  version: 1.14.1
  pools: {default: {families: [c, m], cpu-limit: 16, memory-limit: 64GB}}
"""


def compare(old: str, new: str, **options: Any) -> Comparison:
    return against(compiled_text(old), compiled_text(new), ("main", "spec.yaml"), **options)


def one(old: str, new: str) -> Change:
    (change,) = compare(old, new).changes
    assert (change.component, change.type, change.environments) == (SECTION, "EKS cluster", ())
    return change


def test_nothing() -> None:
    found = compare(cluster_spec(KARPENTER), "# a comment\n" + cluster_spec(KARPENTER))
    assert found.changes == ()
    assert found.same > 0


@pytest.mark.parametrize(
    ("old", "new", "path", "values"),
    [
        ("cpu-limit: 16", "cpu-limit: 32", "karpenter.pools.default.cpu-limit", (16, 32)),
        ("memory-limit: 64GB", "memory-limit: 65000MB", "karpenter.pools.default.memory-limit", ("64GB", "65000MB")),
        ("cpu-limit: 16", "cpu-limit: 16, expire: 36h", "karpenter.pools.default.expire", ("30d", "36h")),
        ("cpu-limit: 16", "cpu-limit: 16, spot: true", "karpenter.pools.default.spot", (False, True)),
        ("metrics-server: 3.14.0", "", "addons.metrics-server", ("3.14.0", MISSING)),
        ("oidc: true", "oidc: false", "oidc", (True, False)),
        ("[c, m]", "[m, c]", "", ()),
        ("${param.admins}", "[203.0.113.0/24]", "", ()),
        ("${param.admins}", "[203.0.113.0/24, 198.51.100.0/24]", "api-access[1]", (MISSING, "198.51.100.0/24")),
        ("namespace: demo-", "namespace: other-", "namespace", ("demo-${env.name}", "other-${env.name}")),
        ("disk: 20GB", "disk: 30GB", "nodes.workers.disk", ("20GB", "30GB")),
        ("max: 4", "max: 5", "nodes.workers.max", (4, 5)),
    ],
)
def test_a_field(old: str, new: str, path: str, values: tuple[object, ...]) -> None:
    before = cluster_spec(KARPENTER).replace("max: 4}", "max: 4, disk: 20GB}")
    after = before.replace(old, new)
    if path:
        change = one(before, after)
        assert change.action is Action.CHANGED
        (entry,) = change.properties
        assert (entry.path, (entry.old, entry.new), entry.effect) == (path, values, "")
    else:
        assert compare(before, after).changes == ()


def test_places() -> None:
    before = cluster_spec(KARPENTER)
    after = before.replace("cpu-limit: 16", "cpu-limit: 32")
    line = 1 + after.splitlines().index(next(text for text in after.splitlines() if "cpu-limit" in text))
    change = one(before, after)
    assert change.properties[0].place == f"spec.yaml:{line}"
    # A default stands nowhere: its place is that of what it is a part of.
    assert entries(one(before.replace("    oidc: true\n", ""), before))["oidc"].place.startswith("spec.yaml:")


def test_another_name_or_network_is_another_cluster() -> None:
    named = one(cluster_spec(), cluster_spec("name: other-${env.name}"))
    assert (named.action, entries(named)["name"].new) == (Action.REPLACED, "other-${env.name}")
    assert named.notes == ("the old one stays, and costs, until cluster.sh of the old revision deletes it",)
    public = '{cidrs: [10.0.1.0/24, 10.0.2.0/24], public: true, tags: {kubernetes.io/role/elb: "1"}}'
    other = cluster_spec().replace(
        f"public: {public}", f"public: {public}\n          web: {public.replace('10.0.', '10.0.9')}"
    )
    other = other.replace("10.0.91.0/24, 10.0.92.0/24", "10.0.91.0/24, 10.0.92.0/24")
    moved = compare(other, other.replace("network: vpc.public", "network: vpc.web"))
    (cluster,) = [change for change in moved.changes if change.component == SECTION]
    assert cluster.action is Action.REPLACED
    assert {path.split(".")[0] for path in entries(cluster)} == {"network"}


def test_added_and_removed() -> None:
    second = cluster_spec().partition("kubernetes:\n")[2].replace("  demo:", "  second:")
    added = one(cluster_spec(), cluster_spec() + second)
    assert (added.action, added.logical_id, added.notes) == (Action.ADDED, "second", ())
    removed = one(cluster_spec() + second, cluster_spec())
    assert (removed.action, removed.logical_id) == (Action.REMOVED, "second")
    assert removed.notes == ("the script second/cluster.sh of the old revision deletes it, where it exists",)


def test_the_same_resources_are_counted_with_and_without_clusters() -> None:
    same = compare(cluster_spec(), cluster_spec())
    changed = compare(cluster_spec(), cluster_spec().replace("max: 4", "max: 5"))
    assert same.same == changed.same
    assert compare(cluster_spec(), cluster_spec().replace("max: 4", "max: 5"), component="vpc").changes == ()


def test_environments() -> None:
    text = cluster_spec().replace(
        "default: [203.0.113.0/24],", "default: [203.0.113.0/24], values: {prod: [203.0.113.7/32]},"
    )
    found = environments(*compiled_text(text), ("dev", "prod"))
    (change,) = [change for change in found.changes if change.component == SECTION]
    assert [(entry.path, entry.old, entry.new, entry.source) for entry in change.properties] == [
        ("api-access[0]", "203.0.113.0/24", MISSING, "parameter admins"),
        ("api-access[0]", MISSING, "203.0.113.7/32", "parameter admins"),
    ]
    every = environments(*compiled_text(text), ("dev", "prod"), names=True)
    (change,) = [change for change in every.changes if change.component == SECTION]
    assert {entry.path for entry in change.properties} == {"namespace", "api-access[0]"}
    assert found.same == sum(len(c.resources) for c in compiled_text(text)[0].components.values())
