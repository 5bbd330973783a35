"""Step Functions runs state machines, in moto's own interpreter of the Amazon States Language.

Replaces in moto 5.2.5:

- the setting by which executions only pretend to run, and pretend to be running for ever;
- the evaluation of JSONata, which is not there: moto's interpreter came from a program that used a Java library for it;
- clients: they call `localhost` for the server of moto, which listens on 127.0.0.1, and are made anew for each task;
- names of parameters and results of tasks (`DbInstanceIdentifier`), which Step Functions derives from the API's
  (`DBInstanceIdentifier`), and times in the results, which are texts there;
- names of errors of tasks of the AWS SDK (`Rds.DbInstanceNotFoundException`);
- waits and intervals of retries, which the emulator's scale shortens, and counters of retries, which are those of an
  entry into a state and not of the whole execution;
- the list of variables in the history, which held texts without their escapes;
- the log of a state machine, into which nothing is written;
- the name of an execution that was given none: it was `None`, so that there could be no second one.

Source: "Transforming data with JSONata in Step Functions", "Learning to use AWS service SDK integrations in Step
Functions" and "Handling errors in Step Functions workflows", AWS Step Functions Developer Guide.
"""

from __future__ import annotations

import re
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import botocore.session
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import UnknownServiceError
from moto.core.config import default_user_config
from moto.stepfunctions.parser.api import EvaluationFailedEventDetails, HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.logging import CloudWatchLoggingConfiguration, CloudWatchLoggingSession
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from lenie.compiler.local import surroundings
from lenie.compiler.local.jsonata import QueryError, evaluate
from lenie.compiler.local.patching import replace, wrap

#: What ends the names of errors in AWS's APIs, and is no part of the name that Step Functions gives them.
_ENDS = re.compile(r"(Fault|Exception|Error)$")
_CLIENTS: dict[tuple[str, str, str], BaseClient] = {}
_LOCK = threading.Lock()


def client(region: str, service: str, state_credentials: Any = None) -> BaseClient:
    """Return the client of a service of the emulator, made once; tasks of the same execution may share it."""
    key = (surroundings.endpoint(), region, service)
    with _LOCK:
        if key not in _CLIENTS:
            retries = {"total_max_attempts": 1}
            _CLIENTS[key] = botocore.session.Session().create_client(
                service,
                region_name=region,
                endpoint_url=key[0],
                aws_access_key_id="testing",
                aws_secret_access_key="testing",  # noqa: S106 - it opens nothing
                config=Config(parameter_validation=False, retries=retries, read_timeout=900, max_pool_connections=50),
            )
        return _CLIENTS[key]


def _eval_jsonata(self: StringJSONata, env: Environment) -> None:
    """Evaluate an expression with the variables of its state, and leave its value on the stack."""
    store = env.variable_store
    bindings = {**store._outer_scope, **store._inner_scope, "states": env.states._states_data}
    try:
        env.stack.append(evaluate(self.expression, bindings))
    except QueryError as error:
        name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
        told = EvaluationFailedEventDetails(cause=str(error), error=name.error_name)
        details = EventDetails(evaluationFailedEventDetails=told)  # type: ignore[typeddict-item]
        event = HistoryEventType.EvaluationFailed
        env.event_manager.add_event(context=env.event_history_context, event_type=event, event_details=details)
        failure = FailureEvent(env=env, error_name=name, event_type=event, event_details=details)
        raise FailureEventException(failure_event=failure) from error


def _assigned(self: VariableStore) -> dict[str, str]:
    return {name: to_json_str(self.get(name), separators=(",", ":")) for name in self._declaration_tracing}


def _wait(self: WaitFunction, env: Environment) -> None:
    deadline = time.monotonic() + surroundings.scaled(max(0, self._get_wait_seconds(env=env)))
    while env.is_running() and (left := deadline - time.monotonic()) > 0:
        env.program_state_event.wait(min(left, 0.5))


class _Clock:
    """The module `time` for retries: they sleep for as long as the scale says."""

    @staticmethod
    def sleep(seconds: float) -> None:
        """Sleep, scaled."""
        time.sleep(surroundings.scaled(seconds))


def _forget_retries(self: ExecutionState, env: Environment) -> None:
    for retrier in self.retry.retriers if self.retry else ():
        env.heap.pop(retrier.max_attempts._attempt_number_key(), None)
        env.heap.pop(retrier.backoff_rate._next_multiplier_key(), None)


def _member_name(name: str) -> str:
    """Return what Step Functions calls a member of the API: of several capitals in a row the first stays one."""
    return re.sub(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]{2,}", lambda found: found[0].capitalize(), name)


