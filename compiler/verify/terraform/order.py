"""Whether a Terraform program makes its resources in an order that works.

Where one CloudFormation resource is several of the provider's, what refers to it has to wait for all of them: a
function whose role has no policy yet may fail, and a bucket may be used before it is private.

Where CloudFormation completes a stack before the next one begins, Terraform starts as soon as a value is known: what
another module puts into a subnet has to wait for the subnet's way out, or it boots without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lenie.compiler.verify.program import Resource
from lenie.compiler.verify.terraform.atoms import Remote
from lenie.compiler.verify.terraform.module import Instance
from lenie.compiler.verify.values import atoms_of

_Key = tuple[str, str]
_KEY = re.compile(r"\[[^]]*\]$")


def bare(address: str) -> str:
    """Return an address without the key of an instance."""
    return _KEY.sub("", address)


def unfinished(
    instances: Iterable[Instance], made: Mapping[_Key, Resource], after: Mapping[str, set[str]]
) -> list[tuple[Instance, Instance]]:
    """Return each resource that refers to another one, with a part of that one that it does not wait for.

    `made` tells which resource an instance is, or is a part of; `after` the modules that a module waits for.
    """
    known = {(one.component, one.address): one for one in instances}
    reached = _all_reached(known, after)
    parts: dict[_Key, list[_Key]] = {}
    for key, resource in made.items():
        if key != resource.key:
            parts.setdefault(resource.key, []).append(key)
    ways = _ways(known)
    found = []
    for key, one in known.items():
        owners = {(atom.component, atom.address) for atom in _remotes(one)}
        own = made[key].key if key in made else key
        for owner in sorted(owners - {own}):
            needed = [*parts.get(owner, ()), *(ways.get(owner, ()) if owner[0] != key[0] else ())]
            open_parts = (part for part in needed if part not in reached[key] and key not in reached[part])
            found += [(one, known[part]) for part in open_parts]
    return found


def completed(instances: Iterable[Instance], after: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return which modules wait by values for the whole of which others: every resource for every one of the other.

    `after` are the modules that a module waits for by words.
    """
    known = {(one.component, one.address): one for one in instances}
    pairs = {(one.component, component) for one in known.values() for component, _ in one.waits}
    if not pairs:
        return {}
    reached = _all_reached(known, after)
    found: dict[str, set[str]] = {}
    for waiting, other in pairs:
        wanted = {key for key in known if key[0] == other}
        if all(wanted <= seen for key, seen in reached.items() if key[0] == waiting):
            found.setdefault(waiting, set()).add(other)
    return found


def _all_reached(known: Mapping[_Key, Instance], after: Mapping[str, set[str]]) -> dict[_Key, set[_Key]]:
    """Return what each instance waits for, by itself or by way of others."""
    edges = {key: _edges(one, after) for key, one in known.items()}
    groups: dict[_Key, list[_Key]] = {}
    for key in known:
        groups.setdefault((key[0], bare(key[1])), []).append(key)
        groups.setdefault((key[0], ""), []).append(key)
    return {key: _reached(key, edges, groups) for key in known}


def _ways(known: Mapping[_Key, Instance]) -> dict[_Key, list[_Key]]:
    """Return what makes the way out of each subnet: its route table, and the routes, gateways and endpoints of that."""
    by_type: dict[str, list[tuple[_Key, Instance]]] = {}
    for key, one in known.items():
        by_type.setdefault(one.type, []).append((key, one))
    attached: dict[_Key, list[_Key]] = {}
    for key, one in by_type.get("aws_internet_gateway_attachment", ()):
        for gateway in _owners(one, "internet_gateway_id"):
            attached.setdefault(gateway, []).append(key)
    tables: dict[_Key, list[_Key]] = {}
    for key, one in by_type.get("aws_route", ()):
        gateways = [part for gateway in _owners(one, "gateway_id") for part in attached.get(gateway, ())]
        for table in _owners(one, "route_table_id"):
            tables.setdefault(table, []).extend([key, *gateways])
    for key, one in by_type.get("aws_vpc_endpoint", ()):
        for table in _owners(one, "route_table_ids"):
            tables.setdefault(table, []).append(key)
    ways: dict[_Key, list[_Key]] = {}
    for key, one in by_type.get("aws_route_table_association", ()):
        routes = [part for table in _owners(one, "route_table_id") for part in tables.get(table, ())]
        for subnet in _owners(one, "subnet_id"):
            ways.setdefault(subnet, []).extend(dict.fromkeys([key, *routes]))
    return ways


def _owners(instance: Instance, attribute: str) -> set[_Key]:
    """Return the resources that an attribute refers to."""
    node = instance.attributes.get(attribute)
    atoms = atoms_of(node) if node is not None else ()
    return {(atom.component, atom.address) for atom in atoms if isinstance(atom, Remote)}


def _remotes(instance: Instance) -> list[Remote]:
    return [atom for node in instance.attributes.values() for atom in atoms_of(node) if isinstance(atom, Remote)]


def _edges(instance: Instance, after: Mapping[str, set[str]]) -> set[_Key]:
    """Return what an instance waits for by itself: an address without a key is all its instances, "" a whole module."""
    found: set[_Key] = {(instance.component, address) for address in instance.depends_on}
    for atom in _remotes(instance):
        found.add((atom.component, atom.address))
        found |= atom.waits
    return found | instance.waits | {(component, "") for component in after.get(instance.component, ())}


def _reached(start: _Key, edges: Mapping[_Key, set[_Key]], groups: Mapping[_Key, list[_Key]]) -> set[_Key]:
    seen: set[_Key] = set()
    stack = [start]
    while stack:
        for target in edges.get(stack.pop(), ()):
            for key in groups.get(target, [target]):
                if key not in seen:
                    seen.add(key)
                    stack.append(key)
    return seen
