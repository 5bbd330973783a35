"""``lenie ec2-dns``: starts an instance, and lets a name of Route 53 point to the address that it got."""

from __future__ import annotations

import ipaddress
import json
import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from lenie.compiler.aws import Account, refusal, told
from lenie.compiler.console import EXIT_FINE, Usage
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError

# Sources: EC2 API Reference, "InstanceState"; Route 53 API Reference, "ChangeResourceRecordSets".
_INSTANCE = re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_ZONE = re.compile(r"[A-Z0-9]{1,32}")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_GONE = ("shutting-down", "terminated")
#: Seconds between two looks: the first, and the longest.
_FIRST, _LONGEST = 2.0, 15.0
#: Looks at an instance that runs without an address: about 16 seconds, if it ran from the beginning.
_PATIENCE = 4


class Request(NamedTuple):
    """What the command line asks for."""

    instance: str
    zone: str
    domain: str
    region: str
    #: Seconds that answers of the name may be kept.
    ttl: int
    #: Seconds that everything may take.
    limit: int
    dry_run: bool
    endpoint: str


class Outcome(NamedTuple):
    """What was found, and what was done about it (or would be)."""

    instance: str
    domain: str
    #: Of the instance, when the command began.
    state: str
    started: bool
    #: Empty in a dry run of an instance that does not run.
    address: str
    #: What the name pointed to; several addresses with commas.
    before: str
    changed: bool


class Record(NamedTuple):
    """An A record: its addresses, and for how many seconds they may be kept. Without addresses there is none."""

    addresses: tuple[str, ...]
    ttl: int

    def differs(self, address: str, ttl: int) -> bool:
        """Whether the record has to be set."""
        return self.addresses != (address,) or self.ttl != ttl


def checked(request: Request) -> Request:
    """Return `request` with its names in the usual form: no ``/hostedzone/``, no last dot, no capitals.

    Raises:
        Usage: if an identifier or the name cannot be one.
    """
    zone = request.zone.rsplit("/", 1)[-1]
    domain = request.domain.rstrip(".").lower()
    if not _INSTANCE.fullmatch(request.instance):
        raise Usage(f'"{request.instance}" is no id of an instance', "such as i-0123456789abcdef0")
    if not _ZONE.fullmatch(zone):
        raise Usage(f'"{request.zone}" is no id of a hosted zone', "such as Z0123456789ABCDEFGHIJ")
    labels = domain.split(".")
    if len(domain) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Usage(f'"{request.domain}" is no domain name', "such as vpn.example.com")
    if not 1 <= request.ttl <= 86_400:
        raise Usage("--ttl is a number of seconds from 1 to 86400", "60 is usual for an address that changes")
    if not 1 <= request.limit <= 3_600:
        raise Usage("--timeout is a number of seconds from 1 to 3600", "300 is usual")
    return request._replace(zone=zone, domain=domain)


def run(request: Request, *, as_json: bool) -> int:
    """Do what `request` asks for, print it, and return the exit code.

    Raises:
        SpecError: (E911) if AWS refuses, (E920) if instance or name cannot be used, (E921) if it takes too long.
    """
    outcome = point(checked(request), silent=as_json)
    if as_json:
        print(json.dumps(outcome._asdict(), indent=2))
        return EXIT_FINE
    would = "would be " if request.dry_run else ""
    address = outcome.address or "the address that it gets"
    if outcome.started:
        print(f"{outcome.instance} was {outcome.state}: {would}started")
    if outcome.changed:
        instead = f", instead of {outcome.before}" if outcome.before not in ("", outcome.address) else ""
        print(f"{outcome.domain} {would or 'is '}set to {address}{instead}")
    else:
        print(f"{outcome.domain} points to {address} already")
    return EXIT_FINE