def _named(value: Any) -> Any:
    """Return a result with the names that Step Functions gives its members, and times as texts."""
    if isinstance(value, dict):
        return {name: _named(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_named(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _operation(self: StateTaskService, service: str | None, action: str | None) -> Any:
    """Return the model of the operation that a task calls; none for what is no operation of a service's API."""
    try:
        found = client("us-east-1", self._get_boto_service_name(service))
    except UnknownServiceError:
        return None
    name = found.meta.method_to_api_mapping.get(self._get_boto_service_action(action))
    return found.meta.service_model.operation_model(name) if name else None


def _normalise_parameters(
    self: StateTaskService,
    parameters: dict[str, Any],
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    operation = _operation(self, boto_service_name, service_action_name)
    if operation is not None and operation.input_shape is not None:
        self._to_boto_request(parameters, operation.input_shape)


def _normalise_response(
    self: StateTaskService,
    response: Any,
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    operation = _operation(self, boto_service_name, service_action_name)
    if operation is not None and operation.output_shape is not None and isinstance(response, dict):
        self._from_boto_response(response, operation.output_shape)
        response.update({name: _named(value) for name, value in response.items()})


def _error_name(service: str, error: Exception) -> str:
    """Return what Step Functions calls an error of a service."""
    code = str(getattr(error, "response", {}).get("Error", {}).get("Code", "")).rpartition(".")[2]
    kind = type(error).__name__
    name = kind if kind != "ClientError" else code
    stem = _ENDS.sub("", name) if re.fullmatch(r"[A-Za-z]+", name) else service
    return f"{service}.{_member_name(stem)}Exception"


def _service_name(service_name: str) -> str:
    special = {"dynamodb": "DynamoDb", "sfn": "Sfn", "cloudwatchlogs": "CloudWatchLogs", "s3": "S3"}
    lower = service_name.lower()
    return special.get(lower, lower[:1].upper() + service_name[1:])


def _start(started: Callable[..., Execution]) -> Callable[..., Execution]:
    def start_execution(
        self: StepFunctionsParserBackend, state_machine_arn: str, name: str | None = None, *args: Any, **kwargs: Any
    ) -> Execution:
        return started(self, state_machine_arn, name or str(uuid.uuid4()), *args, **kwargs)

    return start_execution


def _logged(made: Callable[..., None]) -> Callable[..., None]:
    def init(self: Execution, *args: Any, **given: Any) -> None:
        machine = given["state_machine"]
        told: Any = {"includeExecutionData": False, **(machine.loggingConfiguration or {})}
        settings = CloudWatchLoggingConfiguration.from_logging_configuration(machine.arn, told)
        if settings is not None:
            given["cloud_watch_logging_session"] = CloudWatchLoggingSession(given["exec_arn"], settings)
        made(self, *args, **given)

    return init


def _publish(self: CloudWatchLoggingSession, history_log: dict[str, Any]) -> None:
    """Write an event of the history into the state machine's log, if that exists."""
    group, stream = self.configuration.log_group_name, self.configuration.log_stream_name.replace(":", "/")
    logs = self._logs_client
    if group not in logs.groups:
        return
    if stream not in logs.groups[group].streams:
        logs.create_log_stream(group, stream)
    # Events of parallel branches come in any order, and CloudWatch Logs takes them in that of their times only.
    stamp = int(time.time() * 1000)
    logs.put_log_events(group, stream, [{"timestamp": stamp, "message": to_json_str(history_log)}])


def apply() -> None:
    """Make executions run."""
    wrap(StepFunctionsParserBackend, "start_execution", _start)
    wrap(Execution, "__init__", _logged)
    replace(CloudWatchLoggingSession, "publish_history_log", _publish)
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    original = boto_client.boto_client_for
    for module in list(sys.modules.values()):
        if getattr(module, "boto_client_for", None) is original:
            replace(module, "boto_client_for", client)
    replace(StringJSONata, "_eval_body", _eval_jsonata)
    replace(VariableStore, "get_assigned_variables", _assigned)
    replace(WaitFunction, "_eval_body", _wait)
    replace(retrier_decl, "time", _Clock)
    replace(StateTaskService, "_normalise_parameters", _normalise_parameters)
    replace(StateTaskService, "_normalise_response", _normalise_response)
    replace(StateTaskServiceAwsSdk, "_normalise_exception_name", staticmethod(_error_name))
    replace(StateTaskServiceAwsSdk, "_normalise_service_error_name", staticmethod(_service_name))
    for kind in (ExecutionState, StateMap):
        wrap(kind, "_eval_state", _count_anew)


def _count_anew(evaluated: Callable[..., None]) -> Callable[..., None]:
    def _eval_state(self: ExecutionState, env: Environment) -> None:
        _forget_retries(self, env)
        evaluated(self, env)

    return _eval_state
