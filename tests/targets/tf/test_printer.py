from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_tf import Terraform

from lenie.targets.base import Mark, attribute
from lenie.targets.tf.hcl import (
    Argument,
    Attr,
    Block,
    Call,
    Conditional,
    Element,
    Expr,
    Raw,
    Several,
    Table,
    Template,
)
from lenie.targets.tf.printer import Trace, block_text, document, expression, inline, values_file

HOSTILE = [
    "",
    " ",
    '"quoted"',
    "back\\slash",
    "${interpolation}",
    "$${escaped}",
    "$$${twice}",
    "%{ if true }",
    "%%{directive}",
    "$",
    "%",
    "ends with $",
    "ends with %",
    "{{resolve:secretsmanager:x}}",
    "line\nbreak",
    "line\nbreak\n",
    "first\n\nthird\n",
    "first\n  second\n",
    "  first\n  second\n",
    "EOT\nEOT\n",
    "tab\tand\rreturn",
    "ünïcödé \N{PILE OF POO}",
    "\N{LINE SEPARATOR}",
    "\x01\x7f",
    "# no comment // at /* all */",
    "<script>&amp;</script>",
    "~",
    'text with ${a} and %{b} and "c"\nin lines\n',
]
TEMPLATES: list[tuple[tuple[Expr, ...], str]] = [
    (("a", Raw("local.x"), "b"), "aXb"),
    (("$", Raw("local.x")), "$X"),
    (("$$", Raw("local.x")), "$$X"),
    (("%", Raw("local.x"), "{"), "%X{"),
    ((Raw("local.x"), "{}"), "X{}"),
    (("${", Raw("local.x"), "}"), "${X}"),
    (('"', Raw("local.x"), '"'), '"X"'),
    (("#!/bin/sh\necho $", Raw("local.x"), "\necho ${HOME} %{x}\n"), "#!/bin/sh\necho $X\necho ${HOME} %{x}\n"),
    ((Conditional('local.x != ""', "yes", "no"), "!"), "yes!"),
]


def evaluated(terraform: str, directory: Path, values: list[Expr]) -> list[object]:
    """Return what terraform makes of expressions; no provider is needed for that."""
    outputs = [Block("output", (f"o{n}",), [Argument("value", value)]) for n, value in enumerate(values)]
    text = document([Block("locals", (), [Argument("x", "X")]), *outputs], "values").text
    (directory / "main.tf").write_text(text, encoding="utf-8")
    run = Terraform(directory, "")
    run.run("init")
    run.run("fmt", "-check", "-diff")
    run.run("apply", "-auto-approve")
    found = json.loads(run.run("output", "-json").output)
    return [found[f"o{n}"]["value"] for n in range(len(values))]


def test_terraform_reads_what_was_meant(terraform: str, tmp_path: Path) -> None:
    data: list[Expr] = [1, 1.5, True, None, [], {}, {"a b": [1, {"c": "${d}"}], "${e}": {}}, [["x"], {"y": "z"}]]
    documents: list[Expr] = [Call("jsonencode", (item,)) for item in data]
    templates: list[Expr] = [Template(parts) for parts, _ in TEMPLATES]
    found = evaluated(terraform, tmp_path, [*HOSTILE, *templates, *documents])
    assert found[: len(HOSTILE)] == HOSTILE
    assert found[len(HOSTILE) : -len(data)] == [text for _, text in TEMPLATES]
    assert [json.loads(str(text)) for text in found[-len(data) :]] == data


