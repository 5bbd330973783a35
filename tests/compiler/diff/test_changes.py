"""What a change of the spec does to resources, on snippets."""

from __future__ import annotations

import pytest
import support_diff
from support import one
from support_diff import changes, compiled, entries

from lenie.compiler.diff.against import against
from lenie.compiler.diff.deep import MISSING
from lenie.compiler.diff.model import Action, Comparison, summary

QUEUE = "documents: {kind: queue, retention: 4d}\n"


def compare(old: str, new: str, **frame: object) -> Comparison:
    return against(compiled(old, **frame), compiled(new, **frame), ("main", "spec.yaml"))


def test_nothing() -> None:
    found = compare(one(QUEUE), one(QUEUE))
    assert (found.changes, found.notes, found.same) == ((), (), 2)


def test_comments_and_order_of_the_spec_are_no_change() -> None:
    other = "news: {kind: queue, retention: 2d}\n"
    assert changes(one(QUEUE + other), one("# another order\n" + other + QUEUE)) == {}


def test_added_and_removed() -> None:
    found = changes(one(QUEUE), one("news: {kind: queue, retention: 2d}\n"))
    assert {name: change.action for name, change in found.items()} == {
        "NewsQueue": Action.ADDED,
        "NewsQueuePolicy": Action.ADDED,
        "DocumentsQueue": Action.REMOVED,
        "DocumentsQueuePolicy": Action.REMOVED,
    }
    assert found["DocumentsQueue"].notes == ("it is deleted (DeletionPolicy Delete)",)
    assert found["NewsQueue"].place == found["DocumentsQueue"].place == "spec.yaml:26"


def test_a_property_with_its_place() -> None:
    found = changes(one(QUEUE), one("# moved down\n" + QUEUE.replace("4d", "5d")))
    (change,) = found.values()
    assert change.action is Action.CHANGED
    (entry,) = change.properties
    assert (entry.path, entry.old, entry.new, entry.effect) == ("MessageRetentionPeriod", 345600, 432000, "")
    assert entry.place == "spec.yaml:27"


def test_a_property_comes_or_goes() -> None:
    other = "news: {kind: queue, retention: 9d}\n"
    bigger = QUEUE.replace("4d", "4d, dead-letter: {queue: news, after: 5}")
    (came,) = changes(one(other + QUEUE), one(other + bigger))["DocumentsQueue"].properties
    (went,) = changes(one(other + bigger), one(other + QUEUE))["DocumentsQueue"].properties
    policy = {"deadLetterTargetArn": "${NewsQueue.Arn}", "maxReceiveCount": 5}
    assert (came.path, came.old, came.new) == ("RedrivePolicy", MISSING, policy)
    assert (went.path, went.old, went.new) == ("RedrivePolicy", policy, MISSING)


def test_another_name_replaces() -> None:
    found = changes(one(QUEUE), one(QUEUE.replace("4d", "4d, name: 'papers-${env.name}'")))
    change = found["DocumentsQueue"]
    assert change.action is Action.REPLACED
    assert entries(change)["QueueName"].effect == "always"
    assert entries(change)["QueueName"].old == "demo-${env.name}-documents"
    assert change.notes == ("the old one is deleted (UpdateReplacePolicy Delete)",)


def test_what_is_kept_says_so() -> None:
    bucket = "website: {kind: bucket}\n"
    removed = changes(one(bucket + QUEUE), one(QUEUE))["WebsiteBucket"]
    assert removed.action is Action.REMOVED
    assert removed.notes == ("it is kept, outside of the stack (DeletionPolicy RetainExceptOnCreate)",)
    replaced = changes(one(bucket), one("website: {kind: bucket, name: 'other-${env.name}'}\n"))["WebsiteBucket"]
    assert replaced.notes == ("the old one is kept, outside of the stack (UpdateReplacePolicy Retain)",)


