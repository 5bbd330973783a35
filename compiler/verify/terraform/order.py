"""Whether a Terraform program makes its resources in an order that works.

Where one CloudFormation resource is several of the provider's, what refers to it has to wait for all of them: a
function whose role has no policy yet may fail, and a bucket may be used before it is private.
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
    edges = {key: _edges(one, after) for key, one in known.items()}
    groups: dict[_Key, list[_Key]] = {}
    for key in known:
        groups.setdefault((key[0], bare(key[1])), []).append(key)
        groups.setdefault((key[0], ""), []).append(key)
    reached = {key: _reached(key, edges, groups) for key in known}
    parts: dict[_Key, list[_Key]] = {}
    for key, resource in made.items():
        if key != resource.key:
            parts.setdefault(resource.key, []).append(key)
    found = []
    for key, one in known.items():
        owners = {(atom.component, atom.address) for atom in _remotes(one)}
        own = made[key].key if key in made else key
        for owner in sorted(owners - {own}):
            open_parts = (
                part for part in parts.get(owner, ()) if part not in reached[key] and key not in reached[part]
            )
            found += [(one, known[part]) for part in open_parts]
    return found


def _remotes(instance: Instance) -> list[Remote]:
    return [atom for node in instance.attributes.values() for atom in atoms_of(node) if isinstance(atom, Remote)]


def _edges(instance: Instance, after: Mapping[str, set[str]]) -> set[_Key]:
    """Return what an instance waits for by itself: an address without a key is all its instances, "" a whole module."""
    found: set[_Key] = {(instance.component, address) for address in instance.depends_on}
    for atom in _remotes(instance):
        found.add((atom.component, atom.address))
        found |= atom.waits
    return found | {(component, "") for component in after.get(instance.component, ())}


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
