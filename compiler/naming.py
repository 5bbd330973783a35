"""Names that the compiler derives: logical ids and physical names."""

from __future__ import annotations

import re


def pascal(name: str) -> str:
    """Return ``sqs-into-rds`` (or ``DateIndex``, ``a_b``) as ``SqsIntoRds``: letters and digits only."""
    return "".join(part[0].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name) if part)


def logical_id(name: str, suffix: str) -> str:
    """Return the CloudFormation logical id of a resource of the spec; a suffix that the name has is not repeated.

    Source: AWS CloudFormation User Guide, "Resources section" (logical ids are alphanumeric).
    """
    base = pascal(name)
    return base if base.endswith(suffix) else base + suffix
