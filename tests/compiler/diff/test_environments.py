"""What differs between environments: values, where they come from, and what only a name makes differ."""

from __future__ import annotations

from typing import Any

import pytest
import support
from support import one
from support_diff import compiled

from lenie.compiler.diff.deep import MISSING
from lenie.compiler.diff.environments import environments
from lenie.compiler.diff.model import Comparison
from lenie.compiler.diff.text import headline
from lenie.compiler.expressions import ParameterValue, WhenParameter

RECOVERY = "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"

SPEC = one(
    """\
    documents: {kind: queue, name: "demo-${env.name}-${env.domain}", retention: 4d}
    table: {kind: table, key: {id: string}, point-in-time-recovery: "${env.production}"}
    news: {kind: topic, email: ["${param.email}"]}
    """
)
PARAMETERS = {
    "email": {
        "type": "email",
        "default": "dev@example.com",
        "values": {"prod": "prod@example.com"},
        "description": "Who is told",
    }
}
ENVIRONMENTS = {
    "dev": {"domain": "blue", "production": False},
    "qa": {"domain": "blue", "production": False},
    "prod": {"domain": "green", "production": True},
}


def run(pair: tuple[str, str], **options: Any) -> Comparison:
    graph, tree = compiled(SPEC, parameters=PARAMETERS, environments=ENVIRONMENTS)
    return environments(graph, tree, pair, **options)


def listed(found: Comparison) -> dict[str, tuple[object, object, str]]:
    return {
        f"{change.logical_id}.{entry.path}": (entry.old, entry.new, entry.source)
        for change in found.changes
        for entry in change.properties
    }


def test_values_with_their_source_and_place() -> None:
    found = run(("dev", "prod"))
    name, recovery, endpoint = (change.properties[0] for change in found.changes)
    assert listed(found) == {
        "DocumentsQueue.QueueName": ("demo-${env.name}-blue", "demo-${env.name}-green", "setting Domain"),
        f"Table.{RECOVERY}": (False, True, "setting Production"),
        next(key for key in listed(found) if "Subscription" in key): (
            "dev@example.com",
            "prod@example.com",
            "parameter email",
        ),
    }
    line = int(name.place.partition(":")[2])
    assert [name.place, recovery.place, endpoint.place] == [f"spec.yaml:{line + n}" for n in range(3)]
    text = support.text_of(SPEC, parameters=PARAMETERS, environments=ENVIRONMENTS)
    assert "documents: {kind: queue" in text.splitlines()[line - 1]
    assert [entry.effect for entry in (name, recovery, endpoint)] == ["", "", ""]
    assert found.notes == ("the stacks of prod are protected from deletion, those of dev are not",)


def test_the_other_way_round() -> None:
    there, back = run(("dev", "prod")), run(("prod", "dev"))
    assert {key: (new, old) for key, (old, new, _) in listed(there).items()} == {
        key: (old, new) for key, (old, new, _) in listed(back).items()
    }
    assert there.notes == back.notes


def test_what_only_the_name_makes_differ_is_counted() -> None:
    found = run(("dev", "qa"))
    assert (found.changes, found.notes) == ((), ())
    assert found.by_name > 5
    whole = run(("dev", "qa"), names=True)
    assert sum(len(change.properties) for change in whole.changes) == found.by_name
    assert listed(whole)["DocumentsQueue.QueueName"][:2] == ("demo-dev-blue", "demo-qa-blue")
    assert whole.by_name == 0
    assert headline(found).startswith("dev and qa: 0 properties of 0 resources differ; ")
    assert headline(found).endswith(f"{found.by_name} more differ by the environment's name only (--all shows them)")


def test_one_component() -> None:
    assert listed(run(("dev", "prod"), component="main")) == listed(run(("dev", "prod")))
    assert listed(run(("dev", "prod"), component="other")) == {}


def test_a_property_that_one_environment_lacks() -> None:
    parameter = {"snapshot": {"type": "text", "default": "", "values": {"prod": "s1"}, "description": "Snapshot"}}
    spec = one("note: {kind: parameter, path: x, value: 'a${param.snapshot}'}\n")
    graph, tree = compiled(spec, parameters=parameter, environments=ENVIRONMENTS)
    resource = graph.components["main"].resources["NoteParameter"]
    resource.properties["AllowedPattern"] = WhenParameter("snapshot", ParameterValue("snapshot"))
    found = environments(graph, tree, ("dev", "prod"))
    assert listed(found) == {
        "NoteParameter.Value": ("a", "as1", "parameter snapshot"),
        "NoteParameter.AllowedPattern": (MISSING, "s1", "parameter snapshot"),
    }


def test_unknown_environment() -> None:
    with pytest.raises(KeyError):
        run(("dev", "prd"))
