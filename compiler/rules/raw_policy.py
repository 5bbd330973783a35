"""A raw policy competes with the one that a kind makes.

A queue, a topic and a bucket have one policy each. The one that the kinds queue, topic and bucket make refuses requests
without TLS. A raw policy for the same resource replaces it, or is replaced by it: the last one that is deployed holds.
Sources: Amazon SQS API Reference, "SetQueueAttributes"; Amazon S3 API Reference, "PutBucketPolicy".

Wrong:

    jobs:    {kind: queue}
    trigger: {kind: cloudformation, type: "AWS::SQS::QueuePolicy", properties: {Queues: ["${jobs.url}"], ...}}

Right: one of the two makes both resource and policy.

    jobs:    {kind: cloudformation, type: "AWS::SQS::Queue", attributes: {url: Ref}, ...}
    trigger: {kind: cloudformation, type: "AWS::SQS::QueuePolicy", properties: {Queues: ["${jobs.url}"], ...}}
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._raw import raw_resources
from lenie.compiler.spec import uses
from lenie.compiler.types import Lookup

CODE = "E343"
#: Policy type -> the property that names its resources, and their kind.
_POLICIES: dict[str, tuple[str, str]] = {
    "AWS::S3::BucketPolicy": ("Bucket", "bucket"),
    "AWS::SNS::TopicPolicy": ("Topics", "topic"),
    "AWS::SQS::QueueInlinePolicy": ("Queue", "queue"),
    "AWS::SNS::TopicInlinePolicy": ("TopicArn", "topic"),
    "AWS::SQS::QueuePolicy": ("Queues", "queue"),
}


def check(program: Program, finding: Finding) -> None:
    """Report raw policies of resources that have one already."""
    for raw in raw_resources(program):
        if raw.type not in _POLICIES:
            continue
        name, kind = _POLICIES[raw.type]
        value: Any = raw.properties.get(name)
        for use in uses(value, (*raw.properties_path, name)):
            target = use.target
            found = program.declarations.get(target.head) if isinstance(target, Lookup) else None
            if found is not None and found.model.kind == kind and isinstance(target, Lookup):
                finding(
                    f'the {kind} "{found.name}" has a policy already, and one of the two would be lost',
                    use.path,
                    find=target.source,
                    also=[(found.path, "makes its own policy")],
                    help=f'write "{found.name}" as a raw resource, too, and put all statements into this policy',
                )
