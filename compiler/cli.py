"""The command ``lenie``. What its commands need is imported where it is used: start-up time counts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from lenie.compiler.commands import ec2_dns, sync_documents
from lenie.compiler.compiling import compile_command, version_option
from lenie.compiler.console import EXIT_FINE, Group, Usage, Word, exit_code, show
from lenie.compiler.deploy.commands import deploy, destroy
from lenie.compiler.deploy.commands import status as deployed_status
from lenie.compiler.lint.cli import lint
from lenie.compiler.local.commands import local
from lenie.compiler.options import CONTEXT as _CONTEXT
from lenie.compiler.options import DIALECTS as _DIALECTS
from lenie.compiler.options import cdk_option as _cdk_option
from lenie.compiler.options import check_endpoint as _check_endpoint
from lenie.compiler.options import endpoint_option as _endpoint_option
from lenie.compiler.options import format_option as _format_option
from lenie.compiler.options import report_option as _report_option
from lenie.compiler.options import require as _require
from lenie.compiler.options import spec_option as _spec_option
from lenie.compiler.options import targets as _targets
from lenie.compiler.options import tune as _tune
from lenie.compiler.options import words as _words


@click.group(cls=Group, context_settings=_CONTEXT)
@version_option
def main() -> None:
    """One description of an AWS architecture, compiled to CloudFormation, CDK, Terraform, and clusters of EKS."""


main.add_command(compile_command, "compile")
main.add_command(ec2_dns)
main.add_command(sync_documents)
for _command in (deploy, destroy, deployed_status, local):
    main.add_command(_command)


@main.command(context_settings=_CONTEXT)
@_spec_option
@_format_option
def validate(spec: str, style: str) -> int:
    """Check the spec, and say what it holds."""
    _require(spec, "--spec")
    _tune()
    from lenie.compiler.pipeline import front
    from lenie.compiler.summary import as_data, describe, sources

    run = front(Path(spec), spec)
    if style == "json":
        import json

        print(json.dumps(as_data(run), indent=2))
    else:
        show(run.diagnostics, sources(run))
        for line in describe(run):
            print(line, file=sys.stderr if run.failed else sys.stdout)
    return exit_code(run.diagnostics)


@main.command(context_settings=_CONTEXT)
@click.argument("what", required=False, metavar="[CODE | FILE:LINE[:COLUMN]]")
@_spec_option
@click.option("--out", default="generated", show_default=True, metavar="DIR", help="Where the generated files are.")
@_format_option
def explain(what: str | None, spec: str, out: str, style: str) -> int:
    """Explain a diagnostic, such as E301, or a line; without an argument, list all diagnostics.

    \b
    lenie explain E301                                    the manual page of a diagnostic
    lenie explain generated/tf/modules/vpc/main.tf:42     the resource, the property, and the line of the spec
    lenie explain spec/lenie.yaml:57                      all places in the generated files

    Lines are looked up in the source map beside the generated files. A column chooses between what stands in one line
    of the spec.

    Exit codes: 0 fine, 1 errors in the spec, 2 a file or the spec has changed since the compile, or there is no source
    map, 3 wrong usage.
    """  # noqa: D301 - click keeps the lines after its mark apart
    from lenie.compiler import explain as pages

    if what is not None and any(sign in what for sign in ":/.\\"):
        _require(spec, "--spec")
        _require(out, "--out")
        _tune()
        from lenie.compiler.sourcemap.command import Request, run

        return run(Request(what, spec, out, style))
    return pages.command(what, as_json=style == "json")


@main.command(context_settings=_CONTEXT)
def schema() -> int:
    """Print the JSON Schema of the spec language, for editors."""
    from lenie.compiler.jsonschema import schema_text

    print(schema_text(), end="")
    return EXIT_FINE


@main.command(context_settings=_CONTEXT)
@click.option("--target", multiple=True, metavar="NAME", help=_DIALECTS.format("verify"))
@_spec_option
@click.option("--out", default="generated", show_default=True, metavar="DIR", help="Where the files are.")
@click.option(
    "--env",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Only this environment, instead of all; several with commas, or repeated.",
)
@_cdk_option
@_report_option
def verify(
    target: tuple[str, ...], spec: str, out: str, environments: tuple[str, ...], cdk_python: str, style: str
) -> int:
    """Read the generated files back, and compare what they say with the spec, in every environment.

    Each target is read by means of its own, evaluated, and compared resource by resource and property by property. A
    table tells the parity of every component; differences are shown with both values, their place in the generated
    file and in the spec; accepted ones with the reason.

    Exit codes: 0 all targets say the same, 1 errors in the spec, 2 differences, or files that are missing or cannot be
    read, 3 wrong usage, or a missing tool.
    """
    _require(spec, "--spec")
    _require(out, "--out")
    targets = _targets(target, of_components=True)
    _tune()
    from lenie.compiler.verify.command import Request, run

    named = bool(target) and targets != _targets((), of_components=True)
    return run(Request(targets, named, spec, out, tuple(_words(environments, "--env")), cdk_python, style))


main.add_command(lint)


@main.command(context_settings=_CONTEXT)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@_spec_option
@click.option("--out", default="build/packages", show_default=True, metavar="DIR", help="Where the packages are kept.")
@click.option("--host", is_flag=True, help="Build for this machine's interpreter, into DIR/host, to run them here.")
@click.option("--upload", is_flag=True, help="Put what is missing into the artifacts' bucket of --env.")
@click.option("--env", "environment", default="", metavar="NAME", help="The environment to upload for.")
@click.option("--bucket", default="", metavar="NAME", help="The bucket, if it is not the one that SSM names.")
@click.option("--replace", is_flag=True, help="Overwrite objects in the bucket that are something else.")
@_endpoint_option
@_format_option
def package(
    names: tuple[str, ...],
    spec: str,
    out: str,
    host: bool,
    upload: bool,
    environment: str,
    bucket: str,
    replace: bool,
    endpoint: str,
    style: str,
) -> int:
    """Build the packages of functions and layers: all, or those of NAME with the layers of its functions.

    A package is DIR/<its S3 key>, which holds the digest of its sources: what did not change is not built again. Layers
    are filled by pip with the wheels that their requirements.txt pins, for the runtime of Lambda.

    --upload puts them under their keys into the bucket that the spec names for them. Its name is read from the SSM
    parameter that the bucket's component publishes (for Lenie /lenie/NAME/s3/cloudformation/name), so that component is
    deployed first; or it is given with --bucket. What is in the bucket is compared by its SHA-256.

    Exit codes: 0 fine, 1 errors in the spec, in a requirements.txt or of size, 3 wrong usage, or trouble with pip, AWS
    or the file system.
    """
    _require(spec, "--spec")
    _require(out, "--out")
    needs_upload = {"--env": environment, "--bucket": bucket, "--endpoint-url": endpoint, "--replace": replace}
    given = [option for option, value in needs_upload.items() if value]
    if given and not upload:
        raise Usage(f"{given[0]} is for --upload only", "add --upload")
    if upload and host:
        raise Usage("packages for this machine are not for the bucket", "leave out --host or --upload")
    if upload and not environment:
        raise Usage("--upload needs --env", "name the environment whose bucket is meant: --env dev")
    _tune()
    _check_endpoint(endpoint)
    from lenie.compiler.packaging.command import Request, run

    request = Request(names, spec, Path(out), host, upload, environment, bucket, endpoint, replace)
    return run(request, as_json=style == "json")


@main.command(context_settings=_CONTEXT)
@click.argument("words", nargs=-1, metavar="[TARGET TARGET [TARGET]] [COMPONENT]")
@_spec_option
@click.option("--env", "environment", default="", metavar="NAME", help="One environment; or two to compare: dev..prod.")
@click.option("--against", default=None, metavar="GITREF", help="Compare with the spec in this revision.")
@click.option(
    "--format",
    "style",
    type=Word(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How the comparison is printed.",
)
@click.option(
    "--fail-on",
    type=Word(["replace", "remove", "change"]),
    default=None,
    help="With --against: exit with 2 if a resource is replaced, or removed, or changed at all.",
)
@click.option("--width", default=0, type=int, metavar="N", help="Columns, if not the terminal's.")
@click.option("--all", "everything", is_flag=True, help="Show long values whole, and what only a name makes differ.")
def diff(words: tuple[str, ...], fail_on: str | None, **given: Any) -> int:
    """Compare: dialects side by side, two environments, or the spec with that of a revision.

    \b
    lenie diff cfn tf cdk vpc           a component in several dialects, aligned by resource
    lenie diff --env dev..prod          what differs between environments, and where the spec says so
    lenie diff --against main           what the change of the spec does to resources

    With --against, a resource is told to be added, removed, changed, moved or replaced; what follows from the
    replacement of another is told, too. --fail-on replace stops at replaced and moved resources, remove at removed
    ones as well, and change at any change. The working tree need not be clean.

    Exit codes: 0 fine, 1 errors in the spec, 2 a change that --fail-on does not let pass, 3 wrong usage, or a revision
    that cannot be read.
    """  # noqa: D301 - click keeps the lines after its mark apart
    _require(given["spec"], "--spec")
    _tune()
    from lenie.compiler.diff.command import Request, run

    return run(Request(words=words, fail_on=fail_on or "", **given))


@main.group("db", cls=Group, context_settings=_CONTEXT)
def database() -> None:
    """The database's tables: what is applied, and what is to be."""


