"""What a plan of Terraform does, by components: addresses begin with the module, and a module is a component."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lenie.targets.tf.names import snake


class Planned(NamedTuple):
    """What happens to one resource."""

    component: str
    address: str
    #: create, update, delete, replace.
    action: str
    #: Attributes that make it a replacement.
    because: tuple[str, ...] = ()

    def line(self) -> str:
        """Return it in one line."""
        if self.action == "replace":
            why = f": {', '.join(self.because)}" if self.because else ""
            return f"! {self.address} is REPLACED{why}; the old one is deleted"
        return f"{ {'create': '+', 'update': '~', 'delete': '-'}[self.action] } {self.address}"


def changes(plan: Mapping[str, Any], components: Iterable[str]) -> list[Planned]:
    """Return the changes of a plan (``terraform show -json``), replacements first."""
    modules = {snake(name): name for name in components}
    found = []
    for entry in plan.get("resource_changes", ()):
        actions = tuple(entry["change"]["actions"])
        action = _ACTIONS.get(actions)
        if action is None or entry.get("mode") == "data":
            continue
        paths = entry["change"].get("replace_paths", ())
        because = tuple(dict.fromkeys(str(path[0]) for path in paths if path))
        found.append(Planned(component_of(entry["address"], modules), entry["address"], action, because))
    return sorted(found, key=lambda one: (one.action != "replace", one.action != "delete"))


def component_of(address: str, modules: Mapping[str, str]) -> str:
    """Return the component of an address such as ``module.vpc.aws_vpc.vpc``; `modules` maps modules to components."""
    module = address.split(".")[1].partition("[")[0] if address.startswith("module.") else ""
    return modules.get(module, module)


def texts(content: Mapping[str, Any], without: Collection[str] = ()) -> set[str]:
    """Return all texts that resources in a state (or in the prior state of a plan) have as attributes.

    `without` are addresses of resources that do not count.
    """
    values = content.get("values") or content.get("prior_state", {}).get("values") or {}
    return {
        value
        for resource in _resources(values.get("root_module", {}))
        if resource.get("address") not in without
        for value in resource.get("values", {}).values()
        if isinstance(value, str)
    }


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in module.get("resources", ()) if one.get("mode") == "managed")
    for child in module.get("child_modules", ()):
        yield from _resources(child)


#: Actions of a change -> what it is; those that are missing change nothing.
#: Source: Terraform CLI documentation, "JSON Output Format", "Change Representation".
_ACTIONS = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "delete",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("forget",): "delete",
}
