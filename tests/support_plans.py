"""Reads plans of the real `terraform`, with tokens in place of what is known after apply (see `standin.tokens`)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from standin import tokens

from lenie.compiler.verify.program import Component, Program
from lenie.compiler.verify.terraform.atoms import Names, Remote
from lenie.compiler.verify.terraform.convert import IGNORED_CHANGES, rows
from lenie.compiler.verify.terraform.module import Instance
from lenie.compiler.verify.terraform.row import Part
from lenie.compiler.verify.values import (
    Atom,
    Document,
    Node,
    Place,
    Pseudo,
    PublicParameter,
    Reference,
    Text,
    Zone,
    as_text,
    text,
)

_TOKEN = re.compile(
    rf"tok-\d{{5}}|{tokens.PARAMETER}[\w/.-]+|tok-zone-\d+"
    rf"|{tokens.REGION}|{tokens.ACCOUNT}|{tokens.PARTITION}|{tokens.DNS_SUFFIX}"
)
_PSEUDO = {
    tokens.REGION: Pseudo("region"),
    tokens.ACCOUNT: Pseudo("account"),
    tokens.PARTITION: Pseudo("partition"),
    tokens.DNS_SUFFIX: Pseudo("url-suffix"),
}
_PLAN = Place("plan", 1)


class Plan:
    """A plan of one root module."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        calls = content["configuration"]["root_module"].get("module_calls", {})
        #: Module -> component: the name of the directory that it comes from.
        self.components = {name: Path(call["source"]).name for name, call in calls.items()}
        #: Component and address -> values of all attributes.
        self.values: dict[tuple[str, str], dict[str, Any]] = {}
        #: Component and address without a key -> what the configuration sets.
        self.set: dict[tuple[str, str], dict[str, Any]] = {}
        self.types: dict[tuple[str, str], str] = {}
        for name, call in calls.items():
            for one in call["module"].get("resources", []):
                if one["mode"] == "managed":
                    self.set[self.components[name], one["address"]] = one.get("expressions", {})
        for module in content["planned_values"]["root_module"].get("child_modules", []):
            name = module["address"].removeprefix("module.")
            for one in module.get("resources", []):
                if one["mode"] == "managed":
                    key = (self.components[name], one["address"].removeprefix(f"module.{name}."))
                    self.values[key] = one["values"]
                    self.types[key] = one["type"]
        #: The provider's: what resources have besides their own.
        self.default_tags: dict[str, str] = {
            name: value
            for values in self.values.values()
            for name, value in (values.get("tags_all") or {}).items()
            if name not in (values.get("tags") or {})
        }
        #: Token -> the attribute that it was made for: one that the configuration does not set.
        self.made: dict[Any, Remote] = {}
        for key, values in self.values.items():
            for attribute, value in values.items():
                if attribute not in self.given(key) and self.is_token(value):
                    self.made[value] = Remote(*key, attribute)

    def given(self, key: tuple[str, str]) -> dict[str, Any]:
        """Return what the configuration has for a resource: attribute -> expression, or blocks of them."""
        component, address = key
        return self.set[component, re.sub(r"\[[^]]*\]$", "", address)]

    def configured(self, key: tuple[str, str]) -> dict[str, Any]:
        """Return the planned values of a resource, of the attributes that the configuration sets."""
        given = self.given(key)
        found = {name: _configured(self.values[key][name], expression) for name, expression in given.items()}
        # What an expression gives as null is computed after all: its token names itself.
        own = {name for name, value in found.items() if self.is_token(value) and value not in self.made}
        return {name: value for name, value in found.items() if value not in (None, []) and name not in own}

    @staticmethod
    def is_token(value: Any) -> bool:
        if isinstance(value, str):
            return re.fullmatch(r"tok-\d{5}", value) is not None
        return isinstance(value, int) and not isinstance(value, bool) and value > tokens.FIRST_NUMBER

    def instances(self) -> list[Instance]:
        """Return the planned resources, with what the configuration sets of them."""
        found = []
        for key, values in self.values.items():
            component, address = key
            attributes = {name: self.node(value) for name, value in self.configured(key).items()}
            attributes |= self.owners(key)
            if values.get("tags_all"):
                attributes["tags"] = self.node(values["tags_all"])
            kind = self.types[key]
            # The plan does not tell what protects a resource.
            lifecycle = {
                "ignore_changes": [name for of, name in IGNORED_CHANGES if of == kind],
                "create_before_destroy": True,
            }
            # A plan shows the provider's default tags where they are merged into `tags_all`, and nowhere else.
            defaults = {name: self.node(item) for name, item in self.default_tags.items()}
            found.append(Instance(component, address, kind, attributes, _PLAN, [], lifecycle, defaults))
        return found

    def owners(self, key: tuple[str, str]) -> dict[str, Node]:
        """Return the attributes that name, by a known value, the resource that this one is a part of."""
        row = rows()[self.types[key]]
        expression = self.given(key).get(row.owner, {}) if isinstance(row, Part) else {}
        references = expression.get("references", [])
        found = {}
        for kind, name, attribute in (one.split(".") for one in references if re.fullmatch(r"aws_\w+\.\w+\.\w+", one)):
            target = (key[0], f"{kind}.{name}")
            if isinstance(row, Part) and self.values[target][attribute] == self.values[key][row.owner]:
                found[row.owner] = Node(Remote(*target, attribute), _PLAN)
        return found

    def program(self, environment: str) -> Program:
        """Return a program with the components of this plan, and nothing in them yet."""
        return Program(environment, {name: Component(name) for name in self.components.values()})

    def node(self, value: Any) -> Node:
        """Return a planned value with references in place of tokens."""
        if isinstance(value, dict):
            return Node({key: self.node(item) for key, item in value.items() if item is not None}, _PLAN)
        if isinstance(value, list):
            return Node([self.node(item) for item in value], _PLAN)
        if isinstance(value, str):
            return Node(self.text(value), _PLAN)
        return Node(self.made[value] if self.is_token(value) else value, _PLAN)

    def text(self, value: str) -> Any:
        """Return a text with references in place of tokens."""
        if value.isdecimal() and int(value) in self.made:
            return self.made[int(value)]
        parts: list[Any] = []
        end = 0
        for match in _TOKEN.finditer(value):
            parts += [value[end : match.start()], self.atom(match[0])]
            end = match.end()
        return text(*parts, value[end:])

    def atom(self, token: str) -> Atom:
        if token in _PSEUDO:
            return _PSEUDO[token]
        if token.startswith("tok-zone-"):
            return Zone(int(token.rpartition("-")[2]))
        if token.startswith(tokens.PARAMETER):
            return PublicParameter(token.removeprefix(tokens.PARAMETER))
        if token in self.made:
            return self.made[token]
        # The token of a nested attribute, to which nothing that we emit refers.
        return Remote("(unknown)", token, "")

    def rendered(self, value: Any) -> Any:
        """Return a value that was read from files as the plan shows it."""
        match value:
            case Node():
                return self.rendered(value.value)
            case Document(root):
                return {"(json)": self.rendered(root)}
            case dict():
                return {key: self.rendered(item) for key, item in value.items()}
            case list():
                return [self.rendered(item) for item in value]
            case Text(parts):
                return "".join(part if isinstance(part, str) else as_text(self.rendered(part)) for part in parts)
            case Remote(component, address, attribute):
                return self.values[component, address][attribute]
            case Pseudo():
                return next(token for token, atom in _PSEUDO.items() if atom == value)
            case Zone(index):
                return tokens.ZONES[index]
            case Names():
                return list(tokens.ZONES)
            case PublicParameter(path):
                return tokens.PARAMETER + path
        return value


