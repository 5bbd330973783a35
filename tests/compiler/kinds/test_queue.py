"""A queue: its limits, and what they become in CloudFormation."""

from __future__ import annotations

import pytest
from support import compile_snippet, errors, one, resource, schema_faults

from lenie.compiler.graph import Graph


def graph_of(fields: str) -> Graph:
    return compile_snippet(one(f"documents: {{kind: queue, {fields}}}\n"), defaults={})


@pytest.mark.parametrize(
    ("size", "count"), [("1KB", 1024), ("20KB", 20480), ("20 KB", 20480), ("1024KB", 1048576), ("1MB", 1048576)]
)
def test_the_largest_message_is_in_bytes(size: str, count: int) -> None:
    graph = graph_of(f"max-message: {size}")
    assert resource(graph, "DocumentsQueue").properties["MaximumMessageSize"] == count
    assert schema_faults(graph) == []


def test_the_largest_message_may_be_left_out() -> None:
    assert "MaximumMessageSize" not in resource(graph_of("retention: 1d"), "DocumentsQueue").properties


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ("0KB", "0KB is not possible here"),
        ("1025KB", "1025KB is not possible here"),
        ("2MB", "2MB is not possible here"),
        ("20", "a size is wanted here"),
        ("1GB", "a size is wanted here"),
        ("[20KB]", "a size is wanted here"),
    ],
)
def test_sizes_that_sqs_does_not_have(size: str, message: str) -> None:
    found = errors(one(f"documents: {{kind: queue, max-message: {size}}}\n"))
    assert message in str(found)