NETWORK = """\
vpc:
  kind: network
  cidr: 10.0.0.0/16
  subnets: {private: {cidrs: [10.0.1.0/24, 10.0.2.0/24]}}
inside: {kind: security-group, network: vpc, description: Inside}
"""
WORKER = """\
workers:
  layer: base
  resources:
    artifacts: {kind: bucket, purpose: artifacts}
    worker: {kind: function, network: {subnets: vpc.private, security-groups: [inside]}}
"""


def test_a_replacement_is_followed_through_references_and_components() -> None:
    old = one(NETWORK) + WORKER
    found = changes(old, old.replace("10.0.", "10.1."))
    assert found["Vpc"].action is Action.REPLACED
    group = found["InsideSecurityGroup"]
    assert group.action is Action.REPLACED
    (entry,) = group.properties
    assert (entry.path, entry.effect, entry.because) == ("VpcId", "always", "Vpc is replaced")
    assert (entry.old, entry.new) == ("${Vpc}", "${Vpc}")
    function = found["WorkerFunction"]
    assert function.action is Action.CHANGED
    by_path = entries(function)
    assert by_path["VpcConfig.SecurityGroupIds[0]"].because == "InsideSecurityGroup of main is replaced"
    assert by_path["VpcConfig.SubnetIds[1]"].because == "VpcPrivateSubnetB of main is replaced"
    assert by_path["VpcConfig.SubnetIds[1]"].effect == ""
    assert "WorkerRole" not in found
    # A name that follows from another resource is no name that is kept.
    assert not [note for change in found.values() for note in change.notes if "keeps its name" in note]


def test_what_is_only_changed_starts_no_replacement() -> None:
    """A queue that changes in place keeps its address: whoever refers to it is not touched."""
    old = one(QUEUE + "news: {kind: queue, dead-letter: {queue: documents, after: 5}}\n")
    assert list(changes(old, old.replace("4d", "5d"))) == ["DocumentsQueue"]


INSTANCE = """\
vpc:
  kind: network
  cidr: 10.0.0.0/16
  subnets: {public: {cidrs: [10.0.1.0/24], public: true}}
bastion:
  kind: instance
  type: t3.micro
  hours: 10
  image: amazon-linux-2023
  disk: 8GB
  subnet: vpc.public-a
  ingress: {22/tcp: 203.0.113.0/24}
  setup: |
    #!/bin/bash
    dnf upgrade --assumeyes
  publish: [id]
"""


def test_what_may_replace_is_uncertain_for_others_too() -> None:
    found = changes(one(INSTANCE), one(INSTANCE.replace("--assumeyes", "--assumeyes --refresh")))
    change = found["BastionInstance"]
    assert change.action is Action.MAY_REPLACE
    (entry,) = change.properties
    assert (entry.path, entry.effect) == ("UserData.Base64", "maybe")
    assert change.notes[0].startswith("the old one would be deleted")
    # Its published id may be another one then, but that is not sure, and replaces nothing.
    assert list(found) == ["BastionInstance"]


def test_a_name_that_is_kept_stops_a_replacement() -> None:
    old = one("documents: {kind: queue, retention: 4d, name: 'papers-${env.name}'}\n")
    graph, tree = compiled(old)
    other, _ = compiled(old)
    other.components["main"].resources["DocumentsQueue"].properties["FifoQueue"] = True
    change = against((graph, tree), (other, tree), ("main", "spec.yaml")).changes[0]
    assert (change.logical_id, change.action) == ("DocumentsQueue", Action.REPLACED)
    assert change.notes[1] == (
        "it keeps its name papers-${env.name} (QueueName), which two cannot have: "
        "CloudFormation refuses to replace it unless the name changes, too"
    )


def test_a_name_that_is_still_there_stops_another_resource() -> None:
    named = "{{kind: queue, retention: 4d, name: 'papers-${{env.name}}'{}}}\n"
    found = changes(one("documents: " + named.format("")), one("papers: " + named.format("")))
    assert found["PapersQueue"].notes == (
        "main.DocumentsQueue still has the name papers-${env.name} (QueueName) when this one is made, and two cannot "
        "have it: CloudFormation refuses that unless the name changes, too",
    )
    other = changes(one("documents: " + named.format("")), one("papers: {kind: queue, retention: 4d}\n"))
    assert other["PapersQueue"].notes == ()


