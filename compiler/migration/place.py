"""Where the database of an environment is: what the spec says of it, and what AWS adds to that."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, TypeVar

from lenie.compiler.aws import Account, refusal, told
from lenie.compiler.console import Usage
from lenie.compiler.diagnostics import suggest
from lenie.compiler.graph import Graph, Resource
from lenie.compiler.kind import Resource as Declared
from lenie.compiler.kinds.database import PORT, Database
from lenie.compiler.kinds.instance import Instance
from lenie.compiler.kinds.secret import Generate, Secret
from lenie.compiler.program import Declaration, Program

Kind = TypeVar("Kind", bound=Declared)


class Described(NamedTuple):
    """A database of the spec."""

    #: Name in the spec.
    name: str
    #: Name of the database inside PostgreSQL.
    database: str
    #: The master user's name.
    user: str
    #: Name of its secret in the spec.
    secret: str


class Endpoint(NamedTuple):
    """What a connection needs; an empty password is left to libpq."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    #: Address to connect to instead of the host's own, whose certificate is still checked.
    address: str = ""


def describe(program: Program, name: str = "") -> Described:
    """Return the database that the spec calls `name`, or its only one.

    Raises:
        Usage: if there is none of that name, none at all, or several to choose from.
    """
    found = {declaration.name: model for declaration, model in program.of(Database)}
    if name and name not in found:
        raise Usage(f'there is no database "{name}"', suggest(name, found, what="databases"))
    if not found:
        raise Usage("the spec has no database", "lenie db works on resources of kind database")
    if not name and len(found) > 1:
        raise Usage("the spec has several databases", f"name one: {', '.join(sorted(found))}")
    chosen = name or next(iter(found))
    model = found[chosen]
    secret = program.declarations[model.credentials.name].model
    generate = secret.generate if isinstance(secret, Secret) else None
    user = generate.username if isinstance(generate, Generate) else ""
    return Described(chosen, model.name, user, model.credentials.name)


def deployed(account: Account, graph: Graph, described: Described) -> Endpoint:
    """Return the database's address and master credentials, as AWS knows them; `graph` is one environment's.

    Raises:
        SpecError: (E911) if there is no such database, it does not run, or AWS refuses.
    """
    identifier = _property(graph, described.name, "AWS::RDS::DBInstance", "DBInstanceIdentifier")
    instance = _instance(account, identifier)
    state = instance.get("DBInstanceStatus")
    address = instance.get("Endpoint") or {}
    if state in ("stopped", "stopping", "starting") or not address.get("Address"):
        command = f"aws rds start-db-instance --db-instance-identifier {identifier} --region {account.region}"
        help = f"start it, and wait until it is available: {command}" if state == "stopped" else "wait a few minutes"
        raise refusal(f'the database "{identifier}" is {state}', help)
    user, password = _credentials(account, _property(graph, described.secret, "AWS::SecretsManager::Secret", "Name"))
    return Endpoint(str(address["Address"]), int(address.get("Port") or PORT), user, password)


def _instance(account: Account, identifier: str) -> dict[str, Any]:
    from botocore.exceptions import ClientError

    client = account.client("rds")
    with told("looking for the database"):
        try:
            found: dict[str, Any] = client.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]
            return found
        except ClientError as error:
            if not error.response.get("Error", {}).get("Code", "").startswith("DBInstanceNotFound"):
                raise
    raise refusal(f'there is no database "{identifier}" in {account.region}', "deploy its component first")


def _credentials(account: Account, secret: str) -> tuple[str, str]:
    client = account.client("secretsmanager")
    with told(f"reading the secret {secret}"):
        text = client.get_secret_value(SecretId=secret).get("SecretString", "")
    try:
        fields = json.loads(text)
        user, password = fields["username"], fields["password"]
    except (ValueError, TypeError, KeyError):
        user = password = None
    if not (isinstance(user, str) and isinstance(password, str)):
        raise refusal(f"the secret {secret} has no username and password", "see what it holds in Secrets Manager")
    return user, password


class Running(NamedTuple):
    """An instance that runs."""

    identifier: str
    #: Its public address, which changes with every start.
    address: str


def bastion(account: Account, program: Program, graph: Graph, name: str) -> Running:
    """Return the instance that the spec calls `name`.

    Raises:
        Usage: if the spec has no such instance.
        SpecError: (E911) if it does not run, or AWS refuses.
    """
    found: tuple[Declaration, Instance] | None = program.find(name, Instance)
    if found is None:
        known = [declaration.name for declaration, _ in program.of(Instance)]
        raise Usage(f'there is no instance "{name}"', suggest(name, known, what="instances"))
    tags = _resource(graph, name, "AWS::EC2::Instance").properties["Tags"]
    assert isinstance(tags, list), "an instance has tags"
    filters = [
        {"Name": f"tag:{tag['Key']}", "Values": [tag["Value"]]}  # type: ignore[index, call-overload]
        for tag in tags
    ]
    client = account.client("ec2")
    with told(f'looking for the instance "{name}"'):
        answer = client.describe_instances(Filters=filters)
    instances = [instance for group in answer.get("Reservations", []) for instance in group.get("Instances", [])]
    alive = [one for one in instances if one["State"]["Name"] not in ("terminated", "shutting-down")]
    if not alive:
        help = f'deploy the component "{found[0].component}" first'
        raise refusal(f'there is no instance "{name}" in {graph.environment}', help)
    running = [one for one in alive if one["State"]["Name"] == "running"]
    if not running:
        identifier, state = alive[0]["InstanceId"], alive[0]["State"]["Name"]
        command = f"aws ec2 start-instances --instance-ids {identifier} --region {account.region}"
        help = f"start it: {command}" if state == "stopped" else "wait a minute"
        raise refusal(f'the instance "{name}" is {state}', help)
    reached = next((one for one in running if one.get("PublicIpAddress")), None)
    if reached is None:
        raise refusal(f'the instance "{name}" has no public address', "it must be in a public subnet")
    return Running(str(reached["InstanceId"]), str(reached["PublicIpAddress"]))


def physical_name(graph: Graph, name: str) -> str:
    """Return the name that the instance `name` of the spec bears in AWS."""
    for tag in _resource(graph, name, "AWS::EC2::Instance").properties.get("Tags", []):  # type: ignore[union-attr]
        if isinstance(tag, dict) and tag.get("Key") == "Name":
            return str(tag["Value"])
    return name


def _property(graph: Graph, name: str, type_name: str, key: str) -> str:
    value = _resource(graph, name, type_name).properties[key]
    assert isinstance(value, str), f"{key} is plain data in one environment"
    return value


def _resource(graph: Graph, name: str, type_name: str) -> Resource:
    return next(
        resource
        for component in graph.components.values()
        for resource in component.resources.values()
        if resource.type == type_name and resource.path[-1] == name
    )
