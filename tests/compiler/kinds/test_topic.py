"""Topics: who may publish, who is told."""

from __future__ import annotations

from typing import Any

from support import ARTIFACTS, compile_snippet, errors, of_type, one, properties, schema_faults

from lenie.compiler.expressions import AttributeOf, ParameterItem, ParameterValue, Pseudo
from lenie.compiler.graph import Graph

PARAMETERS = {
    "mail": {"type": "email", "default": "a@example.com", "description": "Mail"},
    "team": {"type": "list(email)", "default": ["b@example.com", "c@example.com"], "description": "Team"},
}
SPEC = ("components", "main", "resources", "problems")
TOPIC = AttributeOf("main", "ProblemsTopic", "Ref")


def built(fields: str = "", more: str = "") -> Graph:
    graph = compile_snippet(one(f"problems: {{kind: topic{fields}}}\n{more}"), parameters=PARAMETERS)
    assert schema_faults(graph) == []
    return graph


def statement(sid: str) -> Any:
    policy: Any = properties(built(), "ProblemsTopicPolicy")["PolicyDocument"]
    (found,) = [s for s in policy["Statement"] if s["Sid"] == sid]
    return found


def test_encrypted_unless_said_otherwise() -> None:
    assert properties(built(), "ProblemsTopic")["KmsMasterKeyId"] == "alias/aws/sns"
    waived = ", encrypted: false, waive: {E324: nothing secret passes}"
    assert "KmsMasterKeyId" not in properties(built(waived), "ProblemsTopic")


def test_no_message_without_tls() -> None:
    found = statement("DenyInsecureTransport")
    assert (found["Effect"], found["Action"], found["Resource"]) == ("Deny", "sns:Publish", TOPIC)
    assert found["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_alarms_of_this_account_may_publish() -> None:
    found = statement("AlarmsOfThisAccount")
    assert found["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert (found["Action"], found["Resource"]) == ("sns:Publish", TOPIC)
    assert found["Condition"]["StringEquals"] == {"aws:SourceAccount": Pseudo("account")}
    assert found["Condition"]["ArnLike"]["aws:SourceArn"].parts[-2:] == (Pseudo("account"), ":alarm:*")


def test_one_subscription_for_each_address() -> None:
    graph = built(', email: ["${param.mail}", "${param.team}", d@example.com]')
    found = of_type(graph, "AWS::SNS::Subscription")
    assert [(r.logical_id, r.properties["Endpoint"]) for r in found] == [
        ("ProblemsEmailSubscription", ParameterValue("mail")),
        ("ProblemsEmailSubscription2", ParameterItem("team", 0)),
        ("ProblemsEmailSubscription3", ParameterItem("team", 1)),
        ("ProblemsEmailSubscription4", "d@example.com"),
    ]
    assert {r.properties["Protocol"] for r in found} == {"email"}
    assert found[2].origin(("Endpoint",)) == (*SPEC, "email", 1)


def test_attributes() -> None:
    exports = built(", publish: [arn, name]").components["main"].exports
    assert {e.path: e.source for e in exports.values()} == {
        "sns/problems/arn": TOPIC,
        "sns/problems/name": AttributeOf("main", "ProblemsTopic", "TopicName"),
    }


def test_publish() -> None:
    graph = built("", ARTIFACTS + "f: {kind: function, access: {problems: publish}}\n")
    role: Any = properties(graph, "FRole")
    found = role["Policies"][0]["PolicyDocument"]["Statement"][0]
    assert (found["Action"], found["Resource"]) == ("sns:Publish", TOPIC)


def test_wrong_address() -> None:
    found = errors(one("problems: {kind: topic, email: [someone]}"))
    assert [f[:3] for f in found] == [("E203", '"someone" is no e-mail address', "someone")]