@pytest.mark.parametrize(
    ("source", "target", "more", "note"),
    [
        # The stack of the first deletes it, if it is updated first; both at once are refused.
        ("first", "second", "", "has the name {} until first is deployed: deploy first first and second after it"),
        ("second", "first", "", "still has the name {}"),
        ("first", "second", ", on-delete: retain", "still has the name {}"),
        ("second", "first", ", on-delete: retain", "still has the name {}"),
    ],
)
def test_a_name_in_another_component(source: str, target: str, more: str, note: str) -> None:
    raw = f"thing: {{kind: cloudformation, type: AWS::SQS::Queue, properties: {{QueueName: 'x-${{env.name}}'}}{more}}}"
    keep = "{}: {{kind: parameter, path: {}, value: x}}"

    def components(place: str) -> str:
        return "".join(
            f"{name}:\n  layer: base\n  resources:\n    {keep.format(f'{name}-note', name)}\n"
            + (f"    {raw}\n" if name == place else "")
            for name in ("first", "second")
        )

    change = changes(components(source), components(target))["ThingResource"]
    assert change.action is Action.MOVED
    assert f"{source}.ThingResource {note.format('x-${env.name} (QueueName)')}" in change.notes[-1]


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (True, False, "the stacks of prod lose their protection from deletion"),
        (False, True, "the stacks of prod are protected from deletion now"),
    ],
)
def test_the_protection_of_an_environment(old: bool, new: bool, note: str) -> None:
    frame = {"dev": {"production": False}}
    sides = [compiled(one(QUEUE), environments={**frame, "prod": {"production": value}}) for value in (old, new)]
    found = against(sides[0], sides[1], ("main", "spec.yaml"))
    assert (found.changes, found.notes) == ((), (note,))
    assert found.fails("change") is True
    assert found.fails("remove") is False
    assert against(sides[0], sides[1], ("main", "spec.yaml"), environment="dev").notes == ()


def test_another_type_under_the_same_id() -> None:
    raw = "thing: {{kind: cloudformation, type: {}, properties: {{Description: d}}}}\n"
    old, new = (one(raw.format(name)) for name in ("AWS::SSM::Document", "AWS::KMS::Key"))
    (change,) = changes(old, new).values()
    assert change.action is Action.REPLACED
    assert "CloudFormation refuses another type under the same logical id" in change.notes[0]


def test_attributes_of_a_resource() -> None:
    graph, tree = compiled(one(QUEUE + "news: {kind: queue, retention: 2d}\n"))
    other, _ = compiled(one(QUEUE + "news: {kind: queue, retention: 2d}\n"))
    queue = other.components["main"].resources["DocumentsQueue"]
    queue.deletion_policy, queue.depends_on = "Retain", ("NewsQueue",)
    (change,) = against((graph, tree), (other, tree), ("main", "spec.yaml")).changes
    assert change.action is Action.CHANGED
    assert [(e.path, e.old, e.new) for e in change.properties] == [
        ("DependsOn", MISSING, ["NewsQueue"]),
        ("DeletionPolicy", MISSING, "Retain"),
    ]


def test_a_deployment_follows_its_body() -> None:
    api = """\
    artifacts: {kind: bucket, purpose: artifacts}
    size: {kind: function}
    account: {kind: api-account}
    app: {kind: api, routes: {GET /size: size}, description: One}
    """
    found = changes(one(api), one(api.replace("GET /size", "GET /sizes")))
    deployment = next(change for change in found.values() if change.type == "AWS::ApiGateway::Deployment")
    assert deployment.action is Action.REPLACED
    assert deployment.notes[0] == "what it is a snapshot of has changed, so a new one is made"
    stage = next(change for change in found.values() if change.type == "AWS::ApiGateway::Stage")
    assert stage.action is Action.CHANGED
    assert "DeploymentId" in entries(stage)


