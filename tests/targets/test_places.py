"""Every target tells the lines of each resource, and they hold that resource and no other."""

from __future__ import annotations

import ast
import re
import textwrap
from functools import cache

import pytest
import yaml
from support import ROOT

from lenie.compiler.pipeline import Compilation, compile_spec
from lenie.targets import DIALECTS
from lenie.targets.base import Extent


@cache
def compiled(environment: str = "") -> Compilation:
    spec = ROOT / "spec" / "lenie.yaml"
    return compile_spec(spec, DIALECTS, scope="all", environment=environment)


def lines_of(run: Compilation, target: str, extent: Extent) -> list[str]:
    lines = run.outputs[target][extent.path].split("\n")
    assert 1 <= extent.first <= extent.last <= len(lines)
    return lines[extent.first - 1 : extent.last]


class _Loader(yaml.SafeLoader):
    """Reads short-form functions as nothing."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


@pytest.mark.parametrize("environment", ["", "prod"])
@pytest.mark.parametrize("target", DIALECTS)
def test_every_resource_has_its_place(target: str, environment: str) -> None:
    run = compiled(environment)
    assert run.graph is not None
    places = run.places[target]
    for name, component in run.graph.components.items():
        assert component.resources
        assert set(places.resources[name]) == set(component.resources), name
        assert places.files[name]
        for extents in places.resources[name].values():
            assert {extent.path for extent in extents} <= set(places.files[name])


@pytest.mark.parametrize("environment", ["", "prod"])
def test_cloudformation(environment: str) -> None:
    run = compiled(environment)
    assert run.graph is not None
    for name, found in run.places["cfn"].resources.items():
        for logical_id, extents in found.items():
            (extent,) = extents
            lines = lines_of(run, "cfn", extent)
            assert lines[0].startswith("  # components.")
            body = yaml.load(textwrap.dedent("\n".join(lines)), _Loader)
            assert list(body) == [logical_id]
            assert body[logical_id]["Type"] == run.graph.components[name].resources[logical_id].type


@pytest.mark.parametrize("environment", ["", "prod"])
def test_cdk(environment: str) -> None:
    run = compiled(environment)
    texts = 0
    for name, found in run.places["cdk"].resources.items():
        (path,) = run.places["cdk"].files[name]
        taken: set[int] = set()
        for logical_id, (main, *others) in found.items():
            lines = lines_of(run, "cdk", main)
            assert lines[0].startswith("        # components."), lines[0]
            statements = ast.parse(textwrap.dedent("\n".join(lines))).body
            assert statements
            ids = [
                call.args[1].value
                for call in ast.walk(statements[0])
                if isinstance(call, ast.Call) and len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
            ]
            assert logical_id in ids, (logical_id, ids)
            for other in others:
                (constant,) = ast.parse("\n".join(lines_of(run, "cdk", other))).body
                assert isinstance(constant, ast.Assign)
                assert isinstance(constant.targets[0], ast.Name)
                assert constant.targets[0].id in "\n".join(lines)
                texts += 1
            for extent in (main, *others):
                assert not taken & set(range(extent.first, extent.last + 1))
                taken |= set(range(extent.first, extent.last + 1))
        for number, line in enumerate(run.outputs["cdk"][path].split("\n"), start=1):
            assert number in taken or not re.search(r"\bCfn(?!Tag\b|DeletionPolicy\b)\w+\(", line), (path, number)
    assert texts


@pytest.mark.parametrize("environment", ["", "prod"])
def test_terraform(environment: str) -> None:
    run = compiled(environment)
    shared = 0
    for name, found in run.places["tf"].resources.items():
        owners: dict[Extent, list[str]] = {}
        for logical_id, extents in found.items():
            assert len(extents) == len(set(extents))
            for extent in extents:
                owners.setdefault(extent, []).append(logical_id)
        for extent, ids in owners.items():
            lines = lines_of(run, "tf", extent)
            starts = [line for line in lines if re.match(r"\S+ .*\{", line) and not line.startswith("#")]
            assert len(starts) == 1, lines
            # What generates a secret belongs to it.
            assert starts[0].startswith(("resource ", 'ephemeral "aws_secretsmanager_random_password"'))
            assert lines[-1] in ("}", starts[0])
            if len(ids) > 1:
                shared += 1
                assert "  for_each = " in "\n".join(lines)
        text = run.outputs["tf"][f"modules/{name}/main.tf"]
        assert len(owners) == len(
            re.findall(r'^(?:resource |ephemeral "aws_secretsmanager_random)', text, re.MULTILINE)
        )
    assert shared
