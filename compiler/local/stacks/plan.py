"""What an update would do: the changes of a change set, computed without doing anything.

Source: CloudFormation API Reference, ResourceChange, ResourceChangeDetail and ResourceTargetDefinition.
"""

from __future__ import annotations

from typing import Any

from lenie.compiler.diff.lifecycle import lifecycle
from lenie.compiler.local.stacks.errors import Refused
from lenie.compiler.local.stacks.evaluate import Unknown
from lenie.compiler.local.stacks.exports import outputs
from lenie.compiler.local.stacks.handler import changed, tagged, type_of
from lenie.compiler.local.stacks.operation import present_in
from lenie.compiler.local.stacks.records import Change, Resource, Stack, Wanted
from lenie.compiler.local.stacks.references import order, references
from lenie.compiler.local.stacks.replacing import differing, replaces
from lenie.compiler.local.stacks.scope import evaluator
from lenie.compiler.local.stacks.template import Declared

_POLICIES = {"Delete": "Delete", "Retain": "Retain", "RetainExceptOnCreate": "Retain", "Snapshot": "Snapshot"}


class Plan:
    """The changes from what a stack is to what is wanted."""

    def __init__(self, stack: Stack, wanted: Wanted) -> None:
        """Compute them.

        Raises:
            Refused: if the template cannot be evaluated, or changes the type of a resource.
        """
        self._stack = stack
        self._wanted = wanted
        self.changes: list[Change] = []
        self._touched: dict[str, Change] = {}
        self._values = evaluator(stack, wanted, self._look)
        present = present_in(self._values, wanted)
        self._check_types(present)
        for name in order(present):
            change = self._change(present[name])
            if change is not None:
                self._touched[name] = change
                self.changes.append(change)
        for name, record in stack.resources.items():
            if name not in present and record.there:
                policy = _POLICIES[record.declared.deletion]
                removed = Change("Remove", name, record.type, record.physical, policy=policy)
                self.changes.append(removed)

    @property
    def empty(self) -> bool:
        """Whether nothing at all would change: no resource, no output, no tag."""
        stack, wanted = self._stack, self._wanted
        if self.changes or wanted.tags != stack.wanted.tags:
            return False
        return outputs(self._values, wanted) == stack.outputs

    def _look(self, name: str, attribute: str) -> Any:
        change, record = self._touched.get(name), self._stack.resources.get(name)
        if change is not None and (change.action == "Add" or change.replacement != "False" or attribute):
            return Unknown(name, attribute)
        if record is None or not record.whole:
            raise Refused(f"Unresolved resource dependencies [{name}] in the Resources block of the template")
        return record.attributes[attribute] if attribute else record.reference

    def _check_types(self, present: dict[str, Declared]) -> None:
        records = self._stack.resources
        other = [
            n
            for n, declared in present.items()
            if n in records and records[n].there and records[n].type != declared.type
        ]
        if other:
            raise Refused(
                "Update of resource type is not permitted. The new template modifies resource type of the following "
                f"resources: [{', '.join(other)}]"
            )

    def _change(self, declared: Declared) -> Change | None:
        name, record = declared.name, self._stack.resources.get(declared.name)
        properties = tagged(declared.type, self._values.value(declared.properties), self._wanted.tags)
        if record is None or not record.whole:
            return Change("Add", name, declared.type)
        names = changed(record.properties, properties)
        scope = ["Properties"] if names - {type_of(record).tags} else []
        scope += ["Tags"] if names & {type_of(record).tags} else []
        scope += ["Metadata"] if record.declared.metadata != declared.metadata else []
        scope += ["DeletionPolicy"] if record.declared.deletion != declared.deletion else []
        scope += ["UpdateReplacePolicy"] if record.declared.replacement != declared.replacement else []
        if not scope:
            return None
        details = [self._detail(record, declared, properties, changed_name) for changed_name in sorted(names)]
        details += [
            {
                "Target": {"Attribute": part, "RequiresRecreation": "Never"},
                "Evaluation": "Static",
                "ChangeSource": "DirectModification",
            }
            for part in scope
            if part not in ("Properties", "Tags")
        ]
        replacement = self._replacement(record, properties, names)
        policy = _POLICIES[declared.replacement] if replacement != "False" else ""
        kind = f"ReplaceAnd{policy}" if policy in ("Delete", "Retain", "Snapshot") else ""
        return Change("Modify", name, declared.type, record.physical, replacement, scope, details, kind)

    def _replacement(self, record: Resource, properties: dict[str, Any], names: set[str]) -> str:
        certain = {name for name in names if not _unknown(properties.get(name))}
        if replaces(record, properties, certain):
            return "True"
        return "Conditional" if replaces(record, properties, names) else "False"

    def _detail(self, record: Resource, declared: Declared, properties: dict[str, Any], name: str) -> dict[str, Any]:
        unknown = _unknown(properties.get(name))
        attribute = "Tags" if name == type_of(record).tags else "Properties"
        effects = {
            lifecycle(record.type).effect(path)
            for path in differing(record.properties.get(name), properties.get(name), (name,))
        }
        recreation = "Always" if "always" in effects else "Conditionally" if "maybe" in effects else "Never"
        if unknown and recreation == "Always":
            recreation = "Conditionally"
        target = {"Attribute": attribute, "RequiresRecreation": recreation}
        if attribute == "Properties":
            target["Name"] = name
        source, causing = self._cause(declared.properties.get(name))
        detail = {"Target": target, "Evaluation": "Dynamic" if unknown else "Static", "ChangeSource": source}
        return {**detail, "CausingEntity": causing} if causing else detail

    def _cause(self, expression: Any) -> tuple[str, str]:
        for kind, name, attribute in references(expression):
            if name in self._touched:
                return ("ResourceAttribute", f"{name}.{attribute}") if kind == "GetAtt" else ("ResourceReference", name)
            values, before = self._wanted.values.values, self._stack.wanted.values.values
            if kind == "Ref" and name in values and values[name] != before.get(name):
                return "ParameterReference", name
        return "DirectModification", ""


def _unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(_unknown(item) for item in value)
    return isinstance(value, Unknown)
