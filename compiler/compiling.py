"""The command ``lenie-compile``, apart from all others: what they need is nothing that a compile has to wait for."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from lenie.compiler import __version__
from lenie.compiler.console import Command, Word
from lenie.compiler.options import CONTEXT, SPEC, TARGETS, format_option, require, spec_option, targets, tune

# What other packages have registered with pydantic must not change how a spec is read; and looking for it takes time.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

version_option = click.version_option(__version__, message="%(prog)s %(version)s")


@click.command("lenie-compile", cls=Command, context_settings=CONTEXT)
@click.option("--target", multiple=True, metavar="NAME", help=TARGETS.format("compile to"))
@spec_option
@click.option("--out", default="generated", show_default=True, metavar="DIR", help="Where the files are written.")
@click.option("--env", "environment", default="", metavar="NAME", help="Resolve everything for one environment.")
@click.option(
    "--scope",
    type=Word(["default", "all"]),
    default="default",
    show_default=True,
    help="How much of the architecture a target that usually covers a part of it emits.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 2 if the files are not up to date.")
@format_option
@version_option
@click.pass_context
def compile_command(
    ctx: click.Context,
    target: tuple[str, ...],
    spec: str,
    out: str,
    environment: str,
    scope: str,
    check: bool,
    style: str,
) -> int:
    """Compile the spec to the files of one infrastructure-as-code tool, or of all.

    The files go to DIR/<target>/, and with --env to DIR/<target>-<env>/. Exit codes: 0 fine, 1 errors in the spec,
    2 files that are not up to date (--check), 3 wrong usage or trouble with the file system.
    """
    names = targets(target)
    require(spec, "--spec")
    require(out, "--out")
    tune()
    from lenie.compiler.build import Request, build

    given = [
        ("--target", ",".join(names), ",".join(targets(()))),
        ("--spec", spec, SPEC),
        ("--out", out, "generated"),
        ("--env", environment, ""),
    ]
    words = [word for name, value, usual in given if value != usual for word in (name, value)]
    command = shlex.join([*ctx.command_path.split(), *words, *(["--scope", scope] if scope != "default" else [])])
    return build(Request(names, spec, Path(out), environment, scope, command), check=check, as_json=style == "json")
