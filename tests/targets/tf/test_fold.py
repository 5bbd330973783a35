from __future__ import annotations

from lenie.compiler.graph import Component, Resource
from lenie.targets.tf.fold import Folded, fold
from lenie.targets.tf.hcl import Argument, Attr, Block, Element, Expr, Raw, Template
from lenie.targets.tf.printer import block_text

PLACE = ("components", "c", "resources", "net", "subnets", "public")


def folded(
    blocks: dict[str, Block], outputs: list[Block] | None = None, places: dict[str, tuple[str, ...]] | None = None
) -> Folded:
    component = Component("c", "l", 0, "environment", ())
    for name in blocks:
        component.resources[name] = Resource(name, "T", {}, (places or {}).get(name, PLACE))
    return fold(component, {name: [block] for name, block in blocks.items()}, outputs or [])


def block(name: str, kind: str = "aws_subnet", **values: Expr) -> Block:
    return Block("resource", (kind, name), [Argument(key, value) for key, value in values.items()])


def text(found: Folded) -> str:
    return "\n".join(block_text(item, 0) for item in found.blocks)


def test_what_differs_comes_from_each() -> None:
    zones = Attr("data.zones.z", "names")
    subnets = {
        letter: block(
            f"net_public_subnet_{letter}",
            vpc_id=Attr("aws_vpc.net", "id"),
            cidr_block=f"10.0.{n}.0/24",
            availability_zone=Element(zones, n),
            tags={"Name": Template(("net-", Raw("var.environment"), f"-public-{letter}"))},
        )
        for n, letter in enumerate("ab")
    }
    joined = {
        f"{letter}2": block(
            f"net_public_subnet_{letter}",
            "aws_route_table_association",
            subnet_id=Attr(f"aws_subnet.net_public_subnet_{letter}", "id"),
        )
        for letter in "ab"
    }
    output = Block("output", ("first",), [Argument("value", Attr("aws_subnet.net_public_subnet_a", "id"))])
    found = folded({**subnets, **joined}, [output])
    assert text(found) == (
        'resource "aws_subnet" "net_public" {\n'
        "  for_each = {\n"
        '    a = { cidr_block = "10.0.0.0/24", availability_zone = 0 }\n'
        '    b = { cidr_block = "10.0.1.0/24", availability_zone = 1 }\n'
        "  }\n\n"
        "  vpc_id            = aws_vpc.net.id\n"
        "  cidr_block        = each.value.cidr_block\n"
        "  availability_zone = data.zones.z.names[each.value.availability_zone]\n"
        "  tags = {\n"
        '    Name = "net-${var.environment}-public-${each.key}"\n'
        "  }\n"
        "}\n"
        'resource "aws_route_table_association" "net_public_subnet" {\n'
        '  for_each = toset(["a", "b"])\n\n'
        "  subnet_id = aws_subnet.net_public[each.key].id\n"
        "}"
    )
    assert block_text(found.outputs[0], 0) == 'output "first" {\n  value = aws_subnet.net_public["a"].id\n}'
    assert found.addresses["b"] == ('aws_subnet.net_public["b"]',)


def unchanged(blocks: dict[str, Block], **more: dict[str, tuple[str, ...]]) -> bool:
    found = folded(blocks, **more)  # type: ignore[arg-type]
    return found.blocks == list(blocks.values())


def test_other_shapes_stay_apart() -> None:
    assert unchanged({"a": block("s_a", x=1), "b": block("s_b", y=1)})
    assert unchanged({"a": block("s_a", x=1), "b": block("s_b", x="1")})
    assert unchanged({"a": block("s_a", x=[1]), "b": block("s_b", x=[1, 2])})
    assert unchanged({"a": block("s_a", x={"k": 1}), "b": block("s_b", x={"l": 1})})


def test_references_that_differ_stay_apart() -> None:
    assert unchanged({"a": block("s_a", x=Attr("aws_a.a", "id")), "b": block("s_b", x=Attr("aws_a.b", "id"))})
    assert unchanged({"a": block("s_a", x=Raw("var.a")), "b": block("s_b", x=Raw("var.b"))})


def test_only_one_place_of_the_spec_is_folded() -> None:
    places = {"a": PLACE, "b": (*PLACE, "other")}
    assert unchanged({"a": block("s_a", "aws_eip", x=1), "b": block("s_b", "aws_eip", x=2)}, places=places)


def test_subnets_are_a_loop_even_if_there_is_one() -> None:
    found = folded({"a": block("net_public_subnet_a", cidr_block="10.0.0.0/24")})
    assert found.addresses["a"] == ('aws_subnet.net_public["a"]',)


def test_values_of_one_name_that_differ_stay_apart() -> None:
    first = Block("resource", ("t", "s_a"), [Argument("x", 1), Block("inner", (), [Argument("x", 3)])])
    second = Block("resource", ("t", "s_b"), [Argument("x", 2), Block("inner", (), [Argument("x", 4)])])
    assert unchanged({"a": first, "b": second})


def test_a_name_that_is_taken_stays_as_it_is() -> None:
    blocks = {"a": block("s_a", x=1), "b": block("s_b", x=2), "c": block("s", x=1)}
    assert unchanged(blocks, places={"a": PLACE, "b": PLACE, "c": ("else",)})


def test_depends_on_follows() -> None:
    waiting = block("w", "aws_route", depends_on=[Raw("aws_subnet.s_b")])
    found = folded({"a": block("s_a", x=1), "b": block("s_b", x=2), "w": waiting}, places={"w": ("else",)})
    assert 'depends_on = [aws_subnet.s["b"]]' in text(found)


def test_texts_are_divided_between_words() -> None:
    found = folded({"public": block("t_public", n="x-public"), "private": block("t_private", n="x-private")})
    assert "n = each.value.n" in text(found)
    one = folded(
        {"a": block("t_a", n=Template(("x-pub", Raw("v")))), "b": block("t_b", n=Template(("x-pri", Raw("v"))))}
    )
    assert '{ n = "pub" }' in text(one)
