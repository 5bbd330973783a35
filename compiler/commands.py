"""Commands of ``lenie`` for the daily work with what is deployed. What they need is imported where it is used."""

from __future__ import annotations

from typing import Any

import click

from lenie.compiler.console import Command, Usage
from lenie.compiler.options import CONTEXT, check_endpoint, endpoint_option, format_option, require, spec_option


@click.command("ec2-dns", cls=Command, context_settings=CONTEXT)
@click.option("--instance-id", default="", metavar="ID", help="The instance.  [or: INSTANCE_ID]")
@click.option("--hosted-zone-id", default="", metavar="ID", help="The zone of the name.  [or: HOSTED_ZONE_ID]")
@click.option("--domain-name", default="", metavar="NAME", help="The name.  [or: DOMAIN_NAME]")
@click.option("--region", default="", metavar="NAME", help="Of the instance.  [or: AWS_REGION, AWS_DEFAULT_REGION]")
@click.option("--ttl", default=60, show_default=True, metavar="SECONDS", help="How long answers may be kept.")
@click.option("--timeout", default=300, show_default=True, metavar="SECONDS", help="How long everything may take.")
@click.option("--env-file", default="", metavar="PATH", help="File with the variables, instead of .env.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@endpoint_option
@format_option
def ec2_dns(
    instance_id: str,
    hosted_zone_id: str,
    domain_name: str,
    region: str,
    ttl: int,
    timeout: int,
    env_file: str,
    dry_run: bool,
    endpoint: str,
    style: str,
) -> int:
    """Start an instance, wait for its public address, and let a name of Route 53 point to it.

    What is not given as an option comes from variables of the environment, and then from the file .env in the current
    directory. Nothing is done that is done already: an instance that runs is not started, a record that is right stays.
    The name is checked before the instance is started; an alias, a CNAME or a set of records is never overwritten.

    Exit codes: 0 fine, 3 wrong usage, trouble with AWS, or no time left.
    """
    from lenie.compiler.operations.dns import Request, run
    from lenie.compiler.operations.given import setting, settings

    known = settings(env_file)
    check_endpoint(endpoint)
    request = Request(
        setting("--instance-id", instance_id, "INSTANCE_ID", known),
        setting("--hosted-zone-id", hosted_zone_id, "HOSTED_ZONE_ID", known),
        setting("--domain-name", domain_name, "DOMAIN_NAME", known),
        region or known.get("AWS_REGION", "") or known.get("AWS_DEFAULT_REGION", ""),
        ttl,
        timeout,
        dry_run,
        endpoint,
    )
    return run(request, as_json=style == "json")


@click.command("sync-documents", cls=Command, context_settings=CONTEXT)
@spec_option
@click.option("--env", "environment", default="", metavar="NAME", help="The environment whose documents are meant.")
@click.option("--since", default="", metavar="DATE", help="The first day (UTC), instead of where the last run ended.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken over.")
@click.option("--table", default="", metavar="NAME", help="The table in the spec, if there are several.")
@click.option("--bucket", default="", metavar="NAME", help="The bucket in the spec, if there are several.")
@click.option("--host", default="localhost", show_default=True, metavar="HOST", help="The database that is filled.")
@click.option("--port", default=5432, show_default=True, metavar="PORT", help="Its port.")
@click.option("--database", default="", metavar="NAME", help="Name in PostgreSQL, if it is not the spec's.")
@click.option("--user", default="", metavar="NAME", help="Owner of the database, if it is not the spec's.")
@click.option("--ca-file", default="", metavar="FILE", help="Root certificates of the database's server.")
@endpoint_option
@format_option
def sync_documents(style: str, **given: Any) -> int:
    """Take over new documents from the cloud into a PostgreSQL elsewhere, whether or not the cloud's database runs.

    Descriptions come from DynamoDB, day by day, their content from S3. What is there already (by its URL) stays as it
    is. A run that is interrupted is gone on with by the next. A document whose content is missing is taken over with
    the state ERROR. The database needs its tables first: lenie db migrate --host HOST. Its password comes from
    PGPASSWORD or ~/.pgpass.

    Exit codes: 0 fine, 1 errors in the spec, 2 documents that were not taken over as they are, 3 wrong usage, or
    trouble with AWS or the database.
    """
    for option in ("spec", "host"):
        require(given[option], f"--{option}")
    if not given["environment"]:
        raise Usage("whose documents are meant?", "name the environment: --env dev")
    if not 0 < given["port"] < 65536:
        raise Usage(f"{given['port']} is no port", "a port is a number from 1 to 65535")
    check_endpoint(given["endpoint"])
    from lenie.compiler.synchronisation.command import Request, run

    return run(Request(**given), as_json=style == "json")
