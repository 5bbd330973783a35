"""Single faults, seeded in the generated files: every one is found that is not shown to change nothing.

The faults are made by `support_faults`, which shares nothing with the readers. For CDK, a fault of each stack goes into
one synthesis, and each of them has to be found.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from support_cdk_faults import cdk_faults
from support_faults import Fault, cfn_faults, sample, tf_faults

from lenie.compiler.verify.cfn import document
from lenie.compiler.verify.cfn import reader as cfn_reader
from lenie.compiler.verify.terraform import module, parser
from lenie.compiler.verify.verification import Verdict, Verification

ROOT = Path(__file__).resolve().parents[3]
SEED = 20261127
KINDS = {
    "value changed",
    "property dropped",
    "reference redirected",
    "attribute changed",
    "resource missing",
    "resource extra",
    "policy widened",
    "list item moved",
    "list item dropped",
    "order dropped",
    "protection dropped",
    "text changed",
    "default changed",
}


def part_of(verification: Verification, names: set[str]) -> Verification:
    """Return a verification in some of the environments."""
    part = Verification.__new__(Verification)
    part.graph, part.orders, part._readers = verification.graph, verification.orders, {}
    part.wanted = [pair for pair in verification.wanted if pair[0].name in names]
    return part


@pytest.fixture
def _files_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault is in one file: the others are as they were."""
    monkeypatch.setattr(cfn_reader, "load", cache(document.load))
    monkeypatch.setattr(module, "parse", cache(parser.parse))


def found(verdict: Verdict) -> bool:
    return bool(verdict.differences or verdict.problems)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("_files_are_parsed_once")
@pytest.mark.parametrize("target", ["cfn", "tf"])
def test_every_fault_is_found(target: str, programs: Path, verification: Verification, tmp_path: Path) -> None:
    root = tmp_path / target
    shutil.copytree(programs / target, root)
    made = list((cfn_faults if target == "cfn" else tf_faults)(root))
    faults = sample(made, 225, SEED)
    assert len([fault for fault in faults if not fault.same]) >= 200
    assert {fault.kind for fault in faults} >= KINDS
    # Most faults are found in the first.
    names = ["dev with other parameters", "dev", "prod", "dev with defaults", "qa"]
    assert set(names) == {situation.name for situation, _ in verification.wanted}
    parts = [part_of(verification, {name}) for name in names]
    missed: list[Fault] = []
    alarmed: list[Fault] = []
    for fault in faults:
        path = root / fault.file
        before = path.read_text(encoding="utf-8")
        assert before != fault.text, fault
        path.write_text(fault.text, encoding="utf-8")
        seen = any(found(part.target(target, root, target)) for part in parts)
        path.write_text(before, encoding="utf-8")
        if seen == bool(fault.same):
            (alarmed if seen else missed).append(fault)
    assert [str(fault) for fault in missed] == []
    assert [f"{fault}: {fault.same}" for fault in alarmed] == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_fault_of_the_cdk_app_is_found(programs: Path, verification: Verification, tmp_path: Path) -> None:
    """A few syntheses with a fault in every stack: each stack has its fault, and nothing else."""
    root = tmp_path / "cdk"
    python = ROOT / ".venv-cdk" / "bin" / "python"
    rounds = cdk_faults(programs / "cdk", SEED, 7)
    assert sum(map(len, rounds)) >= 200
    kinds = Counter(fault.kind for faults in rounds for fault in faults)
    assert len(kinds) >= 6, kinds
    missed = []
    # A synthesis for each environment would take long, and these faults are in all of them: or in the other branch of a
    # condition, which the other values of the parameters take.
    some = part_of(verification, {"dev", "dev with other parameters"})
    for faults in rounds:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(programs / "cdk", root)
        for fault in faults:
            (root / fault.file).write_text(fault.text, encoding="utf-8")
        verdict = some.target("cdk", root, "cdk", python=str(python))
        assert not [one for one in verdict.problems if "cannot be synthesised" in one.message], verdict.problems
        hit = {one.component for one in verdict.differences} | {one.component for one in verdict.problems}
        missed += [str(fault) for fault in faults if component_of(fault) not in {plain(name) for name in hit}]
    assert missed == []


def component_of(fault: Fault) -> str:
    return Path(fault.file).stem


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name)


@pytest.mark.parametrize("target", ["cfn", "tf"])
def test_faults_are_the_same_every_time(target: str, programs: Path) -> None:
    make = cfn_faults if target == "cfn" else tf_faults
    once, again = (sample(list(make(programs / target)), 50, SEED) for _ in range(2))
    assert once == again
    assert len({(fault.file, fault.text) for fault in once}) == 50
