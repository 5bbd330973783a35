"""How a stack in any state compares with the spec."""

from __future__ import annotations

from typing import Any

import pytest
from deploy_support import FakeCloud, calls_of, error
from support import text_of

from lenie.compiler.deploy.bundle import Bundle, from_cloudformation
from lenie.compiler.deploy.preflight import look
from lenie.compiler.deploy.status import Status, _status
from lenie.compiler.load import parse
from lenie.compiler.lower import lower
from lenie.compiler.resolve import resolve
from lenie.compiler.validate import validate

TEXT = text_of("intake: {layer: base, resources: {documents: {kind: queue}}}\n")


class Cloud(FakeCloud):
    """The same with templates that can be asked for."""

    def do_get_template(self, StackName: str, TemplateStage: str) -> Any:  # noqa: N803
        stack = self._need(StackName, "GetTemplate")
        if stack.status == "REVIEW_IN_PROGRESS":
            raise error("ValidationError", "GetTemplate cannot be called on REVIEW_IN_PROGRESS stacks", "GetTemplate")
        return {"TemplateBody": stack.template}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    program, _ = validate(parse(TEXT, "spec.yaml"), tmp_path_factory.mktemp("code"))
    assert program is not None
    resolved, _ = resolve(program)
    assert resolved is not None
    graph, _ = lower(resolved)
    assert graph is not None
    return from_cloudformation(graph, program.tree, "dev")[0]


def status(bundle: Bundle, state: str, **given: Any) -> Status:
    cloud, unit = Cloud(), bundle.units["intake"]
    cloud.add(unit.stack, state, **{"template": unit.template, "parameters": dict(unit.parameters), **given})
    calls = calls_of(cloud)
    return _status(calls, bundle, unit, look(calls, [unit])["intake"], {})


@pytest.mark.parametrize("state", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"])
def test_what_is_whole_is_current(bundle: Bundle, state: str) -> None:
    assert status(bundle, state).current
    assert status(bundle, state, template="another").differs == ("template",)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("CREATE_IN_PROGRESS", "an operation runs"),
        ("DELETE_IN_PROGRESS", "an operation runs"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "an operation runs"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "an operation runs"),
        ("REVIEW_IN_PROGRESS", "not complete"),
        ("ROLLBACK_COMPLETE", "not complete"),
        ("CREATE_FAILED", "not complete"),
        ("DELETE_FAILED", "not complete"),
        ("UPDATE_FAILED", "not complete"),
        ("UPDATE_ROLLBACK_FAILED", "not complete"),
    ],
)
def test_what_is_not_whole_is_not_current(bundle: Bundle, state: str, words: str) -> None:
    """Also if it has the right template, and no event tells what failed."""
    found = status(bundle, state)
    assert (found.differs, found.current) == ((words,), False)
