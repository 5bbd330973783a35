"""The L1 constructs of aws-cdk-lib: which class a CloudFormation type has, and what its properties take.

The table `data/l1.txt` has a block of lines for each type::

    AWS::SQS::Queue aws_sqs.CfnQueue         the type and its class
    = Arn QueueName                          attributes that `Fn::GetAtt` knows
    : DelaySeconds:n Tags:[t                 properties
    Rule: Name! Target:RuleTarget            nested structures (`CfnQueue.RuleProperty`) and theirs

An entry is the CloudFormation name; ``=name`` if the Python name does not follow from it; ``!`` if it is required; and
``:kind`` unless it is a text. Kinds are s (text), n (number), b (truth value), j (JSON), d (date), t (tag), [x (list of
x), {x (map of x), the name of a structure, x (what aws-cdk-lib fails on), and alternatives with | between them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from lenie.targets.cdk.naming import attribute_name, snake

#: The release of aws-cdk-lib that the table describes, and that the generated project asks for.
VERSION = "2.275.0"

_TABLE = Path(__file__).parent / "data" / "l1.txt"


class Property(NamedTuple):
    """A property or an attribute of a construct, or a property of a nested structure."""

    #: Its name in CloudFormation.
    name: str
    #: Its name in Python, if that does not follow from `name`.
    renamed: str
    required: bool
    kind: str

    @property
    def python(self) -> str:
        """The name of the property's argument in Python."""
        return self.renamed or snake(self.name)

    @property
    def member(self) -> str:
        """The name of the attribute's member in Python."""
        return self.renamed or attribute_name(self.name)


class Construct(NamedTuple):
    """An L1 construct."""

    #: ``aws_sqs``, empty for the main module.
    module: str
    #: ``CfnQueue``
    name: str
    #: Attribute in CloudFormation -> member and kind.
    attributes: dict[str, Property]
    #: Property in CloudFormation -> how it is called and what it takes.
    properties: dict[str, Property]
    #: Nested structure -> its entries in the table.
    lines: dict[str, str]

    def structure(self, name: str) -> dict[str, Property]:
        """Return the properties of the nested structure `name`."""
        return _entries(self.lines[name])


@cache
def table() -> dict[str, str]:
    """Return the block of lines of each resource type."""
    blocks = _TABLE.read_text(encoding="utf-8").split("\n\n")
    return {block.partition(" ")[0]: block for block in blocks[1:]}


@cache
def construct(type_name: str) -> Construct | None:
    """Return the construct of the resource type `type_name` (``AWS::SQS::Queue``), None if aws-cdk-lib has none."""
    block = table().get(type_name)
    if block is None:
        return None
    head, attributes, properties, *structures = block.splitlines()
    module, _, name = head.partition(" ")[2].rpartition(".")
    return Construct(
        module,
        name,
        _entries(attributes[2:]),
        _entries(properties[2:]),
        {name: entries for name, _, entries in (line.partition(":") for line in structures)},
    )


def _entries(line: str) -> dict[str, Property]:
    found = {}
    for text in line.split():
        head, _, kind = text.partition(":")
        name, _, python = head.rstrip("!").partition("=")
        found[name] = Property(name, python, head[-1] == "!", kind or "s")
    return found


def alternatives(kind: str) -> list[str]:
    """Return the kinds that `kind` allows: those between ``|``, outside of parentheses."""
    if "|" not in kind:
        return [kind]
    found = [""]
    depth = 0
    for character in kind:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return found


def element(kind: str) -> str:
    """Return what a list or map of `kind` holds."""
    inner = kind[1:]
    return inner[1:-1] if inner.startswith("(") else inner
