"""Values that are easily damaged on the way, synthesized for real: they are what the CloudFormation target writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support_cdk import cloudformation, emit, normal, strict, synthesized, write
from support_cfn import graph, parameter

from lenie.compiler.expressions import (
    AttributeOf,
    AvailabilityZone,
    Base64,
    EnvironmentName,
    Interpolation,
    JsonText,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    PublicParameter,
    SecretField,
    Value,
    WhenParameter,
)
from lenie.compiler.graph import Graph, Resource
from lenie.compiler.specialise import specialise

TEXTS = [
    "",
    " ",
    "'",
    '"',
    "\"'\"'",
    '"""',
    "'''",
    '"""\n',
    "\\",
    "\\n",
    "ends in a backslash \\",
    "{",
    "}",
    "{}",
    "{settings}",
    "{{x}}",
    "{{resolve:ssm:x}}",
    "%s %d %(x)s %",
    "$",
    "$$",
    "${",
    "${AWS::Region}",
    "${!x}",
    "$${x}",
    "${a${b}c}",
    "#{Token}",
    "tab\tand\rreturn",
    "\u2028\u2029\u0085\ufeff",
    "zażółć gęślą jaźń",
    "日本語 " * 40,
    "e\u0301" * 120,
    "\U0001f600\U0001f468\u200d\U0001f469",
    "\n",
    "one\ntwo\n",
    "\n\nblank\n\n",
    "trailing space \nand tab\t\n",
    "word " * 60,
    "x" * 400,
    'a "quoted" word, ' * 30,
    "it's " * 60,
    "true",
    "null",
    "0123",
    "1e3",
    "\\" * 150,
    "\n".join(f'line {n}: "{{}}" \\ ${{x}} ' for n in range(20)),
    "\n".join(['"""', "'''", "x" * 180, " " * 150, 'ends"', "tail ", '"'] * 3),
    '#!/bin/bash\n# comment\necho "$HOME ${HOME} $(id) `id`"\nprintf \'%s\\n\' "${x:-y}"\n' * 4,
]
MAIN = AttributeOf("main", "Main", "Arn")
OTHER = AttributeOf("other", "Other", "Arn")


def parameters_resource(name: str, value: Value) -> Resource:
    place = ("components", "main", "resources", "main")
    properties: dict[str, Value] = {"Type": "String", "Value": "x", "Description": value}
    return Resource(name, "AWS::SSM::Parameter", properties, place)


def with_values(values: dict[str, Value], *parameters: Any, **more: Any) -> Graph:
    """Return a graph whose component "main" has an SSM parameter with each of `values`."""
    built = graph({"QueueName": "main"}, parameters=parameters, **more)
    for name, value in values.items():
        built.components["main"].resources[name] = parameters_resource(name, value)
    return built


def compared(built: Graph, directory: Path) -> None:
    """Synthesize `built` for both environments, and compare with the CloudFormation target."""
    files, diagnostics = emit(built)
    assert [d for d in diagnostics if d.code != "W515"] == []
    app = write(files, directory / "app")
    ruff = Path(sys.executable).with_name("ruff")
    for check in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [str(ruff), *check, "--no-cache", "."], cwd=app, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    for name in built.environments:
        found = synthesized(app, directory / name, {"env": name})
        wanted = cloudformation(built, name)
        assert sorted(found) == sorted(wanted)
        for stack, template in wanted.items():
            for logical_id, body in template["Resources"].items():
                assert strict(normal(found[stack])["Resources"][logical_id]) == strict(body), logical_id
            assert strict(found[stack]) == strict(template)


@pytest.mark.slow
def test_texts(tmp_path: Path) -> None:
    compared(with_values({f"Text{n}": text for n, text in enumerate(TEXTS)}), tmp_path)


@pytest.mark.slow
def test_texts_in_json_and_in_substitutions(tmp_path: Path) -> None:
    values: dict[str, Value] = {}
    for n, text in enumerate(TEXTS):
        values[f"Sub{n}"] = Interpolation((text, Pseudo("region"), text, MAIN, "$", OTHER))
        values[f"Json{n}"] = JsonText({"a": [text, {text or "b": OTHER}], "c": 1, "d": True})
        values[f"Mixed{n}"] = Interpolation((text, EnvironmentName(), text, Pseudo("account")))
        values[f"Plain{n}"] = Interpolation((text, EnvironmentName(), text))
    compared(with_values(values), tmp_path)


