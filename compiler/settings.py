"""Checks on what differs between environments and deployments: the tables of settings and of parameters."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from lenie.compiler.diagnostics import Report
from lenie.compiler.load import Node
from lenie.compiler.naming import pascal
from lenie.compiler.program import Program
from lenie.compiler.span import Path
from lenie.compiler.spec import ParameterModel, ScalarValue

#: Environment -> setting -> value.
Environments = Mapping[str, Mapping[str, ScalarValue]]

#: Pattern and example of each parameter type. They are checked here and again by each target at deployment.
PATTERNS: dict[str, tuple[str, str]] = {
    "email": (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "alerts@example.com"),
    "url": (r"^https?://\S+$", "https://example.com"),
    "cidr": (r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$", "203.0.113.0/24"),
    "arn": (r"^arn:aws[a-z-]*:.+$", "arn:aws:acm:us-east-1:123456789012:certificate/id"),
    "image": (r"^ami-[0-9a-f]{8,17}$", "ami-0123456789abcdef0"),
    "instance-type": (r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$", "t3.micro"),
    # EC2 imports RSA and ED25519 keys only (Amazon EC2 User Guide, "Create a key pair for your Amazon EC2 instance").
    "ssh-public-key": (r"^(ssh-ed25519|ssh-rsa) [A-Za-z0-9+/=]+( .*)?$", "ssh-ed25519 AAAA..."),
}


#: Characters that no API of AWS takes in a text (Extensible Markup Language 1.0, "Characters"), and DEL.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def check_settings(program: Program, report: Report) -> None:
    """Check that all environments have the same settings, and that each parameter's values fit its type."""
    # Control characters come from escapes only: the loader refuses them as such.
    if "\\" in program.tree.text:
        _check_characters(program.tree.root, (), report)
    _check_environments(program, report)
    for name, parameter in program.document.parameters.items():
        check_parameter(program, name, parameter, report)


def _check_characters(node: Node, path: Path, report: Report) -> None:
    """Report control characters in keys and texts."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            _check_text(str(key), (*path, key), report, key=True)
            _check_characters(child, (*path, key), report)
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            _check_characters(child, (*path, index), report)
    elif isinstance(node.value, str):
        _check_text(node.value, path, report)


def _check_text(text: str, path: Path, report: Report, *, key: bool = False) -> None:
    found = _CONTROL.search(text)
    if found is not None:
        message = f"this text holds the control character U+{ord(found.group()):04X}, which AWS refuses"
        report.add("E203", message, path, key=key, help="remove it, or write the text without an escape")


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
        if "name" in settings:
            path: Path = ("environments", name, "name")
            report.add(
                "E307", '"name" is the name of the environment itself', path, key=True, help="rename the setting"
            )
    for key in dict.fromkeys(key for settings in environments.values() for key in settings):
        if key != "name":
            _check_setting(environments, key, report)


def _check_setting(environments: Environments, key: str, report: Report) -> None:
    """Report the environments that differ from most: they lack the setting, have it alone, or have another type."""
    having = [name for name, settings in environments.items() if key in settings]
    lacking = [name for name in environments if name not in having]
    first = next(iter(environments))
    if lacking and (len(having), first in having) > (len(lacking), first in lacking):
        for name in lacking:
            report.add(
                "E307",
                f'environment "{name}" lacks the setting "{key}"',
                ("environments", name),
                key=True,
                also=[(("environments", having[0], key), "set here")],
                help=f"add {key}: ..., since every environment has every setting",
            )
    elif lacking:
        shown, them = " and ".join(f'"{name}"' for name in having), " and ".join(f'"{name}"' for name in lacking)
        report.add(
            "E307",
            f"only environment{'' if len(having) == 1 else 's'} {shown} {'has' if len(having) == 1 else 'have'} "
            f'the setting "{key}"',
            ("environments", having[0], key),
            key=True,
            help=f"add it to {them} too, since every environment has every setting",
        )
    usual = _usual_type(environments, key)
    model = next(name for name in having if type(environments[name][key]) is usual)
    for name in having:
        if type(environments[name][key]) is not usual:
            report.add(
                "E307",
                f'"{key}" is another type of value than in environment "{model}"',
                ("environments", name, key),
                also=[(("environments", model, key), "compare")],
                help="give it the same type in every environment",
            )


def _usual_type(environments: Environments, key: str) -> type:
    """Return the type that `key` has in most environments; a truth value goes first, since rules depend on it."""
    types = [type(settings[key]) for settings in environments.values() if key in settings]
    return max(types, key=lambda kind: (types.count(kind), kind is bool))


def check_parameter(program: Program, name: str, parameter: ParameterModel, report: Report) -> None:
    """Report the values of a parameter that do not fit its type."""
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
