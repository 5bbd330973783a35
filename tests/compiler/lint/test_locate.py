"""Lines of generated files lead to resources, also when the files were edited; and to no wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lenie.compiler.diagnostics import Severity
from lenie.compiler.lint.cfnlint import property_path
from lenie.compiler.lint.finding import Finding, Region
from lenie.compiler.lint.generated import gather
from lenie.compiler.lint.locate import Located, Locator

SPEC = "spec/lenie.yaml"
MODULE = "modules/messages/main.tf"
Locate = Callable[..., Located]


@pytest.fixture
def locate(project: Path) -> Locate:
    """Find the places of a finding about a line, which holds a text, of a file as it is now."""

    def find(target: str, path: str, text: str, **more: Any) -> Located:
        run, targets = gather(Path(SPEC), SPEC, (target,), Path("generated"))
        assert run.graph is not None
        assert run.tree is not None
        lines = Path("generated", target, path).read_text(encoding="utf-8").splitlines()
        (number,) = [number for number, one in enumerate(lines, start=1) if text in one]
        finding = Finding("t", target, "r", Severity.ERROR, "m", Region(path, number, 0, number, 0))
        return Locator(run.graph, run.tree, targets).locate(finding._replace(**more))

    return find


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("# Generated", "# More.\n\n# Generated"),
        ('resource "aws_sqs_queue" "documents" {', 'resource "aws_sqs_queue" "documents" {\n  delay_seconds = 3\n'),
        ("message_retention_seconds  = 345600", "message_retention_seconds = 1"),
        ("  sqs_managed_sse_enabled    = true\n", ""),
    ],
)
def test_lines_of_an_edited_file(project: Path, locate: Locate, before: str, after: str) -> None:
    path = project / "generated/tf" / MODULE
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    for value, name, field in (("= 360", "documents", "visibility"), ("= 86400", "news", "retention")):
        found = locate("tf", MODULE, value)
        assert (found.component, found.resources) == ("messages", (f"{name.capitalize()}Queue",))
        assert found.path == ("components", "messages", "resources", name, field)


def test_lines_of_a_whole_resource(locate: Locate) -> None:
    """What is said of all of a resource, as checkov does in Terraform, is about no property of it."""
    found = locate("tf", MODULE, 'resource "aws_sqs_queue" "documents"')
    assert found.path == ("components", "messages", "resources", "documents")
    line = found.finding.region.line
    found = locate("tf", MODULE, 'resource "aws_sqs_queue" "documents"', region=Region(MODULE, line, 0, line + 4, 0))
    assert found.path == ("components", "messages", "resources", "documents")


@pytest.mark.parametrize("where", ["start", "middle", "end"])
def test_a_block_that_was_put_in_is_nobodys(project: Path, locate: Locate, where: str) -> None:
    """It is not taken for the resource that it stands beside."""
    path = project / "generated/tf" / MODULE
    text = path.read_text(encoding="utf-8")
    block = 'resource "aws_sqs_queue" "more" {\n  delay_seconds = 77\n}\n\n'
    marks = {"start": "# components.messages.resources.documents\n", "middle": "# components.messages.resources.news\n"}
    before, mark, after = text.partition(marks[where]) if where in marks else (text + "\n", "", "")
    path.write_text(before + block + mark + after, encoding="utf-8")
    found = locate("tf", MODULE, "= 77")
    assert (found.component, found.resources) == ("messages", ())
    assert found.path == ("components", "messages")


def test_a_property_leads_to_its_field(locate: Locate) -> None:
    template = "templates/0-storage/02-messages.yaml"
    found = locate(
        "cfn", template, "VisibilityTimeout: 360", logical_id="DocumentsQueue", property=("VisibilityTimeout",)
    )
    assert found.path == ("components", "messages", "resources", "documents", "visibility")
    assert found.spec is not None
    assert Path(SPEC).read_text(encoding="utf-8").splitlines()[found.spec.line - 1].strip() == "visibility: 360s"


def test_a_file_that_is_not_the_compilers(project: Path, locate: Locate) -> None:
    (project / "generated/tf/more.tf").write_text("locals {}\n", encoding="utf-8")
    found = locate("tf", "more.tf", "locals")
    assert (found.component, found.path, found.spec) == ("", (), None)
    assert found.generated is not None
    assert found.generated.file == "generated/tf/more.tf"


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (("Properties", "Tags", 0, "Value", "Ref"), ("Tags", 0, "Value")),
        (("Properties", "Name", "Fn::If", 1, "Fn::Sub"), ("Name",)),
        (("Properties", "Rules", "Fn::If", 2, 0, "Status"), ("Rules", 0, "Status")),
        (("DependsOn",), ()),
        (("Properties",), ()),
        ((), ()),
    ],
)
def test_functions_are_no_part_of_a_property(steps: tuple[str | int, ...], wanted: tuple[str | int, ...]) -> None:
    assert property_path(steps) == wanted