_database_options = (
    click.argument("name", default="", metavar="[DATABASE]"),
    _spec_option,
    click.option("--env", "environment", default="", metavar="NAME", help="The environment whose database is meant."),
    click.option("--via", default="", metavar="NAME", help="Open a tunnel by SSH through this instance of the spec."),
    click.option("--host", default="", metavar="HOST", help="A database that AWS does not know, instead of --env."),
    click.option("--port", default=0, metavar="PORT", help="Its port.  [default: 5432]"),
    click.option("--database", default="", metavar="NAME", help="Name in PostgreSQL, if it is not the spec's."),
    click.option("--user", default="", metavar="NAME", help="Owner of the database, if it is not the spec's."),
    click.option("--ca-file", default="", metavar="FILE", help="Root certificates, instead of those of Amazon RDS."),
    click.option("--ssh-user", default="ec2-user", show_default=True, metavar="NAME", help="User of the tunnel."),
    click.option("--identity", default="", metavar="FILE", help="Private key for the tunnel; ssh's own by default."),
    click.option("--ssh-config", default="", metavar="FILE", help="Configuration of ssh for the tunnel."),
    _endpoint_option,
    _format_option,
)


def _with_database_options(command: Any) -> Any:
    for option in reversed(_database_options):
        command = option(command)
    return command


