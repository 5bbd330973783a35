"""The command lines of ``lenie local``; what they do is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from lenie.compiler.console import Command, Group, Usage
from lenie.compiler.options import CONTEXT, format_option, spec_option

Function = TypeVar("Function", bound=Callable[..., Any])

_directory = click.option(
    "--directory", default=".lenie-local", show_default=True, metavar="DIR", help="What belongs to the emulator."
)


@click.group("local", cls=Group, context_settings=CONTEXT)
def local() -> None:
    """AWS on this machine: an emulator with the spec deployed to it."""


@local.command("up", cls=Command, context_settings=CONTEXT)
@click.option("--env", "environment", default="dev", show_default=True, metavar="NAME", help="The environment.")
@spec_option
@_directory
@click.option("--packages", default="build/packages", show_default=True, metavar="DIR", help="Where packages are kept.")
@click.option("--organization", is_flag=True, help="Deploy the organization's components, too.")
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="NAME=FILE",
    help="Value of a secret that people set; what is not given is a placeholder.",
)
@click.option("--port", default=0, metavar="N", help="Port of the emulator; any that is free without.")
@click.option("--gateway-port", default=0, metavar="N", help="Port of the REST APIs; any that is free without.")
@click.option(
    "--scale",
    type=float,
    default=None,
    metavar="X",
    help="Seconds that a wait of one second lasts: of workflows, retries, and databases that start or stop; else 0.01.",
)
@format_option
def up(directory: str, packages: str, organization: bool, secrets: tuple[str, ...], **given: Any) -> int:
    """Start the emulator in the background, and deploy the spec to it.

    The functions run from their packages, the databases are a real PostgreSQL, the REST APIs are served, and state
    machines run. Where everything is stands in the output; lenie local status tells it again.

    Exit codes: 0 it runs, 1 errors in the spec, 2 it could not be deployed, 3 wrong usage, or something is missing.
    """
    from lenie.compiler.deploy.commands import files
    from lenie.compiler.local.lifecycle import up as work

    if given["scale"] is not None and not 0 <= given["scale"] <= 1:
        raise Usage(f"{given['scale']:g} is not possible for --scale", "a number from 0 to 1")
    for option in ("port", "gateway_port"):
        if not 0 <= given[option] <= 65535:
            raise Usage(f"{given[option]} is no port", "a number from 1 to 65535")
    include = ("account", "organization") if organization else ("account",)
    return work(_request(directory, packages=Path(packages), include=include, secrets=files(secrets), **given))


@local.command("status", cls=Command, context_settings=CONTEXT)
@_directory
@format_option
def status(directory: str, style: str) -> int:
    """Tell what runs, and where.

    Exit codes: 0 it runs, 3 nothing runs.
    """
    from lenie.compiler.local.lifecycle import status as work

    return work(_request(directory, style=style))


@local.command("fire", cls=Command, context_settings=CONTEXT)
@click.argument("name")
@click.option("--wait", is_flag=True, help="Wait until the execution or function that it starts has ended.")
@_directory
@format_option
def fire(name: str, wait: bool, directory: str, style: str) -> int:
    """Call the target of the schedule NAME now, with the schedule's own input.

    Exit codes: 0 it was called (and, with --wait, succeeded), 3 it was not, or did not.
    """
    from lenie.compiler.local.lifecycle import fire as work

    return work(_request(directory, name=name, wait=wait, style=style))


@local.command("down", cls=Command, context_settings=CONTEXT)
@_directory
@format_option
def down(directory: str, style: str) -> int:
    """End the emulator, and delete all that belongs to it.

    Exit codes: 0 nothing is left, 3 something cannot be ended, or is not the emulator's.
    """
    from lenie.compiler.local.lifecycle import down as work

    return work(_request(directory, style=style))


def _request(directory: str, **given: Any) -> Any:
    from lenie.compiler.local.lifecycle import Request

    if not directory:
        raise Usage("--directory is empty", "give it a value")
    return Request(Path(directory), **given)
