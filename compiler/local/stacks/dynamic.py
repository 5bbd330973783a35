"""Dynamic references: values that are read from Secrets Manager and Parameter Store when a resource is made.

Source: CloudFormation User Guide, Get values stored in other services using dynamic references.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from lenie.compiler.local.stacks.errors import Failed

_REFERENCE = re.compile(r"\{\{resolve:(?P<service>[a-z-]+):(?P<rest>[^{}]+)\}\}")
_SECRET = re.compile(
    r"(?P<id>arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+)"
    r"(?::(?P<part>SecretString)(?::(?P<key>[^:]*)(?::(?P<stage>[^:]*)(?::(?P<version>[^:]*))?)?)?)?"
)


def resolved(value: Any, client: Callable[[str], Any]) -> Any:
    """Return `value` with every dynamic reference in its texts replaced; `client` gives the client of a service.

    Raises:
        Failed: if one cannot be read, as CloudFormation words it.
    """
    if isinstance(value, list):
        return [resolved(item, client) for item in value]
    if isinstance(value, dict):
        return {key: resolved(item, client) for key, item in value.items()}
    if isinstance(value, str) and "{{resolve:" in value:
        return _REFERENCE.sub(lambda match: _read(match["service"], match["rest"], client), value)
    return value


def _read(service: str, rest: str, client: Callable[[str], Any]) -> str:
    try:
        if service == "secretsmanager":
            return _secret(rest, client("secretsmanager"))
        if service in ("ssm", "ssm-secure"):
            return _parameter(rest, client("ssm"), secure=service == "ssm-secure")
    except ClientError as error:
        raise Failed(
            f"Could not resolve {{{{resolve:{service}:{rest}}}}}: {error.response['Error']['Message']}"
        ) from error
    raise Failed(f"Dynamic reference to an unknown service: {{{{resolve:{service}:{rest}}}}}")


def _secret(rest: str, client: Any) -> str:
    match = _SECRET.fullmatch(rest)
    if match is None:
        raise Failed(
            f"Incorrect format is used in the following SSM reference: [{{{{resolve:secretsmanager:{rest}}}}}]"
        )
    given = {"VersionStage": match["stage"], "VersionId": match["version"]}
    answer = client.get_secret_value(SecretId=match["id"], **{name: value for name, value in given.items() if value})
    text = str(answer.get("SecretString", ""))
    if not match["key"]:
        return text
    try:
        return str(json.loads(text)[match["key"]])
    except (ValueError, KeyError, TypeError):
        raise Failed(f"Could not find a value associated with JSONKey in SecretString: {match['key']}") from None


def _parameter(rest: str, client: Any, *, secure: bool) -> str:
    answer = client.get_parameter(Name=rest, WithDecryption=secure)["Parameter"]
    if (answer["Type"] == "SecureString") != secure:
        kind = "SecureString" if secure else "plaintext"
        raise Failed(f"Parameter [{rest}] is not a {kind} parameter")
    return str(answer["Value"])
