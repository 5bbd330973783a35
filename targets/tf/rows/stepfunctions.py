"""Step Functions: state machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import Value
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument
from lenie.targets.tf.row import Items, Made, Nested, Refused, Row

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema


def _destination(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the one log group: CloudFormation has a list of one."""
    if not isinstance(value, list) or len(value) != 1:
        out.problem(at, "a state machine logs to one log group", "write a list of one")
        return
    group = out.map(out.map(value[0], (*at, 0)).get("CloudWatchLogsLogGroup", {}), (*at, 0))
    where = (*at, 0, "CloudWatchLogsLogGroup", "LogGroupArn")
    yield Argument("log_destination", out.typed("string", group.get("LogGroupArn", ""), (*at, 0)), where)


_ELSEWHERE = Refused("the provider takes the definition as a text")

ROWS = {
    "AWS::StepFunctions::StateMachine": Row(
        "aws_sfn_state_machine",
        {
            "StateMachineName": "name",
            "StateMachineType": "type",
            "DefinitionString": "definition",
            "DefinitionS3Location": _ELSEWHERE,
            "DefinitionSubstitutions": _ELSEWHERE,
            "LoggingConfiguration": Nested("logging_configuration", {"Destinations": Made(_destination, "one text")}),
        },
        {"Ref": "arn", "Arn": "arn", "Name": "name"},
    ),
}
