"""The files of the generated project around the stacks: app, settings, configuration, README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import ParameterValue
from lenie.compiler.graph import Graph, Parameter
from lenie.compiler.naming import pascal
from lenie.compiler.span import Path as SpecPath
from lenie.targets.base import About, Item, Mark, Places
from lenie.targets.cdk.catalogue import VERSION
from lenie.targets.cdk.code import STEP, WIDTH, Atom, Bracketed, Code, Entry, Sheet, call, literal
from lenie.targets.cdk.module import Module
from lenie.targets.cdk.settings import Field, Settings
from lenie.targets.cdk.stack import Stack
from lenie.targets.cdk.text import one_line, quoted
from lenie.targets.wiring.stems import setting_place, stem_of

#: The command-line tool that the README tells to use, and with which the tests compare.
CLI_VERSION = "2.1148.1"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  (what is written is Python, not HTML)
        auto_reload=False,
    )


def render(template: str, **values: Any) -> str:
    """Return the text of a template of this package."""
    return _templates().get_template(f"{template}.j2").render(**values)


def stack_file(stack: Stack) -> str:
    """Return the module of a stack."""
    component = stack.component
    scopes = {"environment": "one for each environment", "account": "one for each account and region"}
    signature = ["scope: Construct"]
    if stack.settings:
        signature.append("settings: Settings")
    if stack.props:
        signature.append(f"props: {stack.props_name}")
    head = f"def __init__({', '.join(('self', *signature))}) -> None:"
    lines = [head] if len(head) + len(STEP) <= WIDTH else _spread(signature)
    return render(
        "stack.py",
        stack={
            **stack._asdict(),
            "props_name": stack.props_name,
            "scope": scopes.get(component.scope, "one for the organization"),
            "signature": "\n".join(STEP + line for line in lines),
            "imports": "\n".join(stack.imports),
            "constants": "\n".join(line for _, sheet in stack.constants for line in sheet),
            "body": "\n".join(stack.body),
        },
    )


def stack_path(stack: Stack) -> str:
    """Return the path of the module of a stack, below the target's directory."""
    return f"stacks/{stack.module}.py"


def locate(places: Places, stack: Stack, text: str) -> None:
    """Note what stands in which lines of `text`, the module of `stack`."""
    component, path = stack.component, stack_path(stack)
    places.files[component.name] = [path]
    places.about[path] = About(f"stack of component {component.name}", component.path)
    # The body is the end of the module.
    start = text.count("\n") - len(stack.body)
    marks = places.marks[path] = [Mark(start + m.first, start + m.last, m.at) for m in stack.body.marks]
    places.tell(path, (_moved(item, start) for item in stack.items))
    for logical_id, (first, last) in stack.lines.items():
        places.note(component.name, logical_id, path, (start + first, start + last))
    # The constants stand together, at its head.
    start = _before(text, [line for _, sheet in stack.constants for line in sheet])
    for logical_id, sheet in stack.constants:
        places.note(component.name, logical_id, path, (start + 1, start + len(sheet)))
        marks += [Mark(start + m.first, start + m.last, m.at) for m in sheet.marks]
        start += len(sheet)


def _moved(item: Item, start: int) -> Item:
    """Return an item so many lines further down."""
    return item._replace(first=start + item.first, last=start + item.last)


def _spread(signature: list[str]) -> list[str]:
    return ["def __init__(", f"{STEP}{', '.join(('self', *signature))}", ") -> None:"]


def app_file(graph: Graph, stacks: Mapping[str, Stack], places: Places | None = None) -> str:
    """Return ``app.py``: the stacks, what they read from each other, and their order."""
    module = Module(WIDTH)
    for name in ("app", "build", "main"):
        module.variable(name)
    names = {name: module.variable(name) for name in stacks}
    needed = {other for stack in stacks.values() for other in stack.props.values()}
    needed |= {other for stack in stacks.values() for other in stack.component.depends_on}
    needed |= {name for name, stack in stacks.items() if stack.component.depends_on}
    lines = Sheet()
    items: list[Item] = []
    if any(stack.settings for stack in stacks.values()):
        lines.append(f"{STEP}settings = settings_of(app)")
    for name, stack in stacks.items():
        first = len(lines) + 1
        arguments = [Entry(Atom("app"))]
        if stack.settings:
            arguments.append(Entry(Atom("settings")))
        if stack.props:
            wired = [Entry(Atom(f"{names[other]}.{prop}"), f"{prop}=") for prop, other in stack.props.items()]
            arguments.append(Entry(Bracketed(f"{stack.props_name}(", wired, ")")))
        code = Bracketed(f"{stack.class_name}(", arguments, ")")
        code.layout(lines, STEP, f"{names[name]} = " if name in needed else "")
        for other in stack.component.depends_on:
            call(f"{names[name]}.add_stack_dependency", Atom(names[other])).layout(lines, STEP)
        items.append(Item(first, len(lines), "stack of component", name, stack.component.path))
    environments = f"environment {graph.environment}" if graph.environment else "all environments"
    text = render(
        "app.py",
        project=graph.project,
        about=environments,
        settings=any(stack.settings for stack in stacks.values()),
        imports=list(_imports(stacks)),
        body=lines,
    )
    if places is not None:
        places.about["app.py"] = About("the app: its stacks, and what they read from each other")
        start = _before(text, lines)
        places.tell("app.py", (_moved(item, start) for item in items))
    return text


def _before(text: str, lines: list[str]) -> int:
    """Return how many lines of `text` stand before `lines`, which a template has filled in."""
    return text.count("\n", 0, text.find("\n".join(["", *lines, ""])) + 1)


