"""What the tests of verify share: Lenie's graph, and its programs, compiled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from lenie.compiler.graph import Graph
from lenie.compiler.pipeline import compile_spec
from lenie.compiler.verify.verification import Verification

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with everything that Lenie compiles to: Terraform, too, for all components."""
    out = tmp_path_factory.mktemp("lenie")
    run = compile_spec(ROOT / "spec" / "lenie.yaml", ("cfn", "tf", "cdk"), scope="all")
    assert not run.failed
    for target, files in run.outputs.items():
        for name, text in files.items():
            path = out / target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def graph() -> Graph:
    """Lenie's graph."""
    run = compile_spec(ROOT / "spec" / "lenie.yaml", ())
    assert run.graph is not None
    return run.graph


@pytest.fixture(scope="session")
def verification(graph: Graph) -> Verification:
    """What the graph wants in every environment."""
    return Verification(graph, graph.environments)
