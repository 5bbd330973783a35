"""The command ``lenie lint``."""

from __future__ import annotations

import click

from lenie.compiler.console import Command, Usage
from lenie.compiler.diagnostics import suggest
from lenie.compiler.options import (
    CONTEXT,
    DIALECTS,
    cdk_option,
    report_option,
    require,
    spec_option,
    targets,
    tune,
    words,
)


@click.command(cls=Command, context_settings=CONTEXT)
@click.option("--target", multiple=True, metavar="NAME", help=DIALECTS.format("look at"))
@click.option(
    "--tool",
    "tools",
    multiple=True,
    metavar="NAME",
    help="Only this tool: cfn-lint, terraform, cdk or checkov; several with commas, or repeated.",
)
@spec_option
@click.option("--out", default="generated", show_default=True, metavar="DIR", help="Where the files are.")
@cdk_option
@click.option("--checkov", default="", metavar="PATH", help="The command of checkov.")
@click.option(
    "--time-limit", default=300.0, show_default=True, metavar="SECONDS", help="What one process of a tool may take."
)
@report_option
def lint(
    target: tuple[str, ...],
    tools: tuple[str, ...],
    spec: str,
    out: str,
    cdk_python: str,
    checkov: str,
    time_limit: float,
    style: str,
) -> int:
    """Run the linters that are installed on the generated files, and show what they find at the line of the spec.

    These are cfn-lint (CloudFormation), terraform validate and fmt, the validator of the CDK, and checkov
    (CloudFormation and Terraform). What several of them say of the same, or of the same in several targets, is one
    finding. What is accepted in the spec, with a reason, is counted.

    Exit codes: 0 no finding, 1 errors in the spec, 2 findings, a tool that failed, or files that are stale or missing,
    3 wrong usage, a missing tool that --tool names, or no tool at all.
    """
    require(spec, "--spec")
    require(out, "--out")
    chosen = targets(target, of_components=True)
    from lenie.compiler.lint import TOOLS

    names = tuple(words(tools, "--tool"))
    for name in names:
        if name not in TOOLS:
            raise Usage(f'there is no tool "{name}"', suggest(name, TOOLS, what="tools"))
    if not 0 < time_limit < 100_000:
        raise Usage(f"{time_limit:g} seconds are no time limit", "give more than 0, and less than 100000")
    tune()
    from lenie.compiler.lint.command import Request, run

    programs = {tool: path for tool, path in (("cdk", cdk_python), ("checkov", checkov)) if path}
    return run(Request(chosen, names, spec, out, programs, time_limit, style))
