"""What differs between environments, and what can be changed at synthesis.

Written by lenie-compile from the spec: do not edit. A parameter of the spec takes another value
from the context: `-c param.NAME=VALUE`, with commas between the elements of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from aws_cdk import App


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The values of one environment."""

    environment: str
    production: bool
    team: str
    #: Who is told
    alert_emails: tuple[str, ...] = ("one@example.com", "two@example.com")


ENVIRONMENTS = {
    "dev": Settings(environment="dev", production=False, team="blue"),
    "prod": Settings(environment="prod", production=True, team="green"),
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of the spec: its field in `Settings`, and which values it takes."""

    field: str
    #: Regular expression that each value, or element of a list, has to match.
    pattern: str = ""
    #: Regular expression that no value may match: it would be read as a part of the text around it.
    forbidden: str = ""
    #: Number of elements, for a list whose elements become resources or properties of their own.
    length: int | None = None


PARAMETERS = {
    "alert-emails": Parameter(
        field="alert_emails",
        pattern="^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
        length=2,
    ),
}


def settings_of(app: App) -> Settings:
    """Return the settings of the environment that the context value `env` names.

    Raises:
        SystemExit: if there is no such environment, or a parameter does not take its value.
    """
    name = app.node.try_get_context("env") or "dev"
    if name not in ENVIRONMENTS:
        raise SystemExit(f"env: there is no environment {name}, only {', '.join(ENVIRONMENTS)}")
    context: dict[str, Any] = app.node.get_all_context()
    changes = {
        key.removeprefix("param."): value
        for key, value in context.items()
        if key.startswith("param.")
    }
    return changed(ENVIRONMENTS[name], changes)


def changed(settings: Settings, changes: dict[str, Any]) -> Settings:
    """Return `settings` with other values for some parameters of the spec.

    Raises:
        SystemExit: if there is no such parameter, or it does not take the value.
    """
    fields: dict[str, Any] = {}
    for name, value in changes.items():
        parameter = PARAMETERS.get(name)
        if parameter is None:
            known = ", ".join(PARAMETERS)
            raise SystemExit(f"param.{name}: there is no such parameter, only {known}")
        current = getattr(settings, parameter.field)
        fields[parameter.field] = _value(f"param.{name}", parameter, current, value)
    return replace(settings, **fields)


def _value(name: str, parameter: Parameter, current: Any, value: Any) -> Any:
    """Return `value` in the type of the `current` one."""
    text = str(value)
    if isinstance(current, (int, float)):
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            raise SystemExit(f"{name}: a number is wanted, not {text}")
        return float(text) if "." in text else int(text)
    elements = [text]
    if isinstance(current, tuple):
        elements = text.split(",") if text else []
        if parameter.length not in (None, len(elements)):
            raise SystemExit(f"{name}: {parameter.length} elements are wanted, not {len(elements)}")
    for element in elements:
        if not re.search(parameter.pattern, element) or element.endswith("\n"):
            raise SystemExit(f"{name}: {element!r} does not match {parameter.pattern}")
        if parameter.forbidden and re.search(parameter.forbidden, element):
            raise SystemExit(f"{name}: {element!r} must not match {parameter.forbidden}")
    return tuple(elements) if isinstance(current, tuple) else text
