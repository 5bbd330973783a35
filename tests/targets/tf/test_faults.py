"""Faults in a configuration, and which command of terraform finds each: the cases of the directory `faults`.

A case says so in its first lines: `caught by:` fmt, init, validate, plan, apply or nothing, and `says:` a part of the
message. Faults of structure (all that are caught before `apply`) are found without an account. Wrong values are found
by AWS, if at all: the cases beginning with `value-` show where the checks end.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support_tf import MakeTerraform, Terraform, TerraformError

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


def found(terraform: Terraform) -> tuple[str, str]:
    """Return the first command that finds a fault, and what it says."""
    unformatted = terraform.unformatted()
    if unformatted:
        return "fmt", "\n".join(unformatted)
    try:
        terraform.init()
    except TerraformError as error:
        return "init", str(error)
    errors = terraform.validate()
    if errors:
        return "validate", "\n".join(f"{error['summary']}: {error['detail']}" for error in errors)
    for command in ("plan", "apply"):
        try:
            getattr(terraform, command)()
        except TerraformError as error:
            return command, str(error)
    return "nothing", ""


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_fault_is_found(case: Path, configuration: MakeTerraform) -> None:
    first, second, text = case.read_text(encoding="utf-8").split("\n", 2)
    files = {"provider.tf": BASE}
    parts = re.split(r"^# file: (\S+)\n", text, flags=re.M)
    for name, content in zip(["main.tf", *parts[1::2]], parts[::2], strict=True):
        files[name] = content.strip("\n") + "\n"
    command, message = found(configuration(files))
    assert (command, message) == (first.removeprefix("# caught by: "), message), message
    words = " ".join(re.sub(r"[│╷╵]", " ", message).split())
    assert second.removeprefix("# says:").strip() in words


def test_there_are_faults_of_structure_enough() -> None:
    structural = [case for case in CASES if not case.stem.startswith("value-")]
    assert len(structural) >= 30
    for case in structural:
        assert case.read_text(encoding="utf-8").startswith(
            tuple(f"# caught by: {command}\n" for command in ("fmt", "init", "validate", "plan"))
        )


def test_the_base_has_no_fault(configuration: MakeTerraform) -> None:
    assert found(configuration({"main.tf": BASE})) == ("nothing", "")
