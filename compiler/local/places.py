"""What a user may want to reach in an emulator: APIs with their keys, databases, state machines, schedules, queues."""

from __future__ import annotations

from typing import Any, NamedTuple

from lenie.compiler.aws import Account, told
from lenie.compiler.local.session import Session


class Api(NamedTuple):
    """A stage of a REST API."""

    name: str
    url: str
    #: A key that opens it; empty if there is none.
    key: str
    #: Methods and paths, such as ``POST /url_add``, in their order.
    routes: tuple[str, ...]


class Database(NamedTuple):
    """An instance of RDS."""

    name: str
    state: str
    #: Host, port, user and database of its master, as psql takes them.
    url: str
    #: File of the certificate authority that its clients trust.
    authority: str


class Queue(NamedTuple):
    """A queue, with the messages that wait in it, those that somebody works on, and those that cannot be seen yet."""

    name: str
    waiting: int
    in_flight: int
    delayed: int


class Places(NamedTuple):
    """What there is."""

    apis: tuple[Api, ...]
    databases: tuple[Database, ...]
    state_machines: tuple[str, ...]
    schedules: tuple[str, ...]
    queues: tuple[Queue, ...]


def account_of(session: Session, region: str) -> Account:
    """Return the account of an emulator; this process forgets its own credentials."""
    from lenie.compiler.local.server import isolate

    isolate()
    return Account(region, session.url)


def places(session: Session) -> Places:
    """Return what an emulator has in the region that was deployed to.

    Raises:
        SpecError: (E911) if it does not answer.
    """
    account = account_of(session, session.region)
    with told("asking the emulator"):
        return Places(
            apis=tuple(_apis(account, session.gateway)),
            databases=tuple(_databases(account, session)),
            state_machines=tuple(
                found["name"] for found in account.client("stepfunctions").list_state_machines()["stateMachines"]
            ),
            schedules=tuple(found["Name"] for found in account.client("scheduler").list_schedules()["Schedules"]),
            queues=tuple(_queues(account)),
        )


def _apis(account: Account, gateway: str) -> list[Api]:
    client = account.client("apigateway")
    keys = _keys(client)
    found = []
    for api in client.get_rest_apis(limit=500)["items"]:
        routes = tuple(
            f"{method} {resource['path']}"
            for resource in client.get_resources(restApiId=api["id"], limit=500)["items"]
            for method in sorted(resource.get("resourceMethods", {}))
            if method != "OPTIONS"
        )
        for stage in client.get_stages(restApiId=api["id"])["item"]:
            place = (api["id"], stage["stageName"])
            found.append(Api(api["name"], f"{gateway}/{'/'.join(place)}", keys.get(place, ""), routes))
    return sorted(found)


def _keys(client: Any) -> dict[tuple[str, str], str]:
    """Return for each stage a key that its usage plans let in."""
    found: dict[tuple[str, str], str] = {}
    for plan in client.get_usage_plans(limit=500)["items"]:
        keys = client.get_usage_plan_keys(usagePlanId=plan["id"], limit=500)["items"]
        for stage in plan.get("apiStages", []):
            for key in keys:
                found.setdefault((stage["apiId"], stage["stage"]), key["value"])
    return found


def _databases(account: Account, session: Session) -> list[Database]:
    authority = session.directory.resolve() / "certificates" / "authority.pem"
    found = []
    for instance in account.client("rds").describe_db_instances()["DBInstances"]:
        address = instance.get("Endpoint") or {}
        host, port = address.get("Address"), address.get("Port")
        url = f"postgresql://{instance['MasterUsername']}@{host}:{port}/{instance.get('DBName') or 'postgres'}"
        found.append(Database(instance["DBInstanceIdentifier"], instance["DBInstanceStatus"], url, str(authority)))
    return found


def _queues(account: Account) -> list[Queue]:
    client = account.client("sqs")
    counts = "ApproximateNumberOfMessages"
    names = (counts, f"{counts}NotVisible", f"{counts}Delayed")
    found = []
    for url in client.list_queues().get("QueueUrls", []):
        told = client.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))["Attributes"]
        found.append(Queue(url.rpartition("/")[2], *(int(told[name]) for name in names)))
    return found
