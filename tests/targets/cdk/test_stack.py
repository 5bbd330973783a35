"""Modules, the app and its settings: names, wiring, conditions, sizes."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support_cdk import SITE_PACKAGES, emit, write
from support_cfn import graph, parameter

from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    Interpolation,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
    Value,
    WhenParameter,
)
from lenie.compiler.graph import Component, Export, Graph, Resource
from lenie.compiler.specialise import specialise
from lenie.targets.cdk.naming import class_names

OTHER = AttributeOf("other", "Other", "Arn")
PLACE = ("components", "main")


def files_of(built: Graph) -> dict[str, str]:
    files, diagnostics = emit(built)
    assert diagnostics == []
    for name, text in files.items():
        if name.endswith(".py"):
            ast.parse(text)
    return dict(files)


def test_a_value_of_another_stack_is_wired_by_name() -> None:
    built = graph({"QueueName": OTHER})
    publisher: dict[str, Value] = {
        "Name": Interpolation(("/demo/", EnvironmentName(), "/sqs/other/arn")),
        "Type": "String",
        "Value": OTHER,
    }
    built.components["other"].resources["OtherArn"] = Resource("OtherArn", "AWS::SSM::Parameter", publisher, PLACE)
    files = files_of(built)
    other, main, app = files["stacks/other.py"], files["stacks/main.py"], files["app.py"]
    assert 'self.sqs_other_arn_parameter = f"/demo/{settings.environment}/sqs/other/arn"' in other
    assert "name=self.sqs_other_arn_parameter," in other
    assert "class MainProps:" in main
    assert "    sqs_other_arn_parameter: str\n" in main
    assert "props.sqs_other_arn_parameter," in main
    assert "MainProps(sqs_other_arn_parameter=other.sqs_other_arn_parameter)" in app
    assert "main_value.add_stack_dependency(other)" in app


@pytest.mark.parametrize(
    ("value", "condition"),
    [
        (WhenParameter("one", OTHER), "if settings.one:"),
        (WhenParameter("one", OTHER, is_set=False), "if not settings.one:"),
        ([WhenParameter("one", OTHER), WhenParameter("two", OTHER)], "if settings.one or settings.two:"),
        (WhenParameter("one", [WhenParameter("two", OTHER)]), "if settings.one and settings.two:"),
        ([WhenParameter("one", OTHER), OTHER], ""),
    ],
)
def test_a_parameter_of_the_template_exists_where_it_is_used(value: Value, condition: str) -> None:
    built = graph({"RedrivePolicy": {"x": value}}, parameters=(parameter("one", ""), parameter("two", "")))
    main = files_of(built)["stacks/main.py"]
    head = main[: main.index("sqs.CfnQueue(")]
    conditions = [line.strip() for line in head.splitlines() if line.strip().startswith("if ")]
    assert conditions == ([condition] if condition else [])


def component(name: str, *ids: str) -> Component:
    made = Component(name, "base", 0, "environment", ("components", name))
    for logical_id in ids:
        made.resources[logical_id] = Resource(logical_id, "AWS::SQS::Queue", {}, made.path)
    return made


def test_names_that_python_has_already() -> None:
    """Components and resources are called what Python, the libraries and the app itself use."""
    built = graph({"QueueName": "x"})
    names = ("lambda", "class", "settings", "app", "sqs", "aws-cdk", "main", "a-1", "a1", "component")
    built.components = {name: component(name, "Import", "Self", "Sqs", "Settings", "Print", "Queue") for name in names}
    for made in built.components.values():
        for resource in made.resources.values():
            resource.depends_on = ("Queue",) if resource.logical_id != "Queue" else ()
    files = files_of(built)
    assert {"stacks/lambda_.py", "stacks/class_.py", "stacks/a_1.py", "stacks/a1.py"} <= set(files)
    main = files["stacks/main.py"]
    for name in ("import_", "self_value", "sqs_value", "settings_value", "print_value"):
        assert f"        {name} = sqs.CfnQueue(" in main
    assert class_names(built)["a-1"] != class_names(built)["a1"]
    assert "from stacks.lambda_ import LambdaStack" in files["app.py"]
    assert "class Component2Stack(ComponentStack):" in files["stacks/component.py"]


def test_a_shared_stack_needs_no_settings() -> None:
    built = graph({"QueueName": "x"})
    for made in built.components.values():
        made.scope = "account"
    files = files_of(built)
    assert "settings.py" not in files
    assert "settings" not in files["app.py"]
    assert 'super().__init__(\n            scope,\n            "demo-main",' in files["stacks/main.py"]
    # What all environments share is production's, too.
    assert "termination_protection=True" in files["stacks/main.py"]


def test_one_environment_has_no_settings() -> None:
    files = files_of(specialise(graph({"QueueName": EnvironmentName()}), "prod"))
    assert "settings.py" not in files
    assert 'queue_name="prod"' in files["stacks/main.py"]
    assert "termination_protection=True" in files["stacks/main.py"]
    assert "--context env" not in files["README.md"]


def test_comments_name_the_place() -> None:
    origins = {("QueueName",): ("defaults", "queue", "visibility")}
    built = graph({"QueueName": "x", "Tags": []}, origins=origins)
    main = files_of(built)["stacks/main.py"]
    assert "        # components.main.resources.main\n" in main
    assert '            # defaults.queue.visibility\n            queue_name="x",\n' in main


def test_policies_dependencies_and_accepted_findings() -> None:
    built = graph(
        {"QueueName": "x"},
        deletion_policy="RetainExceptOnCreate",
        update_replace_policy="Retain",
        accepted={"CKV_AWS_27": "A reason.", "W3011": "Another reason."},
    )
    main = files_of(built)["stacks/main.py"]
    assert "main.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE" in main
    assert "main.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN\n" in main
    assert '"checkov",' in main
    assert "# Another reason.\n" in main


def test_a_text_of_many_lines_stands_at_the_head() -> None:
    text = "\n".join(f"line {n} with 'quotes' and \\ backslash" for n in range(12))
    main = files_of(graph({"QueueName": text}))["stacks/main.py"]
    assert 'MAIN_QUEUE_NAME = """\\\n' in main
    assert "queue_name=MAIN_QUEUE_NAME" in main


