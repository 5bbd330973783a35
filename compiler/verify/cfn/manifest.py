"""The manifest beside the templates: what a deployment reads has to fit the templates and the graph."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lenie.compiler.graph import Component, Graph
from lenie.compiler.verify.cfn.document import Item
from lenie.compiler.verify.program import Problem, Program
from lenie.compiler.verify.values import as_text

#: Bytes of a template that a request may hold.
#: Source: CloudFormation User Guide, Understand CloudFormation quotas.
_LARGEST = 51_200
#: Source: CloudFormation API Reference, CreateStack, Capabilities.
_IAM = "AWS::IAM::"


def problems(
    graph: Graph, root: Item, program: Program, templates: Mapping[str, Item], sizes: Mapping[str, int], shown: str
) -> Iterator[Problem]:
    """Yield what the manifest says wrongly.

    Args:
        graph: Of the spec.
        root: The manifest.
        program: The templates, evaluated in some environment.
        templates: Component -> its template; the file is in its place.
        sizes: Component -> bytes of its template.
        shown: How messages call the directory of the target.
    """
    frame = {
        "project": graph.project,
        "region": graph.region,
        "environments": list(graph.environments),
        "parameters": {name: f"parameters/{name}.json" for name in graph.environments},
    }
    yield from _compared(root, frame, "")
    listed = root.get("components")
    entries = listed.value if listed is not None and isinstance(listed.value, list) else []
    seen: list[str] = []
    for entry in entries:
        given = entry.get("name")
        name = given.value if given is not None and isinstance(given.value, str) else ""
        if name in seen:
            yield Problem("E606", f'the manifest has "{name}" twice', entry.place, component=name)
        seen.append(name)
        if name in program.unread:
            continue
        component = graph.components.get(name)
        if component is None or name not in templates or name not in program.components:
            yield Problem("E605", f'the manifest has "{name}", of which there is no template', entry.place)
            continue
        wanted = _entry(graph, component, program, templates[name], sizes[name], shown)
        yield from _compared(entry, wanted, name)
        yield from _published(graph, component, program, entry)
        needed = entry.get("depends_on")
        late = set(needed.plain() if needed is not None and isinstance(needed.value, list) else ()) - set(seen[:-1])
        if late:
            message = f'"{name}" is listed before {", ".join(sorted(map(str, late)))}, which it needs'
            yield Problem("E604", message, entry.place, component=name)
    for name in templates.keys() - set(seen):
        yield Problem("E605", f'the manifest does not have "{name}"', root.place, component=name)


def _entry(
    graph: Graph, component: Component, program: Program, template: Item, size: int, shown: str
) -> dict[str, Any]:
    resources = program.components[component.name].resources.values()
    shared = component.scope != "environment"
    name = component.name
    stacks = {
        environment: f"{graph.project}-{name}" if shared else f"{graph.project}-{environment}-{name}"
        for environment in graph.environments
    }
    parameters = template.get("Parameters")
    keys = {
        as_text(node.value["S3Key"].value)
        for resource in resources
        for key, node in resource.properties.value.items()
        if key in ("Code", "Content") and isinstance(node.value, dict) and "S3Key" in node.value
    }
    return {
        "layer": component.layer,
        "scope": component.scope,
        "template": template.place.file.removeprefix(f"{shown}/"),
        "stacks": stacks,
        "capabilities": ["CAPABILITY_NAMED_IAM"] if any(one.type.startswith(_IAM) for one in resources) else [],
        "parameters": list(parameters.entries()) if parameters is not None else [],
        "termination_protection": [one for one in graph.environments if shared or one in graph.production],
        "deploy_from_bucket": size > _LARGEST,
        "packages": sorted(keys),
    }


def _published(graph: Graph, component: Component, program: Program, entry: Item) -> Iterator[Problem]:
    """Yield what is wrong with the names of published values: every export is there, and only what a template makes."""
    given = entry.get("publishes")
    names = set(map(str, given.plain())) if given is not None and isinstance(given.value, list) else set()
    place = given.place if given is not None else entry.place
    wanted = {graph.ssm_path(export, component, "{environment}") for export in component.exports.values()}
    # A program has the environment's name, and words for what is special in it.
    environment = program.environment
    made = set()
    for resource in program.components[component.name].resources.values():
        name = resource.properties.value.get("Name") if resource.type == "AWS::SSM::Parameter" else None
        if name is not None and isinstance(name.value, str):
            made.add(name.value)
    for name in sorted(wanted - names):
        yield Problem("E601", f'the manifest does not say that "{component.name}" publishes {name}', place)
    for name in sorted(one for one in names if one.replace("{environment}", environment) not in made):
        yield Problem("E601", f'the manifest says that "{component.name}" publishes {name}; no template does', place)


def _compared(item: Item, wanted: Mapping[str, Any], component: str) -> Iterator[Problem]:
    where = f' of "{component}"' if component else ""
    for key, value in wanted.items():
        given = item.get(key)
        found = given.plain() if given is not None else None
        if _sorted(found) != _sorted(value):
            said, right = (json.dumps(one, ensure_ascii=False) for one in (found, value))
            message = f"the manifest says {key}{where} is {said}; it is {right}"
            yield Problem("E601", message, given.place if given is not None else item.place, component=component)


def _sorted(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, list) else value
