"""The order in which a Terraform program makes its resources, where CloudFormation waits for whole stacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lenie.compiler.graph import Graph
from lenie.compiler.pipeline import compile_spec
from lenie.compiler.verify.verification import Verdict, Verification
from lenie.compiler.verify.words import message

SPEC = """\
version: 1
project: demo
region: eu-west-1
layers: [base]
environments:
  dev: {production: false}
components:
  first:
    layer: base
    resources:
      one: {kind: parameter, path: one, value: x}
      two: {kind: parameter, path: two, value: z}
  net:
    layer: base
    after: [first]
    resources:
      net:
        kind: network
        cidr: 10.0.0.0/16
        subnets: {front: {cidrs: [10.0.1.0/24], public: true}, back: {cidrs: [10.0.2.0/24]}}
        endpoints: [s3]
      alone: {kind: queue}
  server:
    layer: base
    resources:
      front: {kind: instance, type: t3.micro, hours: 5, image: amazon-linux-2023, subnet: net.front-a, disk: 8GB}
      note:  {kind: parameter, path: note, value: "${one.value}"}
      back:  {kind: instance, type: t3.micro, hours: 5, image: amazon-linux-2023, subnet: net.back-a, disk: 8GB}
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, dict[str, str]]:
    """The graph, and the files of the Terraform program."""
    path = tmp_path_factory.mktemp("order") / "spec.yaml"
    path.write_text(SPEC)
    run = compile_spec(path, ("tf",), scope="all")
    assert run.graph is not None
    return run.graph, dict(run.outputs["tf"])


def verified(compiled: tuple[Graph, dict[str, str]], root: Path, file: str = "", pattern: str = "") -> Verdict:
    """Return what is found when the text that matches `pattern` is taken out of a file."""
    graph, files = compiled
    for name, text in files.items():
        if name == file:
            text, count = re.subn(pattern, "", text, count=1, flags=re.DOTALL)
            assert count == 1, text
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Verification(graph, graph.environments).target("tf", root, "tf")


def test_nothing_to_tell(compiled: tuple[Graph, dict[str, str]], tmp_path: Path) -> None:
    """A component with data sources inside gets its order as a value: it waits, without a word at its call."""
    assert "[module.first.deployed]" in compiled[1]["main.tf"]
    verdict = verified(compiled, tmp_path)
    assert not verdict.failed, (verdict.problems, verdict.differences)


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("main.tf", r" +after += \[module.first.deployed\]\n"),
        ("modules/net/main.tf", r"\n  depends_on = \[var.after\]"),
        ("modules/first/outputs.tf", r"\baws_ssm_parameter.one, "),
        ("modules/first/outputs.tf", r"  depends_on[^\]]*\]\n"),
    ],
)
def test_an_order_by_a_value(compiled: tuple[Graph, dict[str, str]], tmp_path: Path, file: str, pattern: str) -> None:
    verdict = verified(compiled, tmp_path, file, pattern)
    words = [*map(message, verdict.differences), *(one.message for one in verdict.problems)]
    assert [one for one in words if "the component net does not wait for first" in one], words


@pytest.mark.parametrize(
    ("part", "who"),
    [
        # A subnet that is not public has no way through the gateway.
        ("aws_route.net_public", ["front"]),
        ("aws_internet_gateway_attachment.net", []),  # the route waits for it
        ('aws_route_table_association.net_front_subnet["a"]', ["front"]),
        ('aws_route_table_association.net_back_subnet["a"]', ["back"]),
        ("aws_vpc_endpoint.net_s3", ["back"]),
    ],
)
def test_what_stands_in_a_subnet_waits_for_its_way_out(
    compiled: tuple[Graph, dict[str, str]], tmp_path: Path, part: str, who: list[str]
) -> None:
    graph, files = compiled
    outputs = files["modules/net/outputs.tf"]
    assert outputs.count(f"    {part},\n") == 3  # of the network and both subnets, which are read
    changed = {**files, "modules/net/outputs.tf": outputs.replace(f"    {part},\n", "")}
    verdict = verified((graph, changed), tmp_path)
    expected = [f"aws_instance.{name} does not wait for {part}, a part of what it refers to" for name in who]
    assert sorted(one.message for one in verdict.problems) == expected
    assert verdict.differences == []


def test_one_way_to_wait_is_enough(compiled: tuple[Graph, dict[str, str]], tmp_path: Path) -> None:
    """A server waits by its security group, too, which is in the network."""
    verdict = verified(compiled, tmp_path, "modules/net/outputs.tf", r"    aws_route.net_public,\n")
    assert not verdict.failed, verdict.problems


def test_a_value_that_is_read_before_it_is_made(compiled: tuple[Graph, dict[str, str]], tmp_path: Path) -> None:
    """By its name, a program reads only what another one makes."""
    graph, files = compiled
    text, count = re.subn(
        r"insecure_value = var\.one\n",
        "insecure_value = data.aws_ssm_parameter.one.insecure_value\n",
        files["modules/server/main.tf"],
    )
    assert count == 1
    text += '\ndata "aws_ssm_parameter" "one" {\n  name = "/demo/dev/one"\n}\n'
    verdict = verified((graph, {**files, "modules/server/main.tf": text}), tmp_path)
    (problem,) = verdict.problems
    assert (problem.code, "reads the SSM parameter /demo/dev/one by its name" in problem.message) == ("E604", True)
