"""`lenie ec2-dns`, against emulated EC2 and Route 53."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from lenie.compiler.aws import Account
from lenie.compiler.cli import main
from lenie.compiler.operations import dns

REGION = "eu-central-1"
_OTHERS = ("INSTANCE_ID", "HOSTED_ZONE_ID", "DOMAIN_NAME", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION")


class Cloud:
    """An instance that is stopped, and a zone."""

    def __init__(self) -> None:
        self.ec2 = boto3.client("ec2", region_name=REGION)
        self.route53 = boto3.client("route53")
        started = self.ec2.run_instances(
            ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1, InstanceType="t3.micro"
        )
        self.instance = started["Instances"][0]["InstanceId"]
        self.ec2.stop_instances(InstanceIds=[self.instance])
        zone = self.route53.create_hosted_zone(Name="example.com", CallerReference="1")
        self.zone = zone["HostedZone"]["Id"].rsplit("/", 1)[-1]

    def state(self) -> str:
        found = self.ec2.describe_instances(InstanceIds=[self.instance])
        return str(found["Reservations"][0]["Instances"][0]["State"]["Name"])

    def address(self) -> str:
        found = self.ec2.describe_instances(InstanceIds=[self.instance])
        return str(found["Reservations"][0]["Instances"][0].get("PublicIpAddress", ""))

    def records(self) -> list[Any]:
        found = self.route53.list_resource_record_sets(HostedZoneId=self.zone)["ResourceRecordSets"]
        return [
            (one["Name"], one["Type"], one.get("TTL"), [value["Value"] for value in one.get("ResourceRecords", [])])
            for one in found
            if one["Type"] in ("A", "CNAME")
        ]

    def record(self, **record: Any) -> None:
        change = {"Action": "CREATE", "ResourceRecordSet": {"Name": "vpn.example.com", **record}}
        self.route53.change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch={"Changes": [change]})


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in _OTHERS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with mock_aws():
        yield Cloud()


@pytest.fixture
def lenie(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Any, str, str]]:
    """Runs the command for the instance and the zone."""

    def run(*more: str, **changed: str) -> tuple[Any, str, str]:
        given = {"instance-id": cloud.instance, "hosted-zone-id": cloud.zone, "domain-name": "vpn.example.com"}
        given |= {name.replace("_", "-"): value for name, value in changed.items()}
        options = [part for name, value in given.items() if value for part in (f"--{name}", value)]
        with pytest.raises(SystemExit) as exited:
            main.main(["ec2-dns", *options, *more], prog_name="lenie")
        out, err = capsys.readouterr()
        return exited.value.code, out, err

    return run


Lenie = Callable[..., tuple[Any, str, str]]


def test_it_is_started_and_named(cloud: Cloud, lenie: Lenie) -> None:
    code, out, err = lenie()
    assert (code, err) == (0, "")
    assert out == (f"{cloud.instance} was stopped: started\nvpn.example.com is set to {cloud.address()}\n")
    assert cloud.state() == "running"
    assert cloud.records() == [("vpn.example.com.", "A", 60, [cloud.address()])]


def test_nothing_is_done_twice(cloud: Cloud, lenie: Lenie, monkeypatch: pytest.MonkeyPatch) -> None:
    lenie()
    before = cloud.address()

    def never(*_: object) -> None:
        raise AssertionError("the record is set again")

    monkeypatch.setattr(dns, "_set", never)
    code, out, _ = lenie()
    assert (code, out) == (0, f"vpn.example.com points to {before} already\n")
    assert cloud.address() == before


def test_another_address_replaces_the_old_one(cloud: Cloud, lenie: Lenie) -> None:
    cloud.record(Type="A", TTL=60, ResourceRecords=[{"Value": "203.0.113.7"}])
    _, out, _ = lenie()
    assert f"vpn.example.com is set to {cloud.address()}, instead of 203.0.113.7\n" in out
    # How long it is kept counts, too.
    _, out, _ = lenie("--ttl", "300")
    assert out == f"vpn.example.com is set to {cloud.address()}\n"
    assert cloud.records() == [("vpn.example.com.", "A", 300, [cloud.address()])]


def test_dry_run(cloud: Cloud, lenie: Lenie) -> None:
    code, out, _ = lenie("--dry-run")
    assert code == 0
    assert out == (
        f"{cloud.instance} was stopped: would be started\nvpn.example.com would be set to the address that it gets\n"
    )
    assert cloud.state() == "stopped"
    assert cloud.records() == []
    cloud.ec2.start_instances(InstanceIds=[cloud.instance])
    _, out, _ = lenie("--dry-run")
    assert out == f"vpn.example.com would be set to {cloud.address()}\n"
    assert cloud.records() == []


def test_json(cloud: Cloud, lenie: Lenie) -> None:
    _, out, _ = lenie("--format", "json")
    assert json.loads(out) == {
        "instance": cloud.instance,
        "domain": "vpn.example.com",
        "state": "stopped",
        "started": True,
        "address": cloud.address(),
        "before": "",
        "changed": True,
    }


def test_an_instance_that_stops_is_waited_for(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the answers of EC2, which are old for a moment."""
    states = iter(["stopping", "stopping", "stopped", "stopped", "pending", "running"])
    real = dns._instance

    def later(account: Any, identifier: str) -> dict[str, Any]:
        state = next(states)
        return {**real(account, identifier), "State": {"Name": state}, "PublicIpAddress": "203.0.113.9"}

    monkeypatch.setattr(dns, "_instance", later)
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    request = dns.Request(cloud.instance, f"/hostedzone/{cloud.zone}", "VPN.example.com.", REGION, 60, 300, False, "")
    outcome = dns.point(dns.checked(request))
    assert outcome == dns.Outcome(cloud.instance, "vpn.example.com", "stopping", True, "203.0.113.9", "", True)
    assert len(pauses) == 3
    assert pauses == sorted(pauses)
    assert cloud.records() == [("vpn.example.com.", "A", 60, ["203.0.113.9"])]