TABLE = "orders:\n  kind: table\n  key: {%s}\n  indexes: {%s}\n"
KEY = "customer: string, placed: number"
BY_STATE = "by-state: {state: string, placed: number}"


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (BY_STATE, f"{BY_STATE}, by-day: {{day: string}}", ""),
        (f"{BY_STATE}, by-day: {{day: string}}", BY_STATE, ""),
        (BY_STATE, f"{BY_STATE}, by-day: {{day: string}}, by-shop: {{shop: string}}", "it creates by-day, by-shop: "),
        (BY_STATE, "by-state: {state: string, customer: string}", "it deletes by-state and creates by-state: "),
        (BY_STATE, "by-day: {day: string}", "it deletes by-state and creates by-day: "),
    ],
)
def test_an_update_makes_or_deletes_one_index(old: str, new: str, note: str) -> None:
    (change,) = changes(one(TABLE % (KEY, old)), one(TABLE % (KEY, new))).values()
    assert change.action is Action.CHANGED
    assert [text.partition("CloudFormation refuses an update")[0] for text in change.notes] == ([note] if note else [])


def test_attributes_of_keys_are_a_set() -> None:
    (change,) = changes(one(TABLE % (KEY, BY_STATE)), one(TABLE % ("customer: string, id: string", BY_STATE))).values()
    assert list(entries(change)) == ["AttributeDefinitions[id]", "KeySchema[placed]", "KeySchema[id]"]


TWO = "first:\n  layer: base\n  resources: {%s}\nsecond:\n  layer: base\n  resources: {%s}\n"
SHARED = "documents: {kind: queue, retention: 4d}"
OTHER = "news: {kind: queue, retention: 2d}"
THIRD = "extra: {kind: queue, retention: 1d}"


def test_moved_to_another_component() -> None:
    found = compare(TWO % (f"{SHARED}, {OTHER}", THIRD), TWO % (OTHER, f"{THIRD}, {SHARED}"))
    assert {(c.logical_id, c.action, c.component, c.moved_to) for c in found.changes} == {
        ("DocumentsQueue", Action.MOVED, "first", "second"),
        ("DocumentsQueuePolicy", Action.MOVED, "first", "second"),
    }
    queue = found.changes[0]
    # Its policy moves along, so nothing in it is another.
    assert [change.properties for change in found.changes] == [(), ()]
    assert queue.notes[0].startswith("a new one is made in second, and the one in first is deleted")
    assert found.same == 4
    (only, _) = against(
        compiled(TWO % (f"{SHARED}, {OTHER}", THIRD)),
        compiled(TWO % (OTHER, f"{THIRD}, {SHARED}")),
        ("main", "spec.yaml"),
        component="second",
    ).changes
    assert only == queue


def test_components_that_come_and_go() -> None:
    found = compare(
        f"first:\n  layer: base\n  resources: {{{SHARED}}}\n", f"other:\n  layer: base\n  resources: {{{OTHER}}}\n"
    )
    assert found.notes == (
        "component first is gone: delete its stack demo-<environment>-first, "
        "which CloudFormation does not do by itself",
        "component other is new",
    )
    assert summary(found) == "2 removed, 2 added"


@pytest.mark.parametrize(("what", "here", "there"), [("region", "us-east-1", "eu-west-1"), ("project", "demo", "shop")])
def test_another_region_or_project_is_told_once(what: str, here: str, there: str) -> None:
    found = against(compiled(one(QUEUE), **{what: here}), compiled(one(QUEUE), **{what: there}), ("main", "spec.yaml"))
    assert found.notes == (
        f"the {what} is {there}, and was {here}: all stacks are made anew, and those of {here} stay until they are "
        "deleted",
    )
    assert {change.action for change in found.changes} == {Action.REPLACED}


