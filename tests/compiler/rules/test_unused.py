from __future__ import annotations

from rule_support import FRAME, findings, marked, spec

from lenie.compiler.diagnostics import Severity

PARAMETER = "suffix: {type: text, default: '', description: Ends names}"


def test_what_is_used_is_fine() -> None:
    frame = FRAME + '  bucket: {name-suffix: "${param.suffix}"}\n'
    assert not findings("W325", spec("add: {kind: function}", PARAMETER, frame))


def test_a_parameter_that_nothing_uses() -> None:
    text = spec("add: {kind: function}", PARAMETER)
    [found] = findings("W325", text)
    assert found.message == 'nothing uses the parameter "suffix"'
    assert marked(text, found) == "suffix"
    assert found.severity is Severity.WARNING


def test_a_setting_that_nothing_uses_but_not_the_built_in_one() -> None:
    frame = FRAME.replace("{production: false}", "{production: false, size: small}")
    text = spec("add: {kind: function}", frame=frame.replace("{production: true}", "{production: true, size: large}"))
    [found] = findings("W325", text)
    assert found.message == 'nothing uses the setting "size"'
    used = text.replace("{kind: function}", "{kind: function, environment: {SIZE: '${env.size}'}}")
    assert not findings("W325", used)


def test_defaults_of_a_kind_that_is_not_there() -> None:
    text = spec("work: {kind: queue}")
    [found] = findings("W325", text)
    assert found.message == "there is no function to use these defaults"
    assert marked(text, found) == "function"


def test_a_default_that_every_resource_replaces() -> None:
    text = spec("""
        one: {kind: function, timeout: 1s}
        two: {kind: function, timeout: 2s}
        """)
    [found] = findings("W325", text)
    assert found.message == 'every function has a "timeout" of its own, so this default is never used'
    assert not findings("W325", text.replace(", timeout: 2s", ""))


def test_a_parameter_in_a_default_that_is_not_used() -> None:
    frame = FRAME + '  queue: {name: "${param.suffix}"}\n'
    messages = [one.message for one in findings("W325", spec("add: {kind: function}", PARAMETER, frame))]
    assert messages == ['nothing uses the parameter "suffix"', "there is no queue to use these defaults"]


def test_a_layer_without_components() -> None:
    text = spec("work: {kind: queue}").replace("layers: [base]", "layers: [base, later]")
    [found] = [one for one in findings("W325", text) if "layer" in one.message]
    assert found.message == 'no component is of the layer "later"'
    assert marked(text, found) == "later"
