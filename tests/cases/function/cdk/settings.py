"""What differs between environments, and what can be changed at synthesis.

Written by lenie-compile from the spec: do not edit. A parameter of the spec takes another value
from the context: `-c param.NAME=VALUE`, with commas between the elements of a list.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import App


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The values of one environment."""

    environment: str
    production: bool


ENVIRONMENTS = {
    "dev": Settings(environment="dev", production=False),
}


def settings_of(app: App) -> Settings:
    """Return the settings of the environment that the context value `env` names.

    Raises:
        SystemExit: if there is no such environment.
    """
    name = app.node.try_get_context("env") or "dev"
    if name not in ENVIRONMENTS:
        raise SystemExit(f"env: there is no environment {name}, only {', '.join(ENVIRONMENTS)}")
    return ENVIRONMENTS[name]
