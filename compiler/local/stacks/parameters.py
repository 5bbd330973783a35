"""Values of a template's parameters: given, kept or default, checked, and read from Parameter Store.

Source: CloudFormation User Guide, Parameters section syntax reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from lenie.compiler.local.stacks.errors import NotEmulated, Refused
from lenie.compiler.local.stacks.template import Template

_SSM = re.compile(r"AWS::SSM::Parameter::Value<(?P<inner>.+)>")
_LIST = re.compile(r"List<(?P<inner>.+)>")
#: Types of existing resources: how to ask for one, and the form of its id where there is no catalogue to ask.
_EXISTING: dict[str, tuple[str, str, str]] = {
    "AWS::EC2::VPC::Id": ("ec2", "describe_vpcs", "VpcIds"),
    "AWS::EC2::Subnet::Id": ("ec2", "describe_subnets", "SubnetIds"),
    "AWS::EC2::SecurityGroup::Id": ("ec2", "describe_security_groups", "GroupIds"),
    "AWS::EC2::KeyPair::KeyName": ("ec2", "describe_key_pairs", "KeyNames"),
    "AWS::EC2::Instance::Id": ("ec2", "describe_instances", "InstanceIds"),
    "AWS::EC2::Volume::Id": ("ec2", "describe_volumes", "VolumeIds"),
}
_FORM = {"AWS::EC2::Image::Id": re.compile(r"ami-[0-9a-f]{8}(?:[0-9a-f]{9})?")}
_PLAIN = frozenset(
    {"String", "Number", "CommaDelimitedList", "AWS::SSM::Parameter::Name", "AWS::EC2::AvailabilityZone::Name"}
)
_MASK = "****"


@dataclass(frozen=True)
class Values:
    """The parameters of one operation."""

    #: What was given, kept or is the default: the texts of the request.
    given: dict[str, str]
    #: What `Ref` gives: texts and lists of texts.
    values: dict[str, Any]
    #: Of parameters that are read from Parameter Store: what was read.
    read: dict[str, str]

    def described(self, template: Template) -> list[dict[str, str]]:
        """Return them as DescribeStacks lists them; `NoEcho` values are masked."""
        listed = []
        for key, value in self.given.items():
            hidden = str(template.parameters.get(key, {}).get("NoEcho", "")).lower() == "true"
            entry = {"ParameterKey": key, "ParameterValue": _MASK if hidden else value}
            if key in self.read:
                entry["ResolvedValue"] = self.read[key]
            listed.append(entry)
        return listed


def evaluate(
    template: Template, request: list[dict[str, Any]], previous: dict[str, str], client: Callable[[str], Any]
) -> Values:
    """Return the values of the parameters of `template`.

    Args:
        template: declares the parameters.
        request: the parameters of the request (`ParameterKey`, and `ParameterValue` or `UsePreviousValue`).
        previous: what the stack was given before.
        client: returns the client of a service.

    Raises:
        Refused: as CloudFormation words it, if one is missing, unknown, or not as it is constrained.
    """
    given = _given(template, request, previous)
    values: dict[str, Any] = {}
    read: dict[str, str] = {}
    for name, declared in template.parameters.items():
        type_name = str(declared.get("Type", ""))
        text = given[name]
        match = _SSM.fullmatch(type_name)
        if match:
            read[name] = text = _stored(text, client("ssm"))
            type_name = match["inner"]
        else:
            _constrain(name, declared, text)
        values[name] = _value(name, type_name, text, client)
    return Values(given, values, read)


def _given(template: Template, request: list[dict[str, Any]], previous: dict[str, str]) -> dict[str, str]:
    asked: dict[str, str] = {}
    for entry in request:
        name = entry["ParameterKey"]
        if str(entry.get("UsePreviousValue", "")).lower() == "true":
            if entry.get("ParameterValue"):
                raise Refused(
                    f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true and non empty "
                    "value for a parameter"
                )
            if name in previous:
                asked[name] = previous[name]
        elif name in asked:
            raise Refused(f"Parameter keys must be unique: {name}")
        else:
            asked[name] = str(entry.get("ParameterValue") or "")
    unknown = [name for name in asked if name not in template.parameters]
    if unknown:
        raise Refused(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    found: dict[str, str] = {}
    for name, declared in template.parameters.items():
        if name in asked:
            found[name] = asked[name]
        elif "Default" in declared:
            default = declared["Default"]
            found[name] = str(default).lower() if isinstance(default, bool) else str(default)
    missing = [name for name in template.parameters if name not in found]
    if missing:
        raise Refused(f"Parameters: [{', '.join(missing)}] must have values")
    return found


def _stored(name: str, client: Any) -> str:
    try:
        answer = client.get_parameter(Name=name)["Parameter"]
    except ClientError:
        raise Refused(f"Unable to fetch parameters [{name}] from parameter store for this account.") from None
    if answer["Type"] == "SecureString":
        raise Refused(f"Parameters [{name}] referenced by template have types not supported by CloudFormation.")
    return str(answer["Value"])


def _constrain(name: str, declared: dict[str, Any], text: str) -> None:
    said = declared.get("ConstraintDescription")
    if "AllowedValues" in declared:
        allowed = [str(value).lower() if isinstance(value, bool) else str(value) for value in declared["AllowedValues"]]
        if text not in allowed:
            raise Refused(_wording(name, said, f"Parameter '{name}' must be one of AllowedValues"))
    if "AllowedPattern" in declared:
        pattern = str(declared["AllowedPattern"])
        texts = text.split(",") if declared.get("Type") == "CommaDelimitedList" else [text]
        if not all(re.fullmatch(pattern, part.strip()) for part in texts):
            raise Refused(_wording(name, said, f"Parameter '{name}' must match pattern {pattern}"))
    if len(text) < int(declared.get("MinLength", 0)):
        words = f"Parameter '{name}' must contain at least {declared['MinLength']} characters"
        raise Refused(_wording(name, said, words))
    if len(text) > int(declared.get("MaxLength", 4096)):
        words = f"Parameter '{name}' must contain at most {declared.get('MaxLength', 4096)} characters"
        raise Refused(_wording(name, said, words))
    if declared.get("Type") == "Number" and _is_number(text):
        if "MinValue" in declared and float(text) < float(declared["MinValue"]):
            words = f"Parameter '{name}' must be a number not less than {declared['MinValue']}"
            raise Refused(_wording(name, said, words))
        if "MaxValue" in declared and float(text) > float(declared["MaxValue"]):
            words = f"Parameter '{name}' must be a number not greater than {declared['MaxValue']}"
            raise Refused(_wording(name, said, words))


def _wording(name: str, said: Any, otherwise: str) -> str:
    return f"Parameter {name} failed to satisfy constraint: {said}" if said else otherwise


def _value(name: str, type_name: str, text: str, client: Callable[[str], Any]) -> Any:
    if type_name == "CommaDelimitedList":
        return [part.strip() for part in text.split(",")]
    match = _LIST.fullmatch(type_name)
    if match:
        return [_value(name, match["inner"], part.strip(), client) for part in text.split(",") if part.strip()]
    if type_name == "Number" and not _is_number(text):
        raise Refused(f"Parameter '{name}' must be a number.")
    if type_name in _EXISTING:
        service, operation, argument = _EXISTING[type_name]
        try:
            getattr(client(service), operation)(**{argument: [text]})
        except ClientError:
            raise Refused(_absent(name, text)) from None
    elif type_name in _FORM:
        if not _FORM[type_name].fullmatch(text):
            raise Refused(_absent(name, text))
    elif type_name not in _PLAIN:
        raise NotEmulated(f"parameters of the type {type_name}")
    return text


def _absent(name: str, text: str) -> str:
    return f"Parameter validation failed: parameter value {text} for parameter name {name} does not exist."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
