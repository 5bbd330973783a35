"""What stands around the stacks: databases that start, types of policies, values, orders, what is shown."""

from __future__ import annotations

import io
from typing import Any

import pytest
from botocore.exceptions import ClientError
from deploy_support import PACE, error
from rich.console import Console
from rich.progress import Progress

from lenie.compiler.deploy import database, order, policies, progress
from lenie.compiler.deploy.bundle import Unit
from lenie.compiler.deploy.calls import AWS, LOCAL, Calls
from lenie.compiler.deploy.model import Result, Row, State
from lenie.compiler.deploy.report import data, summary, table
from lenie.compiler.deploy.values import text
from lenie.compiler.diagnostics import SpecError
from lenie.compiler.expressions import AttributeOf, Interpolation, Pseudo


class Answers:
    """A client whose operations give the listed answers, the last one for ever."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers = answers
        self.called: list[str] = []

    endpoint = ""
    region = "us-east-1"

    def client(self, service: str) -> Answers:
        return self

    def __getattr__(self, operation: str) -> Any:
        def call(**given: Any) -> Any:
            self.called.append(operation)
            listed = self.answers[operation]
            answer = listed.pop(0) if len(listed) > 1 else listed[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def calls(client: Answers) -> Calls:
    return Calls(client, PACE)  # type: ignore[arg-type]


def instance(status: str) -> dict[str, Any]:
    return {"DBInstances": [{"DBInstanceStatus": status}]}


# ---- the database ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["available", "backing-up", "modifying"])
def test_a_database_that_runs_is_left_alone(status: str) -> None:
    client = Answers(describe_db_instances=[instance(status)])
    assert database.started(calls(client), ["one"]) == ()
    assert client.called == ["describe_db_instances"]


def test_a_database_that_stops_is_waited_for_and_started() -> None:
    states = ["stopping", "stopping", "stopped", "starting", "available"]
    client = Answers(describe_db_instances=[instance(s) for s in states], start_db_instance=[{}])
    assert len(database.started(calls(client), ["one"])) == 1
    assert client.called.count("start_db_instance") == 1


def test_a_database_that_somebody_else_starts() -> None:
    refused = error("InvalidDBInstanceState", "Instance one is not stopped", "StartDBInstance")
    states = ["stopped", "starting", "available"]
    client = Answers(describe_db_instances=[instance(s) for s in states], start_db_instance=[refused])
    assert database.started(calls(client), ["one"]) == ()
    denied = error("AccessDenied", "no", "StartDBInstance")
    client = Answers(describe_db_instances=[instance("stopped")], start_db_instance=[denied])
    with pytest.raises(ClientError, match="AccessDenied"):
        database.started(calls(client), ["one"])


def test_a_database_that_is_gone() -> None:
    gone = error("DBInstanceNotFound", "no", "DescribeDBInstances")
    assert database.started(calls(Answers(describe_db_instances=[gone])), ["one"]) == ()


def test_a_database_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.01)
    client = Answers(describe_db_instances=[instance("starting")])
    with pytest.raises(SpecError, match="the database one is starting after 0 minutes") as raised:
        database.started(calls(client), ["one"])
    assert raised.value.diagnostic.code == "E669"


# ---- types of policies -----------------------------------------------------------------------------------------------


def root(**types: str) -> dict[str, Any]:
    return {"Roots": [{"Id": "r-1", "PolicyTypes": [{"Type": k, "Status": v} for k, v in types.items()]}]}


def test_a_type_of_policies_is_enabled_and_waited_for() -> None:
    scp = "SERVICE_CONTROL_POLICY"
    roots = [root(), root(**{scp: "PENDING_ENABLE"}), root(**{scp: "ENABLED"})]
    client = Answers(list_roots=roots, enable_policy_type=[{}])
    assert policies.enable(calls(client), [scp]) == (scp,)
    assert client.called.count("enable_policy_type") == 1


def test_somebody_else_enables_the_type() -> None:
    scp = "SERVICE_CONTROL_POLICY"
    faster = error("PolicyTypeAlreadyEnabledException", "it is", "EnablePolicyType")
    client = Answers(list_roots=[root(), root(**{scp: "ENABLED"})], enable_policy_type=[faster])
    assert policies.enable(calls(client), [scp]) == ()


# ---- calls -----------------------------------------------------------------------------------------------------------


def test_the_pace_fits_where_the_calls_go() -> None:
    client = Answers()
    assert Calls(client).pace is AWS  # type: ignore[arg-type]
    client.endpoint = "http://127.0.0.1:5000"
    assert Calls(client).pace is LOCAL  # type: ignore[arg-type]
    pauses = AWS.pauses()
    first = [next(pauses) for _ in range(20)]
    assert first == sorted(first)
    assert (first[0], first[-1]) == (AWS.first, AWS.longest)


# ---- values and order ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("plain", "plain"),
        (Interpolation(("a-", Pseudo("account"), "-", Pseudo("region"))), "a-123456789012-us-east-1"),
        (Interpolation(("a-", AttributeOf("x", "Y", "Arn"))), None),
        (Pseudo("url-suffix"), None),
        (Pseudo("partition"), "aws"),
        (7, None),
        (None, None),
    ],
)
def test_names_as_they_are_in_an_account(value: Any, found: str | None) -> None:
    assert text(value, "123456789012", "us-east-1") == found


def unit(name: str, layer: str, *after: str) -> Unit:
    return Unit(name, layer, "environment", name, "", {}, (), False, {}, (), {}, after)


def test_order_and_its_reverse() -> None:
    units = {u.component: u for u in (unit("a", "one"), unit("b", "one", "a", "elsewhere"), unit("c", "two"))}
    after = order.waits(units, ("one", "two"))
    assert after == {"a": frozenset(), "b": frozenset({"a"}), "c": frozenset({"a", "b"})}
    turned = order.reverse(after)
    assert list(turned) == ["c", "b", "a"]
    assert turned == {"c": frozenset(), "b": frozenset({"c"}), "a": frozenset({"b", "c"})}


# ---- what is shown ---------------------------------------------------------------------------------------------------


def test_lines(capsys: pytest.CaptureFixture[str]) -> None:
    shown = progress.Lines()
    shown.begin("vpc", 3, "deploying")
    shown.advance("vpc", 1, "CREATE_IN_PROGRESS")
    shown.advance("vpc", 2, "CREATE_IN_PROGRESS")
    shown.end("vpc", "created")
    shown.say("that is all")
    lines = [line[9:] for line in capsys.readouterr().err.splitlines()]
    assert lines == ["vpc: deploying", "vpc: CREATE_IN_PROGRESS", "vpc: created (0 s)", "that is all"]


def test_bars() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100, color_system=None)
    with Progress(console=console, transient=True) as display:
        shown = progress.Bars(display)
        shown.begin("vpc", 3, "deploying")
        shown.advance("vpc", 2, "[CREATE]")
        assert display.tasks[0].completed == 2
        with shown.paused():
            assert not display.live.is_started
        assert display.live.is_started
        shown.end("vpc", "failed [x]", fine=False)
        shown.say("all [of it]")
        assert display.tasks == []
    said = stream.getvalue()
    assert "fail vpc: failed [x] (0 s)" in said
    assert "all [of it]" in said


def test_the_table() -> None:
    rows = [
        Row("vpc", "demo-dev-vpc", "created", 26, 61.2),
        Row("rds", "demo-dev-rds", "failed", 0, 2.0, ("as it was",)),
        Row("(packages)", "", "not begun"),
    ]
    result = Result("dev", "us-east-1", "123456789012", rows, notes=["a note"])
    assert table(result) == [
        "component   stack         result     resources   time",
        "vpc         demo-dev-vpc  created           26   1:01",
        "rds         demo-dev-rds  failed                2.0 s",
        "(packages)                not begun",
        "",
        "rds: as it was",
        "a note",
    ]
    assert summary(result, "deployed to") == (
        "deployed to dev (account 123456789012, us-east-1): 1 created, 1 failed, (packages) not begun"
    )
    assert not result.complete
    content = data(result, 2)
    assert content["components"][0] == {
        "name": "vpc",
        "stack": "demo-dev-vpc",
        "result": "created",
        "resources": 26,
        "seconds": 61.2,
        "notes": [],
    }


def test_the_last_line_counts_components() -> None:
    """What is done between them is no component; it is told if it is not done."""

    def last(packages: State) -> str:
        rows = [Row("artifacts", "demo-dev-artifacts", "created"), Row("(packages)", "", packages)]
        return summary(Result("dev", "us-east-1", "123456789012", [*rows, Row("work", "demo-dev-work", "created")]), "")

    assert last("done") == " dev (account 123456789012, us-east-1): 2 created"
    assert last("failed") == " dev (account 123456789012, us-east-1): 2 created, (packages) failed"
