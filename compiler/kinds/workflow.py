"""A workflow: Step Functions state machine, with a role that allows what `access` says, and logs."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from lenie.compiler.expressions import JsonText, Value, as_part, interpolate
from lenie.compiler.iam import Statement, granted, own_text, role, same_account
from lenie.compiler.kind import Access, Actor, Attribute, Grant
from lenie.compiler.logs import log_group
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Data, Duration, Faults, Retention, Text, fault, faults_at

#: What a state takes from `task-defaults`, by its type. A Map or Parallel state is not tried again as a whole: what
#: succeeded in it would be done twice.
INHERITED = {"Task": ("Retry", "Catch"), "Map": ("Catch",), "Parallel": ("Catch",)}
#: What the Step Functions service needs to log through CloudWatch Logs; none of these takes a resource.
#: Source: AWS Step Functions Developer Guide, "Using CloudWatch Logs to log execution history".
_LOG_DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)
#: Source: AWS Step Functions Developer Guide, "Trace Step Functions request data in AWS X-Ray".
_TRACES = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
)
#: What a distributed Map state does to the executions that it starts for its items; theirs have the Map Run's label.
#: Source: AWS Step Functions Developer Guide, "IAM policies for using Distributed Map states".
_SUPERVISION = ("states:DescribeExecution", "states:StopExecution")
_EXECUTIONS = tuple(
    f"arn:${{aws.partition}}:states:${{aws.region}}:${{aws.account}}:execution:${{name}}{tail}"
    for tail in (":*", "/*:*")
)


def is_distributed(state: Mapping[str, Any]) -> bool:
    """Whether a state is a Map state in distributed mode: each batch of items is an execution of the workflow."""
    processor = state.get("ItemProcessor")
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    return state.get("Type") == "Map" and isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED"


def _holds_distributed(machine: Any) -> bool:
    """Whether a state of the machine, or of one inside it, is a distributed Map state."""
    states = machine.get("States") if isinstance(machine, dict) else None
    for state in states.values() if isinstance(states, dict) else ():
        if isinstance(state, dict):
            branches = state.get("Branches")
            inner = [state.get("ItemProcessor"), state.get("Iterator")]
            inner += branches if isinstance(branches, list) else []
            if is_distributed(state) or any(_holds_distributed(one) for one in inner):
                return True
    return False


def _check_definition(definition: Any) -> Any:
    if not isinstance(definition, dict):
        raise fault("a state machine is wanted here", "write StartAt: and States:, in Amazon States Language")
    if "TimeoutSeconds" in definition:
        message = "the workflow has a field of its own for this"
        raise faults_at([(("TimeoutSeconds", "[key]"), fault(message, "remove it, and write timeout: 6h"))])
    return definition


def _check_defaults(defaults: Any) -> Any:
    if not isinstance(defaults, dict):
        raise fault("a map is wanted here", "write {Retry: [...], Catch: [...]}")
    known = ("Retry", "Catch")
    faults: Faults = [
        ((field, "[key]"), fault(f'a state has no default for "{field}"', "possible: Retry, Catch"))
        for field in defaults
        if field not in known
    ]
    faults += [
        ((field,), fault("a list is wanted here", f"write {field}: [{{ErrorEquals: [...], ...}}]"))
        for field, value in defaults.items()
        if field in known and not isinstance(value, list)
    ]
    if faults:
        raise faults_at(faults)
    return defaults


class Workflow(Actor):
    """A Step Functions state machine of type STANDARD, in Amazon States Language.

    `task-defaults` holds a ``Retry`` for the Task states, and a ``Catch`` for the Task, Map and Parallel states, on the
    first level of the definition. A state's own ``Retry`` or ``Catch`` replaces the default as a whole; an empty list
    switches it off. States inside a Map or Parallel state say themselves what they do, since a ``Catch`` cannot lead
    out of it.

    Source: AWS::StepFunctions::StateMachine (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "arn": Attribute("StateMachine"),
        "name": Attribute("StateMachine", "Name", "Name of the workflow, as it is written"),
    }
    # By name, not by reference: a workflow may start itself anew, and its role is there before it.
    GRANTS: ClassVar[Mapping[str, Grant]] = {
        "start": Grant(
            ("states:StartExecution",),
            ("arn:${aws.partition}:states:${aws.region}:${aws.account}:stateMachine:${name}",),
            service="states",
        )
    }
    FOLDER: ClassVar[str] = "workflow/{name}"

    kind: Literal["workflow"]
    name: Text | None = None
    description: Text | None = None
    logs: Retention = 14
    timeout: Duration
    access: Access = {}
    task_defaults: Annotated[Data, AfterValidator(_check_defaults)] = {}
    definition: Annotated[Data, AfterValidator(_check_definition)]

    def attribute(self, name: str, at: Place) -> Value:
        """Return the ARN, or the name as it is written."""
        return at.name(self.name) if name == "name" else super().attribute(name, at)

    def machine(self) -> dict[str, Any]:
        """Return the definition with defaults and timeout filled in; its texts are still unbound."""
        states = self.definition.get("States")
        machine = {key: value for key, value in self.definition.items() if key != "States"}
        if self.description is not None:
            machine.setdefault("Comment", self.description)
        machine["TimeoutSeconds"] = self.timeout
        if isinstance(states, dict):
            machine["States"] = {name: self._with_defaults(state) for name, state in states.items()}
        return machine

    def _with_defaults(self, state: Any) -> Any:
        fields = INHERITED.get(str(state.get("Type")), ()) if isinstance(state, dict) else ()
        if not fields:
            return state
        missing = {f: self.task_defaults[f] for f in fields if f in self.task_defaults and f not in state}
        filled = {**state, **missing}
        return {field: value for field, value in filled.items() if field not in ("Retry", "Catch") or value != []}

    def lower(self, out: Lowering) -> None:
        """Add role, log group and state machine."""
        name = out.name(self.name)
        machine = JsonText(out.text(self.machine()))
        log_group(out, interpolate("/aws/vendedlogs/states/", as_part(name)), self.logs)
        platform = [
            Statement("DeliverLogs", _LOG_DELIVERY, ("*",)),
            Statement("WriteTraces", _TRACES, ("*",)),
        ]
        if _holds_distributed(self.definition):
            executions = tuple(own_text(text, out) for text in _EXECUTIONS)
            platform.append(Statement("SuperviseItems", _SUPERVISION, executions))
        role(out, "states.amazonaws.com", [*granted(out), *platform], conditions=same_account())
        out.add(
            "StateMachine",
            "AWS::StepFunctions::StateMachine",
            {
                "StateMachineName": out.at("name", name),
                "StateMachineType": "STANDARD",
                "DefinitionString": out.at("definition", machine),
                "RoleArn": out.get("Role", "Arn"),
                # Step Functions keeps the full history of each execution for 90 days; the log needs the failures only,
                # and never the input and output of states, which hold what people collected.
                "LoggingConfiguration": {
                    "Level": "ERROR",
                    "IncludeExecutionData": False,
                    "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": out.get("LogGroup", "Arn")}}],
                },
                "TracingConfiguration": {"Enabled": True},
            },
            accept={
                "CKV_AWS_285": "Input and output of the states are data: they stay out of the log",
            },
        )


KIND = Workflow
