"""Secrets Manager: secrets, with values that Terraform generates and never keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import JsonText, Value
from lenie.compiler.graph import digest
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument, Attr, Block, Call, Table
from lenie.targets.tf.row import Items, Made, Row

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema

_PASSWORD = {
    "PasswordLength": "password_length",
    "ExcludeCharacters": "exclude_characters",
    "ExcludeLowercase": "exclude_lowercase",
    "ExcludeNumbers": "exclude_numbers",
    "ExcludePunctuation": "exclude_punctuation",
    "ExcludeUppercase": "exclude_uppercase",
    "IncludeSpace": "include_space",
    "RequireEachIncludedType": "require_each_included_type",
}
_VERSION = "aws_secretsmanager_secret_version"


def _generated(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Add a generated value. It is written again only when what it is made of changes: that gives it its version."""
    given = out.map(value, at)
    template, key = given.get("SecretStringTemplate"), given.get("GenerateStringKey")
    arguments: list[Argument | Block] = []
    for name, item in given.items():
        if name in _PASSWORD:
            arguments.append(Argument(_PASSWORD[name], out.values.value(item, (*at, name)), (*at, name)))
        elif name not in ("SecretStringTemplate", "GenerateStringKey"):
            out.problem((*at, name), f"Terraform generates no secret with {name}", "leave it out")
    address = f"ephemeral.aws_secretsmanager_random_password.{out.name}"
    out.values.read[address] = Block(
        "ephemeral",
        ("aws_secretsmanager_random_password", out.name),
        arguments,
        at=at,
        owner=out.resource.logical_id,
    )
    password = Attr(address, "random_password")
    head: list[Argument | Block]
    if key is None and template is None:
        head = [Argument("secret_string_wo", password)]
    elif isinstance(template, JsonText) and isinstance(template.document, dict) and isinstance(key, str):
        fields = {name: out.values.value(item, at) for name, item in template.document.items()}
        places = {name: [((*at, "SecretStringTemplate", name), "")] for name in fields}
        places[key] = [((*at, "GenerateStringKey"), "")]
        head = [Argument("secret_string_wo", Call("jsonencode", (Table({**fields, key: password}, places),)))]
    else:
        out.problem(at, "the text around a generated secret has to be a map, written out", "write it as a map")
        return ()
    out.add_part(_VERSION, out.name, {"secret_id": "id"}, {}, {}, at, [*head, _version(value)])
    return ()


def _version(value: Value) -> Argument:
    """Return the number by which Terraform knows that it has to write the value again."""
    return Argument("secret_string_wo_version", int(digest(value, 7), 16))


def _given(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Add a value that the spec gives; it does not go into the state."""
    head = [Argument("secret_string_wo", out.json(value, at)), _version(value)]
    out.add_part(_VERSION, out.name, {"secret_id": "id"}, {}, {}, at, [*head])
    return ()


ROWS = {
    "AWS::SecretsManager::Secret": Row(
        "aws_secretsmanager_secret",
        {
            "GenerateSecretString": Made(_generated, "an ephemeral value"),
            "SecretString": Made(_given, "write-only"),
        },
        {"Ref": "arn", "Id": "arn"},
        # CloudFormation deletes a secret at once (AWS::SecretsManager::Secret); else its name stays taken for 30 days.
        constants={"recovery_window_in_days": 0},
    ),
}