@pytest.mark.slow
def test_settings(tmp_path: Path) -> None:
    values: dict[str, Value] = {}
    for n, text in enumerate(TEXTS):
        setting = PerEnvironment(f"Row{n}", (("dev", text), ("prod", f"{text}.")))
        values[f"Alone{n}"] = setting
        values[f"Inside{n}"] = Interpolation(("<", setting, ">"))
        values[f"Sub{n}"] = Interpolation((Pseudo("region"), "$", setting, "{", setting, "}", MAIN))
        values[f"Json{n}"] = JsonText({"key": setting, "other": [Interpolation(("a", setting)), Pseudo("account")]})
    compared(with_values(values), tmp_path)


@pytest.mark.slow
def test_every_expression(tmp_path: Path) -> None:
    text, size = parameter("text", "de'f\"a", values={"prod": ""}), parameter("size", 5, "number", values={"prod": 7})
    names = parameter("names", ("a", "b c"), "list(text)", values={"prod": ("x", "y")})
    flag = PerEnvironment("Flag", (("dev", True), ("prod", False)))
    count = PerEnvironment("Count", (("dev", 3), ("prod", 400)))
    given = ParameterValue("text")
    values: dict[str, Value] = {
        "Text": given,
        "Item": ParameterItem("names", 1),
        "SetText": WhenParameter("text", Interpolation(("set: ", given))),
        "EmptyText": WhenParameter("text", Interpolation(("empty in ", EnvironmentName())), is_set=False),
        "Zone": AvailabilityZone(1),
        "ZoneText": Interpolation(("in ", AvailabilityZone(0))),
        "Region": Pseudo("region"),
        "Account": Interpolation((Pseudo("account"), "/", Pseudo("partition"), "/", Pseudo("url-suffix"))),
        "Ours": MAIN,
        "Reference": AttributeOf("main", "Main", "Ref"),
        "Theirs": OTHER,
        "Public": PublicParameter("/aws/service/x/image", "AWS::EC2::Image::Id"),
        "PublicText": Interpolation(("image ", PublicParameter("/aws/service/x/image", "AWS::EC2::Image::Id"))),
        "Secret": SecretField(OTHER, "field"),
        "Encoded": Base64(Interpolation(("#!/bin/sh\n", EnvironmentName(), "\n", Pseudo("region")))),
        "Numbers": JsonText({"size": ParameterValue("size"), "count": count, "flag": flag, "zone": "z"}),
        "Maybe": JsonText({"a": WhenParameter("text", "there"), "b": [1, WhenParameter("text", 2, is_set=False)]}),
        "MaybeInside": Interpolation(("a", WhenParameter("text", Interpolation(("-", given))), Pseudo("region"))),
    }
    built = with_values(values, text, size, names)
    place = ("components", "main", "resources", "main")
    queue: dict[str, Value] = {
        "DelaySeconds": count,
        "FifoQueue": flag,
        "VisibilityTimeout": ParameterValue("size"),
        "MessageRetentionPeriod": OTHER,
        "SqsManagedSseEnabled": WhenParameter("text", True, is_set=False),
        "RedrivePolicy": {"deadLetterTargetArn": MAIN, "maxReceiveCount": count},
        "Tags": [{"Key": "A", "Value": given}, {"Key": "b", "Value": EnvironmentName()}],
    }
    built.components["main"].resources["Typed"] = Resource("Typed", "AWS::SQS::Queue", queue, place, ("Text", "Main"))
    endpoint: dict[str, Value] = {
        "VpcId": OTHER,
        "ServiceName": "s3",
        "RouteTableIds": ["a", WhenParameter("text", "b"), WhenParameter("text", "c", is_set=False)],
        "SubnetIds": ParameterValue("names"),
        "PolicyDocument": {"Statement": [WhenParameter("text", {"Sid": given})], "odd key's \"{}": [flag, 1.5]},
    }
    built.components["main"].resources["Lists"] = Resource("Lists", "AWS::EC2::VPCEndpoint", endpoint, place)
    raw: dict[str, Value] = {"name": given, "Deep": {"List": [1, True, MAIN, {"x": count}], "Nothing": {}, "None": []}}
    built.components["main"].resources["Unknown"] = Resource("Unknown", "AWS::Unheard::Thing", raw, place)
    files, diagnostics = emit(built)
    assert [d.code for d in diagnostics] == ["W505"]
    app = write(files, tmp_path / "app")
    for name in built.environments:
        found = synthesized(app, tmp_path / name, {"env": name})
        # The CloudFormation target does not take a condition inside JSON, so one environment is compared with itself.
        only, _ = emit(specialise(built, name))
        wanted = synthesized(write(only, tmp_path / f"app-{name}"), tmp_path / f"only-{name}", {})
        assert strict(found) == strict(wanted)
        assert strict({s: normal(t) for s, t in found.items()}) == strict(cloudformation(built, name))
