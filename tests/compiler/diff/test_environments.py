"""What differs between environments: values, where they come from, and what only a name makes differ."""

from __future__ import annotations

from support import one
from support_diff import compiled

from lenie.compiler.diff.deep import MISSING
from lenie.compiler.diff.environments import environments
from lenie.compiler.diff.text import headline

SPEC = one(
    """\
    documents: {kind: queue, name: "demo-${env.name}-${env.domain}", retention: 4d}
    table: {kind: table, key: {id: text}, recovery: "${env.production}"}
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


def found(one: str, other: str, **options: bool) -> dict[str, tuple[object, object, str, str]]:
    graph, tree = compiled(SPEC, parameters=PARAMETERS, environments=ENVIRONMENTS)
    result = environments(graph, tree, (one, other), **options)  # type: ignore[arg-type]
    return {
        f"{change.logical_id}.{entry.path}": (entry.old, entry.new, entry.source, entry.place)
        for change in result.changes
        for entry in change.properties
    }


def test_values_with_their_source_and_place() -> None:
    assert found("dev", "prod") == {
        "DocumentsQueue.QueueName": (
            "demo-${env.name}-blue",
            "demo-${env.name}-green",
            "setting Domain",
            "spec.yaml:38",
        ),
        "TableTable.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": (
            False,
            True,
            "setting Production",
            "spec.yaml:39",
        ),
        "NewsSubscription.Endpoint": ("dev@example.com", "prod@example.com", "parameter email", "spec.yaml:40"),
    }
