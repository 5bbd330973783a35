"""An alarm: CloudWatch tells a topic when something that is watched goes wrong."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, Field

from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.naming import pascal
from lenie.compiler.place import Lowering
from lenie.compiler.types import Faults, Reference, Text, To, fault, faults_at


class Metric(NamedTuple):
    """A metric that should stay 0. `statistic` tells how its values in five minutes become one."""

    name: str
    statistic: str
    words: str


class Watched(NamedTuple):
    """What of a kind can be watched: its namespace, the dimension with the attribute that fills it, and conditions."""

    namespace: str
    dimension: str
    attribute: str
    conditions: Mapping[str, Metric]


#: Kind -> what can be watched of it. Sources: AWS Step Functions Developer Guide, "Monitoring Step Functions metrics";
#: Amazon SQS Developer Guide, "Available CloudWatch metrics"; AWS Lambda Developer Guide, "Using CloudWatch metrics".
WATCHED: Mapping[str, Watched] = {
    "workflow": Watched(
        "AWS/States",
        "StateMachineArn",
        "arn",
        {
            "failed": Metric("ExecutionsFailed", "Sum", "an execution failed"),
            "timed-out": Metric("ExecutionsTimedOut", "Sum", "an execution took too long"),
            "aborted": Metric("ExecutionsAborted", "Sum", "an execution was aborted"),
        },
    ),
    "queue": Watched(
        "AWS/SQS",
        "QueueName",
        "name",
        {"not-empty": Metric("ApproximateNumberOfMessagesVisible", "Maximum", "messages are waiting")},
    ),
    "function": Watched(
        "AWS/Lambda",
        "FunctionName",
        "name",
        {
            "errors": Metric("Errors", "Sum", "a call ended in an error"),
            "throttles": Metric("Throttles", "Sum", "a call was refused for lack of concurrency"),
        },
    ),
}
PERIOD = 300
_ALL = sorted({name for watched in WATCHED.values() for name in watched.conditions})


def _once(conditions: list[str]) -> list[str]:
    faults: Faults = [
        ((index,), fault(f'"{condition}" is there twice', "remove one of the two"))
        for index, condition in enumerate(conditions)
        if condition in conditions[:index]
    ]
    if faults:
        raise faults_at(faults)
    return conditions


class Alarm(Resource):
    """One CloudWatch alarm for each condition in `when`. No data means that nothing happened, and so no alarm.

    Source: AWS::CloudWatch::Alarm (CloudFormation template reference).
    """

    FOLDER: ClassVar[str] = "alarm/{name}"

    kind: Literal["alarm"]
    watch: Annotated[Reference, To(*WATCHED)]
    when: Annotated[
        list[Annotated[str, Field(json_schema_extra={"enum": _ALL})]], Field(min_length=1), AfterValidator(_once)
    ]
    notify: Annotated[Reference, To("topic")]
    description: Text | None = None

    def attributes(self) -> Mapping[str, Attribute]:
        """Return the ARN of each condition's alarm: ``failed-arn``."""
        return {f"{condition}-arn": Attribute(f"{pascal(condition)}Alarm", "Arn") for condition in self.when}

    def lower(self, out: Lowering) -> None:
        """Add an alarm for each condition that the watched kind has (rule E327 refuses others)."""
        watched = WATCHED[out.program.declarations[self.watch.name].model.kind]
        topic = out.attribute(self.notify, "arn")
        for index, condition in enumerate(self.when):
            metric = watched.conditions.get(condition)
            if metric is None:
                continue
            dimension = {"Name": watched.dimension, "Value": out.attribute(self.watch, watched.attribute)}
            given = out.text(self.description)
            out.add(
                f"{pascal(condition)}Alarm",
                "AWS::CloudWatch::Alarm",
                {
                    "AlarmName": out.name(None, f"-{condition}"),
                    "AlarmDescription": out.at("description", given or f"{self.watch.name}: {metric.words}"),
                    "Namespace": watched.namespace,
                    "MetricName": out.at(("when", index), metric.name),
                    "Dimensions": out.at("watch", [dimension]),
                    "Statistic": metric.statistic,
                    "Period": PERIOD,
                    "EvaluationPeriods": 1,
                    "ComparisonOperator": "GreaterThanThreshold",
                    "Threshold": 0,
                    "TreatMissingData": "notBreaching",
                    "AlarmActions": out.at("notify", [topic]),
                },
                path=out.declaration.at("when", index),
            )


KIND = Alarm
