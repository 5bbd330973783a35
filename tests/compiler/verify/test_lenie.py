"""Lenie's generated files say what the spec says, in every environment and for every target."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from lenie.compiler.graph import Graph
from lenie.compiler.pipeline import compile_spec
from lenie.compiler.verify.verification import Verdict, Verification
from lenie.compiler.verify.words import message

ROOT = Path(__file__).resolve().parents[3]
CASES = sorted((ROOT / "tests" / "cases").glob("*/spec.yaml"))
#: What is right, and easily taken for wrong.
ODD = Path(__file__).resolve().parent / "specs" / "odd.yaml"


def told(verdict: Verdict) -> list[str]:
    return [f"{one.code} {one.message}" for one in verdict.problems] + [
        f"{one.environment}: {message(one)}" for one in verdict.differences
    ]


@pytest.mark.parametrize("target", ["cfn", "tf"])
def test_no_difference(target: str, programs: Path, verification: Verification) -> None:
    """All components: the Terraform program is compiled with everything in it."""
    verdict = verification.target(target, programs / target, target)
    assert told(verdict) == []
    assert len(verdict.compared) == len(verification.graph.components)
    assert sum(count for count, _ in verdict.compared.values()) == 199
    assert sum(values for _, values in verdict.compared.values()) > 2000


@pytest.mark.slow
def test_no_difference_of_the_cdk_app(programs: Path, verification: Verification) -> None:
    python = ROOT / ".venv-cdk" / "bin" / "python"
    verdict = verification.target("cdk", programs / "cdk", "cdk", python=str(python))
    assert told(verdict) == []
    assert len(verdict.compared) == len(verification.graph.components)


def test_what_is_committed(verification: Verification) -> None:
    """Terraform covers the components that the spec names; the report says which it leaves out."""
    verdict = verification.target("tf", ROOT / "generated" / "tf", "generated/tf")
    assert told(verdict) == []
    assert list(verdict.compared) == ["vpc", "bastion"]
    assert len(verdict.left_out) == 34
    assert told(verification.target("cfn", ROOT / "generated" / "cfn", "generated/cfn")) == []


def test_every_waiver_is_met(programs: Path, verification: Verification) -> None:
    """What is waived is what people connect by hand, and nothing else."""
    verdict = verification.target("tf", programs / "tf", "tf")
    assert {(one.resource, one.path) for one, _ in verdict.waived} == {
        ("FrontendApp", ("Repository",)),
        ("FrontendApp", ("AccessToken",)),
    }
    assert not verification.target("cfn", programs / "cfn", "cfn").waived


def test_parameters_are_tried_with_other_values(verification: Verification) -> None:
    names = [situation.name for situation, _ in verification.wanted]
    assert names[:3] == ["dev", "qa", "prod"]
    assert names[3:] == ["dev with defaults", "dev with other parameters"]
    given = verification.wanted[4][0].given
    assert given["rds-snapshot"].value
    assert len(given["region-targets"].value) == 2
    assert given["alert-email"].value != "alerts@example.com"
    texts = [str(node.value) for node in given.values() if not isinstance(node.value, list)]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("spec", [*CASES, ODD], ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("target", ["cfn", "tf"])
def test_no_difference_in_other_specs(spec: Path, target: str, tmp_path: Path) -> None:
    run = compile_spec(spec, (target,), scope="all")
    assert run.graph is not None
    for name, text in run.outputs[target].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    verdict = Verification(run.graph, run.graph.environments).target(target, tmp_path, target)
    assert told(verdict) == []
    assert list(verdict.compared) == list(run.graph.components)


@pytest.mark.slow
def test_it_is_fast(graph: Graph, programs: Path) -> None:
    """Below 3 seconds without a synthesis, of this process's own time: what others take tells nothing."""

    def seconds() -> float:
        started = time.process_time()
        verification = Verification(graph, graph.environments)
        for target in ("cfn", "tf"):
            verification.target(target, programs / target, target)
        return time.process_time() - started

    assert min(seconds() for _ in range(3)) < 3
