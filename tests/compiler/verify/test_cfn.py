"""Templates read back: functions, parameters, values that come by SSM, and what cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import compile_snippet

from lenie.compiler.verify.cfn import Stacks
from lenie.compiler.verify.cfn.document import Unreadable, load
from lenie.compiler.verify.expected import expected
from lenie.compiler.verify.program import Program
from lenie.compiler.verify.situations import Situation
from lenie.compiler.verify.values import Place
from lenie.compiler.verify.words import data

HEAD = """\
Parameters:
  Environment: {Type: String}
  Names: {Type: CommaDelimitedList, Default: "a, b"}
  Empty: {Type: String, Default: ""}
  Number: {Type: Number, Default: 5}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/image}
  Shared: {Type: "AWS::SSM::Parameter::Value<String>", Default: /demo/shared}
  Literal: {Type: "AWS::SSM::Parameter::Value<String>", Default: /demo/literal}
Mappings:
  Settings: {dev: {Size: 3}}
Conditions:
  IsEmpty: !Equals [!Ref Empty, ""]
  IsSet: !Not [!Condition IsEmpty]
  Both: !And [!Condition IsEmpty, !Equals [a, a]]
  Either: !Or [!Condition IsSet, !Condition Both]
Resources:
  Other: {Type: "AWS::SQS::Queue"}
"""
#: Of the first line after it.
LINE = HEAD.count("\n") + 1
PUBLISHER = """\
Resources:
  Queue: {Type: "AWS::SQS::Queue"}
  SharedParameter: {Type: "AWS::SSM::Parameter", Properties: {Name: /demo/shared, Value: !GetAtt Queue.Arn}}
  LiteralParameter: {Type: "AWS::SSM::Parameter", Properties: {Name: /demo/literal, Value: text}}
"""


def read(tmp_path: Path, **templates: str) -> Program:
    """Return the program of templates of the components `main` and others, in `dev`."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "parameters").mkdir()
    (tmp_path / "manifest.json").write_text("{}")
    given = (
        '[{"ParameterKey": "Environment", "ParameterValue": "dev"}]' if "Environment:" in templates["main"] else "[]"
    )
    (tmp_path / "parameters" / "dev.json").write_text(given)
    for name, text in templates.items():
        (tmp_path / "templates" / f"{name}.yaml").write_text(text)
    graph = compile_snippet("main:\n  layer: base\n  resources: {x: {kind: queue}}\n")
    wanted = expected(graph, "dev")
    wanted.graph = None
    return Stacks(tmp_path, "cfn").environment(Situation("dev", graph, {}), wanted)


