"""Values given at deployment, as ``--parameter NAME=VALUE`` or in a file; they are checked like those of the spec."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lenie.compiler.console import Usage
from lenie.compiler.deploy.reading import text_of
from lenie.compiler.diagnostics import Diagnostic, Label, Report, Severity, suggest
from lenie.compiler.expressions import ParameterItem, ParameterValue, WhenParameter
from lenie.compiler.graph import Component, Graph
from lenie.compiler.load import Tree
from lenie.compiler.naming import pascal
from lenie.compiler.program import Program
from lenie.compiler.settings import check_parameter
from lenie.compiler.spec import ParameterModel


def parse(given: Iterable[str]) -> dict[str, str]:
    """Return name -> value of words such as ``alert-email=me@example.com``.

    Raises:
        Usage: for a word that is none, and for a name that is given twice.
    """
    found: dict[str, str] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise Usage(f'--parameter takes NAME=VALUE, and not "{word}"', "--parameter alert-email=me@example.com")
        if name in found:
            raise Usage(f"--parameter {name} is given twice", "leave one of them out")
        found[name] = value
    return found


def read(path: Path) -> dict[str, str]:
    """Return name -> value of a JSON file with a map of names and values; a list is joined by commas.

    Raises:
        Usage: if it is none.
        SpecError: (E902) if it cannot be read.
    """
    help = 'write {"alert-email": "me@example.com"}'

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise Usage(f'"{path}" gives {name} twice', "leave one of them out")
            found[name] = value
        return found

    text = text_of(path, "--parameters", "no file of parameters", help)
    try:
        content = json.loads(text, object_pairs_hook=once)
    except ValueError as error:
        raise Usage(f'"{path}" is no JSON: {error}', help) from None
    if not isinstance(content, dict):
        raise Usage(f'"{path}" holds no map of parameters', help)
    return {name: _text(value, name, path, help) for name, value in content.items()}


def _text(value: Any, name: str, path: Path, help: str) -> str:
    if isinstance(value, list) and all(isinstance(one, str) and "," not in one for one in value):
        return ",".join(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise Usage(f'the value of {name} in "{path}" is no text, number or list of texts', help)
    return value


class Given:
    """What is given for an environment, to be put into a program before it is resolved."""

    def __init__(self, values: Mapping[str, str], environment: str) -> None:
        self.values = values
        self.environment = environment

    def __call__(self, program: Program) -> list[Diagnostic]:
        """Set the values in `program`; return what is wrong with them (E650).

        Raises:
            Usage: if the spec has no such environment.
        """
        document = program.document
        if self.environment not in document.environments:
            help = suggest(self.environment, document.environments, what="environments")
            raise Usage(f'there is no environment "{self.environment}"', help)
        names = {pascal(name): name for name in document.parameters} | {name: name for name in document.parameters}
        report = Report(program.tree)
        for given, value in self.values.items():
            name = names.get(given)
            if name is None:
                help = suggest(given, document.parameters, what="parameters")
                report.add("E650", f'the spec has no parameter "{given}"', ("parameters",), key=True, help=help)
                continue
            model = document.parameters[name]
            faults = _faults(program, name, model, value)
            for fault in faults:
                message = f"the value that is given for {given} cannot be used: {fault.message}"
                report.add("E650", message, ("parameters", name), key=True, help=fault.help)
            if not faults:
                # For all environments: what they share must be the same in each. The default stays, since templates
                # show it.
                values = dict.fromkeys(document.environments, _typed(model, value))
                document.parameters[name] = model.model_copy(update={"values": values})
        return report.diagnostics


class Chosen(NamedTuple):
    """The components that a command is about, by the options that choose them."""

    #: All components, if there are none.
    names: tuple[str, ...]
    #: Scopes beside that of the environment.
    include: tuple[str, ...]
    #: Those that the program of the target has; all, if there are none.
    covered: Collection[str] = ()

    def way_to(self, component: Component) -> str:
        """Return what has to be added to choose `component`; nothing if it is chosen."""
        if self.covered and component.name not in self.covered:
            return "add --scope all"
        if component.scope not in ("environment", *self.include):
            return f"add --include {component.scope}"
        return f"name {component.name}, too" if self.names and component.name not in self.names else ""


def unused(graph: Graph, tree: Tree, given: Iterable[str], chosen: Chosen) -> list[Diagnostic]:
    """Return an error (E650) for each parameter of `given` that none of the chosen components uses.

    Names that are no components are for others to tell, and so are those of parameters.
    """
    if any(name not in graph.components for name in chosen.names):
        return []
    names = {pascal(name): name for name in graph.parameters} | {name: name for name in graph.parameters}
    report = Report(tree)
    for written in given:
        name = names.get(written, "")
        ways = {one.name: chosen.way_to(one) for one in graph.components.values() if name in _used(one)}
        if not name or "" in ways.values():
            continue
        first = next(iter(ways), "")
        help = (
            f"{ways[first]}, or leave the value out: {first} uses it" if first else "leave it out: no component uses it"
        )
        message = f"none of the chosen components uses {written}, for which a value is given"
        report.add("E650", message, ("parameters", name), key=True, help=help)
    return report.diagnostics


def _used(component: Component) -> set[str]:
    """Return the parameters that a component uses."""
    readers = (ParameterValue, ParameterItem, WhenParameter)
    return {found.name for found in component.expressions() if isinstance(found, readers)}


def _faults(program: Program, name: str, model: ParameterModel, value: str) -> list[Diagnostic]:
    inner = Report(program.tree)
    typed = _typed(model, value)
    check_parameter(program, name, model.model_copy(update={"values": {}, "default": typed}), inner)
    if isinstance(typed, list) and isinstance(model.default, list) and len(typed) != len(model.default):
        many = len(model.default)
        message = f"it has {len(typed)} element{'' if len(typed) == 1 else 's'}, and the spec {many}"
        help = "each element becomes a resource or property, so their number is part of the architecture"
        inner.diagnostics.append(Diagnostic("E309", Severity.ERROR, message, (Label(program.tree.span(())),), help))
    return inner.diagnostics


def _typed(model: ParameterModel, text: str) -> str | int | float | list[str]:
    """Return the value that a text stands for; what is none stays a text, which the check refuses."""
    if model.type.startswith("list("):
        return [item.strip() for item in text.split(",")] if text else []
    if model.type == "number" and re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    if model.type == "number" and re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return float(text)
    return text