def point(request: Request, *, silent: bool = True) -> Outcome:
    """Start the instance, wait for its address, and set the record; nothing of that in a dry run."""
    account = Account(request.region or _region(), request.endpoint)
    clock = _Clock(request.limit)
    before = _record(account, request)
    instance = _instance(account, request.instance)
    state = str(instance["State"]["Name"])
    started = state in ("stopped", "stopping")
    if state in _GONE:
        raise _error("E920", f"{request.instance} is {state}, and will not run again", "name another instance")
    if request.dry_run:
        address = str(instance.get("PublicIpAddress") or "") if not started else ""
    else:
        with _Progress(silent) as progress:
            if started:
                progress(f"waiting until {request.instance} can be started")
                _wait(
                    account, request, clock, lambda one: one if one["State"]["Name"] != "stopping" else None, "stopped"
                )
                with told(f"starting {request.instance}"):
                    account.client("ec2").start_instances(InstanceIds=[request.instance])
            progress(f"waiting for the address of {request.instance}")
            address = str(_wait(account, request, clock, _address, "running, with a public address"))
            if before.differs(address, request.ttl):
                progress(f"setting {request.domain}")
                _set(account, request, address, clock)
    changed = before.differs(address, request.ttl)
    return Outcome(request.instance, request.domain, state, started, address, ", ".join(before.addresses), changed)


def _region() -> str:
    """Return the region of the user's configuration of AWS."""
    import boto3

    with told("AWS"):
        region = boto3.Session().region_name
    if not region:
        raise Usage("--region is missing", "give the option, or set AWS_REGION in the environment or in .env")
    return str(region)


def _address(instance: dict[str, Any]) -> str | None:
    return instance.get("PublicIpAddress") if instance["State"]["Name"] == "running" else None


def _instance(account: Account, identifier: str) -> dict[str, Any]:
    from botocore.exceptions import ClientError

    with told(f"looking for {identifier}"):
        try:
            answer = account.client("ec2").describe_instances(InstanceIds=[identifier])
        except ClientError as error:
            if not error.response.get("Error", {}).get("Code", "").startswith("InvalidInstanceID"):
                raise
            answer = {}
    found = [one for group in answer.get("Reservations", []) for one in group["Instances"]]
    if not found:
        help = "aws ec2 describe-instances lists those that there are; --region names another region"
        raise refusal(f"there is no instance {identifier} in {account.region}", help)
    instance: dict[str, Any] = found[0]
    return instance


def _wait(account: Account, request: Request, clock: _Clock, ready: Callable[[dict[str, Any]], Any], what: str) -> Any:
    """Look at the instance until it is `ready`."""
    running = 0
    while True:
        instance = _instance(account, request.instance)
        found = ready(instance)
        if found is not None:
            return found
        state = instance["State"]["Name"]
        if state in _GONE:
            raise _error("E920", f"{request.instance} is {state} now", _reason(instance))
        if state == "stopped" and what != "stopped" and clock.settled:
            raise _error("E920", f"{request.instance} has stopped again", _reason(instance))
        # An instance gets its address when it starts, and not later; the answers of EC2 may be a moment old.
        running += state == "running"
        if state == "running" and (running > _PATIENCE or clock.rest <= 0):
            help = "an instance has one in a public subnet that gives addresses, or with an Elastic IP"
            raise _error("E921", f"{request.instance} runs, and has no public address", help)
        clock.pause(f"{request.instance} is {state} after {request.limit} seconds, and not {what}")


def _reason(instance: dict[str, Any]) -> str:
    message = str((instance.get("StateReason") or {}).get("Message") or "")
    return f"AWS says: {message}" if message else "see its system log"


