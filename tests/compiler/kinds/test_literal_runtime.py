"""The runtime that the compiler knows, through the resources that hold it."""

from __future__ import annotations

import pytest
from support import ROOT, one, text_of

from lenie.compiler.kinds.function import Function, literal_runtime
from lenie.compiler.load import parse
from lenie.compiler.place import Place
from lenie.compiler.validate import validate

PARAMETERS = {"runtime": {"type": "text", "default": "python3.13", "description": "Runtime"}}


@pytest.mark.parametrize(
    ("runtime", "known"),
    [
        ("python3.13", "python3.13"),
        ("${shared.value}", "python3.12"),
        ("${again.value}", "python3.12"),
        ("${loop.value}", ""),
        ("${param.runtime}", ""),
        ("${env.name}", ""),
        ("python${shared.value}", ""),
    ],
)
def test_literal_runtime(runtime: str, known: str) -> None:
    resources = f"""
    artifacts: {{kind: bucket, purpose: artifacts}}
    shared: {{kind: parameter, path: a, value: python3.12}}
    again: {{kind: parameter, path: b, value: "${{shared.value}}"}}
    loop: {{kind: parameter, path: c, value: "${{loop.value}}"}}
    job: {{kind: function, runtime: "{runtime}", bucket: artifacts, timeout: 3s, logs: 7d}}
    """
    tree = parse(text_of(one(resources), defaults={}, parameters=PARAMETERS), "spec.yaml")
    program, found = validate(tree, ROOT)
    assert program is not None, found
    declaration, model = program.find("job", Function) or pytest.fail("no function")
    assert literal_runtime(Place(program, declaration), model.runtime) == known
