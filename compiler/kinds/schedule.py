"""A schedule: EventBridge Scheduler starts a workflow or calls a function at given times."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from lenie.compiler.expressions import JsonText
from lenie.compiler.iam import Statement, role, same_account
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import Lowering
from lenie.compiler.types import Data, Parsed, Reference, Text, To, fault

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
#: Name, least and greatest value of each field of a cron expression, with the names that stand for numbers.
#: Source: EventBridge Scheduler User Guide, "Schedule types in EventBridge Scheduler" (cron-based schedules).
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minutes", 0, 59, ()),
    ("hours", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 1, 7, _WEEKDAYS),
    ("year", 1970, 2199, ()),
)
_PART = re.compile(r"(?:\*|(?P<low>[0-9]+)(?:-(?P<high>[0-9]+))?)(?:/(?P<step>[1-9][0-9]*))?")
_SPECIAL = {
    "day of the month": re.compile(r"\?|L|LW|L-[0-9]+|([1-9]|[12][0-9]|3[01])W"),
    "day of the week": re.compile(r"\?|L|[1-7]L|[1-7]#[1-5]"),
}
_ORDER = "minutes hours day-of-month month day-of-week year: 0 5 * * ? * is every day at five"
#: What the action's permission is called, by kind of the target.
_ACTIONS = {"workflow": "states:StartExecution", "function": "lambda:InvokeFunction"}


def parse_cron(value: Any) -> str:
    """Return a cron expression of six fields, as EventBridge Scheduler reads it (without ``cron()``)."""
    if not isinstance(value, str):
        raise fault("a cron expression is wanted here", _ORDER)
    text = value.strip()
    if text.startswith("cron(") and text.endswith(")"):
        raise fault("the expression stands without cron()", f"write {text[5:-1]}")
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise fault(f"a cron expression has 6 fields, here are {len(fields)}", _ORDER)
    for given, (name, low, high, names) in zip(fields, _FIELDS, strict=True):
        numbered = given
        for number, word in enumerate(names, 1):
            numbered = re.sub(rf"\b{word}\b", str(number), numbered, flags=re.IGNORECASE)
        special = _SPECIAL.get(name)
        if special is not None and special.fullmatch(numbered):
            continue
        for part in numbered.split(","):
            if not _fits(part, low, high):
                help = f"possible: {low} to {high}, *, lists 1,2, ranges 1-5, steps */10"
                raise fault(f'"{given}" is no {name}', help)
    if (fields[2] == "?") == (fields[4] == "?"):
        raise fault(
            "one of day of the month and day of the week is ?, and the other is not",
            "write ? for the one that does not matter",
        )
    return " ".join(fields)


def _fits(part: str, low: int, high: int) -> bool:
    match = _PART.fullmatch(part)
    if match is None:
        return False
    first, last = match.group("low"), match.group("high")
    numbers = [int(number) for number in (first, last) if number is not None]
    return all(low <= number <= high for number in numbers) and numbers == sorted(numbers)


def parse_timezone(value: Any) -> str:
    """Return the name of a time zone, as in the IANA time zone database: ``Europe/Warsaw``."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    if not isinstance(value, str) or not value:
        raise fault("a time zone is wanted here", "write it as in the IANA database: Europe/Warsaw")
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        from lenie.compiler.diagnostics import suggest

        known = available_timezones()
        if known:  # a system without the database can tell nothing
            near = suggest(value, known)
            help = near if near.startswith("did") else "write it as in the IANA database: Europe/Warsaw"
            raise fault(f'there is no time zone "{value}"', help) from None
    return value


def _check_input(value: Any) -> Any:
    if not isinstance(value, dict):
        raise fault("a map is wanted here", "write {Key: value}")
    return value


class Schedule(Resource):
    """A schedule in a time zone, so that it follows summer time. What could not be started goes to `dead-letter`.

    Source: AWS::Scheduler::Schedule (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "arn": Attribute("Schedule", "Arn"),
        "name": Attribute("Schedule"),
    }
    FOLDER: ClassVar[str] = "schedule/{name}"

    kind: Literal["schedule"]
    name: Text | None = None
    description: Text | None = None
    target: Annotated[Reference, To("workflow", "function")]
    cron: Annotated[str, Parsed(parse_cron, {"type": "string", "description": _ORDER})]
    timezone: Annotated[str, Parsed(parse_timezone, {"type": "string", "description": "IANA time zone"})] = "UTC"
    input: Annotated[Data, AfterValidator(_check_input)] = {}
    dead_letter: Annotated[Reference, To("queue")] | None = None

    def lower(self, out: Lowering) -> None:
        """Add the schedule, and a role that may start its target and fill its dead-letter queue."""
        arn = out.attribute(self.target, "arn")
        kind = out.program.declarations[self.target.name].model.kind
        start = Statement("StartTarget", (_ACTIONS[kind],), (arn,), path=out.declaration.at("target"))
        statements = [start]
        queue = None
        if self.dead_letter is not None:
            queue = out.attribute(self.dead_letter, "arn")
            path = out.declaration.at("dead-letter")
            statements.append(Statement("KeepFailures", ("sqs:SendMessage",), (queue,), path=path))
        schedule = {
            "Name": out.at("name", out.name(self.name)),
            "Description": out.at("description", out.text(self.description)),
            "State": "ENABLED",
            "ScheduleExpression": out.at("cron", f"cron({self.cron})"),
            "ScheduleExpressionTimezone": out.at("timezone", self.timezone),
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": out.at("target", arn),
                "RoleArn": out.get("Role", "Arn"),
                "Input": out.at("input", JsonText(out.text(self.input))),
                # An hour of retries outlasts a disturbance; after it, a nightly run would meet the working day.
                "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10},
                "DeadLetterConfig": out.at("dead-letter", queue and {"Arn": queue}),
            },
        }
        role(out, "scheduler.amazonaws.com", statements, conditions=same_account())
        out.add(
            "Schedule",
            "AWS::Scheduler::Schedule",
            schedule,
            accept={"CKV_AWS_297": "The input holds names only, and a customer key costs 1 USD a month"},
        )


KIND = Schedule