def _record(account: Account, request: Request) -> Record:
    """Return the addresses that the name has; the zone must be the name's, and the name free for an address.

    A record is read before anything is started: a name that cannot be set is told at once.
    """
    from botocore.exceptions import ClientError

    client = account.client("route53")
    with told(f"looking for the zone {request.zone}"):
        try:
            zone = client.get_hosted_zone(Id=request.zone)["HostedZone"]["Name"].rstrip(".").lower()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "NoSuchHostedZone":
                raise
            zone = ""
    if not zone:
        raise refusal(
            f"there is no hosted zone {request.zone}", "aws route53 list-hosted-zones lists those that there are"
        )
    if request.domain != zone and not request.domain.endswith(f".{zone}"):
        raise _error("E920", f'"{request.domain}" is not in the zone {request.zone}', f"the zone is that of {zone}")
    with told(f"looking for {request.domain}"):
        answer = client.list_resource_record_sets(
            HostedZoneId=request.zone, StartRecordName=request.domain, StartRecordType="A", MaxItems="10"
        )
        # Route 53 sorts by name and type, and CNAME comes after A.
        same = [one for one in answer["ResourceRecordSets"] if _plain(one["Name"]) == request.domain]
    for one in same:
        if one["Type"] == "CNAME" or (one["Type"] == "A" and ("AliasTarget" in one or "SetIdentifier" in one)):
            kind = "a CNAME" if one["Type"] == "CNAME" else "an alias, or one of several records"
            raise _error(
                "E920", f"{request.domain} is {kind}, which would be lost", "remove it first, or take another name"
            )
    records = [one for one in same if one["Type"] == "A"]
    return Record(
        tuple(sorted(value["Value"] for one in records for value in one.get("ResourceRecords", []))),
        int(records[0]["TTL"]) if records else 0,
    )


def _plain(name: str) -> str:
    return name.rstrip(".").lower().replace("\\052", "*")


def _set(account: Account, request: Request, address: str, clock: _Clock) -> None:
    """Set the record, and wait until all of Route 53's servers know it."""
    ipaddress.IPv4Address(address)
    client = account.client("route53")
    record = {
        "Name": request.domain,
        "Type": "A",
        "TTL": request.ttl,
        "ResourceRecords": [{"Value": address}],
    }
    batch = {
        "Comment": f"lenie ec2-dns, {request.instance}",
        "Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}],
    }
    with told(f"setting {request.domain}"):
        change = client.change_resource_record_sets(HostedZoneId=request.zone, ChangeBatch=batch)["ChangeInfo"]
    while change["Status"] != "INSYNC":
        clock.pause(f"{request.domain} is set, and not all name servers know it after {request.limit} seconds")
        with told(f"waiting for {request.domain}"):
            change = client.get_change(Id=change["Id"])["ChangeInfo"]


class _Clock:
    """The time that a command may take, and its pauses, which grow."""

    def __init__(self, limit: int) -> None:
        self.end = time.monotonic() + limit
        self.next = _FIRST
        self.looks = 0

    @property
    def rest(self) -> float:
        """Seconds that are left."""
        return self.end - time.monotonic()

    @property
    def settled(self) -> bool:
        """Whether what was asked for must be seen by now: EC2 answers with the old state for a moment."""
        return self.looks > 4

    def pause(self, otherwise: str) -> None:
        """Wait for the next look.

        Raises:
            SpecError: (E921) if there is no time for it.
        """
        if self.rest <= 0:
            raise _error("E921", otherwise, "run the command again: it goes on where it is; --timeout gives it longer")
        self.looks += 1
        time.sleep(min(self.next, max(self.rest, 0.1)))
        self.next = min(self.next * 1.5, _LONGEST)


class _Progress:
    """One line that says what is waited for, on a terminal only."""

    def __init__(self, silent: bool) -> None:
        self.silent = silent

    def __enter__(self) -> Callable[[str], None]:
        from rich.console import Console

        console = Console(stderr=True)
        self.status = console.status("") if console.is_terminal and not self.silent else None
        if self.status is not None:
            self.status.start()
        return self.say

    def say(self, text: str) -> None:
        if self.status is not None:
            self.status.update(text)

    def __exit__(self, *error: object) -> None:
        if self.status is not None:
            self.status.stop()


def _error(code: str, message: str, help: str) -> SpecError:
    return SpecError(Diagnostic(code, Severity.ERROR, message, (), help))
