"""The fields of states: which each type has, what they hold, and which belong to JSONPath or JSONata only.

Sources: Amazon States Language specification, "State Types and Fields" and "Errors"; AWS Step Functions Developer
Guide, "Handling errors in Step Functions workflows" and "Transforming data with JSONata in Step Functions".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, Protocol

from lenie.compiler.diagnostics import suggest
from lenie.compiler.rules._jsonata import text_fault
from lenie.compiler.span import Path
from lenie.compiler.states import JSONATA_FIELDS, State, is_jsonpath
from lenie.compiler.types import Template


class Say(Protocol):
    """What reports a fault of a workflow; it is a finding that counts."""

    def __call__(self, message: str, path: Path, *, help: str = "", key: bool = False) -> None:
        """Report a fault at `path`."""


_DATA = "Assign Output InputPath OutputPath"
_RESULT = f"{_DATA} ResultPath ResultSelector Parameters"
_TRIED = "Next End Retry Catch"
#: Type of state -> its fields, besides those of all states.
FIELDS: Mapping[str, str] = {
    "Task": f"{_TRIED} {_RESULT} Resource Arguments Credentials TimeoutSeconds TimeoutSecondsPath HeartbeatSeconds "
    "HeartbeatSecondsPath",
    "Parallel": f"{_TRIED} {_RESULT} Branches Arguments",
    "Map": f"{_TRIED} {_RESULT} ItemProcessor Iterator Items ItemsPath ItemSelector ItemReader ItemBatcher "
    "ResultWriter MaxConcurrency MaxConcurrencyPath ToleratedFailureCount ToleratedFailureCountPath "
    "ToleratedFailurePercentage ToleratedFailurePercentagePath Label",
    "Pass": f"Next End {_DATA} ResultPath Parameters Result",
    "Wait": f"Next End {_DATA} Seconds SecondsPath Timestamp TimestampPath",
    "Choice": f"{_DATA} Choices Default",
    "Succeed": "Output InputPath OutputPath",
    "Fail": "Error ErrorPath Cause CausePath",
}
_COMMON = ("Type", "Comment", "QueryLanguage")
#: Type -> fields of which one must be there, and no more than one.
_ONE_OF = {
    "Task": ("Resource",),
    "Parallel": ("Branches",),
    "Map": ("ItemProcessor", "Iterator"),
    "Wait": ("Seconds", "Timestamp", "SecondsPath", "TimestampPath"),
    "Choice": ("Choices",),
}
#: What JSONata has in place of a field of JSONPath.
_INSTEAD = {
    "Parameters": "Arguments",
    "ResultSelector": "Output",
    "ResultPath": "Output",
    "OutputPath": "Output",
    "Result": "Output",
}
_LONGEST = 99_999_999
#: Whole numbers: field -> least and greatest.
_NUMBERS = {
    "TimeoutSeconds": (1, _LONGEST),
    "HeartbeatSeconds": (1, _LONGEST),
    "Seconds": (0, _LONGEST),
    "MaxConcurrency": (0, _LONGEST),
    "ToleratedFailureCount": (0, _LONGEST),
    "ToleratedFailurePercentage": (0, 100),
}
_RETRIER_NUMBERS = {
    "IntervalSeconds": (1, _LONGEST),
    "MaxAttempts": (0, _LONGEST),
    "MaxDelaySeconds": (1, 31_622_399),
}
_RETRIER = ("ErrorEquals", *_RETRIER_NUMBERS, "BackoffRate", "JitterStrategy", "Comment")
_CATCHER = ("ErrorEquals", "Next", "Assign", "Comment")
_RULE = ("Next", "Assign", "Comment")
#: Error names that begin with ``States.``: no other may.
_ERRORS = (
    *("States.ALL", "States.BranchFailed", "States.DataLimitExceeded", "States.ExceedToleratedFailureThreshold"),
    *("States.HeartbeatTimeout", "States.Http.Socket", "States.IntrinsicFailure", "States.ItemReaderFailed"),
    *("States.NoChoiceMatched", "States.ParameterPathFailure", "States.Permissions", "States.QueryEvaluationError"),
    *("States.ResultPathMatchFailure", "States.ResultWriterFailed", "States.Runtime", "States.TaskFailed"),
    "States.Timeout",
)
#: Fields that hold no expression, or state machines, whose states are looked at one by one.
_NO_TEXTS = ("Type", "Comment", "QueryLanguage", "Next", "Default", "ItemProcessor", "Iterator", "Branches")


def check_fields(state: State, say: Say) -> bool:
    """Report fields that the state's type does not have, that are missing, or that hold what they cannot.

    Return whether the type has all the fields that are written.
    """
    possible = (*FIELDS[state.type].split(), *_COMMON)
    unknown = _check_names(state, possible, say)
    written = state.data.get("QueryLanguage", state.language)
    if written not in ("JSONPath", "JSONata") and "QueryLanguage" in state.data:
        say(f'there is no query language "{_text(written)}"', state.place("QueryLanguage"), help="JSONPath or JSONata")
    elif written == "JSONPath" and state.language == "JSONata":
        message = "a workflow in JSONata has no states in JSONPath"
        say(message, state.place("QueryLanguage"), help="remove it, and write the state's expressions in JSONata")
    if not unknown:
        _check_needed(state, say)
    for name, bounds in _NUMBERS.items():
        if name in state.data and name in possible:
            _check_number(state.data[name], (*state.path, name), bounds, say, expression=state.jsonata)
    if state.data.get("End", True) is not True and "End" in possible:
        say("End is true, or is left out", (*state.path, "End"), help="write End: true or Next: STATE")
    _check_tries(state, say)
    if state.type == "Choice" and isinstance(state.data.get("Choices"), list):
        for index, rule in enumerate(state.data["Choices"]):
            _check_choice(state, rule, (*state.path, "Choices", index), say)
    for path, text in _texts(state):
        _check_text(state, text, path, say)
    return not unknown


def _check_names(state: State, possible: tuple[str, ...], say: Say) -> bool:
    """Report fields that the state does not have; return whether there are any."""
    unknown = False
    for name in state.data:
        at = (*state.path, name)
        if name not in possible:
            usable = [field for field in possible if not _foreign(field, state.jsonata)]
            say(f'a {state.type} state has no field "{name}"', at, help=suggest(name, usable), key=True)
            unknown = True
        elif _foreign(name, state.jsonata):
            _say_foreign(state, name, at, say)
    return unknown


def _foreign(name: str, jsonata: bool) -> bool:
    """Whether the field belongs to the other query language."""
    return is_jsonpath(name) if jsonata else name in JSONATA_FIELDS


def _say_foreign(state: State, name: str, at: Path, say: Say) -> None:
    own, other = ("JSONata", "JSONPath") if state.jsonata else ("JSONPath", "JSONata")
    if not state.jsonata:
        help = "write QueryLanguage: JSONata in the state, or in the definition for all states"
    elif name == "InputPath":
        help = "remove it: expressions select from $states.input"
    elif state.type == "Map" and name == "Parameters":
        help = "write ItemSelector, with expressions: {% ... %}"
    elif name in _INSTEAD and _INSTEAD[name] in FIELDS[state.type].split():
        help = f"write {_INSTEAD[name]}, with expressions: {{% ... %}}"
    else:
        help = f'write {name.removesuffix("Path")}: "{{% ... %}}"'
    say(f'"{name}" is a field of {other}, and the state is in {own}', at, help=help, key=True)


def _check_needed(state: State, say: Say) -> None:
    names = _ONE_OF.get(state.type, ())
    given = [name for name in names if name in state.data]
    usable = [name for name in names if not _foreign(name, state.jsonata) and name != "Iterator"]
    if names and not given:
        say(
            f'the {state.type} state "{state.name}" lacks {" or ".join(usable)}',
            state.path,
            key=True,
            help=f"write {usable[0]}: ...",
        )
    for name in given[1:]:
        say(f"the state has {given[0]} already", (*state.path, name), key=True, help="keep one of them")
    for name in ("Branches", "Choices"):
        if name in given and not (isinstance(state.data[name], list) and state.data[name]):
            say(f"{name} is a list of at least one", (*state.path, name), help=_LISTS[name])


_LISTS = {
    "Branches": "write [{StartAt: ..., States: {...}}]",
    "Choices": 'write [{Condition: "{% ... %}", Next: STATE}]',
}


def _check_number(value: Any, at: Path, bounds: tuple[int, int], say: Say, *, expression: bool) -> None:
    least, most = bounds
    if expression and isinstance(value, (str, Template)) and _text(value).startswith("{%"):
        return
    if not isinstance(value, int) or isinstance(value, bool):
        say("a whole number is wanted here", at, help=f"from {least} to {most}, without quotes")
    elif not least <= value <= most:
        say(f"{value} is not possible here", at, help=f"from {least} to {most}")


def _check_tries(state: State, say: Say) -> None:
    """Check `Retry` and `Catch`; messages name no state, since several may take theirs from task-defaults."""
    possible = FIELDS[state.type].split()
    for name, check in (("Retry", _check_retrier), ("Catch", _check_catcher)):
        items, at = state.get(name), state.place(name)
        if items is None or name not in possible:
            continue
        if not isinstance(items, list):
            say(f"{name} is a list", at, help=f"write {name}: [{{ErrorEquals: [States.ALL], ...}}]")
            continue
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                say("a map is wanted here", (*at, index), help="write {ErrorEquals: [States.ALL], ...}")
                continue
            check(state, item, (*at, index), say)
            _check_errors(item, (*at, index), say, last=index == len(items) - 1)


def _check_retrier(state: State, item: Mapping[str, Any], at: Path, say: Say) -> None:
    _check_keys(item, _RETRIER, "a retrier", at, say)
    for name, bounds in _RETRIER_NUMBERS.items():
        if name in item:
            _check_number(item[name], (*at, name), bounds, say, expression=False)
    rate = item.get("BackoffRate", 1)
    if not isinstance(rate, (int, float)) or isinstance(rate, bool) or rate < 1:
        say("a number from 1 on is wanted here", (*at, "BackoffRate"), help="2 doubles the wait each time, 1 keeps it")
    jitter = item.get("JitterStrategy", "NONE")
    if jitter not in ("FULL", "NONE"):
        say(f'there is no jitter strategy "{_text(jitter)}"', (*at, "JitterStrategy"), help="FULL or NONE")
    longest, first = item.get("MaxDelaySeconds"), item.get("IntervalSeconds", 1)
    if isinstance(longest, int) and isinstance(first, int) and 0 < longest <= first:
        say("MaxDelaySeconds must exceed IntervalSeconds", (*at, "MaxDelaySeconds"), help=f"write more than {first}")


def _check_catcher(state: State, item: Mapping[str, Any], at: Path, say: Say) -> None:
    _check_keys(item, (*_CATCHER, "Output" if state.jsonata else "ResultPath"), "a catcher", at, say)
    if "Next" not in item:
        say("the catcher does not say what comes next", at, help="write Next: STATE")


def _check_keys(item: Mapping[str, Any], known: Iterable[str], what: str, at: Path, say: Say) -> None:
    for name in item:
        if name not in known:
            say(f'{what} has no field "{name}"', (*at, name), help=suggest(str(name), known), key=True)


def _check_errors(item: Mapping[str, Any], at: Path, say: Say, *, last: bool) -> None:
    errors, place = item.get("ErrorEquals"), (*at, "ErrorEquals")
    if not isinstance(errors, list) or not errors:
        say("ErrorEquals is a list of error names", place, help="write ErrorEquals: [States.ALL]")
        return
    for index, error in enumerate(errors):
        if not isinstance(error, (str, Template)):
            say("the name of an error is wanted here", (*place, index), help="write it as text: States.ALL")
        elif _text(error).startswith("States.") and not _known_error(_text(error)):
            help = f"{suggest(_text(error), _ERRORS)}; only Step Functions has errors that begin with States."
            say(f'there is no error "{_text(error)}"', (*place, index), help=help)
    if "States.ALL" in errors and (len(errors) > 1 or not last):
        help = "write it last, in an ErrorEquals of its own"
        say("States.ALL stands alone, and in the last place", (*place, errors.index("States.ALL")), help=help)


def _known_error(name: str) -> bool:
    return name in _ERRORS or name.startswith("States.Http.StatusCode.")


def _check_choice(state: State, rule: Any, at: Path, say: Say) -> None:
    if not isinstance(rule, dict):
        say("a map is wanted here", at, help=f"write {_LISTS['Choices'][7:-1]}")
        return
    if "Next" not in rule:
        say("the rule does not say what comes next", at, help="write Next: STATE")
    if state.jsonata:
        _check_keys(rule, (*_RULE, "Condition", "Output"), "a rule of a choice in JSONata", at, say)
        condition = rule.get("Condition")
        if condition is None:
            say("the rule has no condition", at, help='write Condition: "{% ... %}"')
        elif not isinstance(condition, bool) and not _text(condition).startswith("{%"):
            say("an expression is wanted here", (*at, "Condition"), help='write Condition: "{% ... %}"')
    else:
        comparisons = tuple(_comparisons())
        _check_keys(rule, (*_RULE, "Variable", *comparisons), "a rule of a choice in JSONPath", at, say)
        if sum(name in comparisons for name in rule) != 1:
            say("the rule needs one comparison", at, help='write {Variable: "$.x", StringEquals: ..., Next: STATE}')


def _comparisons() -> Iterator[str]:
    """Yield the fields of a JSONPath rule that compare; there is one in each."""
    for kind, how, path in product(
        ("String", "Numeric", "Timestamp"),
        ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"),
        ("", "Path"),
    ):
        yield kind + how + path
    yield from ("And", "Or", "Not", "BooleanEquals", "BooleanEqualsPath", "StringMatches")
    yield from (f"Is{what}" for what in ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp"))


def _texts(state: State) -> Iterator[tuple[Path, str]]:
    """Yield the texts of a state that may be expressions, with their places."""
    names = [*state.data, *(name for name in ("Retry", "Catch") if name not in state.data)]
    for name in names:
        if name not in _NO_TEXTS:
            yield from _texts_in(state.get(name), state.place(name))


def _texts_in(value: Any, at: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, (str, Template)):
        yield at, _text(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts_in(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts_in(item, (*at, index))


def _check_text(state: State, text: str, at: Path, say: Say) -> None:
    if state.jsonata:
        fault = text_fault(text)
        if fault is not None:
            say(fault, at, help="compare brackets, quotes and operators of the expression")
    elif text.startswith("{%") and text.endswith("%}"):
        help = "write QueryLanguage: JSONata in the state, or in the definition for all states"
        say("a state in JSONPath takes this as plain text", at, help=help)


def _text(value: Any) -> str:
    if isinstance(value, Template):
        return value.source
    return value if isinstance(value, str) else str(value).lower()
