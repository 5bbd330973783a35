"""What the generated CloudFormation deploys, read back: each function with its policy, variables, layers and timeout.

A value of another component comes through SSM, as at a deployment: the parameter's name leads to the template that
publishes it. What AWS assigns (ids, addresses) is given by the test.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from support_cfn import read_template

GENERATED = Path(__file__).resolve().parents[2] / "generated" / "cfn"
ENVIRONMENT, REGION, ACCOUNT = "dev", "us-east-1", "123456789012"
_PSEUDO = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
_SSM = "AWS::SSM::Parameter::Value<"
#: Statements of the Lambda platform itself, which no handler calls: logs, traces, network interfaces.
PLATFORM = ("WriteLogs", "WriteTraces", "UseNetwork")
PLATFORM_ACTIONS = {
    "WriteLogs": {"logs:CreateLogStream", "logs:PutLogEvents"},
    "WriteTraces": {"xray:PutTelemetryRecords", "xray:PutTraceSegments"},
    "UseNetwork": {
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
    },
}


class Statement(NamedTuple):
    """One statement that allows something."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def allows(self, action: str, resource: str) -> bool:
        """Whether it allows an action on a resource ("*" for actions that know no resources)."""
        return any(fnmatchcase(action, a) for a in self.actions) and any(
            fnmatchcase(resource, r) for r in self.resources
        )


@dataclass
class Function:
    """A Lambda function as it is deployed."""

    source: str
    variables: dict[str, str]
    layers: list[str]
    timeout: int
    in_vpc: bool
    statements: list[Statement]

    @property
    def own(self) -> list[Statement]:
        """The statements that are not the platform's."""
        return [statement for statement in self.statements if statement.sid not in PLATFORM]


@cache
def manifest() -> Any:
    return json.loads((GENERATED / "manifest.json").read_text())


@cache
def template(component: str) -> Any:
    path = next(entry["template"] for entry in manifest()["components"] if entry["name"] == component)
    return read_template((GENERATED / path).read_text())


def components_with_functions() -> list[str]:
    """Return the components whose packages are functions'."""
    components = manifest()["components"]
    return [c["name"] for c in components if any(key.startswith("lambdas/") for key in c["packages"])]


@dataclass
class Deployment:
    """The generated templates in one environment; `assigned` is what AWS assigns: (logical id, attribute) -> text."""

    assigned: dict[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        entries = json.loads((GENERATED / f"parameters/{ENVIRONMENT}.json").read_text())
        return {entry["ParameterKey"]: entry["ParameterValue"] for entry in entries}

    def functions(self) -> dict[str, Function]:
        """Return source directory -> function."""
        found = {}
        for component in components_with_functions():
            resources = template(component)["Resources"]
            for resource in resources.values():
                if resource["Type"] == "AWS::Lambda::Function":
                    function = self._function(component, resource["Properties"])
                    found[function.source] = function
        return found

    def _function(self, component: str, properties: Any) -> Function:
        role, _ = properties["Role"]["Fn::GetAtt"]
        variables = properties.get("Environment", {}).get("Variables", {})
        return Function(
            source=properties["Code"]["S3Key"].split("/")[1],
            variables={name: self.evaluate(value, component) for name, value in variables.items()},
            layers=[self.evaluate(layer, component).split(":")[6] for layer in properties.get("Layers", [])],
            timeout=properties["Timeout"],
            in_vpc="VpcConfig" in properties,
            statements=self._statements(component, template(component)["Resources"][role]["Properties"]),
        )

    def _statements(self, component: str, role: Any) -> list[Statement]:
        assert "ManagedPolicyArns" not in role, "managed policies are not read here"
        found = []
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                # Anything else would need rules of its own to be judged.
                assert statement.keys() == {"Sid", "Effect", "Action", "Resource"}, statement
                assert statement["Effect"] == "Allow"
                actions, resources = (_listed(statement[key]) for key in ("Action", "Resource"))
                texts = tuple(self.evaluate(resource, component) for resource in resources)
                found.append(Statement(statement["Sid"], tuple(actions), texts))
        return found

    def evaluate(self, value: Any, component: str) -> str:
        """Return a value of a component's template as it is in the environment."""
        match value:
            case str() | int():
                return str(value)
            case {"Ref": name}:
                return self._reference(name, component)
            case {"Fn::GetAtt": [resource, attribute]}:
                return self._attribute(resource, attribute, component)
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^}]+)\}", lambda match: self._substituted(match[1], component), text)
        raise AssertionError(f"{component}: {value} is not read here")

    def _substituted(self, name: str, component: str) -> str:
        assert not name.startswith("!"), name
        resource, dot, attribute = name.partition(".")
        return self._attribute(resource, attribute, component) if dot else self._reference(name, component)

    def _reference(self, name: str, component: str) -> str:
        if name in _PSEUDO:
            return _PSEUDO[name]
        declared = template(component).get("Parameters", {}).get(name)
        if declared is None:
            return self._attribute(name, "Ref", component)
        value = str(self.parameters.get(name, declared.get("Default")))
        return self._published(value) if declared["Type"].startswith(_SSM) else value

    def _published(self, path: str) -> str:
        pattern = path.replace(f"/{ENVIRONMENT}/", "/{environment}/", 1)
        (producer,) = [entry["name"] for entry in manifest()["components"] if pattern in entry["publishes"]]
        for resource in template(producer)["Resources"].values():
            if resource["Type"] == "AWS::SSM::Parameter":
                properties = resource["Properties"]
                if self.evaluate(properties["Name"], producer) == path:
                    return self.evaluate(properties["Value"], producer)
        raise AssertionError(f"{producer} does not publish {path}")

    def _attribute(self, resource: str, attribute: str, component: str) -> str:
        if (resource, attribute) in self.assigned:
            return self.assigned[resource, attribute]
        declared = template(component)["Resources"][resource]
        properties = declared["Properties"]
        ours = f"{REGION}:{ACCOUNT}"
        match declared["Type"], attribute:
            case "AWS::SQS::Queue", "Ref":
                return (
                    f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.evaluate(properties['QueueName'], component)}"
                )
            case "AWS::SQS::Queue", "Arn":
                return f"arn:aws:sqs:{ours}:{self.evaluate(properties['QueueName'], component)}"
            case "AWS::S3::Bucket", "Ref":
                return self.evaluate(properties["BucketName"], component)
            case "AWS::S3::Bucket", "Arn":
                return f"arn:aws:s3:::{self.evaluate(properties['BucketName'], component)}"
            case "AWS::DynamoDB::Table", "Ref":
                return self.evaluate(properties["TableName"], component)
            case "AWS::DynamoDB::Table", "Arn":
                return f"arn:aws:dynamodb:{ours}:table/{self.evaluate(properties['TableName'], component)}"
            case "AWS::RDS::DBInstance", "Ref":
                return self.evaluate(properties["DBInstanceIdentifier"], component)
            case "AWS::RDS::DBInstance", "DBInstanceArn":
                return f"arn:aws:rds:{ours}:db:{self.evaluate(properties['DBInstanceIdentifier'], component)}"
            case "AWS::Logs::LogGroup", "Arn":
                return f"arn:aws:logs:{ours}:log-group:{self.evaluate(properties['LogGroupName'], component)}:*"
            case "AWS::Lambda::LayerVersion", "Ref":
                return f"arn:aws:lambda:{ours}:layer:{properties['Content']['S3Key'].split('/')[1]}:1"
            case _:
                # Not needed for what is compared, as the subnets of a function; it matches nothing.
                return f"assigned:{component}.{resource}.{attribute}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
