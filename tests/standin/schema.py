"""The provider's schema: read from its file, and put into the protocol's messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from pyvider.protocols.tfprotov6.protobuf import GetProviderSchema, Schema

from standin.codec import Block

_NESTING = {
    "list": Schema.NestedBlock.LIST,
    "set": Schema.NestedBlock.SET,
    "single": Schema.NestedBlock.SINGLE,
}


class ProviderSchema(NamedTuple):
    """What a file of `tools/extract_tf_schema.py` holds."""

    provider: Block
    resources: dict[str, Block]
    data_sources: dict[str, Block]
    ephemeral: dict[str, Block]


def load(path: Path) -> ProviderSchema:
    """Read the schema file."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return ProviderSchema(
        content["provider"], content["resources"], content["data_sources"], content.get("ephemeral", {})
    )


def message(schema: ProviderSchema) -> GetProviderSchema.Response:
    """Return the answer to GetProviderSchema."""
    return GetProviderSchema.Response(
        provider=Schema(block=_block(schema.provider)),
        resource_schemas={name: Schema(block=_block(block)) for name, block in schema.resources.items()},
        data_source_schemas={name: Schema(block=_block(block)) for name, block in schema.data_sources.items()},
        ephemeral_resource_schemas={name: Schema(block=_block(block)) for name, block in schema.ephemeral.items()},
    )


def _block(block: Block) -> Schema.Block:
    return Schema.Block(
        attributes=[_attribute(name, facts) for name, facts in block["attributes"].items()],
        block_types=[
            Schema.NestedBlock(
                type_name=name,
                nesting=_NESTING[nested["nesting"]],
                min_items=nested.get("min", 0),
                max_items=nested.get("max", 0),
                block=_block(nested["block"]),
            )
            for name, nested in block["blocks"].items()
        ],
    )


def _attribute(name: str, facts: dict[str, Any]) -> Schema.Attribute:
    return Schema.Attribute(
        name=name,
        type=json.dumps(facts["type"]).encode(),
        required=facts.get("required", False),
        optional=facts.get("optional", False),
        computed=facts.get("computed", False),
        write_only=facts.get("write_only", False),
    )
