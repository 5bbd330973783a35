"""Faults of form are told once, at the right place, in the user's words, and with what to write instead."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from support import ARTIFACTS, FRAME, errors, one

from lenie.compiler.diagnostics import suggest
from lenie.compiler.kinds import kind_class, kind_names
from lenie.compiler.spec import Document
from lenie.compiler.wording import FORMS

FUNCTION = "f: {kind: function, code: sqs_size, runtime: python3.13, bucket: artifacts, logs: 14d, timeout: 5s"


def told(resources: str, **frame: Any) -> list[tuple[str, str, str]]:
    """Return code, message and help of the errors in `resources`."""
    return [(code, message, help) for code, message, _, help in errors(one(ARTIFACTS + resources), **frame)]


@pytest.mark.parametrize(
    ("resource", "message", "help"),
    [
        (FUNCTION + ', memory: "128"}', "a size is wanted here", "write a number with MB, GB or TB: 512MB, 20GB"),
        (FUNCTION + ', library: "True"}', "true or false is wanted here", "write true without quotes"),
        (FUNCTION + ", library: maybe}", "true or false is wanted here", "write true or false"),
        (FUNCTION + ", handler: 5}", "text is wanted here", 'put quotes around it: "5"'),
        (FUNCTION + ", handler: [a.b]}", "text is wanted here", "write one text"),
        (FUNCTION + ", architecture: null}", "null is not possible here", "possible: arm64, x86_64"),
        (FUNCTION + ", architecture: [arm64]}", "a list is not possible here", "possible: arm64, x86_64"),
        (FUNCTION + ", architecture: arm}", '"arm" is not possible here', 'did you mean "arm64"?'),
        (FUNCTION + ", layers: tools}", "a list is wanted here", "write [tools]"),
        (FUNCTION + ', layers: "${param.x}"}', "a list is wanted here", 'write ["${param.x}"]'),
        (
            FUNCTION + ", layers: [a, b, c, d, e, f]}",
            "at most 5 entries are possible here",
            "there are 6: leave some out",
        ),
        (FUNCTION + ", network: vpc}", "a map is wanted here", "write {subnets: ..., security-groups: ...}"),
        (
            FUNCTION + ", network: {subnets: vpc.private, security-groups: []}}",
            "at least one entry is wanted here",
            "write [one, two], or a line with a hyphen for each",
        ),
        (
            "q: {kind: queue, dead-letter: {queue: a, after: 0}}",
            "the least value here is 1",
            "write a number from 1 to ",
        ),
        ("q: {kind: queue, dead-letter: {queue: a, after: '5'}}", "a whole number is wanted here", "write 5 without"),
        (
            "q: {kind: queue, dead-letter: {queue: a, after: 2.5}}",
            "a whole number is wanted here",
            "write it without a",
        ),
        ("q: {kind: queue, publish: [url, url]}", '"url" is listed twice', "remove one of them"),
        (FUNCTION + ", access: {artifacts: [get, get]}}", '"get" is listed twice', "remove one of them"),
        (FUNCTION + ", layers: [tools, tools]}", '"tools" is listed twice', "remove one of them"),
        ("q: {kind: [queue]}", "text is wanted here, not a list", "kinds: alarm, api"),
        ("q: {kind: true}", "there is no kind true", "kinds: alarm, api"),
    ],
)
def test_one_fault(resource: str, message: str, help: str) -> None:
    ((_, found, advice),) = told(resource)
    assert found == message
    assert advice.startswith(help)


def test_workflow_may_start_itself() -> None:
    workflow = "w: {kind: workflow, timeout: 1h, access: {w: start}, definition: {StartAt: Again, States: {Again: "
    start = "{Type: Task, Resource: 'arn:aws:states:::states:startExecution', "
    start += "Arguments: {StateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:w'}, End: true}}, "
    found = errors(one(workflow + start + "QueryLanguage: JSONata}}"))
    assert [code for code, *_ in found if code == "E401"] == []


@pytest.mark.parametrize("value", [True, 1.0, "1", 2, None, [1]])
def test_version_is_the_number_one(value: Any) -> None:
    ((code, message, _),) = told("", version=value)
    assert (code, message) == ("E203", "this is no version of the language")


def test_null_is_never_called_by_pythons_name() -> None:
    lines = ["d: {kind: database, engine: null}", "l: {kind: policy, description: Locks, deny: [null, true, [a]]}"]
    for found in told("\n".join(lines), layers=[None]):
        assert not {"None", "True", "['a']"} & set(found[1].replace('"', " ").split()), found


def test_field_under_a_wrong_name_is_not_missing_too() -> None:
    defaults = {name: value for name, value in FRAME["defaults"]["function"].items() if name != "timeout"}
    found = told(FUNCTION.replace("timeout", "timout") + "}", defaults={"function": defaults})
    assert found == [("E201", 'kind "function" has no field "timout"', 'did you mean "timeout"?')]
    found = told("f: {kind: function}", defaults={"function": {**defaults, "timout": "5s"}})
    assert found == [("E201", 'kind "function" has no field "timout"', 'did you mean "timeout"?')]


def test_field_with_quite_another_name_is_missing() -> None:
    found = told("q: {kind: queue, dead-letter: {queue: artifacts, colour: 5}}")
    assert [(code, message.split()[-1]) for code, message, _ in found] == [("E202", '"after"'), ("E201", '"colour"')]


@pytest.mark.parametrize("defaults", [{"function": []}, [], {"functoin": {"timeout": "5s"}}])
def test_broken_defaults_are_told_once(defaults: Any) -> None:
    functions = "f: {kind: function, code: sqs_size}\ng: {kind: function, code: sqs_size}"
    assert len(told(functions, defaults=defaults)) == 1


def test_defaults_of_another_kind_hide_nothing() -> None:
    found = told("f: {kind: function}", defaults={"queue": []})
    assert [code for code, _, _ in found].count("E202") > 2


def test_similar_words() -> None:
    assert suggest("timout", ["timeout", "memory"]) == 'did you mean "timeout"?'
    assert suggest("nope", ["openai", "queue"]) == "known: openai, queue"


def test_ids_that_clash_are_told_once() -> None:
    ((code, message, marked, _),) = errors(one("a1: {kind: queue}\na-1: {kind: queue}"))
    assert (code, message, marked) == ("E404", 'two resources of "main" would have the id A1Queue', "a-1")


def test_function_that_invokes_itself() -> None:
    ((code, message, marked, help),) = errors(one(ARTIFACTS + FUNCTION + ", access: {f: invoke}}"))
    assert (code, marked) == ("E401", "f")
    assert message == '"f" needs access to itself: its role would need the function, and the function its role'
    assert help


def test_missing_directory_is_told_once_and_cannot_be_waived(tmp_path: Path) -> None:
    (tmp_path / "lambdas").mkdir()
    functions = FUNCTION + "}\n" + FUNCTION.replace("f:", "g:") + ", library: true}"
    found = errors(one(ARTIFACTS + functions), directory=tmp_path, code="lambdaz")
    message = "there is no directory lambdaz, where the sources of functions and layers should be"
    assert found == [("E323", message, "lambdaz", 'did you mean "lambdas"?')]
    waived = functions.replace("}", ", waive: {E323: a build step makes it}}")
    assert errors(one(ARTIFACTS + waived), directory=tmp_path, code="lambdaz") == found
    assert [marked for *_, marked, _ in errors(one(ARTIFACTS + waived), directory=tmp_path)] == [
        "sqs_size",
        "sqs_size",
        "true",
    ]


ENVIRONMENTS: dict[str, dict[str, Any]] = {
    "dev": {"production": False, "domain": "a.example.com"},
    "qa": {"production": False, "domain": "b.example.com"},
    "prod": {"production": True, "domain": "c.example.com"},
}
USES = 'b: {kind: bucket, versioned: "${env.production}", name: "${env.domain}"}'


@pytest.mark.parametrize("wrong", list(ENVIRONMENTS))
def test_environment_that_differs_from_most_is_told(wrong: str) -> None:
    def only(settings: dict[str, Any]) -> tuple[str, str]:
        text = one(USES)
        ((code, message, marked, _),) = errors(text, environments={**ENVIRONMENTS, wrong: settings})
        assert code == "E307"
        return message, marked

    message, marked = only({**ENVIRONMENTS[wrong], "production": "maybe"})
    assert marked == "maybe"
    assert '"production" is another type' in message
    assert only({"production": False}) == (f'environment "{wrong}" lacks the setting "domain"', wrong)
    assert only({**ENVIRONMENTS[wrong], "size": 1}) == (f'only environment "{wrong}" has the setting "size"', "size")
    message, marked = only({**ENVIRONMENTS[wrong], "name": "x"})
    assert (message, marked) == ('"name" is the name of the environment itself', "name")


def test_of_two_environments_the_one_without_a_truth_value_is_wrong() -> None:
    two = {name: ENVIRONMENTS[name] for name in ("dev", "prod")}
    found = errors(one(USES), environments={**two, "dev": {**two["dev"], "production": "maybe"}})
    assert [(code, marked) for code, _, marked, _ in found] == [("E307", "maybe")]


def _patterns(model: type[BaseModel]) -> set[str]:
    """Return the patterns that pydantic itself matches, in `model` and the models inside it."""

    def of(schema: Any) -> set[str]:
        if isinstance(schema, list):
            return set().union(*(of(item) for item in schema)) if schema else set()
        if not isinstance(schema, dict):
            return set()
        own = {schema["pattern"]} if schema.get("type") == "str" and schema.get("pattern") else set()
        return own.union(*(of(item) for item in schema.values()))

    return of(model.__pydantic_core_schema__)


def test_every_pattern_has_words() -> None:
    models: list[type[BaseModel]] = [Document, *(kind_class(name) for name in kind_names())]
    found: set[str] = set().union(*(_patterns(model) for model in models))
    assert found == set(FORMS), "users do not understand patterns"


def test_words_of_a_pattern_hold_what_fits() -> None:
    for pattern, (_, help) in FORMS.items():
        examples = [word.strip(",") for word in help.split() if re.search(pattern, word.strip(","))]
        assert examples, (pattern, help)


@pytest.mark.parametrize("field", ["retention", "visibility", "max-message"])
def test_a_reference_where_the_compiler_needs_the_value(field: str) -> None:
    ((code, message, marked, _),) = errors(one(f'jobs: {{kind: queue, {field}: "${{env.domain}}"}}\n'))
    assert (code, message, marked) == ("E203", "no reference can stand here", '"${env.domain}"')
