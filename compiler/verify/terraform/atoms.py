"""What only Terraform has, until `cloudformation` makes CloudFormation of it."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from lenie.compiler.records import record
from lenie.compiler.verify.values import Atom


@record
class Remote(Atom):
    """Attribute `attribute` of the resource at `address` in the module of `component`.

    `waits` are the resources, as component and address, that the output it came through waits for.
    """

    component: str
    address: str
    attribute: str
    waits: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)


@record
class Names(Atom):
    """The names of the region's availability zones."""


@record
class ImageRoot(Atom):
    """The name under which an image knows its root volume."""


@record
class SecretText(Atom):
    """The whole text of a secret, read when it is needed and never kept."""

    secret: Any


@record
class SecretFields(Atom):
    """The parsed text of a secret."""

    secret: Any


@record
class Generated(Atom):
    """A password that is made when it is needed, with `options` as they stand: names and values."""

    options: tuple[tuple[str, Any], ...]
