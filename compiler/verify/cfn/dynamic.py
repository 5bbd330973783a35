"""Dynamic references to secrets in texts.

Source: CloudFormation User Guide, Get a secret or secret value from Secrets Manager.
"""

from __future__ import annotations

import re
from typing import Any

from lenie.compiler.verify.values import SecretField, Text, masked, text, unmasked

_SECRET = re.compile(
    r"\{\{resolve:secretsmanager:(?P<secret>[^{}]+?):SecretString:(?P<field>[^:{}]*)(?P<version>(?::[^{}]*)?)\}\}"
)


def secrets(value: Any) -> Any:
    """Return a text with the dynamic references to secrets in it as atoms."""
    found = masked(value) if isinstance(value, (str, Text)) else None
    if found is None or "{{resolve:secretsmanager:" not in found[0]:
        return value
    plain, atoms = found
    parts: list[Any] = []
    end = 0
    for match in _SECRET.finditer(plain):
        parts.append(unmasked(plain[end : match.start()], atoms))
        # A version is kept with the field, so that it makes a difference.
        parts.append(SecretField(unmasked(match["secret"], atoms), match["field"] + match["version"]))
        end = match.end()
    return text(*parts, unmasked(plain[end:], atoms))
