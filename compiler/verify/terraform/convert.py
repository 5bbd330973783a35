"""Makes CloudFormation resources of the provider's: applies the tables, joins what is split, reads what protects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from lenie.compiler.verify.program import Component, Program, Resource
from lenie.compiler.verify.terraform.atoms import Remote
from lenie.compiler.verify.terraform.finish import FINISH
from lenie.compiler.verify.terraform.module import Instance
from lenie.compiler.verify.terraform.row import Inner, Only, Part, Row, Target, To
from lenie.compiler.verify.terraform.tree import put
from lenie.compiler.verify.values import Atom, Bag, Document, Node, Place, Reference, rewritten

#: Changes that a program has to leave alone, since somebody else makes them, with the reason.
IGNORED_CHANGES: dict[tuple[str, str], str] = {
    ("aws_organizations_organization", "aws_service_access_principals"): "services enable their access by themselves",
    (
        "aws_organizations_organization",
        "enabled_policy_types",
    ): "policy types are enabled by a command, as for CloudFormation",
    ("aws_db_instance", "storage_encrypted"): "a restored database is as its snapshot was",
    ("aws_amplify_app", "repository"): "people connect the repository after the first apply",
}
#: What is in use as long as there is no other: it has to be replaced as CloudFormation replaces everything, the new one
#: first. Source: the delete operation of each in the API references of EC2, RDS, IAM and API Gateway.
CREATED_FIRST: dict[str, str] = {
    "aws_api_gateway_deployment": "a stage points to it",
    "aws_db_parameter_group": "an instance uses it",
    "aws_db_subnet_group": "an instance is in it",
    "aws_iam_instance_profile": "an instance has it",
    "aws_iam_role": "functions and instances work with it",
    "aws_key_pair": "instances are started with it",
    "aws_security_group": "network interfaces are in it",
}
#: Attributes that say what happens on destruction, and the value that keeps the resource.
_KEEPS = {"skip_destroy": True}
_SNAPSHOTS = frozenset({"skip_final_snapshot", "final_snapshot_identifier"})
_NO_TAGS: dict[str, Node] = {}


@cache
def rows() -> Mapping[str, Row | Part]:
    """Return the tables of all services."""
    from lenie.compiler.verify.terraform import compute, services, storage

    return {**compute.ROWS, **storage.ROWS, **services.ROWS}


class Vocabulary:
    """The properties that the graph uses: names an attribute without a row of its own."""

    def __init__(self, expected: Program) -> None:
        self.names: dict[tuple[str, str], dict[str, str]] = {}
        self.lists: set[tuple[str, str]] = set()
        for resource in expected.resources():
            self._learn(resource.type, "", resource.properties)

    def _learn(self, kind: str, path: str, node: Node) -> None:
        value = node.value
        if isinstance(value, Document):
            return
        if isinstance(value, Bag):
            value = value.members
        if isinstance(value, list):
            self.lists.add((kind, path))
            for member in value:
                self._learn(kind, path, member)
        elif isinstance(value, dict):
            known = self.names.setdefault((kind, path), {})
            for key, item in value.items():
                known[key.lower()] = key
                self._learn(kind, f"{path}.{key}", item)

    def name(self, kind: str, path: str, attribute: str) -> str:
        """Return the property that an attribute is by its name alone."""
        camel = "".join(word[:1].upper() + word[1:] for word in attribute.split("_"))
        return self.names.get((kind, path), {}).get(camel.lower(), camel)


class Conversion:
    """Turns `instances` into resources of `program`."""

    def __init__(self, instances: list[Instance], program: Program, vocabulary: Vocabulary) -> None:
        self.program = program
        self.vocabulary = vocabulary
        self.instances = {(instance.component, instance.address): instance for instance in instances}
        #: Address of an instance -> the resource that it is, or is a part of.
        self.made: dict[tuple[str, str], Resource] = {}

    def run(self) -> Program:
        """Convert everything, and return the program."""
        parts = []
        for instance in self.instances.values():
            row = rows().get(instance.type)
            if row is None:
                message = f'the resource type "{instance.type}" is not known to verify'
                self.problem("E607", message, instance.place, instance)
            elif isinstance(row, Part):
                parts.append((instance, row))
            else:
                self.whole(instance, row)
        for instance, part in parts:
            self.part(instance, part)
        for key, resource in self.made.items():
            instance = self.instances[key]
            finish = FINISH.get(instance.type)
            if finish is not None and instance.address == resource.name:
                message = finish(resource, self.tags(instance))
                if message:
                    self.problem("E607", message, instance.place, instance)
        for key, resource in self.made.items():
            self.wait(self.instances[key], resource)
        for resource in self.program.resources():
            resource.properties = self.bound(resource.properties)
        return self.program

    def problem(self, code: str, message: str, place: Place, instance: Instance) -> None:
        """Report what cannot be converted."""
        self.program.problem(code, message, place, component=instance.component)

    def whole(self, instance: Instance, row: Row) -> None:
        """Make a resource of an instance."""
        properties = Node({}, instance.place)
        resource = Resource(instance.component, instance.address, row.type, properties, instance.place)
        given = dict(instance.attributes)
        for name, value in row.absent.items():
            given.setdefault(name, Node(value, instance.place))
        self.protect(instance, resource, given)
        given.pop("tags", None)
        volumes = given.get("volume_tags")
        if volumes is not None and isinstance(volumes.value, dict):
            # The provider adds its default tags here, too (resource aws_instance, volume_tags).
            given["volume_tags"] = Node({**instance.default_tags, **volumes.value}, volumes.place)
        self.fill(given, row.attributes, properties, instance, "")
        tags = self.tags(instance)
        if row.tags and tags.value:
            put(properties, row.tags, tags)
        component = self.program.components.setdefault(instance.component, Component(instance.component))
        component.place = component.place or Place(instance.place.file, 1)
        component.resources[instance.address] = resource
        self.made[instance.component, instance.address] = resource

    def tags(self, instance: Instance) -> Node:
        """Return the tags that a resource will have: the provider's and its own, which win."""
        own = instance.attributes.get("tags")
        given = own.value if own is not None and isinstance(own.value, dict) else _NO_TAGS
        return Node({**instance.default_tags, **given}, own.place if own else instance.place)

    def part(self, instance: Instance, row: Part) -> None:
        """Add an instance to the resource that it is a part of."""
        given = dict(instance.attributes)
        named = given.pop(row.owner, None)
        owner = self.owner(named, row)
        if owner is None:
            self.problem("E607", f'"{row.owner}" names no {row.of} of this program', instance.place, instance)
            return
        self.made[instance.component, instance.address] = owner
        values = Node({}, instance.place)
        self.fill(given, row.attributes, values, instance, "")
        if row.into:
            if row.bare and values.value.keys() != set(row.attributes.values()):
                said = ", ".join(sorted(given)) or "nothing"
                self.problem("E607", f"it wants {', '.join(row.attributes)}, and has {said}", instance.place, instance)
                return
            member = next(iter(values.value.values())) if row.bare else values
            found = owner.properties.value.setdefault(row.into, Node([], instance.place))
            found.value.append(member)
            return
        for key, value in values.value.items():
            if key in owner.properties.value:
                self.problem("E607", f'"{key}" of {owner.name} is set twice', instance.place, instance)
            owner.properties.value[key] = value

    def owner(self, named: Node | None, row: Part) -> Resource | None:
        """Return the resource that an attribute names."""
        if named is None or not isinstance(named.value, Remote):
            return None
        remote = named.value
        instance = self.instances.get((remote.component, remote.address))
        found = rows().get(row.of)
        if instance is None or instance.type != row.of or not isinstance(found, Row):
            return None
        # By which attribute a part names its owner does not matter, if it is one that identifies it.
        if found.returns.get(remote.attribute) not in ("Ref", "Id"):
            return None
        return self.made.get((remote.component, remote.address))

    def fill(
        self, given: Mapping[str, Node], members: Mapping[str, Target], out: Node, instance: Instance, path: str
    ) -> None:
        """Put attributes and blocks into `out` as properties."""
        for name, node in given.items():
            target = members.get(name)
            match target:
                case str():
                    put(out, target, node)
                case To(where, change):
                    put(out, where, change(node))
                case Only(values=values):
                    if values and node.value not in values:
                        put(out, f"({name})", node)
                case Inner(where, inner, many):
                    self.blocks(node, where, inner, many, out, instance, f"{path}.{where}")
                case None:
                    self.unlisted(name, node, out, instance, path)

    def blocks(
        self,
        node: Node,
        where: str,
        members: Mapping[str, Target],
        many: bool,
        out: Node,
        instance: Instance,
        path: str,
    ) -> None:
        """Put nested blocks into `out`."""
        blocks = node.value if isinstance(node.value, list) else [node]
        if not all(isinstance(block.value, dict) for block in blocks):
            put(out, where, node)
            return
        if not many and len(blocks) > 1:
            self.problem("E607", f"{len(blocks)} blocks where one is possible", blocks[1].place, instance)
        made = []
        for block in blocks:
            inner = out if not where else Node({}, block.place)
            self.fill(block.value, members, inner, instance, path)
            made.append(inner)
        if many:
            put(out, where, Node(made, node.place), extend=True)
        elif where and made:
            put(out, where, made[0])

    def unlisted(self, name: str, node: Node, out: Node, instance: Instance, path: str) -> None:
        """Put an attribute without a row under the name that CloudFormation gives it, if names tell."""
        row = rows()[instance.type]
        kind = row.type if isinstance(row, Row) else ""
        where = self.vocabulary.name(kind, path, name)
        blocks = isinstance(node.value, list) and node.value and all(isinstance(b.value, dict) for b in node.value)
        if blocks:
            at = f"{path}.{where}"
            self.blocks(node, where, {}, (kind, at) in self.vocabulary.lists, out, instance, at)
        else:
            put(out, where, node)

    def protect(self, instance: Instance, resource: Resource, given: dict[str, Node]) -> None:
        """Read what happens to the resource when it is destroyed or replaced."""
        lifecycle = dict(instance.lifecycle)
        kept = lifecycle.pop("prevent_destroy", None) is True
        for name, value in _KEEPS.items():
            node = given.pop(name, None)
            kept = kept or (node is not None and node.value is value)
        word = "Retain" if kept else "Delete"
        if instance.type == "aws_db_instance":
            values = {name: given.pop(name) for name in _SNAPSHOTS if name in given}
            skip = values.get("skip_final_snapshot")
            # Without a name for it, the provider refuses to destroy the instance.
            if (skip is None or skip.value is not True) and "final_snapshot_identifier" in values:
                word = "Snapshot"
        resource.deletion = resource.replacement = word
        first = lifecycle.pop("create_before_destroy", False)
        if instance.type in CREATED_FIRST and first is not True:
            put(resource.properties, "(create_before_destroy)", Node(False, instance.place))
        ignored = lifecycle.pop("ignore_changes", [])
        ignored = ignored if isinstance(ignored, list) else [ignored]
        wrong = [f"{name} is ignored" for name in ignored if (instance.type, name) not in IGNORED_CHANGES]
        others = (name for kind, name in IGNORED_CHANGES if kind == instance.type and name not in given)
        wrong += [f"{name} is not ignored" for name in others if name not in ignored]
        if wrong:
            put(resource.properties, "(ignore_changes)", Node(", ".join(wrong), instance.place))
        for name in lifecycle:
            put(resource.properties, f"({name})", Node(True, instance.place))

    def wait(self, instance: Instance, resource: Resource) -> None:
        """Read what a resource waits for."""
        for address in instance.depends_on:
            for (component, other), target in self.made.items():
                if (
                    component == instance.component
                    and re.sub(r"\[.*\]$", "", other) == address
                    and target is not resource
                ):
                    resource.depends_on.add(target.name)

    def bound(self, node: Node) -> Node:
        """Return properties with references to resources by the attributes of CloudFormation."""
        value = node.value
        match value:
            case dict():
                return Node({key: self.bound(item) for key, item in value.items()}, node.place)
            case list():
                return Node([self.bound(item) for item in value], node.place)
            case Document(root):
                return Node(Document(self.bound(root)), node.place)
        return Node(rewritten(value, self.reference), node.place)

    def reference(self, atom: Atom) -> Any:
        """Return a reference to an attribute of the provider as one to an attribute of CloudFormation."""
        if not isinstance(atom, Remote):
            return atom
        instance = self.instances.get((atom.component, atom.address))
        made = self.made.get((atom.component, atom.address))
        if instance is None or made is None:
            return Reference(atom.component, atom.address, atom.attribute)
        row = rows()[instance.type]
        found = row.returns.get(atom.attribute) if isinstance(row, Row) else None
        if found is None:
            found = "".join(word[:1].upper() + word[1:] for word in atom.attribute.split("_"))
        return Reference(made.component, made.name, found)
