"""Faults in a configuration, and which command of terraform finds each: the cases of the directory `faults`.

A case says so in its first lines: `caught by:` fmt, init, validate, plan, apply or nothing, and `says:` a part of the
message. Faults of structure (all that are caught before `apply`) are found without an account. Wrong values are found
by AWS, if at all: the cases beginning with `value-` show where the checks end.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support_tf import MakeTerraform, first_fault

CASES = sorted((Path(__file__).parent / "faults").glob("*.tf"))
BASE = """terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}
"""


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_fault_is_found(case: Path, configuration: MakeTerraform) -> None:
    first, second, text = case.read_text(encoding="utf-8").split("\n", 2)
    files = {"provider.tf": BASE}
    parts = re.split(r"^# file: (\S+)\n", text, flags=re.M)
    for name, content in zip(["main.tf", *parts[1::2]], parts[::2], strict=True):
        files[name] = content.strip("\n") + "\n"
    command, message = first_fault(configuration(files))
    assert (command, message) == (first.removeprefix("# caught by: "), message), message
    assert second.removeprefix("# says:").strip() in message


def test_there_are_faults_of_structure_enough() -> None:
    structural = [case for case in CASES if not case.stem.startswith("value-")]
    assert len(structural) >= 30
    for case in structural:
        assert case.read_text(encoding="utf-8").startswith(
            tuple(f"# caught by: {command}\n" for command in ("fmt", "init", "validate", "plan"))
        )


def test_the_base_has_no_fault(configuration: MakeTerraform) -> None:
    assert first_fault(configuration({"main.tf": BASE})) == ("nothing", "")