def test_the_change_is_waited_for(cloud: Cloud, lenie: Lenie, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["PENDING", "INSYNC"])
    real = Account.client

    class Route53:
        def __init__(self, client: Any) -> None:
            self.client = client

        def __getattr__(self, name: str) -> Any:
            return getattr(self.client, name)

        def change_resource_record_sets(self, **given: Any) -> Any:
            answer = self.client.change_resource_record_sets(**given)
            return {"ChangeInfo": {**answer["ChangeInfo"], "Status": "PENDING"}}

        def get_change(self, Id: str) -> Any:  # noqa: N803 - the API's name
            return {"ChangeInfo": {"Id": Id, "Status": next(answers)}}

    def client(self: Any, service: str) -> Any:
        return Route53(real(self, service)) if service == "route53" else real(self, service)

    monkeypatch.setattr(Account, "client", client)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    code, _, err = lenie()
    assert (code, err) == (0, "")
    assert next(answers, None) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"instance_id": "i-12"}, '"i-12" is no id of an instance'),
        ({"hosted_zone_id": "zone"}, '"zone" is no id of a hosted zone'),
        ({"domain_name": "vpn"}, '"vpn" is no domain name'),
        ({"domain_name": "-.example.com"}, '"-.example.com" is no domain name'),
        ({"ttl": "0"}, "--ttl is a number of seconds"),
        ({"timeout": "0"}, "--timeout is a number of seconds"),
        ({"instance_id": ""}, "--instance-id is missing"),
        ({"hosted_zone_id": ""}, "--hosted-zone-id is missing"),
        ({"domain_name": ""}, "--domain-name is missing"),
        ({"env_file": "none"}, 'there is no file "none"'),
        ({"endpoint_url": "http://203.0.113.1:80"}, "--endpoint-url takes an address of this machine only"),
        ({"instance_id": "i-0123456789abcdef0"}, f"there is no instance i-0123456789abcdef0 in {REGION}"),
        ({"hosted_zone_id": "Z0123456789"}, "there is no hosted zone Z0123456789"),
        ({"domain_name": "vpn.example.org"}, '"vpn.example.org" is not in the zone'),
        ({"domain_name": "vpn.badexample.com"}, '"vpn.badexample.com" is not in the zone'),
        ({"region": "nowhere"}, "nowhere"),
    ],
)
def test_refused(cloud: Cloud, lenie: Lenie, change: dict[str, str], message: str) -> None:
    """Before anything is started."""
    code, out, err = lenie(**change)
    assert (code, out) == (3, "")
    assert message in err
    assert "Traceback" not in err
    assert cloud.state() == "stopped"


@pytest.mark.parametrize(
    "record",
    [
        {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "other.example.com"}]},
        {
            "Type": "A",
            "AliasTarget": {
                "HostedZoneId": "Z2FDTNDATAQYW2",
                "DNSName": "x.example.com",
                "EvaluateTargetHealth": False,
            },
        },
        {"Type": "A", "TTL": 60, "SetIdentifier": "one", "Weight": 1, "ResourceRecords": [{"Value": "203.0.113.7"}]},
    ],
)
def test_a_record_of_another_kind_is_not_lost(cloud: Cloud, lenie: Lenie, record: dict[str, Any]) -> None:
    cloud.record(**record)
    before = cloud.records()
    code, _, err = lenie()
    assert code == 3
    assert err.startswith("error[E920]: vpn.example.com is ")
    assert cloud.records() == before
    assert cloud.state() == "stopped"


