"""What tests of the emulator share: its clients, and stacks that are waited for."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from lenie.compiler.local.server import Emulator

REGION = "us-east-1"
ALL_CAPABILITIES = ["CAPABILITY_NAMED_IAM"]
Json = dict[str, Any]


@cache
def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION)


class Cloud:
    """An emulator as tests use it."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
            self._clients[service] = _session().client(service, endpoint_url=self.emulator.url, config=config)
        return self._clients[service]

    @property
    def stacks(self) -> Any:
        return self.client("cloudformation")

    def create(self, name: str, template: Any, **options: Any) -> Json:
        """Create a stack and return it when nothing happens any more."""
        self.stacks.create_stack(StackName=name, **self._given(template, options))
        return self.wait(name)

    def update(self, name: str, template: Any, **options: Any) -> Json:
        """Update a stack and return it when nothing happens any more."""
        self.stacks.update_stack(StackName=name, **self._given(template, options))
        return self.wait(name)

    def delete(self, name: str, **options: Any) -> Json:
        """Delete a stack and return it when nothing happens any more."""
        id = self.stacks.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        self.stacks.delete_stack(StackName=name, **options)
        return self.wait(id)

    def wait(self, name: str, seconds: float = 120) -> Json:
        """Return a stack as soon as no operation runs."""
        end = time.monotonic() + seconds
        while True:
            found: Json = self.stacks.describe_stacks(StackName=name)["Stacks"][0]
            status = found["StackStatus"]
            if not status.endswith("_IN_PROGRESS") or status == "REVIEW_IN_PROGRESS":
                return found
            assert time.monotonic() < end, f"{name} is still {status}"
            time.sleep(0.02)

    def events(self, name: str) -> list[Json]:
        """Return all events of a stack, the first one first."""
        pages = self.stacks.get_paginator("describe_stack_events").paginate(StackName=name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def reasons(self, name: str) -> list[str]:
        """Return why resources of a stack failed."""
        return [
            event.get("ResourceStatusReason", "")
            for event in self.events(name)
            if event["ResourceStatus"].endswith("_FAILED") and event["ResourceType"] != "AWS::CloudFormation::Stack"
        ]

    def steps(self, name: str) -> list[tuple[str, str]]:
        """Return what happened: logical ids and statuses."""
        return [(event["LogicalResourceId"], event["ResourceStatus"]) for event in self.events(name)]

    def physical(self, name: str) -> dict[str, str]:
        """Return the physical ids of a stack's resources, by logical id."""
        return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in self.resources(name)}

    def resources(self, name: str) -> list[Json]:
        """Return the resources of a stack."""
        pages = self.stacks.get_paginator("list_stack_resources").paginate(StackName=name)
        return [each for page in pages for each in page["StackResourceSummaries"]]

    @staticmethod
    def _given(template: Any, options: Json) -> Json:
        given = {"TemplateBody": template if isinstance(template, str) else json.dumps(template), **options}
        if "TemplateURL" in options or options.get("UsePreviousTemplate"):
            del given["TemplateBody"]
        parameters = given.pop("parameters", None)
        if parameters is not None:
            given["Parameters"] = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        return {"Capabilities": ALL_CAPABILITIES, **given}


def resources(**declared: Json) -> Json:
    """Return a template of these resources."""
    return {"Resources": declared}


def parameter(value: Any = "one", **more: Any) -> Json:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value, **more}}


def queue(**properties: Any) -> Json:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


#: A resource that cannot be made.
BROKEN: Json = {"Type": "AWS::SQS::Queue", "Properties": {"Unheard": 1}}


def queues(cloud: Cloud) -> list[str]:
    return [url.rpartition("/")[2] for url in sorted(cloud.client("sqs").list_queues().get("QueueUrls", []))]


def refused(call: Any, *arguments: Any, **options: Any) -> str:
    """Return the words of a refusal."""
    with pytest.raises(ClientError) as raised:
        call(*arguments, **options)
    return str(raised.value.response["Error"]["Message"])