def test_terraform_formats_nothing_else(terraform: str, tmp_path: Path) -> None:
    items: list[Argument | Block] = [
        Argument("for_each", {"a": {"x": 1, "long_name": "y"}, "longer": {"x": 2, "long_name": "z"}}),
        Argument("name", "n"),
        Argument("list", [f"element-{n}" for n in range(20)]),
        Argument("description", "d"),
        Argument("script", "a\nb\n"),
        Argument("after_script", True),
        Argument("map", {"k": 1, "key with spaces": {"nested": []}}),
        Argument("hugged", Call("jsonencode", ({"Statement": [{"Effect": "Allow"}]},))),
        Argument("chosen", Conditional('var.x != ""', {"a": 1}, None)),
        Block("inner", (), [Argument("a", 1), Block("deeper", (), [])]),
        Argument("depends_on", [Raw("a.b")]),
    ]
    text = document(
        [Block("resource", ("t", "n"), items, ("where",), ("note:x",)), Block("data", ("t", "n"), [])], "h"
    ).text
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    (tmp_path / "x.tfvars").write_text(
        values_file([Argument("a", 1), Argument("long", ["x"])], "h").text, encoding="utf-8"
    )
    Terraform(tmp_path, "").run("fmt", "-check", "-diff")


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_a_text_stays_on_one_line(text: str) -> None:
    printed = expression(text)
    assert printed[0] + printed[-1] == '""'
    assert not any(c in printed for c in "\n\r\x00\x1f\x7f")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Raw("var.a"), "var.a"),
        (Attr("aws_vpc.x", "id"), "aws_vpc.x.id"),
        (Attr("aws_subnet.x", "id", "a"), 'aws_subnet.x["a"].id'),
        (Attr("aws_subnet.x", "id", Raw("each.key")), "aws_subnet.x[each.key].id"),
        (Element(Attr("data.z.z", "names"), 0), "data.z.z.names[0]"),
        (Element(Call("jsondecode", (Raw("x"),)), "k"), 'jsondecode(x)["k"]'),
        ({"a": [1, "b"]}, '{ a = [1, "b"] }'),
        ({"a:b": None}, '{ "a:b" = null }'),
        ({}, "{}"),
    ],
)
def test_inline(value: Expr, text: str) -> None:
    assert inline(value) == text


def test_order_of_a_block() -> None:
    body: list[Argument | Block] = [
        Argument("depends_on", [Raw("x.y")]),
        Block("inner", (), []),
        Argument("a", 1),
        Argument("count", 2),
    ]
    assert block_text(Block("resource", ("t", "n"), body), 0) == (
        'resource "t" "n" {\n  count = 2\n\n  a = 1\n\n  inner {}\n\n  depends_on = [x.y]\n}'
    )


def test_lines_say_properties() -> None:
    """Whatever their layout: hugged maps, short lists, maps with other keys, lists in another order."""
    body: list[Argument | Block] = [
        Argument("policy", Call("jsonencode", ({"Statement": [{"Action": ["a", "b"], "Sid": "S"}]},)), ("Policy",)),
        Argument("tags", Table({"Name": "n"}, {"Name": [(("Tags", 3), "")]}), ("Tags",)),
        Argument("mails", Several(["x", "y"], [("To", 4), ("To", 1)]), ("To",)),
        Argument("text", "one\ntwo\nthree\n", ("Text",)),
        Argument("own", True),
        Block("rule", (), [Argument("port", 1, ("Rules", 0, "Port")), Argument("made", 2)], at=("Rules", 0)),
        Argument("for_each", Table({"k": {"v": 1}}, {"k": [(("V",), "One")]}), attribute("for_each")),
    ]
    found: list[Mark] = []
    text = block_text(Block("resource", ("t", "n"), body, ("place",), ("note",)), 0, Trace(found, 1, ()))
    lines = text.split("\n")
    said = {mark.at: [line.strip() for line in lines[mark.first - 1 : mark.last]] for mark in found}
    assert said["Policy", "Statement", 0, "Action", 1] == ['Action = ["a", "b"]']
    assert said["Policy", "Statement", 0, "Sid"] == ['Sid    = "S"']
    assert said["Policy",][-1] == "})"
    assert said["Tags", 3] == ['Name = "n"']
    assert said["To", 4] == said["To", 1] == ['mails = ["x", "y"]']
    assert ("To", 0) not in said
    assert said["Text",] == ["text  = <<-EOT", "one", "two", "three", "EOT"]
    assert said["Rules", 0] == ["rule {", "port = 1", "made = 2", "}"]
    assert said["Rules", 0, "Port"] == ["port = 1"]
    assert said["V",] == ["k = { v = 1 }"]
    assert [mark.resource for mark in found if mark.at == ("V",)] == ["One"]
    assert not any("= true" in line for lines_of in said.values() for line in lines_of)
