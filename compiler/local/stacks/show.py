"""Stacks, resources, events and templates in the form of the API's answers."""

from __future__ import annotations

import json
from typing import Any

from lenie.compiler.local.stacks.records import Event, Resource, Stack
from lenie.compiler.local.stacks.template import Template


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None and value != ""}


def stack(found: Stack) -> dict[str, Any]:
    """Return an element of DescribeStacks."""
    with found.lock:
        wanted = found.wanted
        return _without_empty(
            {
                "StackId": found.id,
                "StackName": found.name,
                "ChangeSetId": found.change_set,
                "Description": wanted.template.description,
                "Parameters": wanted.values.described(wanted.template),
                "CreationTime": found.created,
                "DeletionTime": found.deleted,
                "LastUpdatedTime": found.updated,
                "StackStatus": found.status,
                "StackStatusReason": found.reason,
                "DisableRollback": found.disable_rollback,
                "NotificationARNs": list(wanted.notifications),
                "TimeoutInMinutes": found.timeout_minutes or None,
                "Capabilities": list(wanted.capabilities),
                "Outputs": list(found.outputs),
                "RoleARN": wanted.role,
                "Tags": [{"Key": key, "Value": value} for key, value in wanted.tags.items()],
                "EnableTerminationProtection": found.termination_protection,
                "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
            }
        )


def summary(found: Stack) -> dict[str, Any]:
    """Return an element of ListStacks."""
    names = (
        "StackId",
        "StackName",
        "CreationTime",
        "DeletionTime",
        "LastUpdatedTime",
        "StackStatus",
        "StackStatusReason",
        "DriftInformation",
    )
    whole = stack(found)
    short = {name: whole[name] for name in names if name in whole}
    return {**short, "TemplateDescription": whole["Description"]} if "Description" in whole else short


def event(found: Stack, told: Event) -> dict[str, Any]:
    """Return an element of DescribeStackEvents."""
    return _without_empty(
        {
            "StackId": found.id,
            "EventId": told.id,
            "StackName": found.name,
            "LogicalResourceId": told.logical,
            "PhysicalResourceId": told.physical,
            "ResourceType": told.type,
            "Timestamp": told.time,
            "ResourceStatus": told.status,
            "ResourceStatusReason": told.reason,
            "ResourceProperties": json.dumps(told.properties, default=str) if told.properties is not None else None,
            "ClientRequestToken": told.token,
        }
    )


def resource_summary(record: Resource) -> dict[str, Any]:
    """Return an element of ListStackResources."""
    return _without_empty(
        {
            "LogicalResourceId": record.logical,
            "PhysicalResourceId": record.physical,
            "ResourceType": record.type,
            "LastUpdatedTimestamp": record.changed,
            "ResourceStatus": record.status,
            "ResourceStatusReason": record.reason,
            "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
        }
    )


def resource(found: Stack, record: Resource) -> dict[str, Any]:
    """Return an element of DescribeStackResources."""
    values = resource_summary(record)
    return {**values, "StackName": found.name, "StackId": found.id, "Timestamp": values.pop("LastUpdatedTimestamp")}


def resource_detail(found: Stack, record: Resource) -> dict[str, Any]:
    """Return the answer of DescribeStackResource."""
    metadata = json.dumps(record.declared.metadata, default=str) if record.declared.metadata else None
    return _without_empty(
        {**resource_summary(record), "StackName": found.name, "StackId": found.id, "Metadata": metadata}
    )


def _parameter(name: str, declared: dict[str, Any]) -> dict[str, Any]:
    default = declared.get("Default")
    return {
        "ParameterKey": name,
        "NoEcho": str(declared.get("NoEcho", "")).lower() == "true",
        **({} if default is None else {"DefaultValue": str(default)}),
        **({"Description": str(declared["Description"])} if "Description" in declared else {}),
    }


def _capabilities(template: Template) -> dict[str, Any]:
    from lenie.compiler.local.stacks.api import needs

    needed = needs(template)
    if not needed:
        return {}
    makers = sorted({d.type for d in template.resources.values() if d.type.startswith("AWS::IAM")})
    reason = f"The following resource(s) require capabilities: [{', '.join(makers)}]"
    return {"Capabilities": needed, "CapabilitiesReason": reason}


def validation(template: Template) -> dict[str, Any]:
    """Return the answer of ValidateTemplate."""
    parameters = [_parameter(name, declared) for name, declared in template.parameters.items()]
    return {"Description": template.description, "Parameters": parameters, **_capabilities(template)}


def template_summary(template: Template) -> dict[str, Any]:
    """Return the answer of GetTemplateSummary."""
    parameters = []
    for name, declared in template.parameters.items():
        constraints = (
            {"AllowedValues": [str(value) for value in declared["AllowedValues"]]}
            if "AllowedValues" in declared
            else {}
        )
        shown = {**_parameter(name, declared), "ParameterType": declared.get("Type", "String")}
        parameters.append({**shown, "ParameterConstraints": constraints})
    return {
        "Description": template.description,
        "Parameters": parameters,
        "ResourceTypes": sorted({declared.type for declared in template.resources.values()}),
        "Version": "2010-09-09",
        **({"Metadata": json.dumps(template.metadata)} if template.metadata else {}),
        **_capabilities(template),
    }
