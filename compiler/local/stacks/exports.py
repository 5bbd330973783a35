"""Outputs of stacks, and the exports among them that other stacks import."""

from __future__ import annotations

from typing import Any

from lenie.compiler.local.stacks import store
from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.stacks.evaluate import NOTHING, Evaluator
from lenie.compiler.local.stacks.records import Stack, Wanted


def outputs(values: Evaluator, wanted: Wanted) -> list[dict[str, Any]]:
    """Return the stack's outputs as DescribeStacks lists them."""
    listed = []
    for key, declared in wanted.template.outputs.items():
        if "Condition" in declared and not values.condition(declared["Condition"]):
            continue
        value = values.value(declared.get("Value"))
        if value is NOTHING or isinstance(value, (dict, list)) or value is None:
            raise Failed(
                f"Template format error: Output {key} is malformed. The Value field of every Outputs member must "
                "evaluate to a String."
            )
        output = {"OutputKey": key, "OutputValue": str(value)}
        if "Description" in declared:
            output["Description"] = declared["Description"]
        if "Export" in declared:
            output["ExportName"] = str(values.value(declared["Export"].get("Name")))
        listed.append(output)
    return listed


def check_exports(stack: Stack, found: list[dict[str, Any]]) -> None:
    """Check that no other stack exports these names, and that none uses one that changes.

    Raises:
        Failed: as CloudFormation words it.
    """
    others = store.exports(stack.account, stack.region)
    kept = {}
    for output in found:
        name = output.get("ExportName")
        if name and name in others and others[name][1] is not stack:
            raise Failed(f"Export with name {name} is already exported by stack {others[name][1].name}. Rolling back.")
        if name:
            kept[name] = output["OutputValue"]
    unchanged = tuple(name for name, (value, owner) in others.items() if owner is stack and kept.get(name) == value)
    check_imports(stack, unchanged)


def check_imports(stack: Stack, kept: tuple[str, ...]) -> None:
    """Check that no other stack imports what `stack` exports, but for the names that are kept.

    Raises:
        Failed: as CloudFormation words it.
    """
    for output in stack.outputs:
        name = output.get("ExportName", "")
        users = importers(stack.account, stack.region, name) if name and name not in kept else []
        if users:
            raise Failed(f"Export {name} cannot be deleted as it is in use by {', '.join(users)}")


def importers(account: str, region: str, name: str) -> list[str]:
    """Return the names of the stacks that import a value."""
    return [stack.name for stack in store.all_stacks(account, region) if name in stack.imports]