def test_the_largest_templates_need_a_bucket() -> None:
    built = graph({"QueueName": "x"})
    resources = built.components["main"].resources
    for number in range(400):
        tags: list[Value] = [{"Key": f"key{n}", "Value": "some value"} for n in range(4)]
        resources[f"Queue{number}"] = Resource(f"Queue{number}", "AWS::SQS::Queue", {"Tags": tags}, PLACE)
    _, diagnostics = emit(built)
    assert [d.code for d in diagnostics] == ["W515"]
    assert 'the template of "main" has about ' in diagnostics[0].message
    for number in range(100, 400):
        del resources[f"Queue{number}"]
    assert emit(built)[1] == []


# -- settings.py ------------------------------------------------------------------------------------------------------

GIVEN = (
    parameter("email", "a@example.com", "email", pattern="^[^@]+@[^@]+$", values={"prod": "p@example.com"}),
    parameter("size", 5, "number"),
    parameter("names", ("a", "b"), "list(text)"),
    parameter("whole", (), "list(text)", values={"prod": ("x",)}),
    parameter("inside", "plain"),
    parameter("production", "a clash"),
)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[ModuleType]:
    """The settings module of an app that uses every parameter; of the library, it needs the name of a type only."""
    values: dict[str, Value] = {
        "QueueName": Interpolation((Pseudo("region"), ParameterValue("inside"))),
        "DelaySeconds": ParameterValue("size"),
        "RedrivePolicy": {
            "a": ParameterValue("email"),
            "b": ParameterItem("names", 0),
            "c": ParameterValue("whole"),
            "d": ParameterValue("production"),
            "e": PerEnvironment("Domain", (("dev", "dev.example.com"), ("prod", "example.com"))),
            "f": PerEnvironment("Production", (("dev", False), ("prod", True))),
        },
    }
    app = write(files_of(graph(values, parameters=GIVEN)), tmp_path)
    spec = importlib.util.spec_from_file_location("generated_settings", app / "settings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generated_settings"] = module
    stub = ModuleType("aws_cdk")
    stub.App = object  # type: ignore[attr-defined]
    sys.modules["aws_cdk"] = stub
    spec.loader.exec_module(module)
    yield module
    del sys.modules["generated_settings"], sys.modules["aws_cdk"]


class Node:
    def __init__(self, context: dict[str, Any]) -> None:
        self.context = context

    def try_get_context(self, name: str) -> Any:
        return self.context.get(name)

    def get_all_context(self) -> dict[str, Any]:
        return self.context


class App:
    def __init__(self, **context: Any) -> None:
        self.node = Node({key.replace("__", "."): value for key, value in context.items()})


def test_settings_of_each_environment(table: Any) -> None:
    dev, prod = table.settings_of(App()), table.settings_of(App(env="prod"))
    assert (dev.environment, dev.production, dev.domain) == ("dev", False, "dev.example.com")
    assert (prod.environment, prod.production, prod.domain) == ("prod", True, "example.com")
    assert (dev.email, prod.email) == ("a@example.com", "p@example.com")
    assert (dev.whole, prod.whole) == ((), ("x",))
    # The field `production` is the spec's setting; the parameter of that name gets another.
    assert dev.production_parameter == "a clash"


def test_context_changes_parameters(table: Any) -> None:
    assert table.settings_of(App(param__size="7.5")).size == 7.5
    changed = table.settings_of(App(param__size="7", param__names="x,y", param__whole="", param__email="c@example.com"))
    assert (changed.size, changed.names, changed.whole, changed.email) == (7, ("x", "y"), (), "c@example.com")


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"env": "qa"}, "env: there is no environment qa, only dev, prod"),
        (
            {"param__nothing": "x"},
            "param.nothing: there is no such parameter, only email, size, names, whole, inside, ",
        ),
        ({"param__size": "many"}, "param.size: a number is wanted, not many"),
        ({"param__size": "nan"}, "param.size: a number is wanted, not nan"),
        ({"param__email": "nobody"}, "param.email: 'nobody' does not match ^[^@]+@[^@]+$"),
        ({"param__email": "a@example.com\n"}, "param.email: 'a@example.com\\n' does not match"),
        ({"param__names": "a"}, "param.names: 2 elements are wanted, not 1"),
        ({"param__inside": "a${b}"}, "param.inside: 'a${b}' must not match \\$"),
    ],
)
def test_context_that_is_refused(table: Any, context: dict[str, str], message: str) -> None:
    with pytest.raises(SystemExit) as raised:
        table.settings_of(App(**context))
    assert str(raised.value).startswith(message)


def test_the_set_up_is_there() -> None:
    assert SITE_PACKAGES.is_dir(), "run `make .venv-cdk/.stamp`"


def test_exports_that_nobody_reads_are_no_members() -> None:
    built = graph({"QueueName": "x"})
    built.components["other"].exports[OTHER] = Export(OTHER, "sqs/other/arn")
    assert "_parameter" not in files_of(built)["stacks/other.py"]
