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
        ("ProblemsEmailSubscriptionac26bb05", "d@example.com"),
    ]
    assert {r.properties["Protocol"] for r in found} == {"email"}
    assert found[2].origin(("Endpoint",)) == (*SPEC, "email", 1)


def test_an_address_has_its_subscription_wherever_it_stands() -> None:
    """To subscribe it again gives what is there, which goes with the resource that had it: then nobody is told."""

    def ids(emails: str) -> dict[str, str]:
        found = of_type(built(f", email: [{emails}]"), "AWS::SNS::Subscription")
        return {str(one.properties["Endpoint"]): one.logical_id for one in found}

    three, two = ids("a@example.com, b@example.com, c@example.com"), ids("c@example.com, b@example.com")
    assert len(set(three.values())) == 3
    assert two == {address: three[address] for address in ("c@example.com", "b@example.com")}


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


def wrong(email: str, **more: Any) -> list[tuple[str, str, str]]:
    text = one(f"problems: {{kind: topic, email: {email}}}")
    return [found[:3] for found in errors(text, parameters={**PARAMETERS, **more})]


def test_wrong_address() -> None:
    assert wrong("[someone]") == [("E203", '"someone" is not an e-mail address', "someone")]


def test_an_address_twice() -> None:
    assert [found[0::2] for found in wrong("[a@example.com, b@example.com, a@example.com]")] == [
        ("E203", "a@example.com")
    ]
    assert [found[0::2] for found in wrong('["${param.mail}", "${param.mail}"]')] == [("E203", '"${param.mail}"')]


def test_parameters_hold_addresses() -> None:
    networks = {"type": "list(cidr)", "default": ["10.0.0.0/8"], "description": "Networks"}
    message = 'parameter "networks" has the type list(cidr), and an e-mail address is wanted here'
    assert wrong('["${param.networks}"]', networks=networks) == [("E304", message, "${param.networks}")]
    text = {"type": "text", "default": "a@example.com", "description": "Text", "values": {"prod": "nobody"}}
    assert wrong('["${param.text}"]', text=text) == [
        ("E304", '${param.text} can be "nobody", which is not an e-mail address', "${param.text}")
    ]
    assert wrong('["${param.text}"]', text={**text, "values": {"prod": "b@example.com"}}) == []
