"""No line of a resource is left out of the map, and every file is in it."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from lenie.compiler.output import write
from lenie.compiler.pipeline import Compilation, compile_spec
from lenie.compiler.sourcemap.read import read
from lenie.compiler.sourcemap.write import NAME
from lenie.targets import DIALECTS, TARGETS

CASES = sorted(path.parent for path in (Path(__file__).parents[2] / "cases").glob("*/spec.yaml"))
#: Lines that say nothing by themselves: what opens and closes a resource, empty lines and comments.
STRUCTURE = {
    "cfn": r"\s*(#.*)?|  \w+:|    Properties:",
    "tf": r'\s*(#.*)?|resource "\w+" "\w+" (\{|\{\})|[\])}]+',
    "cdk": r"\s*(#.*)?|        \)",
}


@pytest.mark.parametrize("target", DIALECTS)
def test_every_line_of_a_resource_says_something(target: str, written: Path, lenie: Compilation) -> None:
    mapped = read(written / target, target)
    said = resources = 0
    for path, file in mapped.files.items():
        lines = lenie.outputs[target][path].split("\n")
        for block in file.blocks:
            assert block.last < len(lines), path
            resources += len(block.resources)
            for number in range(block.first, block.last + 1) if block.resources else ():
                line = lines[number - 1]
                here = [one for one in block.sayings if one.first <= number <= one.last]
                assert here or re.fullmatch(STRUCTURE[target], line), f"{path}:{number}: {line}"
                said += bool(here)
    assert resources >= 199
    assert said > 3000


@pytest.mark.parametrize("target", TARGETS)
def test_every_file_is_there_with_its_digest(target: str, written: Path, lenie: Compilation) -> None:
    mapped = read(written / target, target)
    files = {path: text for path, text in lenie.outputs[target].items() if path != NAME}
    assert set(mapped.files) == set(files)
    for path, text in files.items():
        assert mapped.files[path].sha256 == sha256(text.encode()).hexdigest()
        assert mapped.files[path].about


@pytest.mark.parametrize("target", TARGETS)
def test_places_in_the_spec_exist(target: str, written: Path, lenie: Compilation) -> None:
    """Or their key does: what a kind adds by itself stands nowhere, and is told at the resource."""
    mapped = read(written / target, target)
    tree = lenie.tree
    assert tree is not None
    for component in mapped.components.values():
        assert tree.node(component.spec) is not None
        for known in component.resources.values():
            assert tree.node(known.spec) is not None
            assert tree.node(known.spec[:4]) is not None
            for origin in known.origins.values():
                assert tree.node(origin[:4] if origin[0] == "components" else origin) is not None, origin
    for file in mapped.files.values():
        for thing in (thing for block in file.blocks for thing in block.things):
            assert not thing.spec or tree.node(thing.spec) is not None, thing


@pytest.mark.parametrize("target", TARGETS)
def test_variables_and_parameters_have_a_source(target: str, written: Path) -> None:
    """Only what AWS knows stems from no place in the spec."""
    mapped = read(written / target, target)
    homeless = {
        (thing.kind, thing.name)
        for file in mapped.files.values()
        for block in file.blocks
        for thing in block.things
        if not thing.spec
    }
    assert all(
        re.search(r"(?i)al2023|^data\.aws_\w+\.(available|current)$|^aws$|secret", name) for _, name in homeless
    ), homeless
    kinds = {thing.kind for file in mapped.files.values() for block in file.blocks for thing in block.things}
    wanted = {
        "cfn": {"parameter", "value of parameter", "setting", "condition", "component", "field"},
        "tf": {"variable", "value of variable", "output", "module", "input of module", "data source"},
        "cdk": {"setting", "stack of component", "output", "value from outside"},
        "eks": {"cluster"},
    }
    assert wanted[target] <= kinds


@pytest.mark.parametrize("environment", ["", "dev"])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_cases(case: Path, environment: str, tmp_path: Path) -> None:
    """Whatever is compiled, also for one environment, has a map that can be read, within its files."""
    read_back = 0
    for target in TARGETS:
        run = compile_spec(case / "spec.yaml", (target,), environment=environment, scope="all")
        if not run.outputs.get(target):
            continue
        write(tmp_path, target, run.outputs[target])
        mapped = read(tmp_path / target, target)
        assert (mapped.target, mapped.environment) == (target, environment)
        for path, file in mapped.files.items():
            count = run.outputs[target][path].count("\n")
            assert all(block.last <= count for block in file.blocks)
            read_back += len(file.blocks)
    assert read_back > 10
