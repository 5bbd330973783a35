"""What the lines of a Terraform program say: lists that become resources, loops, variables and their values."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lenie.compiler.pipeline import compile_spec
from lenie.targets.base import Item, Mark, Places, attribute_name

CASE = Path(__file__).parents[2] / "cases" / "network" / "spec.yaml"


@cache
def network() -> tuple[Places, dict[str, list[str]]]:
    run = compile_spec(CASE, ("tf",), scope="all")
    return run.places["tf"], {path: text.split("\n") for path, text in run.outputs["tf"].items()}


def said(path: str, text: str) -> list[Mark]:
    """Return what the first line with a text says, property by property."""
    places, files = network()
    number = next(n for n, line in enumerate(files[path], start=1) if text in line)
    return [m for m in places.marks[path] if m.first <= number <= m.last and not attribute_name(m.at)]


def items(path: str) -> list[Item]:
    return network()[0].items[path]


def test_elements_that_are_one_loop_over_a_parameter() -> None:
    """Two networks, one block: it says both elements of the list."""
    path = "modules/servers/main.tf"
    found = {mark.at for mark in said(path, "cidr_ipv4         = each.value")}
    assert {("SecurityGroupIngress", 0, "CidrIp"), ("SecurityGroupIngress", 1, "CidrIp")} <= found
    assert not any(at[:2] == ("SecurityGroupIngress", 2) for at in found)


def test_rows_of_a_loop_are_about_one_resource_each() -> None:
    places, files = network()
    path = next(path for path in places.marks if any("for_each = {" in line for line in files[path]))
    single = [mark for mark in places.marks[path] if mark.resource]
    assert {mark.at for mark in single} == {("CidrBlock",), ("AvailabilityZone",)}
    for mark in single:
        row = files[path][mark.first - 1].strip()
        assert mark.resource.lower().endswith(row.partition(" ")[0])
        assert mark.first == mark.last


def test_variables_and_values() -> None:
    assert ("variable", "admins", ("parameters", "admins")) in {item[2:5] for item in items("variables.tf")}
    values = {item.name: item.spec for item in items("environments/dev.tfvars")}
    assert values["admins"] == ("parameters", "admins", "default")
    assert values["environment"] == ("environments", "dev")
    assert {item.kind for item in items("main.tf")} >= {"module", "input of module"}


def test_every_file_says_what_it_is() -> None:
    places, files = network()
    assert set(places.about) == set(files) - {"sourcemap.json"}
