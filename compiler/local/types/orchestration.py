"""AWS Step Functions and Amazon EventBridge Scheduler."""

from __future__ import annotations

from lenie.compiler.local.types.base import (
    Context,
    Json,
    ResourceType,
    camel,
    differing,
    pascal,
    pick,
    tag_changes,
    text,
)


class StateMachine(ResourceType):
    """A state machine; its id is its ARN."""

    name = "AWS::StepFunctions::StateMachine"
    _SETTINGS = ("LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration")
    properties = frozenset(
        {
            "Definition",
            "DefinitionString",
            "DefinitionSubstitutions",
            "RoleArn",
            "StateMachineName",
            "StateMachineType",
            "Tags",
            *_SETTINGS,
        }
    )
    required = frozenset({"RoleArn"})
    returns = frozenset({"Arn", "Name"})
    #: They are in the definition when it is made.
    unread = frozenset({"DefinitionSubstitutions"})

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call(
            "stepfunctions",
            "create_state_machine",
            name=wanted.get("StateMachineName") or at.name(80),
            definition=_definition(wanted),
            roleArn=wanted["RoleArn"],
            type=wanted.get("StateMachineType"),
            tags=camel(wanted.get("Tags")),
            **camel(pick(wanted, *self._SETTINGS)),
        )
        return at.created(str(made["stateMachineArn"]))

    def existing(self, at: Context, wanted: Json) -> str:
        name = wanted.get("StateMachineName")
        return at.arn("states", f"stateMachine:{name}") if name else ""

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("stepfunctions", "describe_state_machine", stateMachineArn=id)
        if found is None:
            return None
        tags = at.call("stepfunctions", "list_tags_for_resource", resourceArn=id)["tags"]
        settings = pascal(pick(found, *camel(dict.fromkeys(self._SETTINGS))))
        return {
            **settings,
            "Definition": found["definition"],
            "DefinitionString": found["definition"],
            "RoleArn": found["roleArn"],
            "StateMachineName": found["name"],
            "StateMachineType": found["type"],
            "Tags": pascal(tags),
        }

    def attributes(self, at: Context, id: str) -> Json:
        return {"Arn": id, "Name": id.rpartition(":")[2]}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if differing(wanted, before) - {"Tags"}:
            settings = camel(pick(wanted, *self._SETTINGS))
            for name, empty in (
                ("LoggingConfiguration", {"level": "OFF"}),
                ("TracingConfiguration", {"enabled": False}),
            ):
                if name in before and name not in wanted:
                    settings[name[:1].lower() + name[1:]] = empty
            given = {"definition": _definition(wanted), "roleArn": wanted["RoleArn"], **settings}
            at.call("stepfunctions", "update_state_machine", stateMachineArn=id, **given)
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("stepfunctions", "untag_resource", resourceArn=id, tagKeys=gone)
        if new:
            tags = [{"key": key, "value": value} for key, value in new.items()]
            at.call("stepfunctions", "tag_resource", resourceArn=id, tags=tags)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("stepfunctions", "delete_state_machine", stateMachineArn=id)


def _definition(wanted: Json) -> str:
    """Return the definition with its substitutions."""
    found = text(wanted.get("DefinitionString", wanted.get("Definition"))) or ""
    for name, value in (wanted.get("DefinitionSubstitutions") or {}).items():
        found = found.replace(f"${{{name}}}", str(value))
    return found


class Schedule(ResourceType):
    """A schedule; its id is its name. It has no tags: its group has."""

    name = "AWS::Scheduler::Schedule"
    _PLAIN = (
        "Description",
        "EndDate",
        "FlexibleTimeWindow",
        "KmsKeyArn",
        "ScheduleExpression",
        "ScheduleExpressionTimezone",
        "StartDate",
        "State",
        "Target",
    )
    properties = frozenset({*_PLAIN, "Name", "GroupName"})
    required = frozenset({"FlexibleTimeWindow", "ScheduleExpression", "Target"})
    returns = frozenset({"Arn"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("Name") or at.name(64))
        at.call("scheduler", "create_schedule", Name=name, **pick(wanted, *self._PLAIN, "GroupName"))
        return at.created(self._id(wanted, name))

    def existing(self, at: Context, wanted: Json) -> str:
        return self._id(wanted, wanted["Name"]) if "Name" in wanted else ""

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("scheduler", "get_schedule", **self._where(id))
        return None if found is None else pick(found, *self._PLAIN, "Name", "GroupName")

    def reference(self, at: Context, id: str) -> str:
        return id.rpartition("|")[2]

    def attributes(self, at: Context, id: str) -> Json:
        return pick(at.call("scheduler", "get_schedule", **self._where(id)), "Arn")

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        at.call("scheduler", "update_schedule", **self._where(id), **pick(wanted, *self._PLAIN))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("scheduler", "delete_schedule", **self._where(id))

    @staticmethod
    def _id(wanted: Json, name: str) -> str:
        return f"{wanted['GroupName']}|{name}" if "GroupName" in wanted else name

    @staticmethod
    def _where(id: str) -> Json:
        group, bar, name = id.rpartition("|")
        return {"Name": name, **({"GroupName": group} if bar else {})}
