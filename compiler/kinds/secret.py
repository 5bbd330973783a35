"""A secret: Secrets Manager keeps it, and no file of this project ever holds its value."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from lenie.compiler.expressions import JsonText, SecretField, Value
from lenie.compiler.kind import Attribute, Grant, Resource
from lenie.compiler.place import Lowering, Place
from lenie.compiler.spec import Model
from lenie.compiler.types import Parsed, Text, fault, faults_at

_ATTRIBUTES: Mapping[str, Attribute] = {
    "arn": Attribute("Secret", description="ARN of the secret"),
    "name": Attribute("", description="Name of the secret"),
}


def _parse_field(value: Any) -> str:
    """Return the name of a field of a secret."""
    if not isinstance(value, str) or not value.replace("_", "a").isalnum() or not value.isascii():
        raise fault(f'"{value}" cannot be the name of a field', "fields have letters, digits and underscores")
    if value in _ATTRIBUTES:
        raise fault(f'a field cannot be called "{value}"', f"${{secret.{value}}} is the {value} of the secret itself")
    return value


class Generate(Model):
    """A user and a password that AWS makes up."""

    username: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,62}$")]


class Secret(Resource):
    """A secret of several fields, either a user with a generated password or fields whose values are set by hand.

    A generated password has 32 letters and digits, so it fits into the URL of a database and into a shell. A secret
    with `fields` is created empty, and stays when its component is deleted, since nobody can generate its values again.
    A generated password goes with its component: for a new one, the database's master password is set again.

    Source: AWS::SecretsManager::Secret (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = _ATTRIBUTES
    GRANTS: ClassVar[Mapping[str, Grant]] = {
        "read": Grant(("secretsmanager:GetSecretValue",), service="secretsmanager", description="Read all fields"),
    }
    FOLDER: ClassVar[str] = "secret/{name}"

    kind: Literal["secret"]
    name: Text | None = None
    description: Text | None = None
    generate: Generate | None = None
    fields: list[Annotated[str, Parsed(_parse_field, {"type": "string", "pattern": "^[A-Za-z0-9_]+$"})]] = []

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.generate is not None and self.fields:
            message = "a secret is either generated or set by hand"
            raise faults_at([(("fields", "[key]"), fault(message, "remove generate or fields"))])
        if self.generate is None and not self.fields:
            raise fault("a secret needs fields", "add generate: {username: ...}, or fields: [...] to set by hand")
        hidden = ("password",) if self.generate is not None else self.names()
        shown = [field for field in hidden if field in self.publish]
        if shown:
            message = f'"{shown[0]}" would be published in plain text'
            help = "publish name or arn: who may read the secret takes the field from it"
            raise faults_at([(("publish",), fault(message, help))])
        return self

    def names(self) -> tuple[str, ...]:
        """Return the names of the secret's fields."""
        return ("username", "password") if self.generate is not None else tuple(self.fields)

    def attributes(self) -> Mapping[str, Attribute]:
        """Return the attributes, with one for each field."""
        return {**self.ATTRIBUTES, **{f: Attribute("Secret", f, f"Field {f} of the secret") for f in self.names()}}

    def attribute(self, name: str, at: Place) -> Value:
        """Return the ARN, the name, or a field that is read at deployment; a user name is no secret."""
        if name == "name":
            return at.name(self.name)
        if name == "username" and self.generate is not None:
            return self.generate.username
        arn = at.get("Secret", "Ref")
        return arn if name == "arn" else SecretField(arn, name)

    def lower(self, out: Lowering) -> None:
        """Add the secret."""
        generate = None
        if self.generate is not None:
            generate = {
                "SecretStringTemplate": JsonText({"username": self.generate.username}),
                "GenerateStringKey": "password",
                "PasswordLength": 32,
                "ExcludePunctuation": True,
            }
        out.add(
            "Secret",
            "AWS::SecretsManager::Secret",
            {
                "Name": out.at("name", out.name(self.name)),
                "Description": out.at("description", out.text(self.description)),
                "GenerateSecretString": out.at("generate", generate),
            },
            on_delete=None if self.generate is not None else "RetainExceptOnCreate",
            accept={
                "CKV_AWS_149": "The key aws/secretsmanager encrypts it; a customer key costs 1 USD a month",
                "CKV2_AWS_57": "Rotation would need an always reachable database, or APIs that issue keys",
            },
        )


KIND = Secret