def value(tmp_path: Path, expression: str) -> Any:
    """Return what a property with an expression is, as plain data."""
    text = HEAD + f"  Thing:\n    Type: AWS::X::Y\n    Properties:\n      P: {expression}\n"
    program = read(tmp_path, main=text, publisher=PUBLISHER)
    assert program.problems == [], program.problems
    return data(program.components["main"].resources["Thing"].properties).get("P", "(absent)")


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("text", "text"),
        ("3", 3),
        ('"3"', "3"),
        ("true", True),
        ("2012-10-17", "2012-10-17"),
        ("!Ref Environment", "dev"),
        ("!Ref Names", ["a", "b"]),
        ("!Ref Number", "5"),
        ("!Ref AWS::Region", "${aws.region}"),
        ("!Ref AWS::NoValue", "(absent)"),
        ("[1, !Ref AWS::NoValue, 2]", [1, 2]),
        ("!Ref Other", "${main.Other.Ref}"),
        ("!Ref Image", "${ssm /aws/service/image}"),
        ("!Ref Shared", "${publisher.Queue.Arn}"),
        ("!Ref Literal", "${publisher.LiteralParameter.Value}"),
        ("!GetAtt Other.Arn", "${main.Other.Arn}"),
        ("{Fn::GetAtt: [Other, Endpoint.Port]}", "${main.Other.Endpoint.Port}"),
        ("!Sub a-${Environment}-${Other.Arn}-${AWS::AccountId}", "a-dev-${main.Other.Arn}-${aws.account}"),
        ("!Sub '${!Literal} ${Number}'", "${Literal} 5"),
        ("!Sub ['${A}-${Environment}', {A: !Ref Other}]", "${main.Other.Ref}-dev"),
        ("!FindInMap [Settings, !Ref Environment, Size]", 3),
        ("!If [IsEmpty, 1, 2]", 1),
        ("!If [IsSet, 1, !Ref AWS::NoValue]", "(absent)"),
        ("!If [Both, 1, 2]", 1),
        ("!If [Either, 1, 2]", 1),
        ('!Select [1, !GetAZs ""]', "${zone 1}"),
        ("!Select [1, !Ref Names]", "b"),
        ('!Join ["-", [a, !Ref Other, 3]]', "a-${main.Other.Ref}-3"),
        ('!Split [",", "a,b"]', ["a", "b"]),
        ("{Fn::Base64: !Sub 'x ${Environment}'}", "${base64 of x dev}"),
        (
            "!Sub '{{resolve:secretsmanager:${Shared}:SecretString:password}}'",
            "${field password of the secret ${publisher.Queue.Arn}}",
        ),
    ],
)
def test_functions(tmp_path: Path, expression: str, result: Any) -> None:
    assert value(tmp_path, expression) == result


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("!Ref Nothing", '"Nothing" is neither a parameter nor a resource'),
        ("!GetAtt Nothing.Arn", '"Nothing" is no resource'),
        ("!ImportValue x", 'the function "ImportValue" is not one that the compiler writes'),
        ("!ref Other", 'the function "ref"'),
        ("{Fn::Cidr: [a, 1, 2]}", 'the function "Cidr"'),
        ("!If [Nothing, 1, 2]", 'there is no condition "Nothing"'),
        ("!If [IsEmpty, 1]", "takes 3 arguments"),
        ("!FindInMap [Settings, qa, Size]", "no value for Settings.qa.Size"),
        ("!Select [9, !Ref Names]", "no element 9"),
        ('!GetAZs "eu-west-1"', "zones of another region"),
        ("!Sub '${Names}'", "only text can stand inside a text"),
        ("!Join [1, 2]", "Join takes a text and a list"),
        ("!GetAtt []", 'the arguments of "GetAtt" are not what it takes'),
        ("!GetAtt {a: b}", 'the arguments of "GetAtt" are not what it takes'),
        ("!If [!And 3, 1, 2]", "a name is wanted here"),
        ("!Ref [a]", "a name is wanted here"),
        ("!FindInMap [[a], b, c]", "only text can stand inside a text"),
    ],
)
def test_what_cannot_be_evaluated_is_told(tmp_path: Path, expression: str, words: str) -> None:
    text = HEAD + f"  Thing:\n    Type: AWS::X::Y\n    Properties:\n      P: {expression}\n"
    program = read(tmp_path, main=text, publisher=PUBLISHER)
    (problem,) = program.problems
    assert (problem.code, problem.place, problem.component) == (
        "E607",
        Place("cfn/templates/main.yaml", LINE + 3),
        "main",
    )
    assert words in problem.message
    assert "Thing" not in program.components["main"].resources


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        ("{Type: String, Default: b, AllowedValues: [a]}", 'does not allow the value "b"'),
        ('{Type: String, Default: b, AllowedPattern: "^a$"}', 'the pattern of the parameter "P" does not allow'),
        ('{Type: String, Default: b, AllowedPattern: "("}', 'the pattern of the parameter "P" does not allow'),
        ("{Type: String}", 'the parameter "P" has no value'),
    ],
)
def test_a_parameter_that_refuses_its_value(tmp_path: Path, parameter: str, words: str) -> None:
    text = f"Parameters:\n  P: {parameter}\nResources:\n  Thing: {{Type: A, Properties: {{P: !Ref P}}}}\n"
    (problem,) = read(tmp_path, main=text).problems
    assert words in problem.message


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ("DeletionPolicy: [Retain]", "a name is wanted here"),
        ("UpdateReplacePolicy: !Ref Empty", "a name is wanted here"),
        ("Condition: [IsSet]", "a name is wanted here"),
        ("Condition: None", 'there is no condition "None"'),
        ("DependsOn: {a: b}", "DependsOn takes the names of resources"),
        ("DependsOn: [[a]]", "DependsOn takes the names of resources"),
    ],
)
def test_attributes_that_are_no_names(tmp_path: Path, attributes: str, words: str) -> None:
    program = read(tmp_path, main=HEAD + f"  Thing: {{Type: A, {attributes}}}\n", publisher=PUBLISHER)
    (problem,) = program.problems
    assert words in problem.message


