"""HCL read back: the syntax, expressions, modules, and what cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import compile_snippet

from lenie.compiler.verify.expected import expected
from lenie.compiler.verify.program import Program
from lenie.compiler.verify.terraform.module import Instance
from lenie.compiler.verify.terraform.parser import parse
from lenie.compiler.verify.terraform.reader import Modules
from lenie.compiler.verify.terraform.syntax import Literal, SyntaxFault
from lenie.compiler.verify.values import Place
from lenie.compiler.verify.words import data

ROOT = """\
provider "aws" {
  region = "eu-west-1"
  default_tags { tags = { Project = "demo" } }
}
variable "environment" { type = string }
variable "number" {
  type    = number
  default = "7"
}
module "main" {
  source      = "./modules/main"
  environment = var.environment
  number      = var.number
  names       = ["b", "a"]
}
"""
MODULE = """\
variable "environment" {}
variable "number" {}
variable "names" {}
locals {
  prefix = "x-${var.environment}"
}
data "aws_region" "current" {}
data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_ssm_parameter" "image" { name = "/aws/service/image" }
resource "aws_sqs_queue" "one" { name = "one" }
resource "aws_sqs_queue" "many" {
  for_each = toset(var.names)
  name     = each.value
}
"""
PROVIDERS = (
    ROOT
    + """\
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 6.8" }
  }
  backend "s3" {}
}
"""
)

#: Of what `value` and others add to the module.
LINE = MODULE.count("\n") + 2


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_tf", ".tf")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def read(tmp_path: Path, resources: str, root: str = ROOT) -> tuple[list[Instance], Program]:
    """Return the resources of a module with more resources, in `dev`."""
    write(tmp_path, main_tf=root, modules__main__main_tf=MODULE + resources)
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.tfvars").write_text('environment = "dev"\n')
    program = Program("dev", outputs={})
    modules = Modules(tmp_path, "tf")
    found = modules.instances("dev", program, {})
    return found, program


def value(tmp_path: Path, expression: str) -> Any:
    found, program = read(tmp_path, f'resource "aws_sqs_queue" "x" {{\n  p = {expression}\n}}\n')
    assert program.problems == [], program.problems
    (one,) = [instance for instance in found if instance.address == "aws_sqs_queue.x"]
    return data(one.attributes["p"]) if "p" in one.attributes else "(absent)"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ('"text"', "text"),
        (r'"a \"b\" \\ \n $${x} %%{y} $x é"', 'a "b" \\ \n ${x} %{y} $x é'),
        ("1.5", 1.5),
        ("-3", -3),
        ("true", True),
        ("null", "(absent)"),
        ("local.prefix", "x-dev"),
        ("var.number", 7),
        ('"${var.environment}-${var.number}"', "dev-7"),
        ("data.aws_region.current.id", "${aws.region}"),
        ('"arn:${data.aws_partition.current.partition}:${data.aws_caller_identity.current.account_id}"',
         "arn:${aws.partition}:${aws.account}"),
        ("data.aws_ssm_parameter.image.value", "${ssm /aws/service/image}"),
        ("aws_sqs_queue.one.arn", "${main.aws_sqs_queue.one.arn}"),
        ('aws_sqs_queue.many["a"].arn', '${main.aws_sqs_queue.many["a"].arn}'),
        ("[1, var.number]", [1, 7]),
        ('{ a = 1, "b" = 2, (var.environment) = 3 }', {"a": 1, "b": 2, "dev": 3}),
        ("{\n  a = 1\n  b = [\n    2,\n  ]\n}", {"a": 1, "b": [2]}),
        ("var.number > 5 ? \"big\" : \"small\"", "big"),
        ("var.environment == \"dev\" && !(var.number != 7)", True),
        ("1 + 2 * 3 - 4 / 2", 5),
        ("[for n in var.names : upper(n) if n != \"b\"]", ["A"]),
        ("{ for i, n in var.names : n => i }", {"b": 0, "a": 1}),
        ("[{ a = 1 }, { a = 2 }][*].a", [1, 2]),
        ("{ a = { b = [5] } }.a.b[0]", 5),
        ("concat([1], [2])", [1, 2]),
        ("merge({ a = 1 }, { a = 2 })", {"a": 2}),
        ("length(var.names)", 2),
        ("contains(var.names, \"a\")", True),
        ("join(\",\", var.names)", "b,a"),
        ("trimsuffix(\"a:*\", \":*\")", "a"),
        ("jsondecode(\"{\\\"a\\\": [1]}\").a[0]", 1),
        ("jsonencode({ a = var.number })", {"a": 7}),
        ("base64encode(\"x\")", "${base64 of x}"),
        ("lookup({ a = 1 }, \"b\", 2)", 2),
        ("max(1, 2)", None),
        ("can(regex(\"^d\", var.environment))", True),
        ("can(regex(\"^x\", var.environment))", False),
        ("alltrue([for n in var.names : can(regex(\"^[ab]$\", n))])", True),
        ("can(var.environment)", None),
        ("regex(\"(\", var.environment)", None),
        ("<<EOT\n  a\n b ${var.environment}\nEOT", "  a\n b dev\n"),
        ("<<-EOT\n    a\n\n      b ${var.environment}\n  EOT", "a\n\n  b dev\n"),
        ("# comment\n  1", None),
        ('replace("a-b", "-", "+")', "a+b"),
        ('replace("a-b", "/-/", "+")', None),
        ('replace(jsonencode({ a = "<b>" }), "\\\\u003c", "<")', {"a": "<b>"}),
        ('replace(jsonencode({ a = "b" }), "b", "c")', None),
        ('jsonencode([tonumber("5"), tonumber("0.5"), tonumber(5), tobool("true")])', [5, 0.5, 5, True]),
        ('tobool("maybe")', None),
    ],
)  # fmt: skip
def test_expressions(tmp_path: Path, expression: str, result: Any) -> None:
    if result is None:
        found, program = read(tmp_path, f'resource "aws_sqs_queue" "x" {{\n  p = {expression}\n}}\n')
        assert program.problems
        assert all("p" not in one.attributes for one in found)
        return
    assert value(tmp_path, expression) == result


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("var.nothing", 'there is no variable "nothing"'),
        ("local.nothing", 'there is no local value "nothing"'),
        ("aws_sqs_queue.nothing.arn", 'there is no resource "aws_sqs_queue.nothing"'),
        ('aws_sqs_queue.many["z"].arn', "has no instance 'z'"),
        ("aws_sqs_queue.one", "as a whole is not a value"),
        ("data.aws_region.other.id", 'there is no data "aws_region.other"'),
        ("data.aws_region.current.endpoint", "is not known"),
        ("path.module", '"path" means nothing here'),
        ("uuid()", 'the function "uuid" is not evaluated'),
        ("upper(1, 2)", "are not what it takes"),
        ('aws_sqs_queue.one.arn == "x"', "known at deployment only"),
        ("aws_sqs_queue.one.arn ? 1 : 2", "known at deployment only"),
        ("1 / 0", "cannot be computed"),
        ('"${var.names}"', "only text can stand inside a text"),
        ("[1][5]", 'there is no "5" here'),
    ],
)
def test_what_cannot_be_evaluated_is_told(tmp_path: Path, expression: str, words: str) -> None:
    _, program = read(tmp_path, f'resource "aws_sqs_queue" "x" {{\n  p = {expression}\n}}\n')
    (problem,) = program.problems
    assert (problem.code, problem.place, problem.component) == ("E607", Place("tf/modules/main/main.tf", LINE), "main")
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nb =\n", 2, "a value is missing"),
        ('a = "x\n', 1, "not closed"),
        ("a {\n", 2, '"}" is missing'),
        ("a = 1\na = 2\n", 2, '"a" is set twice'),
        ("}\n", 1, 'a "}" too much'),
        ("a = [1 2]\n", 1, '"]" is missing'),
        ("a = <<X\ny\n", 1, 'does not end with "X"'),
        ('a = "%{ if x }y%{ endif }"\n', 1, "directives"),
        ('a = "\\q"\n', 1, "escape"),
        ("a = 1 2\n", 1, "the line goes on"),
        ("a = " + "[" * 300 + "\n", 1, "nested too deeply"),
        ("a { " * 300, 1, "nested too deeply"),
        ("a = (1\n", 2, '")" is missing'),
        ("\na = " + "9" * 6000 + "\n", 2, "the number is too long"),
        ("a = b." + "9" * 6000 + "\n", 1, "this is no index"),
        ("a = b.1.0\n", 1, "this is no index"),
    ],
)
def test_no_hcl(text: str, line: int, words: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse(text, "x.tf")
    assert caught.value.place == Place("x.tf", line)
    assert words in caught.value.message


def test_places() -> None:
    block = parse('a = 1\n\nresource "x" "y" {\n  # comment\n  b = 2 /* c */\n  c {\n    d = 3\n  }\n}\n', "x.tf")
    assert block.attributes["a"] == Literal(1, Place("x.tf", 1))
    (resource,) = block.blocks
    assert (resource.labels, resource.place.line) == (["x", "y"], 3)
    assert resource.places["b"].line == 5
    assert resource.inner("c")[0].attributes["d"].place.line == 7


def test_instances(tmp_path: Path) -> None:
    resources = """\
