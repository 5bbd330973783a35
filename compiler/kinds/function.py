"""A function: Lambda, with a role that allows what `access` says, and a log group."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lenie.compiler.expressions import Value, as_part, interpolate
from lenie.compiler.iam import Statement, granted, role
from lenie.compiler.kind import Access, Actor, Attribute, Grant
from lenie.compiler.logs import log_group
from lenie.compiler.place import Lowering, Place
from lenie.compiler.sources import SOURCE, source_digest
from lenie.compiler.spec import Model
from lenie.compiler.types import Duration, Parsed, Reference, Retention, Size, Template, Text, To, fault, within

#: Names that Lambda accepts for environment variables ("CreateFunction", AWS Lambda API Reference).
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
#: Variables that Lambda sets itself ("Defined runtime environment variables", AWS Lambda Developer Guide).
_RESERVED = re.compile(
    r"_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_LAMBDA_.*|AWS_ACCESS.*|AWS_SE(CRET|SSION).*"
)


def _parse_variable(value: str) -> str:
    """Return the name of an environment variable."""
    if not _VARIABLE.fullmatch(value):
        help = "begin with a letter, then use letters, digits and _; Lambda takes no name of one character"
        raise fault(f'"{value}" cannot name an environment variable', help)
    if _RESERVED.fullmatch(value):
        raise fault(f"Lambda sets {value} itself", "choose another name")
    return value


class FunctionNetwork(Model):
    """The subnets and security groups of a function inside a VPC."""

    subnets: Annotated[Reference, To("network", group=True)]
    security_groups: Annotated[list[Annotated[Reference, To("security-group", "instance")]], Field(min_length=1)]


class Function(Actor):
    """A Lambda function, whose code is addressed by the digest of its sources.

    Source: AWS::Lambda::Function (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "arn": Attribute("Function", "Arn"),
        "name": Attribute("Function"),
    }
    GRANTS: ClassVar[Mapping[str, Grant]] = {"invoke": Grant(("lambda:InvokeFunction",), service="lambda")}
    FOLDER: ClassVar[str] = "lambda/{name}"

    kind: Literal["function"]
    description: Text | None = None
    runtime: Text
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    bucket: Annotated[Reference, To("bucket")]
    #: Directory of the sources below the spec's `code`; the function's name with underscores when empty.
    code: Annotated[str, Field(pattern=SOURCE)] = ""
    #: Whether the shared library is packaged with the function.
    library: bool = False
    handler: str = "handler.lambda_handler"
    layers: Annotated[list[Annotated[Reference, To("layer")]], Field(max_length=5)] = []
    timeout: Annotated[int, within(Duration, "1s", "15m")]
    memory: Annotated[int, within(Size, "128MB", "10240MB")] = 128
    logs: Retention
    network: FunctionNetwork | None = None
    #: Whether the function calls hosts on the internet.
    internet: bool = False
    access: Access = {}
    environment: dict[Annotated[str, Parsed(_parse_variable, {"pattern": _VARIABLE.pattern})], Text] = {}

    def lower(self, out: Lowering) -> None:
        """Add role, log group and function."""
        name = self.physical_name(out)
        group = log_group(out, interpolate("/aws/lambda/", as_part(name)), self.logs)
        inside = {"CKV_AWS_111": "Actions on the network interfaces of a function in a VPC cannot be narrowed"}
        outside = {"CKV_AWS_117": "Only what reads the database is in the VPC: there is no NAT, and no way out of it"}
        accept = inside if self.network is not None else None
        role(out, "lambda.amazonaws.com", [*granted(out), *self._platform(out)], accept=accept)
        out.add(
            "Function",
            "AWS::Lambda::Function",
            {
                "FunctionName": name,
                "Description": out.at("description", out.text(self.description)),
                "Runtime": out.at("runtime", out.text(self.runtime)),
                "Architectures": out.at("architecture", [self.architecture]),
                "Handler": out.at("handler", self.handler),
                "Code": out.at("code", self._code(out)),
                "Layers": out.at("layers", [out.attribute(layer, "arn") for layer in self.layers] or None),
                "Role": out.get("Role", "Arn"),
                "Timeout": out.at("timeout", self.timeout),
                "MemorySize": out.at("memory", self.memory),
                "Environment": out.at("environment", self._environment(out)),
                "VpcConfig": out.at("network", self._vpc(out)),
                "LoggingConfig": {"LogGroup": group},
                "TracingConfig": {"Mode": "Active"},
            },
            accept={
                "CKV_AWS_115": "Reserved concurrency would take from the account's 10 or 1000 shared executions",
                "CKV_AWS_116": "A function has no queue of its own for failed events: its caller gets the error",
                **(outside if self.network is None else {}),
                "CKV_AWS_272": "Its package comes from a bucket of the project, under the digest of its sources",
                "CKV_AWS_173": "No secret is in the environment, and a customer key costs 1 USD a month",
            },
        )

    def physical_name(self, at: Place) -> Value:
        """Return the name by which Lambda knows the function that stands at `at`."""
        return at.name()

    def source(self, name: str) -> str:
        """Return the directory of the sources, below the spec's `code`."""
        return self.code or name.replace("-", "_")

    def package_key(self, at: Place) -> str:
        """Return the S3 key of the package of the function that stands at `at`."""
        source = self.source(at.declaration.name)
        digest = source_digest(at.program.code, source, library=self.library, contents=at.program.contents)
        return f"lambdas/{source}/{digest}.zip"

    def _code(self, out: Lowering) -> dict[str, Value]:
        return {"S3Bucket": out.attribute(self.bucket, "name"), "S3Key": self.package_key(out)}

    def _environment(self, out: Lowering) -> dict[str, Value] | None:
        if not self.environment:
            return None
        return {"Variables": {key: out.text(value) for key, value in self.environment.items()}}

    def _vpc(self, out: Lowering) -> dict[str, Value] | None:
        if self.network is None:
            return None
        subnets = self.network.subnets
        group = out.program.declarations[subnets.name].model.groups()[subnets.part]
        return {
            "SubnetIds": [out.attribute(subnets.name, subnet) for subnet in group],
            "SecurityGroupIds": [out.attribute(g.name, security_group(out, g)) for g in self.network.security_groups],
        }

    def _platform(self, out: Lowering) -> list[Statement]:
        """Return what the Lambda platform itself needs: logs, traces, and network interfaces inside a VPC.

        Source: AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution role".
        """
        statements = [
            Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (out.get("LogGroup", "Arn"),)),
            Statement("WriteTraces", ("xray:PutTraceSegments", "xray:PutTelemetryRecords"), ("*",)),
        ]
        if self.network is not None:
            interfaces = (
                "ec2:CreateNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:DeleteNetworkInterface",
                "ec2:AssignPrivateIpAddresses",
                "ec2:UnassignPrivateIpAddresses",
            )
            statements.append(Statement("UseNetwork", interfaces, ("*",)))
        return statements


def literal_runtime(at: Place, text: str | Template) -> str:
    """Return the runtime that `text` names, also through the parameter resources that it reads.

    The result is empty where only the deployment knows it, as for ``${param.runtime}``.
    """
    from lenie.compiler.kinds.parameter import Parameter

    seen: set[str] = set()
    while isinstance(text, Template):
        lookup = text.single
        found = at.program.find(lookup.head, Parameter) if lookup is not None and lookup.attribute == "value" else None
        if found is None or found[0].name in seen:
            return ""
        seen.add(found[0].name)
        text = found[1].value
    return text


def security_group(out: Lowering, reference: Reference) -> str:
    """Return the attribute that holds the security group id of a security-group or of an instance."""
    return "id" if out.program.declarations[reference.name].model.kind == "security-group" else "security-group"


KIND = Function
