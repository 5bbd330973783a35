"""Like resources of one declaration become one block with ``for_each``."""

from __future__ import annotations

from typing import NamedTuple

from lenie.compiler.graph import Component
from lenie.targets.tf.hcl import Block


class Folded(NamedTuple):
    """The blocks of a module after folding, and where each resource has gone."""

    blocks: list[Block]
    outputs: list[Block]
    #: Logical id -> addresses of its blocks, the main one first.
    addresses: dict[str, tuple[str, ...]]


def fold(component: Component, blocks: dict[str, list[Block]], outputs: list[Block]) -> Folded:
    """Return the blocks of all resources, those of like resources as one."""
    addresses = {name: tuple(".".join(block.labels) for block in found) for name, found in blocks.items()}
    return Folded([block for found in blocks.values() for block in found], outputs, addresses)
