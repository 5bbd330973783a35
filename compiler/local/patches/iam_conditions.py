"""IAM: conditions of resource policies.

Moto 5.2.5 knows no operator but those of trust policies, takes a condition that does not hold as a denial even in a
statement that allows, and so refuses every request to a bucket whose policy denies what comes without TLS. Here a
statement whose condition does not hold does not apply, as on AWS. Requests to the emulator do not leave the machine:
they count as secure. Trust policies stay moto's.

Source: IAM User Guide, IAM JSON policy elements: Condition operators.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult

#: What the emulator knows of every request.
CONTEXT = {"aws:securetransport": "true"}
_COMPARE = {
    "Bool": lambda found, wanted: found.lower() == wanted.lower(),
    "StringEquals": lambda found, wanted: found == wanted,
    "StringEqualsIgnoreCase": lambda found, wanted: found.lower() == wanted.lower(),
    "StringLike": fnmatchcase,
    "ArnEquals": fnmatchcase,
    "ArnLike": fnmatchcase,
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}


def holds(conditions: dict[str, dict[str, Any]], context: dict[str, str]) -> bool:
    """Return whether all conditions of a statement hold; the keys of `context` are in small letters.

    A condition on what is not known of a request holds only if it says so: negated, or `...IfExists`. An operator that
    is not known here never holds.
    """
    return all(
        _holds(operator, context.get(key.lower()), value)
        for operator, entries in conditions.items()
        for key, value in entries.items()
    )


def _holds(operator: str, found: str | None, wanted: Any) -> bool:
    name = operator.removesuffix("IfExists")
    values = [str(value).lower() if isinstance(value, bool) else str(value) for value in _list(wanted)]
    if name == "Null":
        return (found is None) == (values == ["true"])
    if found is None:
        return name in _NEGATED or name != operator
    if name in _NEGATED:
        return not any(_COMPARE[_NEGATED[name]](found, value) for value in values)
    return name in _COMPARE and any(_COMPARE[name](found, value) for value in values)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def apply() -> None:
    """Replace how a statement of a policy without trust conditions is judged."""
    original = IAMPolicyStatement.is_action_permitted

    def permitted(
        self: IAMPolicyStatement,
        action: str,
        resource: str = "*",
        principal: str | None = None,
        incoming_condition_values: dict[str, str] | None = None,
    ) -> PermissionResult:
        conditions = self._statement.get("Condition")
        if not conditions or incoming_condition_values is not None:
            return original(self, action, resource, principal, incoming_condition_values)
        if not holds(conditions, CONTEXT):
            return PermissionResult.NEUTRAL
        plain = {key: value for key, value in self._statement.items() if key != "Condition"}
        return original(IAMPolicyStatement(plain), action, resource, principal, None)

    IAMPolicyStatement.is_action_permitted = permitted  # type: ignore[method-assign]