resource "aws_sqs_queue" "x" {
  count = 2
  name  = "x${count.index}"

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [name]
  }

  depends_on = [aws_sqs_queue.one, aws_sqs_queue.many["a"]]
}

resource "aws_instance" "y" {
  dynamic "volume" {
    for_each = var.names
    content {
      name = volume.value
      place = volume.key
    }
  }
}
"""
    found, program = read(tmp_path, resources)
    assert program.problems == []
    by_address = {one.address: one for one in found}
    assert list(by_address) == [
        "aws_sqs_queue.one",
        'aws_sqs_queue.many["a"]',
        'aws_sqs_queue.many["b"]',
        "aws_sqs_queue.x[0]",
        "aws_sqs_queue.x[1]",
        "aws_instance.y",
    ]
    second = by_address["aws_sqs_queue.x[1]"]
    assert data(second.attributes["name"]) == "x1"
    assert second.depends_on == ["aws_sqs_queue.one", "aws_sqs_queue.many"]
    assert second.lifecycle == {"prevent_destroy": True, "ignore_changes": ["name"]}
    assert data(second.default_tags["Project"]) == "demo"
    assert data(by_address["aws_instance.y"].attributes["volume"]) == [
        {"name": "b", "place": 0},
        {"name": "a", "place": 1},
    ]
    assert [data(node) for node in program.regions] == ["eu-west-1"]


@pytest.mark.parametrize(
    ("root", "resources", "code", "words"),
    [
        (ROOT, 'resource "aws_sqs_queue" "one" {}\n', "E606", "is declared twice"),
        (ROOT, "import {}\n", "E607", 'a block "import" is not one'),
        (ROOT, 'resource "a" {}\n', "E607", 'a block "resource" is not one'),
        (ROOT.replace("number      = var.number\n", ""), "", "E606", 'called without "number"'),
        (ROOT.replace("names ", "other "), "", "E606", 'no variable "other"'),
        (ROOT.replace("./modules/main", "./modules/missing"), "", "E605", '"tf/modules/missing" is missing'),
        (ROOT.replace("./modules/main", "registry/main"), "", "E607", "is not one of these files"),
        (ROOT.replace("region", "profile"), "", "E607", 'the setting "profile" of the provider'),
        (ROOT, 'module "x" {\n  source = "./x"\n}\n', "E607", "a module inside a module"),
        (ROOT, 'resource "aws_x" "y" {\n  provisioner "local-exec" {}\n}\n', "E607", '"provisioner" has no equal'),
        (ROOT, 'resource "aws_x" "y" {\n  for_each = aws_sqs_queue.one.arn\n}\n', "E607", "for_each is not known"),
        (ROOT, 'resource "aws_x" "y" {\n  dynamic "z" {}\n}\n', "E607", 'the dynamic block "z"'),
        (ROOT, 'resource "aws_x" "y" {\n  count = 100000000000\n}\n', "E607", "is no number of resources"),
        (ROOT, 'resource "aws_x" "y" {\n  count = -1\n}\n', "E607", "is no number of resources"),
        # Whether, where and how often something is deployed, and what runs while a plan is made.
        (ROOT.replace("  source ", "  count = 0\n  source "), "", "E607", 'calls no module with "count"'),
        (ROOT.replace("  source ", "  for_each = {}\n  source "), "", "E607", 'calls no module with "for_each"'),
        (ROOT.replace("  source ", "  providers = { aws = aws.x }\n  source "), "", "E607", 'with "providers"'),
        (ROOT, 'provider "aws" {\n  region = "us-west-2"\n}\n', "E607", '"provider" stands in root modules only'),
        (ROOT + 'provider "random" {}\n', "", "E607", 'the provider "random" is not one'),
        (ROOT, 'resource "aws_x" "y" {\n  provider = aws.west\n}\n', "E607", "has a provider of its own"),
        (ROOT, 'data "external" "x" {\n  program = ["id"]\n}\n', "E607", 'data "external" is not one'),
        (ROOT, 'data "aws_region" "x" {\n  provider = aws.west\n}\n', "E607", 'no "provider" in a block "data"'),
        (ROOT, 'ephemeral "aws_lambda_invocation" "x" {}\n', "E607", 'ephemeral "aws_lambda_invocation" is not one'),
        (ROOT, "moved {\n  from = aws_x.a\n  to = aws_x.b\n}\n", "E607", 'a block "moved" is not one'),
        (ROOT + 'check "x" {}\n', "", "E607", 'a block "check" is not one'),
        (PROVIDERS.replace("hashicorp", "example"), "", "E607", "aws from hashicorp/aws, and no other"),
        (PROVIDERS.replace("aws =", "random ="), "", "E607", "aws from hashicorp/aws, and no other"),
        (PROVIDERS.replace("version", "configuration_aliases"), "", "E607", "and no other"),
        (ROOT + "terraform {\n  cloud {}\n}\n", "", "E607", 'no block "cloud"'),
        (ROOT, 'terraform {\n  backend "s3" {}\n}\n', "E607", "only a root module has a backend"),
        (ROOT.replace("type = string", "type = text"), "", "E607", "not the type of a variable"),
        (ROOT.replace("type = string", "kind = string"), "", "E607", 'no "kind" in a block "variable"'),
        (ROOT.replace("type = string", "type = string\n validation {\n }\n"), "", "E607", "has no condition"),
        (ROOT, 'output "x" {\n  value = aws_sqs_queue.gone.arn\n}\n', "E607", 'no resource "aws_sqs_queue.gone"'),
        (ROOT, 'locals {\n  unused = file("x")\n}\n', "E607", 'the function "file"'),
        (ROOT, 'resource "aws_x" "y" {\n  depends_on = [aws_x.gone]\n}\n', "E607", 'waits for "aws_x.gone"'),
        (ROOT.replace("  source ", "  depends_on = [module.gone]\n  source "), "", "E607", 'waits for "module.gone"'),
        (ROOT, 'resource "aws_x" "y" {\n  depends_on = aws_sqs_queue.one\n}\n', "E607", "depends_on is a list"),
        (
            ROOT.replace("type = string", 'type = string\n validation {\n condition = var.environment == "qa"\n }\n'),
            "",
            "E607",
            'the variable "environment" does not allow its value',
        ),
    ],
)
def test_what_terraform_would_refuse_or_we_do_not_read(
    tmp_path: Path, root: str, resources: str, code: str, words: str
) -> None:
    _, program = read(tmp_path, resources, root)
    assert [one for one in program.problems if one.code == code and words in one.message], program.problems


def test_what_a_program_may_hold(tmp_path: Path) -> None:
    resources = """\
resource "aws_sqs_queue" "x" {
  depends_on = [aws_sqs_queue.one, aws_sqs_queue.many["a"], data.aws_region.current]
}
variable "more" {
  type    = map(list(object({ a = optional(string), b = tuple([number, bool]) })))
  default = {}
}
"""
    _, program = read(tmp_path, resources, PROVIDERS)
    assert program.problems == []


def test_a_whole_program_of_another_kind(tmp_path: Path) -> None:
    """A resource type without a row is told, and never passed over."""
    _, before = read(tmp_path, 'resource "aws_glue_job" "x" {}\n')
    assert before.problems == []
    graph = compile_snippet("main:\n  layer: base\n  resources: {x: {kind: queue}}\n")
    from lenie.compiler.verify.situations import Situation

    program = Modules(tmp_path, "tf").environment(Situation("dev", graph, {}), expected(graph, "dev"))
    assert 'the resource type "aws_glue_job" is not known to verify' in {one.message for one in program.problems}
