"""A resource is not encrypted.

Whatever keeps data encrypts it, unless the spec says otherwise. Encryption with a key that AWS manages costs nothing.
A topic is the one case with a reason: CloudWatch alarms cannot publish to a topic that is encrypted with `aws/sns`, and
a key of one's own costs 1 USD a month.
Sources: Amazon SNS Developer Guide, "Securing Amazon SNS data with server-side encryption"; Amazon CloudWatch User
Guide, "Notifying users on alarm changes".

Wrong:

    problems: {kind: topic, encrypted: false}

Right:

    problems: {kind: topic}

Waive it where nothing secret passes, and say so:

    problems: {kind: topic, encrypted: false, waive: {E324: alarms cannot publish to an encrypted topic}}
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.program import Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._raw import raw_resources
from lenie.compiler.span import Path
from lenie.compiler.types import Template

CODE = "E324"
#: Properties of CloudFormation types that switch encryption on.
_SWITCHES = frozenset({"Encrypted", "EncryptionEnabled", "SqsManagedSseEnabled", "StorageEncrypted"})


def check(program: Program, finding: Finding) -> None:
    """Report resources that say that they are not encrypted, in any environment."""
    for declaration in program.declarations.values():
        value = getattr(declaration.model, "encrypted", True)
        environments = _without(program, value)
        if environments:
            where = "" if value is False else f" in {', '.join(environments)}"
            finding(
                f'"{declaration.name}" is not encrypted{where}',
                (*declaration.path, "encrypted"),
                help="remove the field: encryption is on by default",
            )
    for raw in raw_resources(program):
        for path in _switched_off(raw.properties, raw.properties_path):
            finding(f"{raw.type} is not encrypted", path, help=f"write {path[-1]}: true")


def _without(program: Program, flag: Any) -> list[str]:
    """Return the environments in which a flag is off."""
    environments = program.document.environments
    if isinstance(flag, Template) and flag.single is not None:
        setting = flag.single.attribute
        return [name for name, values in environments.items() if values.get(setting) is False]
    return list(environments) if flag is False else []


def _switched_off(value: Any, path: Path) -> list[Path]:
    if isinstance(value, dict):
        own = [(*path, key) for key, item in value.items() if key in _SWITCHES and item in (False, "false")]
        return own + [found for key, item in value.items() for found in _switched_off(item, (*path, key))]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in _switched_off(item, (*path, index))]
    return []