@pytest.mark.parametrize("function", ["!And 3", "!Or {a: b}", "!Not x"])
def test_conditions_that_are_none(tmp_path: Path, function: str) -> None:
    text = HEAD.replace("  Both:", f"  Wrong: {function}\n  Both:") + "  Thing: {Type: A, Condition: Wrong}\n"
    (problem,) = read(tmp_path, main=text, publisher=PUBLISHER).problems
    assert problem.code == "E607"


@pytest.mark.parametrize("text", ["- a\n", "a\n", "Resources: [a]\n", "Resources: {}\nParameters: x\n"])
def test_files_that_are_no_templates(tmp_path: Path, text: str) -> None:
    program = read(tmp_path, main=text)
    assert [(one.code, one.message) for one in program.problems] == [("E606", "this is not a template")]
    assert program.unread == {"main"}


def test_a_condition_of_a_resource(tmp_path: Path) -> None:
    text = HEAD + "  No: {Type: A, Condition: IsSet}\n  Yes: {Type: A, Condition: IsEmpty}\n"
    program = read(tmp_path, main=text, publisher=PUBLISHER)
    assert list(program.components["main"].resources) == ["Other", "Yes"]


def test_attributes_of_a_resource(tmp_path: Path) -> None:
    text = (
        HEAD
        + "  Thing: {Type: A, DependsOn: [Other], DeletionPolicy: Retain, UpdatePolicy: {X: 1}, Metadata: {Y: 2}}\n"
    )
    thing = read(tmp_path, main=text, publisher=PUBLISHER).components["main"].resources["Thing"]
    assert (thing.depends_on, thing.deletion, thing.replacement) == ({"Other"}, "Retain", "")
    assert data(thing.properties) == {"(UpdatePolicy)": {"X": 1}}
    assert thing.place == Place("cfn/templates/main.yaml", LINE)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: [1\nb: 2\n", 2, "not YAML"),
        ("a: 1\na: 2\n", 2, 'the key "a" stands twice'),
        ("", 1, "empty"),
        ("a: \x07\n", 1, "not YAML"),
        ("- " * 200 + "x\n", 1, "nested too deeply"),
        ("a: &x [*x]\n", 1, "CloudFormation knows no aliases"),
        ("a: &x 1\nb: *x\n", 1, "CloudFormation knows no aliases"),
        ("a:\n  ? [b]\n  : 1\n", 2, "a key is a word"),
        ("a: !!int x\n", 1, 'is not of the type "int"'.replace('"int"', "int")),
    ],
)
def test_unreadable(text: str, line: int, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        load(text, "file.yaml")
    assert caught.value.place == Place("file.yaml", line)
    assert words in caught.value.message


def test_a_value_that_nobody_publishes(tmp_path: Path) -> None:
    program = read(tmp_path, main=HEAD + "  Thing: {Type: A, Properties: {P: !Ref Shared}}\n")
    (problem,) = program.problems
    assert 'no template publishes the SSM parameter "/demo/shared"' in problem.message


def test_a_value_that_depends_on_itself(tmp_path: Path) -> None:
    text = """\
Parameters:
  Own: {Type: "AWS::SSM::Parameter::Value<String>", Default: /demo/own}
Resources:
  OwnParameter: {Type: "AWS::SSM::Parameter", Properties: {Name: /demo/own, Value: !Sub "${Own}-${AWS::Region}"}}
"""
    (problem,) = read(tmp_path, main=text).problems
    assert "depends on itself" in problem.message


def test_two_publishers_and_unknown_files(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "notes.txt").write_text("x")
    (tmp_path / "templates" / "01-main.yaml").write_text("Outputs: {X: {Value: 1}}\nTransform: x\nResources: {}\n")
    (tmp_path / "templates" / "main.yml").write_text("Resources: {}\n")
    found = Stacks(tmp_path, "cfn").problems
    assert sorted((one.code, one.message) for one in found) == [
        ("E605", '"cfn/manifest.json" is missing'),
        ("E605", '"cfn/templates/01-main.yaml" is a template of "main", too'),
        ("E605", "this file is not a template"),
        ("E607", 'the section "Outputs" is not one that the compiler writes'),
        ("E607", 'the section "Transform" is not one that the compiler writes'),
    ]
