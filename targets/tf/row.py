"""The vocabulary of the tables that say what becomes of a CloudFormation type in Terraform.

A row names the resource type of the provider. A property that its `fields` do not mention becomes the argument or the
block of its name in snake case, if the provider's schema has one; anything else is an error (ADR 13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from lenie.compiler.records import record
from lenie.targets.tf.hcl import Argument, Block, Expr

if TYPE_CHECKING:
    from lenie.compiler.expressions import Value
    from lenie.compiler.graph import Resource
    from lenie.compiler.span import Path
    from lenie.targets.tf.resource import Builder, Schema

Items = Iterable[Argument | Block]
#: Makes arguments and blocks of a property: builder, schema of the body they stand in, value, property path.
Make = Callable[["Builder", "Schema", "Value", "Path"], Items]


@record
class Nested:
    """A block `name` for a map, or one for each map of a list. `constants` are arguments of every such block."""

    name: str
    fields: Fields = field(default_factory=dict)
    constants: Mapping[str, Expr] = field(default_factory=dict)


@record
class Flat:
    """A map whose entries are arguments of the body around it."""

    fields: Fields = field(default_factory=dict)


@record
class Json:
    """A document that the argument `name` takes as JSON text."""

    name: str


@record
class Pairs:
    """A list of names and values that the argument `name` takes as a map."""

    name: str
    key: str = "Name"
    value: str = "Value"


@record
class Single:
    """A list of which the argument `name` takes the only element."""

    name: str


@record
class Blocks:
    """A list of names and values that become blocks `name`, one for each entry of a map."""

    name: str
    key: str = "name"
    value: str = "value"
    constants: Mapping[str, Expr] = field(default_factory=dict)


@record
class Part:
    """A map that is a resource of its own in Terraform; `link` gives its arguments that name the main resource."""

    type: str
    link: Mapping[str, str]
    fields: Fields = field(default_factory=dict)
    constants: Mapping[str, Expr] = field(default_factory=dict)


@record
class Parts:
    """A list whose elements are resources of their own. `element` is the argument of an element that is no map."""

    type: str
    link: Mapping[str, str]
    fields: Fields = field(default_factory=dict)
    element: str = ""
    #: Properties of an element that tell it from the others, the first that all have.
    names: tuple[str, ...] = ()


@record
class Made:
    """A property that a function turns into arguments and blocks. `why` says what is special about it."""

    make: Make
    why: str


@record
class Refused:
    """A property that Terraform cannot express, with the reason: a spec that needs it is an error."""

    reason: str


@record
class Waived:
    """A property that is left to people, with the reason and what they do: reported, and listed in the README."""

    reason: str
    instead: str


Field = str | Nested | Flat | Json | Pairs | Single | Blocks | Part | Parts | Made | Refused | Waived
Fields = Mapping[str, Field]


@record
class Row:
    """What becomes of one CloudFormation type.

    `attributes` tells what a reference prints: CloudFormation attribute -> attribute of the resource, or a text
    with attributes in braces (``{arn}:*``) where it is more than that.
    """

    type: str
    fields: Fields = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=lambda: {"Ref": "id"})
    #: Arguments without a property, where the provider's default is not CloudFormation's.
    constants: Mapping[str, Expr] = field(default_factory=dict)
    #: Arguments whose values others set: Terraform must not undo them.
    ignore_changes: tuple[str, ...] = ()
    #: The argument that keeps what is destroyed, for types that have one; others get ``prevent_destroy``.
    keep: str = "prevent_destroy"
    #: Whether a new resource is made before the old one goes, as CloudFormation always does: for what others refer to
    #: and what gets another name when it is replaced.
    create_first: bool = False
    #: Whether it completes what the same declaration makes (a route, for its network): whoever gets an attribute of
    #: that waits for this, too.
    completes: bool = False
    #: Adds what follows from the resource as a whole (its deletion policy, its revision).
    adds: Callable[[Builder, Resource], Items] | None = None
