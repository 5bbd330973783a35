"""The extracted schema of the provider: its form, what is known of it from elsewhere, and that it can be made again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support_tf import ROOT, SCHEMAS
from tf_bindings import Bindings, UnknownShapeError

TOOL = ROOT / "tools" / "extract_tf_schema.py"
VERSIONS = {5: "hashicorp/aws 5.99.1", 6: "hashicorp/aws 6.69.1"}


@cache
def content(version: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMAS[version].read_text(encoding="utf-8"))
    return found


def blocks(block: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a block and those in it, with their paths."""
    yield path, block
    for name, nested in block["blocks"].items():
        yield from blocks(nested["block"], f"{path}.{name}")


def every_block(version: int) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from blocks(content(version)["provider"], "provider")
    for group in ("resources", "data_sources", "ephemeral"):
        for name, block in content(version)[group].items():
            yield from blocks(block, name)


def is_type(value: Any) -> bool:
    if isinstance(value, str):
        return value in ("string", "number", "bool")
    kind, inner = value
    if kind == "object":
        return bool(inner) and all(is_type(field) for field in inner.values())
    return kind in ("list", "set", "map") and is_type(inner)


@pytest.mark.parametrize("version", [5, 6])
def test_the_form(version: int) -> None:
    for path, block in every_block(version):
        assert block.keys() == {"attributes", "blocks"}, path
        assert not block["attributes"].keys() & block["blocks"].keys(), path
        for name, facts in block["attributes"].items():
            assert is_type(facts["type"]), f"{path}.{name}"
            flags = facts.keys() - {"type"}
            assert flags - {"write_only"} in ({"required"}, {"optional"}, {"computed"}, {"optional", "computed"}), (
                f"{path}.{name}"
            )
            assert "write_only" not in flags or name.endswith("_wo")
            assert all(value is True for flag, value in facts.items() if flag != "type")
        for name, nested in block["blocks"].items():
            assert nested.keys() >= {"nesting", "block"}, f"{path}.{name}"
            assert nested["nesting"] in ("list", "set", "single")
            assert nested.get("min", 1) == 1
            assert nested.get("max", 1) == 1


@pytest.mark.parametrize("version", [5, 6])
def test_the_source_is_named(version: int) -> None:
    source = content(version)["source"]
    assert source["provider"] == VERSIONS[version]
    assert source["licence"] == "MPL-2.0"
    assert source["copyright"].startswith("Copyright (c)")


@pytest.mark.parametrize("version", [5, 6])
def test_one_line_for_each_type(version: int) -> None:
    lines = SCHEMAS[version].read_text(encoding="utf-8").splitlines()
    for group in ("resources", "data_sources", "ephemeral"):
        for name in content(version)[group]:
            assert sum(line.startswith(f'"{name}": ') for line in lines) >= 1
    assert all(line.startswith(('"', "{", "}")) for line in lines)


def test_the_same_types_in_both_versions() -> None:
    for group in ("resources", "data_sources"):
        assert content(5)[group].keys() == content(6)[group].keys()
    assert content(5)["ephemeral"].keys() <= content(6)["ephemeral"].keys()


def attribute(path: str, version: int = 6) -> dict[str, Any]:
    """Return the attribute or block of a path like `aws_vpc.tags`."""
    type_name, *names = path.split(".")
    block: dict[str, Any] = content(version)["resources"][type_name]
    for name in names[:-1]:
        block = block["blocks"][name]["block"]
    found: dict[str, Any] = block["attributes"].get(names[-1]) or block["blocks"][names[-1]]
    return found


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        # As the documentation of each resource has it.
        ("aws_vpc.cidr_block", {"type": "string", "optional": True, "computed": True}),
        ("aws_vpc.tags", {"type": ["map", "string"], "optional": True}),
        ("aws_subnet.vpc_id", {"type": "string", "required": True}),
        ("aws_security_group.arn", {"type": "string", "computed": True}),
        ("aws_vpc_endpoint.route_table_ids", {"type": ["set", "string"], "optional": True, "computed": True}),
        ("aws_lambda_function.layers", {"type": ["list", "string"], "optional": True}),
        ("aws_lambda_function.timeout", {"type": "number", "optional": True}),
        ("aws_db_instance.password_wo", {"type": "string", "optional": True, "write_only": True}),
        (
            "aws_secretsmanager_secret_version.secret_string_wo",
            {"type": "string", "optional": True, "write_only": True},
        ),
        ("aws_ssm_parameter.value_wo", {"type": "string", "optional": True, "write_only": True}),
    ],
)
@pytest.mark.parametrize("version", [5, 6])
def test_known_attributes(path: str, facts: dict[str, Any], version: int) -> None:
    assert attribute(path, version) == facts


@pytest.mark.parametrize(
    ("path", "nesting", "least", "most"),
    [
        ("aws_instance.root_block_device", "list", 0, 1),
        ("aws_instance.ebs_block_device", "set", 0, None),
        ("aws_dynamodb_table.attribute", "set", 0, None),
        ("aws_cloudfront_distribution.default_cache_behavior", "list", 1, 1),
        ("aws_cloudfront_distribution.ordered_cache_behavior", "list", 0, None),
        ("aws_cloudfront_distribution.origin", "set", 1, None),
        ("aws_cloudfront_distribution.restrictions.geo_restriction", "list", 1, 1),
        ("aws_security_group.timeouts", "single", 0, None),
    ],
)
def test_known_blocks(path: str, nesting: str, least: int, most: int | None) -> None:
    block = attribute(path)
    assert (block["nesting"], block.get("min", 0), block.get("max")) == (nesting, least, most)


def test_an_attribute_that_is_written_as_a_block_is_an_attribute() -> None:
    ingress = attribute("aws_security_group.ingress")
    assert ingress["type"][:1] == ["set"]
    assert ingress["type"][1][1]["security_groups"] == ["set", "string"]


def test_what_the_reader_does_not_know_is_an_error() -> None:
    text = """
export interface ThingConfig extends cdktn.TerraformMetaArguments {
}
export class Thing extends cdktn.TerraformResource {
  public constructor(scope: Construct, id: string, config: ThingConfig) {
  }
  // shape - computed: false, optional: true, required: false
  private _shape?: any;
  public get shape() {
    return this.getAnyMapAttribute('shape');
  }
}
"""
    with pytest.raises(UnknownShapeError, match=r"shape: this\.getAnyMapAttribute"):
        Bindings(text).resource()
    assert Bindings(text.replace("getAnyMap", "getStringMap")).resource() == {
        "attributes": {"shape": {"type": ["map", "string"], "optional": True}},
        "blocks": {},
    }
    with pytest.raises(UnknownShapeError, match="not the bindings of one resource"):
        Bindings("").resource()


@pytest.mark.slow
def test_it_comes_from_the_packages(tmp_path: Path) -> None:
    """The packages are downloaded by pip, about 120 MB."""
    command = [sys.executable, str(TOOL), "--check", "--wheels", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
