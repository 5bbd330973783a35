"""The files of the generated project around the stacks: app, settings, configuration, README."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lenie.compiler.graph import Graph
from lenie.targets.base import Lines
from lenie.targets.cdk.catalogue import VERSION
from lenie.targets.cdk.code import STEP, WIDTH, Atom, Bracketed, Entry, call, literal
from lenie.targets.cdk.module import Module
from lenie.targets.cdk.settings import Settings
from lenie.targets.cdk.stack import Stack
from lenie.targets.cdk.text import one_line, quoted

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
            "constants": "\n".join(stack.constants),
            "body": "\n".join(stack.body),
        },
    )


def stack_path(stack: Stack) -> str:
    """Return the path of the module of a stack, below the target's directory."""
    return f"stacks/{stack.module}.py"


def resource_lines(stack: Stack, text: str) -> Iterator[tuple[str, Lines]]:
    """Yield the logical id and the lines of each resource in `text`, the stack's module, and those of its texts."""
    # The body is the end of the module.
    start = text.count("\n") - len(stack.body) + 1
    texts = dict(_constants(stack, text))
    for logical_id, (first, last) in stack.lines.items():
        yield logical_id, (start + first, start + last)
        yield from ((logical_id, texts[name]) for name in stack.texts[logical_id])


def _constants(stack: Stack, text: str) -> Iterator[tuple[str, Lines]]:
    """Yield the name and the lines of each constant at the head of the module."""
    for node in ast.parse(text).body if stack.constants else ():
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, (node.lineno, node.end_lineno or node.lineno)


def _spread(signature: list[str]) -> list[str]:
    return ["def __init__(", f"{STEP}{', '.join(('self', *signature))}", ") -> None:"]


def app_file(graph: Graph, stacks: Mapping[str, Stack]) -> str:
    """Return ``app.py``: the stacks, what they read from each other, and their order."""
    module = Module(WIDTH)
    for name in ("app", "build", "main"):
        module.variable(name)
    names = {name: module.variable(name) for name in stacks}
    needed = {other for stack in stacks.values() for other in stack.props.values()}
    needed |= {other for stack in stacks.values() for other in stack.component.depends_on}
    needed |= {name for name, stack in stacks.items() if stack.component.depends_on}
    lines = []
    if any(stack.settings for stack in stacks.values()):
        lines.append(f"{STEP}settings = settings_of(app)")
    for name, stack in stacks.items():
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
    environments = f"environment {graph.environment}" if graph.environment else "all environments"
    return render(
        "app.py",
        project=graph.project,
        about=environments,
        settings=any(stack.settings for stack in stacks.values()),
        imports=list(_imports(stacks)),
        body=lines,
    )


def _imports(stacks: Mapping[str, Stack]) -> Iterator[str]:
    for stack in sorted(stacks.values(), key=lambda stack: stack.module):
        names = sorted([stack.class_name, *([stack.props_name] if stack.props else [])])
        line = f"from stacks.{stack.module} import {', '.join(names)}"
        if len(line) <= WIDTH:
            yield line
        else:
            yield from (f"from stacks.{stack.module} import (", *(f"{STEP}{name}," for name in names), ")")


def settings_file(graph: Graph, settings: Settings) -> str:
    """Return ``settings.py``."""
    fields: list[str] = []
    rows: dict[str, list[Entry]] = {name: [] for name in graph.environments}
    parameters: list[str] = []
    for field in settings.table():
        parameter = field.parameter
        if parameter is None:
            fields.append(f"{STEP}{field.name}: {field.type}")
            for name in graph.environments:
                rows[name].append(Entry(literal(field.values[name]), f"{field.name}="))
            continue
        about = "".join(c if c.isprintable() else " " for c in parameter.description)
        fields += _wrapped(about, STEP)
        literal(parameter.default).layout(fields, STEP, f"{field.name}: {field.type} = ")
        for name in graph.environments:
            if field.values[name] != parameter.default:
                rows[name].append(Entry(literal(field.values[name]), f"{field.name}="))
        forbidden = "|".join(
            pattern
            for pattern, names in ((r"\$", settings.in_substitutions), (r'["\\\x00-\x1f]', settings.in_json))
            if parameter.name in names
        )
        more = {"pattern": literal(parameter.pattern)} if parameter.pattern else {}
        if forbidden:
            more["forbidden"] = literal(forbidden)
        if parameter.name in settings.by_element:
            assert isinstance(parameter.default, tuple), "elements are taken from a list"
            more["length"] = literal(len(parameter.default))
        call("Parameter", field=literal(field.name), **more).layout(
            parameters, STEP, f"{quoted(parameter.name)}: ", ","
        )
    environments = ["ENVIRONMENTS = {"]
    for name, entries in rows.items():
        Bracketed("Settings(", entries, ")").layout(environments, STEP, f"{one_line((name,))}: ", ",")
    return render(
        "settings.py",
        fields=fields,
        environments=[*environments, "}"],
        parameters=["PARAMETERS = {", *parameters, "}"] if parameters else [],
        first=quoted(graph.environments[0]),
    )


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


def fixed_files(graph: Graph) -> dict[str, str]:
    """Return the files that do not depend on the components' resources."""
    return {
        "cdk.json": _CDK_JSON,
        "component.py": render("component.py", region=quoted(graph.region)),
        "pyproject.toml": _PYPROJECT,
        "requirements.txt": f"aws-cdk-lib=={VERSION}\n",
        "stacks/__init__.py": '"""One module for each component of the architecture."""\n',
    }
