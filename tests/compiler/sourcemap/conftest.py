"""What the tests of source maps share: Lenie's files, of all components and all targets, compiled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from lenie.compiler.output import write
from lenie.compiler.pipeline import Compilation, compile_spec
from lenie.targets import TARGETS

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def lenie() -> Compilation:
    """Everything that Lenie compiles to."""
    run = compile_spec(ROOT / "spec" / "lenie.yaml", TARGETS, scope="all")
    assert not run.failed
    return run


@pytest.fixture(scope="session")
def written(lenie: Compilation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory with all of it, which no test changes; and with CloudFormation for one environment."""
    out = tmp_path_factory.mktemp("lenie")
    for target, files in lenie.outputs.items():
        write(out, target, files)
    one = compile_spec(ROOT / "spec" / "lenie.yaml", ("cfn",), environment="prod")
    write(out, "cfn-prod", one.outputs["cfn"])
    return out