def _imports(stacks: Mapping[str, Stack]) -> Iterator[str]:
    for stack in sorted(stacks.values(), key=lambda stack: stack.module):
        names = sorted([stack.class_name, *([stack.props_name] if stack.props else [])])
        line = f"from stacks.{stack.module} import {', '.join(names)}"
        if len(line) <= WIDTH:
            yield line
        else:
            yield from (f"from stacks.{stack.module} import (", *(f"{STEP}{name}," for name in names), ")")


def settings_file(graph: Graph, settings: Settings, report: Report, places: Places | None = None) -> str:
    """Return ``settings.py``."""
    fields, environments, parameters = Sheet(), Sheet(), Sheet()
    rows: dict[str, list[Entry]] = {name: [] for name in graph.environments}
    for field in settings.table():
        parameter, first = field.parameter, len(fields) + 1
        if parameter is None:
            fields.append(f"{STEP}{field.name}: {field.type}")
        else:
            about = "".join(c if c.isprintable() else " " for c in parameter.description)
            fields += _wrapped(about, STEP)
            literal(parameter.default).layout(fields, STEP, f"{field.name}: {field.type} = ")
            start = len(parameters) + 1
            call("Parameter", field=literal(field.name), **_checks(parameter, settings)).layout(
                parameters, STEP, f"{quoted(parameter.name)}: ", ","
            )
            parameters.mark(start, (field.name,))
        fields.mark(first, (field.name,))
        for name in graph.environments:
            if parameter is None or field.values[name] != parameter.default:
                rows[name].append(Entry(literal(field.values[name]), f"{field.name}=", at=(field.name, name)))
    for name, entries in rows.items():
        Bracketed("Settings(", entries, ")").layout(environments, STEP, f"{one_line((name,))}: ", ",")
    text = render(
        "settings.py",
        fields=fields,
        environments=["ENVIRONMENTS = {", *environments, "}"],
        parameters=["PARAMETERS = {", *parameters, "}"] if parameters else [],
        first=quoted(graph.environments[0]),
    )
    if places is not None:
        places.about["settings.py"] = About("what differs between environments, and what can be changed at synthesis")
        for sheet in (fields, environments, parameters):
            start = _before(text, sheet)
            for mark in sheet.marks:
                name, environment = str(mark.at[0]), "".join(map(str, mark.at[1:]))
                place = _place(graph, settings.fields[name], report, environment)
                item = Item(mark.first, mark.last, "setting", name, place)
                places.tell("settings.py", [_moved(item, start)])
    return text


def _place(graph: Graph, field: Field, report: Report, environment: str) -> SpecPath:
    """Return the place in the spec of a field of the settings, or of its value in `environment`."""
    if field.parameter is not None:
        return stem_of(graph, report, ParameterValue(field.parameter.name), environment).spec
    return setting_place(report, pascal(field.name), environment)


def _checks(parameter: Parameter, settings: Settings) -> dict[str, Code]:
    """Return what the app checks a given value by."""
    forbidden = "|".join(
        pattern
        for pattern, names in ((r"\$", settings.in_substitutions), (r'["\\\x00-\x1f]', settings.in_json))
        if parameter.name in names
    )
    checks: dict[str, Code] = {"pattern": literal(parameter.pattern)} if parameter.pattern else {}
    if forbidden:
        checks["forbidden"] = literal(forbidden)
    if parameter.name in settings.by_element:
        assert isinstance(parameter.default, tuple), "elements are taken from a list"
        checks["length"] = literal(len(parameter.default))
    return checks


def _wrapped(text: str, indent: str) -> list[str]:
    from textwrap import wrap

    return [f"{indent}#: {line}" for line in wrap(text, WIDTH - len(indent) - 3, break_long_words=False)]


_CDK_JSON = """\
{
  "app": "python app.py",
  "versionReporting": false,
  "pathMetadata": false,
  "assetMetadata": false,
  "notices": false
}
"""
_PYPROJECT = """\
# How the code of this app is checked: ruff check, ruff format --check, mypy .
[tool.ruff]
line-length = 100
target-version = "py311"

[tool.ruff.lint]
select = ["E", "F", "W", "I", "B", "C4", "D", "N", "PIE", "RET", "RUF", "SIM", "UP"]
ignore = [
    "D107",  # a class documents its own construction
    "RUF001", "RUF002", "RUF003",  # the architecture's texts may hold any letters
]

[tool.ruff.lint.pydocstyle]
convention = "google"

[tool.mypy]
strict = true
python_version = "3.11"
"""


#: What the other files are.
WORDS = {
    "README.md": "how to deploy; written by the compiler, not from one place in the spec",
    "cdk.json": "settings of the cdk command, the same for every spec",
    "component.py": "the base class of the stacks; of the spec it has the region only",
    "pyproject.toml": "how the code of the app is checked, the same for every spec",
    "requirements.txt": "the version of aws-cdk-lib, which the compiler decides",
    "stacks/__init__.py": "makes the stacks a package, the same for every spec",
}


def fixed_files(graph: Graph, places: Places | None = None) -> dict[str, str]:
    """Return the files that do not depend on the components' resources."""
    component = render("component.py", region=quoted(graph.region))
    if places is not None:
        line = _before(component, [f"REGION = {quoted(graph.region)}"]) + 1
        places.tell("component.py", [Item(line, line, "region of the stacks", graph.region, ("region",))])
    return {
        "cdk.json": _CDK_JSON,
        "component.py": component,
        "pyproject.toml": _PYPROJECT,
        "requirements.txt": f"aws-cdk-lib=={VERSION}\n",
        "stacks/__init__.py": '"""One module for each component of the architecture."""\n',
    }
