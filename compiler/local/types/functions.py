"""AWS Lambda: functions, layers, permissions."""

from __future__ import annotations

from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.types.base import Context, Json, ResourceType, differing, pick, tag_changes, tag_list, tag_map


class Function(ResourceType):
    """A function whose code is in a bucket, or inline."""

    name = "AWS::Lambda::Function"
    #: What UpdateFunctionConfiguration changes, with what stands for a property that is taken away.
    _CONFIGURATION: Json = {
        "DeadLetterConfig": {},
        "Description": "",
        "Environment": {"Variables": {}},
        "EphemeralStorage": {"Size": 512},
        "Handler": None,
        "KMSKeyArn": "",
        "Layers": [],
        "LoggingConfig": {},
        "MemorySize": 128,
        "Role": None,
        "Runtime": None,
        "SnapStart": {"ApplyOn": "None"},
        "Timeout": 3,
        "TracingConfig": {"Mode": "PassThrough"},
        "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
    }
    properties = frozenset(
        {*_CONFIGURATION, "Architectures", "Code", "FunctionName", "ReservedConcurrentExecutions", "Tags"}
    )
    required = frozenset({"Code", "Role"})
    returns = frozenset({"Arn"})
    identity = "FunctionName"
    #: Where the code came from; the function's own checksum tells it.
    unread = frozenset({"Code"})

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("FunctionName") or at.name(64))
        given = pick(wanted, *self._CONFIGURATION, "Architectures")
        tags = tag_map(wanted.get("Tags"))
        at.call(
            "lambda",
            "create_function",
            FunctionName=name,
            Code=_code(wanted),
            **given,
            Tags=tags or None,
            PackageType="Zip",
        )
        at.created(name)
        self._reserve(at, name, wanted, {})
        return name

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("lambda", "get_function", FunctionName=id)
        if answer is None:
            return None
        found = answer["Configuration"]
        return {
            **pick(found, *(set(self._CONFIGURATION) - {"Layers"}), "Architectures", "FunctionName"),
            "Layers": [layer["Arn"] for layer in found.get("Layers", [])],
            "ReservedConcurrentExecutions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
            "Tags": tag_list(answer.get("Tags")),
        }

    def attributes(self, at: Context, id: str) -> Json:
        found = at.call("lambda", "get_function", FunctionName=id)["Configuration"]["FunctionArn"]
        return {"Arn": found}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changed = differing(wanted, before)
        if changed & {"Code", "Architectures"}:
            architectures = wanted.get("Architectures", ["x86_64"])
            at.call("lambda", "update_function_code", FunctionName=id, **_code(wanted), Architectures=architectures)
        settings = {name: wanted.get(name, self._CONFIGURATION[name]) for name in changed & set(self._CONFIGURATION)}
        if settings:
            at.call("lambda", "update_function_configuration", FunctionName=id, **settings)
        self._reserve(at, id, wanted, before)
        arn = self.attributes(at, id)["Arn"]
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("lambda", "untag_resource", Resource=arn, TagKeys=gone)
        if new:
            at.call("lambda", "tag_resource", Resource=arn, Tags=new)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("lambda", "delete_function", FunctionName=id)

    @staticmethod
    def _reserve(at: Context, id: str, wanted: Json, before: Json) -> None:
        name = "ReservedConcurrentExecutions"
        if name in wanted and wanted[name] != before.get(name):
            at.call("lambda", "put_function_concurrency", FunctionName=id, ReservedConcurrentExecutions=wanted[name])
        elif name in before and name not in wanted:
            at.call("lambda", "delete_function_concurrency", FunctionName=id)


def _code(wanted: Json) -> Json:
    """Return where a function's code is; inline code becomes a package with `index.py`, as CloudFormation makes one."""
    code = wanted["Code"]
    if "ZipFile" not in code:
        return dict(code)
    if len(code) > 1:
        raise Failed(f"Encountered unsupported property Code.{next(key for key in code if key != 'ZipFile')}")
    import io
    import zipfile

    if not str(wanted.get("Runtime", "")).startswith("python"):
        raise Failed("The emulator takes inline code of Python only")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("index.py", code["ZipFile"])
    return {"ZipFile": buffer.getvalue()}


class LayerVersion(ResourceType):
    """A version of a layer; its id is its ARN, with the version."""

    name = "AWS::Lambda::LayerVersion"
    properties = frozenset(
        {"LayerName", "Description", "Content", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo"}
    )
    required = frozenset({"Content"})
    returns = frozenset({"LayerVersionArn"})
    unread = frozenset({"Content"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        name = wanted.get("LayerName") or at.name(140)
        given = pick(wanted, *(self.properties - {"LayerName"}))
        made = at.call("lambda", "publish_layer_version", LayerName=name, **given)
        return at.created(str(made["LayerVersionArn"]))

    def read(self, at: Context, id: str) -> Json | None:
        name, _, version = id.rpartition(":")
        found = at.find("lambda", "get_layer_version", LayerName=name.rpartition(":")[2], VersionNumber=int(version))
        if found is None:
            return None
        names = ("Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo")
        return {"LayerName": name.rpartition(":")[2], **pick(found, *names)}

    def attributes(self, at: Context, id: str) -> Json:
        return {"LayerVersionArn": id}

    def delete(self, at: Context, id: str, properties: Json) -> None:
        name, _, version = id.rpartition(":")
        at.find("lambda", "delete_layer_version", LayerName=name.rpartition(":")[2], VersionNumber=int(version))


class Permission(ResourceType):
    """A statement of a function's policy; its id is ``function|statement``."""

    name = "AWS::Lambda::Permission"
    properties = frozenset({"FunctionName", "Action", "Principal", "SourceArn", "SourceAccount"})
    required = frozenset({"FunctionName", "Action", "Principal"})
    returns = frozenset({"Id"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        statement = at.name(100)
        at.call("lambda", "add_permission", StatementId=statement, **wanted)
        return at.created(f"{wanted['FunctionName']}|{statement}")

    def read(self, at: Context, id: str) -> Json | None:
        import json

        function, _, name = id.partition("|")
        answer = at.find("lambda", "get_policy", FunctionName=function)
        statements = json.loads(answer["Policy"])["Statement"] if answer else []
        found = next((statement for statement in statements if statement["Sid"] == name), None)
        if found is None:
            return None
        principal, condition = found["Principal"], found.get("Condition", {})
        return {
            "FunctionName": function,
            "Action": found["Action"],
            "Principal": next(iter(principal.values())) if isinstance(principal, dict) else principal,
            "SourceArn": condition.get("ArnLike", {}).get("AWS:SourceArn"),
            "SourceAccount": condition.get("StringEquals", {}).get("AWS:SourceAccount"),
        }

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def delete(self, at: Context, id: str, properties: Json) -> None:
        function, _, name = id.partition("|")
        at.find("lambda", "remove_permission", FunctionName=function, StatementId=name)