def test_a_component_of_another_scope_is_another_stack() -> None:
    queue = "documents: {kind: queue, name: papers}\n"
    only = {"dev": {"production": False}}
    old = compiled(one(queue), environments=only)
    new = compiled(one(queue, scope="account"), environments=only)
    found = {c.logical_id: c for c in against(old, new, ("main", "spec.yaml")).changes}
    change = found["DocumentsQueue"]
    assert change.action is Action.REPLACED
    assert change.notes[0] == (
        "its component is deployed as another stack: demo-main in us-east-1; "
        "demo-${env.name}-main in us-east-1 stays until it is deleted"
    )
    assert "keeps its name papers" in change.notes[1]
    assert len(change.notes) == 2


def test_only_some_environments() -> None:
    frame = {
        "parameters": {
            "days": {"type": "text", "default": "a", "values": {"prod": "b"}, "description": "d"},
        }
    }
    text = one("topic: {kind: parameter, path: x, value: '${param.days}'}\n")
    other = {"parameters": {"days": {**frame["parameters"]["days"], "values": {"prod": "c"}}}}
    found = against(compiled(text, **frame), compiled(text, **other), ("main", "spec.yaml"))
    (change,) = found.changes
    assert change.environments == ("prod",)
    assert [(e.path, e.old, e.new) for e in change.properties] == [("Value", "b", "c")]
    dev = against(compiled(text, **frame), compiled(text, **other), ("m", "s"), environment="dev")
    assert (dev.changes, dev.environments) == ((), ("dev",))
    default = {"parameters": {"days": {**frame["parameters"]["days"], "default": "z"}}}
    (change,) = against(compiled(text, **frame), compiled(text, **default), ("main", "spec.yaml")).changes
    assert change.environments == ("dev",)


def test_environments_that_come_and_go() -> None:
    dev, prod = {"dev": {"production": False}}, {"prod": {"production": True}}
    found = against(
        compiled(one(QUEUE), environments=dev | prod),
        compiled(one(QUEUE), environments=dev | {"qa": {"production": False}}),
        ("main", "spec.yaml"),
    )
    assert found.environments == ("dev",)
    assert found.changes == ()
    assert found.notes == (
        "environment prod is gone: nothing describes its stacks any more, and nothing deletes them",
        "environment qa is new: every resource is made there",
    )
    assert found.fails("replace") is False
    assert found.fails("remove") is True
    assert found.fails("change") is True
    only = against(compiled(one(QUEUE), environments=prod), compiled(one(QUEUE), environments=dev), ("a", "b"))
    assert (only.environments, only.same) == ((), 0)


@pytest.mark.parametrize(
    ("new", "failing"),
    [
        (QUEUE, set()),
        (QUEUE + "news: {kind: queue}\n", {"change"}),
        (QUEUE.replace("4d", "5d"), {"change"}),
        ("news: {kind: queue}\n", {"change", "remove"}),
        (QUEUE.replace("4d", "4d, name: 'papers-${env.name}'"), {"change", "remove", "replace"}),
    ],
)
def test_gates(new: str, failing: set[str]) -> None:
    found = compare(one(QUEUE), one(new))
    assert {gate for gate in ("replace", "remove", "change") if found.fails(gate)} == failing


def test_a_type_that_the_schemas_lack() -> None:
    raw = "thing: {{kind: cloudformation, type: AWS::Nothing::Thing, properties: {{Size: {}}}}}\n"
    (change,) = support_diff.changes(one(raw.format(1)), one(raw.format(2))).values()
    assert change.action is Action.CHANGED
    assert change.notes == (
        "whether this replaces it is not known: the registry's schemas have no AWS::Nothing::Thing",
    )


def test_the_order_of_tags_is_no_change() -> None:
    graph, tree = compiled(one(QUEUE))
    other, _ = compiled(one(QUEUE))
    tags = other.components["main"].resources["DocumentsQueue"].properties["Tags"]
    assert isinstance(tags, list)
    assert len(tags) > 1
    tags.reverse()
    assert against((graph, tree), (other, tree), ("main", "spec.yaml")).changes == ()
