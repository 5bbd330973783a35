"""What a change of the spec does to Kubernetes clusters. They are compared as the spec describes them (ADR 25)."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from lenie.compiler.clusters.graph import Cluster
from lenie.compiler.diff.changes import Side
from lenie.compiler.diff.deep import MISSING, Difference, differences, display
from lenie.compiler.diff.lifecycle import Effect
from lenie.compiler.diff.model import Action, Change, PropertyChange
from lenie.compiler.diff.plain import Plain, plain
from lenie.compiler.expressions import Value
from lenie.compiler.span import Path
from lenie.compiler.types import Parsed

#: What the changes of clusters stand under, where those of resources stand under their component; no name is like it.
SECTION = "kubernetes:"
#: What changes are of.
TYPE = "EKS cluster"
#: What no cluster can change: another one has to be made (Amazon EKS API Reference, UpdateClusterConfig).
_FIXED = ("name", "network")
#: Lists whose order says nothing; types of instances have one.
_SETS = ("api-access", "families")
_UNITS = {
    "MB": (("TB", 1024 * 1024), ("GB", 1024), ("MB", 1)),
    "smhd": (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)),
}
_STAYS = "the old one stays, and costs, until cluster.sh of the old revision deletes it"


def cluster_changes(old: Side, new: Side) -> list[Change]:
    """Return what becomes of the clusters of `old`, both in one environment, in the order of the new spec.

    Nothing happens to a cluster by itself: a change tells what the cluster's script would be given.
    """
    before, after = old.graph.clusters, new.graph.clusters
    found: list[Change] = []
    for name, cluster in after.items():
        if name not in before:
            found.append(Change(Action.ADDED, SECTION, name, TYPE, _place(new, cluster.path)))
        elif properties := tuple(_properties(old, new, before[name], cluster)):
            replaced = any(change.effect == "always" for change in properties)
            action = Action.REPLACED if replaced else Action.CHANGED
            notes = (_STAYS,) if replaced else ()
            found.append(Change(action, SECTION, name, TYPE, _place(new, cluster.path), properties, notes))
    for name, cluster in before.items():
        if name not in after:
            note = f"the script {name}/cluster.sh of the old revision deletes it, where it exists"
            found.append(Change(Action.REMOVED, SECTION, name, TYPE, _place(old, cluster.path), notes=(note,)))
    return found


def cluster_contrast(one: Side, other: Side) -> list[Change]:
    """Return what differs between two environments of one spec: the same clusters, with other names and networks."""
    found = []
    for name, cluster in one.graph.clusters.items():
        right = other.graph.clusters[name]
        properties = tuple(change._replace(effect="") for change in _properties(one, other, cluster, right))
        if properties:
            found.append(Change(Action.CHANGED, SECTION, name, TYPE, _place(other, right.path), properties))
    return found


def _place(side: Side, at: Path, *, key: bool = True) -> str:
    span = side.tree.span(at, key=key)
    return f"{span.file}:{span.line}"


def _properties(old: Side, new: Side, was: Cluster, now: Cluster) -> Iterator[PropertyChange]:
    before, after = _described(was), _described(now)
    for found in differences(before, after, lambda members: members[-1] in _SETS):
        side, cluster = (old, was) if found.new is MISSING else (new, now)
        effect: Effect = "always" if found.members[0] in _FIXED else ""
        place = _place(side, _written(side, cluster, found, new=side is new), key=False)
        yield PropertyChange(display(found.path), found.old, found.new, found.order, effect, place)


def _written(side: Side, cluster: Cluster, found: Difference, *, new: bool) -> Path:
    """Return the narrowest place in the spec of what differs: defaults stand nowhere, nor do the parts of a network."""
    at = (*cluster.path, *found.raw(new=new))
    while side.tree.node(at) is None:
        at = at[:-1]
    return at


def open_values(cluster: Cluster) -> dict[str, Value]:
    """Return what of a cluster may hold expressions, by the names of the fields in the spec."""
    access = list(cluster.api_access)
    return {"name": cluster.physical, "namespace": cluster.namespace, "api-access": access}


def _described(cluster: Cluster) -> dict[str, Plain]:
    """Return what the spec says of a cluster, with defaults, in the spec's own words."""
    network = {"vpc": plain(cluster.vpc, ""), "subnets": {n: plain(s, "") for n, s in cluster.subnets.items()}}
    access = [plain(source, "") for source in cluster.api_access]
    return {
        "name": plain(cluster.physical, ""),
        "version": cluster.version,
        "network": network,
        "namespace": plain(cluster.namespace, ""),
        # A list parameter is an element of its own, and a list.
        "api-access": [one for source in access for one in (source if isinstance(source, list) else [source])],
        "oidc": cluster.oidc,
        "nodes": {name: _spelled(group) for name, group in cluster.nodes.items()},
        "addons": _spelled(cluster.addons),
        **({} if cluster.karpenter is None else {"karpenter": _spelled(cluster.karpenter)}),
    }


def _spelled(model: BaseModel) -> dict[str, Plain]:
    """Return the fields of a model that are set, by their names in the spec, with units as a spec writes them."""
    found: dict[str, Plain] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        forms = [known.json.get("pattern", "") for known in field.metadata if isinstance(known, Parsed)]
        units = next((units for mark, units in _UNITS.items() for form in forms if mark in form), None)
        if value is not None:
            found[field.alias or name] = _with_unit(value, units) if units else _data(value)
    return found


def _data(value: object) -> Plain:
    if isinstance(value, BaseModel):
        return _spelled(value)
    if isinstance(value, dict):
        return {key: _data(item) for key, item in value.items()}
    return list(value) if isinstance(value, (list, tuple)) else value


def _with_unit(value: int, units: tuple[tuple[str, int], ...]) -> str:
    """Return a number of the smallest unit in the largest one that it is a whole number of."""
    return next(f"{value // size}{unit}" for unit, size in units if value % size == 0)