def test_no_region(lenie: Lenie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    code, _, err = lenie()
    assert code == 3
    assert "--region is missing" in err


def test_a_terminated_instance(cloud: Cloud, lenie: Lenie) -> None:
    cloud.ec2.terminate_instances(InstanceIds=[cloud.instance])
    code, _, err = lenie()
    assert code == 3
    assert f"{cloud.instance} is terminated, and will not run again" in err


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("pending", "is pending after 1 seconds, and not running, with a public address"),
        ("running", "runs, and has no public address"),
        ("stopped", "has stopped again"),
        ("terminated", "is terminated now"),
    ],
)
def test_what_never_comes(
    cloud: Cloud, lenie: Lenie, monkeypatch: pytest.MonkeyPatch, state: str, message: str
) -> None:
    """The time limit holds, whatever the instance does instead."""
    answers = iter(["stopped", "stopped"])

    def stuck(_: Any, identifier: str) -> dict[str, Any]:
        reason = {"Message": "Client.InvalidSnapshot.NotFound"}
        return {"InstanceId": identifier, "State": {"Name": next(answers, state)}, "StateReason": reason}

    monkeypatch.setattr(dns, "_instance", stuck)
    monkeypatch.setattr(dns, "_FIRST", 0.05)
    code, out, err = lenie("--timeout", "1")
    assert (code, out) == (3, "")
    assert message in err
    assert cloud.records() == []


def test_an_instance_that_runs_without_an_address(cloud: Cloud, lenie: Lenie, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets none later, however long somebody waits."""

    def private(_: Any, identifier: str) -> dict[str, Any]:
        return {"InstanceId": identifier, "State": {"Name": "running"}}

    pauses: list[float] = []
    monkeypatch.setattr(dns, "_instance", private)
    monkeypatch.setattr(time, "sleep", pauses.append)
    code, out, err = lenie("--timeout", "3600")
    assert (code, out) == (3, "")
    assert "runs, and has no public address" in err
    assert 10 < sum(pauses) < 30


def test_variables_and_dotenv(cloud: Cloud, lenie: Lenie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An option wins over the environment, and the environment over the file."""
    (tmp_path / ".env").write_text(
        f"# The VPN server\nexport INSTANCE_ID={cloud.instance}\nHOSTED_ZONE_ID='{cloud.zone}'\n"
        "DOMAIN_NAME=file.example.com # a comment\n"
    )
    nothing = {"instance_id": "", "hosted_zone_id": "", "domain_name": ""}
    _, out, _ = lenie("--dry-run", **nothing)
    assert "file.example.com would be set" in out
    monkeypatch.setenv("DOMAIN_NAME", "environment.example.com")
    _, out, _ = lenie("--dry-run", **nothing)
    assert "environment.example.com would be set" in out
    _, out, _ = lenie("--dry-run", **{**nothing, "domain_name": "option.example.com"})
    assert "option.example.com would be set" in out
    other = tmp_path / "other.env"
    other.write_text("DOMAIN_NAME=other.example.com\n")
    monkeypatch.delenv("DOMAIN_NAME")
    _, _, err = lenie("--dry-run", "--env-file", str(other), **nothing)
    assert "--instance-id is missing" in err
    other.write_bytes("DOMAIN_NAME=ä.example.com\n".encode("latin-1"))
    code, _, err = lenie("--env-file", str(other), **nothing)
    assert code == 3
    assert "is not UTF-8" in err


def test_lines_of_dotenv_that_cannot_be_read_are_told(cloud: Cloud, lenie: Lenie, tmp_path: Path) -> None:
    """Where a variable is missing: another program may read them."""
    file = tmp_path / "some.env"
    file.write_text(f'INSTANCE_ID {cloud.instance}\nDOMAIN_NAME=vpn.example.com\nexport HOSTED_ZONE_ID="Z\n')
    code, _, err = lenie("--env-file", str(file), instance_id="", hosted_zone_id="", domain_name="")
    assert code == 3
    assert "--instance-id is missing" in err
    assert f"lines 1, 3 of {file} cannot be read: write NAME=VALUE" in err
    assert "python-dotenv" not in err
    _, out, err = lenie("--dry-run", "--env-file", str(file), domain_name="")
    assert "vpn.example.com would be set" in out
    assert err == ""


def test_no_credentials(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    given = ["--instance-id", "i-0123456789abcdef0", "--hosted-zone-id", "Z1", "--domain-name", "vpn.example.com"]
    with pytest.raises(SystemExit) as exited:
        main.main(["ec2-dns", *given], prog_name="lenie")
    assert exited.value.code == 3
    assert "there are no credentials for AWS" in capsys.readouterr().err