@database.command("migrate", context_settings=_CONTEXT)
@_with_database_options
@click.option("--dry-run", is_flag=True, help="Only list what would be applied.")
def migrate(dry_run: bool, **given: Any) -> int:
    """Apply the steps in library/migrations of the spec's code that the database lacks, each as a whole.

    With --env the address of the database and the credentials of its owner come from AWS (RDS, and the secret that the
    spec names); with --via bastion the connection goes through a tunnel, which is closed at the end. Both need
    credentials of AWS. With --host it is any PostgreSQL; its password comes from PGPASSWORD or ~/.pgpass.

    The server's certificate is always checked, except that of a server on this machine.

    Exit codes: 0 fine, 1 errors in the spec, 3 wrong usage, or trouble with AWS, the tunnel or the database.
    """
    return _migrations(apply=not dry_run, **given)


@database.command("status", context_settings=_CONTEXT)
@_with_database_options
def status(**given: Any) -> int:
    """List the steps that are applied, and those that the database lacks. The options are those of migrate."""
    return _migrations(apply=False, **given)


def _migrations(*, apply: bool, style: str, host: str, environment: str, via: str, port: int, **given: Any) -> int:
    _require(given["spec"], "--spec")
    if not host and not environment:
        raise Usage("which database is meant?", "--env NAME for that of an environment, or --host for any other")
    if host and environment:
        raise Usage("--host and --env name two databases", "leave one of them out")
    tunnel = {"--via": via, "--identity": given["identity"], "--ssh-config": given["ssh_config"]}
    unused = [option for option, value in tunnel.items() if value] if host or not via else []
    if unused:
        help = "leave it out" if host else "add --via NAME"
        raise Usage(f"{unused[0]} is for a tunnel to the database of an environment", help)
    for option, wrong in (("--port", port and not host), ("--endpoint-url", given["endpoint"] and host)):
        if wrong:
            raise Usage(f"{option} does not go with {'--host' if host else '--env'}", "leave it out")
    if not 0 <= port < 65536:
        raise Usage(f"{port} is no port", "a port is a number from 1 to 65535")
    _tune()
    _check_endpoint(given["endpoint"])
    from lenie.compiler.migration.command import Request, run

    request = Request(environment=environment, via=via, host=host, port=port or 5432, apply=apply, **given)
    return run(request, as_json=style == "json")
