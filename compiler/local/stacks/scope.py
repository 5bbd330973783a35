"""The scope of a stack's expressions: its parameters and resources, and what AWS knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from lenie.compiler.local import clients
from lenie.compiler.local.stacks import store
from lenie.compiler.local.stacks.errors import Refused
from lenie.compiler.local.stacks.evaluate import Evaluator, Scope
from lenie.compiler.local.stacks.records import Resource, Stack, Wanted

Lookup = Callable[[str, str], Any]


def evaluator(stack: Stack, wanted: Wanted, lookup: Lookup, imports: set[str] | None = None) -> Evaluator:
    """Return an evaluator of the expressions of `wanted`.

    `lookup` gives references and attributes of resources; names of imported values are added to `imports`.
    """
    pseudo = {
        "AWS::AccountId": stack.account,
        "AWS::NotificationARNs": list(wanted.notifications),
        "AWS::Partition": stack.partition,
        "AWS::Region": stack.region,
        "AWS::StackId": stack.id,
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": "amazonaws.com.cn" if stack.partition == "aws-cn" else "amazonaws.com",
    }

    def imported(name: str) -> Any:
        found = store.exports(stack.account, stack.region).get(name)
        if found is None:
            raise Refused(f"No export named {name} found.")
        if imports is not None:
            imports.add(name)
        return found[0]

    def zones(region: str) -> list[str]:
        try:
            answer = clients.client("ec2", region, stack.account).describe_availability_zones()
        except ClientError as error:
            raise Refused(f"Template error: Fn::GetAZs of {region}: {error}") from error
        return [zone["ZoneName"] for zone in answer["AvailabilityZones"] if zone["RegionName"] == region]

    return Evaluator(Scope(wanted.template, wanted.values.values, pseudo, lookup, imported, zones))


def of_records(records: dict[str, Resource]) -> Lookup:
    """Return a lookup among resources that exist."""

    def look(name: str, attribute: str) -> Any:
        record = records.get(name)
        if record is None or not record.physical:
            raise Refused(f"Unresolved resource dependencies [{name}] in the Resources block of the template")
        if not attribute:
            return record.reference
        if attribute not in record.attributes:
            raise Refused(f"Template error: resource {name} does not support attribute type {attribute} in Fn::GetAtt")
        return record.attributes[attribute]

    return look
