"""Checks on what differs between environments and deployments: the tables of settings and of parameters."""

from __future__ import annotations

import ipaddress
import re

from lenie.compiler.diagnostics import Report
from lenie.compiler.naming import pascal
from lenie.compiler.program import Program
from lenie.compiler.span import Path
from lenie.compiler.spec import ParameterModel, ScalarValue

#: Pattern and example of each parameter type. They are checked here and again by each target at deployment.
PATTERNS: dict[str, tuple[str, str]] = {
    "email": (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "alerts@example.com"),
    "url": (r"^https?://\S+$", "https://example.com"),
    "cidr": (r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$", "203.0.113.0/24"),
    "arn": (r"^arn:aws[a-z-]*:.+$", "arn:aws:acm:us-east-1:123456789012:certificate/id"),
    "image": (r"^ami-[0-9a-f]{8,17}$", "ami-0123456789abcdef0"),
    "instance-type": (r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$", "t3.micro"),
    "ssh-public-key": (
        r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/=]+( .*)?$",
        "ssh-ed25519 AAAA...",
    ),
}


def check_settings(program: Program, report: Report) -> None:
    """Check that all environments have the same settings, and that each parameter's values fit its type."""
    _check_environments(program, report)
    for name, parameter in program.document.parameters.items():
        _check_parameter(program, name, parameter, report)


def _check_environments(program: Program, report: Report) -> None:
    environments = program.document.environments
    rows: dict[str, str] = {}
    for name, settings in environments.items():
        for key in settings:
            other = rows.setdefault(pascal(key), key)
            if other != key:
                report.add(
                    "E307",
                    f'"{key}" and "{other}" are one name once their hyphens are gone',
                    ("environments", name, key),
                    key=True,
                    help="rename one of them",
                )
    first_name, first = next(iter(environments.items()))
    for name, settings in environments.items():
        if "name" in settings:
            path: Path = ("environments", name, "name")
            report.add(
                "E307", '"name" is the name of the environment itself', path, key=True, help="rename the setting"
            )
        for key in first:
            if key not in settings:
                report.add(
                    "E307",
                    f'environment "{name}" lacks the setting "{key}"',
                    ("environments", name),
                    key=True,
                    also=[(("environments", first_name, key), "set here")],
                    help=f"add {key}: ..., since every environment has every setting",
                )
            elif type(settings[key]) is not type(first[key]):
                report.add(
                    "E307",
                    f'"{key}" is another type of value than in environment "{first_name}"',
                    ("environments", name, key),
                    also=[(("environments", first_name, key), "compare")],
                    help="give it the same type in every environment",
                )
        for key in settings:
            if key not in first and key != "name":
                report.add(
                    "E307",
                    f'only environment "{name}" has the setting "{key}"',
                    ("environments", name, key),
                    key=True,
                    help=f'add it to "{first_name}" too, since every environment has every setting',
                )


def _check_parameter(program: Program, name: str, parameter: ParameterModel, report: Report) -> None:
    path: Path = ("parameters", name)
    _check_value(parameter, parameter.default, (*path, "default"), report)
    for environment, value in parameter.values.items():
        at: Path = (*path, "values", environment)
        if environment not in program.document.environments:
            from lenie.compiler.diagnostics import suggest

            message = f'there is no environment "{environment}"'
            report.add("E301", message, at, key=True, help=suggest(environment, program.document.environments))
            continue
        _check_value(parameter, value, at, report)
        if isinstance(value, list) and isinstance(parameter.default, list) and len(value) != len(parameter.default):
            report.add(
                "E309",
                f"a list parameter has as many elements in every environment, here {len(value)}",
                at,
                also=[((*path, "default"), f"{len(parameter.default)} here")],
                help="each element becomes a resource or property, so their number is part of the architecture",
            )


def _check_value(parameter: ParameterModel, value: ScalarValue | list[str], path: Path, report: Report) -> None:
    """Report a value that does not fit the parameter's type and pattern."""
    if parameter.type.startswith("list("):
        if not isinstance(value, list):
            report.add("E309", f"a {parameter.type} is a list", path, help="write [one, two]")
            return
        inner = parameter.type[5:-1]
        for index, item in enumerate(value):
            _check_scalar(parameter, inner, item, (*path, index), report)
    elif isinstance(value, list):
        report.add(
            "E309", f"a {parameter.type} is one value, not a list", path, help=f"use type: list({parameter.type})"
        )
    else:
        _check_scalar(parameter, parameter.type, value, path, report)


def _check_scalar(parameter: ParameterModel, type_name: str, value: ScalarValue, path: Path, report: Report) -> None:
    if type_name == "number":
        if isinstance(value, (str, bool)):
            report.add("E309", "a number is wanted here", path)
        return
    if not isinstance(value, str):
        report.add("E309", "text is wanted here", path, help=f'put quotes around it: "{str(value).lower()}"')
        return
    pattern, example = PATTERNS.get(type_name, ("", ""))
    if pattern and not (re.fullmatch(pattern, value) and _is_network(type_name, value)):
        report.add("E309", f'"{value}" is no {type_name}', path, help=f"for instance {example}")
    elif parameter.pattern and not matches(parameter.pattern, value):
        report.add("E309", f'"{value}" does not match the parameter\'s pattern {parameter.pattern}', path)


def matches(pattern: str, value: str) -> bool:
    """Whether `value` matches; unlike Python's, the other engines' ``$`` does not pass over a newline at the end."""
    return re.search(pattern, value) is not None and not value.endswith("\n")


def _is_network(type_name: str, value: str) -> bool:
    if type_name != "cidr":
        return True
    try:
        ipaddress.ip_network(value)
    except ValueError:
        return False
    return True
