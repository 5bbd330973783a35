"""Golden cases: tests/cases/<name>/spec.yaml, and beside it what each target makes of it, file by file.

A directory `cfn` holds the whole output of that target, `cfn-prod` that for one environment. `pytest --accept` writes
them anew. A new case starts with its spec and the empty directories that it wants.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from lenie.compiler.diagnostics import Severity
from lenie.compiler.pipeline import compile_spec
from lenie.targets import TARGETS

CASES = Path(__file__).parent / "cases"
OUTPUTS = sorted(
    f"{case.name}/{found.name}"
    for case in CASES.iterdir()
    for found in case.iterdir()
    if found.is_dir() and found.name.partition("-")[0] in TARGETS
)


def files_below(directory: Path) -> dict[str, str]:
    found = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8") for path in found}


@pytest.mark.parametrize("output", OUTPUTS)
def test_case(output: str, accept: bool) -> None:
    directory = CASES / output
    target, _, environment = directory.name.partition("-")
    run = compile_spec(directory.parent / "spec.yaml", (target,), environment=environment, scope="all")
    assert [d for d in run.diagnostics if d.severity is not Severity.NOTE] == []
    written = dict(run.outputs[target])
    if accept:
        for path in files_below(directory).keys() - written.keys():
            (directory / path).unlink()
        for path, text in written.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_text(text, encoding="utf-8")
    expected = files_below(directory)
    assert sorted(written) == sorted(expected)
    for path, text in written.items():
        assert text == expected[path], path


def test_every_case_has_an_output() -> None:
    assert {output.partition("/")[0] for output in OUTPUTS} == {case.name for case in CASES.iterdir()}