def _configured(value: Any, given: Any) -> Any:
    """Return what the configuration sets of a value: a block has computed attributes, too."""
    if isinstance(value, list) and isinstance(given, list):
        # A set of blocks is sorted in the plan, so each block has what any of them sets.
        names = {name: item for block in given for name, item in block.items()}
        return [
            {key: _configured(item, names[key]) for key, item in one.items() if key in names and item is not None}
            for one in value
        ]
    return value


def differing(planned: Any, read: Any) -> bool:
    """Whether a planned value is another one than was read; sets are sorted in a plan, numbers may be texts there."""
    return bool(_canonical(planned) != _canonical(read))


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"(json)"}:
            return _canonical(value["(json)"])
        return {key: _canonical(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return sorted((_canonical(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _canonical(json.loads(value))
        except ValueError:
            return value
    return as_text(value)


#: Type -> attribute -> the property that has its value: a plan shows the value, not the reference.
PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "AWS::Amplify::Branch": {"BranchName": "BranchName"},
    "AWS::ApiGateway::Stage": {"Ref": "StageName"},
    "AWS::DynamoDB::Table": {"Ref": "TableName"},
    "AWS::EC2::KeyPair": {"Ref": "KeyName"},
    "AWS::IAM::InstanceProfile": {"Ref": "InstanceProfileName"},
    "AWS::IAM::Role": {"Ref": "RoleName"},
    "AWS::Lambda::Function": {"Ref": "FunctionName"},
    "AWS::Logs::LogGroup": {"Ref": "LogGroupName"},
    "AWS::RDS::DBInstance": {"Ref": "DBInstanceIdentifier", "Endpoint.Port": "Port"},
    "AWS::RDS::DBParameterGroup": {"Ref": "DBParameterGroupName"},
    "AWS::RDS::DBSubnetGroup": {"Ref": "DBSubnetGroupName"},
    "AWS::S3::Bucket": {"Ref": "BucketName"},
    "AWS::SQS::Queue": {"QueueName": "QueueName"},
    "AWS::SSM::Parameter": {"Value": "Value"},
}


def settle(program: Program, change: Any) -> None:
    """Replace references to values that a plan knows by these values; `change` maps a node's atoms (`match.mapped`)."""

    def known(atom: Atom) -> Any:
        if not isinstance(atom, Reference):
            return atom
        name = PROPERTIES.get(program.type_of(atom.component, atom.resource), {}).get(atom.attribute)
        found = program.components[atom.component].resources[atom.resource].properties.value.get(name) if name else None
        return found.value if isinstance(found, Node) and isinstance(found.value, (str, Text)) else atom

    for resource in program.resources():
        resource.properties = change(resource.properties, known)
