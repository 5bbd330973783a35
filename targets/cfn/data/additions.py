"""What CloudFormation has and the installed troposphere does not know yet.

An entry is the resource type, the property's path without list indices, the type of its value, and the reason with its
source. A test fails when troposphere has caught up with an entry, so that the table does not outlive its use.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Addition(NamedTuple):
    """A property that troposphere lacks. `type` is `str`, `int`, `float`, `bool`, `list` or `dict`."""

    type: type
    reason: str


ADDITIONS: Final[dict[str, dict[str, Addition]]] = {}
