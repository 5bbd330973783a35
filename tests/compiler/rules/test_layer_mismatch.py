from __future__ import annotations

import pytest
from rule_support import FRAME, findings, marked, spec, waived

LAYER = "openai: {{kind: layer, bucket: artifacts, code: layers/openai, {}}}\n"
ADD = "add: {{kind: function, layers: [openai]{}}}\n"


def test_the_same_for_both() -> None:
    assert not findings("E351", spec(LAYER.format("runtime: python3.13") + ADD.format("")))
    arm = LAYER.format("runtime: python3.13, architecture: arm64") + ADD.format(", architecture: arm64")
    assert not findings("E351", spec(arm))


@pytest.mark.parametrize(
    ("layer", "function", "message", "place", "help"),
    [
        ("runtime: python3.13, architecture: arm64", "", "arm64, and 'add' runs on x86_64", "architecture", "x86_64"),
        ("runtime: python3.13", ", architecture: arm64", "x86_64, and 'add' runs on arm64", "openai", "arm64"),
        ("runtime: python3.12", "", "python3.12, and 'add' runs on python3.13", "runtime", "python3.13"),
    ],
)
def test_another_one(layer: str, function: str, message: str, place: str, help: str) -> None:
    text = spec(LAYER.format(layer) + ADD.format(function))
    [found] = findings("E351", text)
    assert found.message == f'the layer "openai" is made for {message}'.replace("'", '"')
    assert marked(text, found) == "openai"
    assert marked(text, found, 1) == place
    assert f": {help} at" in found.help


def test_both_can_differ() -> None:
    text = spec(LAYER.format("runtime: python3.12, architecture: arm64") + ADD.format(""))
    assert len(findings("E351", text)) == 2


def test_a_parameter_or_setting_that_both_have() -> None:
    frame = FRAME.replace("{production: false}", "{production: false, runtime: python3.13}")
    frame = frame.replace("{production: true}", "{production: true, runtime: python3.14}")
    shared = LAYER.format("runtime: '${env.runtime}'") + ADD.format(", runtime: '${env.runtime}'")
    assert not findings("E351", spec(shared, frame=frame))
    other = LAYER.format("runtime: python3.12") + ADD.format(", runtime: '${env.runtime}'")
    [found] = findings("E351", spec(other, frame=frame))
    assert "runs on python3.13 or python3.14" in found.message


def test_it_can_be_waived() -> None:
    text = spec(LAYER.format("runtime: python3.12") + ADD.format(", waive: {E351: it holds text files only}"))
    assert not findings("E351", text)
    assert len(waived("E351", text)) == 1
