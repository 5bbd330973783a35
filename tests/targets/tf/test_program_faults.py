"""Faults seeded in the emitted program: each one is found, by the command that program_faults.yaml names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from support_tf import MakeTerraform, first_fault

FAULTS = yaml.safe_load((Path(__file__).parent / "program_faults.yaml").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_the_fault_is_found(programs: Path, configuration: MakeTerraform, fault: dict[str, Any]) -> None:
    terraform = configuration(programs / "all")
    path = terraform.directory / fault["file"]
    text = path.read_text(encoding="utf-8")
    changed = re.sub(
        fault["pattern"], fault["becomes"], text, count=1, flags=re.M | re.S if ".*?" in fault["pattern"] else re.M
    )
    assert changed != text, "the fault is not seeded"
    path.write_text(changed, encoding="utf-8")
    if fault["found by"] != "fmt":  # the fault, not how it is laid out
        terraform.run("fmt", "-recursive")
    command, says = first_fault(terraform, "-var-file=environments/prod.tfvars")
    assert command == fault["found by"], says
    assert fault["says"] in says


def test_there_are_faults_enough() -> None:
    assert len(FAULTS) >= 30
    assert len({fault["name"] for fault in FAULTS}) == len(FAULTS)
    assert {fault["found by"] for fault in FAULTS} == {"fmt", "init", "validate", "plan"}
