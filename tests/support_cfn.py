"""Reads CloudFormation YAML back into the long form, and builds small graphs to print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from lenie.compiler.diagnostics import Diagnostic, Report
from lenie.compiler.expressions import AttributeOf
from lenie.compiler.graph import Component, Export, Graph, Parameter, Resource
from lenie.compiler.load import parse
from lenie.targets.cfn import TARGET


class TemplateLoader(yaml.SafeLoader):
    """YAML 1.1 with CloudFormation's short forms; a key that stands twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"duplicate key in {keys}"
        return super().construct_mapping(node, deep=True)


def _function(loader: TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


TemplateLoader.add_multi_constructor("!", _function)


def read_template(text: str) -> Any:
    """Return a template's data in the long form."""
    return yaml.load(text, Loader=TemplateLoader)


def graph(
    properties: dict[str, Any],
    type_name: str = "AWS::SQS::Queue",
    *,
    parameters: tuple[Parameter, ...] = (),
    other: dict[str, Any] | None = None,
    **resource: Any,
) -> Graph:
    """Return a graph with the component "main" and one resource "Main"; "other" publishes the queue "Other"."""
    producer = Component("other", "base", 0, "environment", ("components", "other"))
    producer.resources["Other"] = Resource(
        "Other", "AWS::SQS::Queue", other or {}, (*producer.path, "resources", "other")
    )
    arn = AttributeOf("other", "Other", "Arn")
    producer.exports[arn] = Export(arn, "sqs/other/arn")
    main = Component("main", "base", 0, "environment", ("components", "main"), depends_on=("other",))
    main.resources["Main"] = Resource("Main", type_name, properties, (*main.path, "resources", "main"), **resource)
    return Graph(
        project="demo",
        region="us-east-1",
        environments=("dev", "prod"),
        production=frozenset({"prod"}),
        layers=("base",),
        parameters={parameter.name: parameter for parameter in parameters},
        components={"other": producer, "main": main},
    )


def parameter(name: str, default: Any, type_name: str = "text", **more: Any) -> Parameter:
    """Return a parameter of the spec."""
    return Parameter(name, type_name, default, f"What {name} is for.", ("parameters", name), **more)


SPEC = """\
parameters: {one: {default: a, values: {prod: b}}, list: {default: [a, b]}}
defaults: {queue: {visibility: 30s}}
components:
  other: {resources: {other: {kind: queue}}}
  main: {resources: {main: {kind: queue, name: x, retention: 1d}}}
"""


def emit(built: Graph) -> tuple[Mapping[str, str], list[Diagnostic]]:
    """Return the files of a graph, and what was reported."""
    report = Report(parse(SPEC, "spec.yaml"))
    return TARGET.emit(built, "default", report), report.diagnostics


def main_template(built: Graph) -> str:
    """Return the template of the component "main"; nothing may be reported."""
    files, diagnostics = emit(built)
    assert not diagnostics
    return files["templates/0-base/02-main.yaml"]


def main_property(value: Any, *parameters: Parameter) -> Any:
    """Return what the queue's name reads back as, if it is `value`, with the whole template."""
    template = read_template(main_template(graph({"QueueName": value}, parameters=parameters)))
    return template["Resources"]["Main"]["Properties"].get("QueueName"), template
