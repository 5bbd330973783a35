"""Runs the real `terraform` on given files, offline, against the stand-in provider."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
#: The provider's schema, by its major version.
SCHEMAS = {
    6: ROOT / "targets" / "tf" / "data" / "aws_6.json",
    5: ROOT / "tests" / "targets" / "tf" / "data" / "aws_5.json",
}
_TIMEOUT = 120  # seconds, for one command of terraform
_STOP = 10  # seconds, for the stand-in to end


def terraform_binary() -> str | None:
    """Return the path of `terraform`, or None if this machine has none."""
    return shutil.which("terraform")


@contextmanager
def _server(module: str, *arguments: str, log: Path) -> Iterator[str]:
    """Run a module that prints one line and ends when its standard input is closed; yield that line."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests"), "PYTHONWARNINGS": "default"}
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line, f"{module} did not start:\n{log.read_text(encoding='utf-8')}"
            yield line
        finally:
            try:
                process.communicate(timeout=_STOP)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def cloud(directory: Path) -> Iterator[str]:
    """Run an emulated AWS on this machine; yield its address. Its log goes to `directory`."""
    with _server("standin.cloud", log=directory / "cloud.log") as endpoint:
        yield endpoint


@contextmanager
def standin(
    schema: Path, endpoint: str | None, directory: Path, *, with_tokens: bool = False, record: Path | None = None
) -> Iterator[str]:
    """Run the stand-in provider; yield the value of TF_REATTACH_PROVIDERS that leads to it.

    Args:
        schema: The schema that it serves.
        endpoint: Address of an emulated AWS, or None for a provider that can only plan.
        directory: Where its log goes.
        with_tokens: Plan known, unique values in place of what is known after apply: see `standin.tokens`.
        record: File that each call of the emulated AWS is written to, as a line of JSON.
    """
    # The path of a Unix socket may have about a hundred characters: those of pytest's directories can be longer.
    with tempfile.TemporaryDirectory(prefix="standin-") as short:
        arguments = ["--schema", str(schema), "--socket", f"{short}/socket"]
        arguments += ["--endpoint", endpoint] if endpoint else []
        arguments += ["--tokens"] if with_tokens else []
        arguments += ["--record", str(record)] if record else []
        with _server("standin", *arguments, log=directory / "standin.log") as reattach:
            yield reattach


class Result(NamedTuple):
    """What a command of terraform gave."""

    code: int
    output: str


class TerraformError(AssertionError):
    """A command of terraform failed."""


class Terraform:
    """A working directory with a configuration, and the commands of terraform on it.

    Args:
        directory: Of the configuration. Nothing outside of it is written.
        reattach: What `standin` yielded.

    Attributes:
        said: What the last `plan` printed.
    """

    def __init__(self, directory: Path, reattach: str) -> None:
        self.directory = directory
        self._reattach = reattach
        self.said = ""
        private = directory / ".run"
        (private / "mirror").mkdir(parents=True, exist_ok=True)
        # Providers come from an empty directory: terraform asks no registry, whatever a configuration requires.
        config = private / "terraform.rc"
        config.write_text(
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{private / "mirror"}"\n  }}\n}}\n',
            encoding="utf-8",
        )
        binary = terraform_binary()
        assert binary is not None
        self._binary = binary
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(private),
            "TMPDIR": tempfile.gettempdir(),
            "TF_CLI_CONFIG_FILE": str(config),
            "TF_DATA_DIR": str(private / "data"),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "TF_REATTACH_PROVIDERS": reattach,
            "CHECKPOINT_DISABLE": "1",
            # A port of this machine that nothing listens on.
            "HTTP_PROXY": "http://127.0.0.1:9",
            "HTTPS_PROXY": "http://127.0.0.1:9",
        }

    def within(self, root: str) -> Terraform:
        """Return the same for a directory in this one."""
        return Terraform(self.directory / root, self._reattach) if root else self

    def run(self, *arguments: str, accept: Sequence[int] = (0,)) -> Result:
        """Run a command.

        Args:
            arguments: Of terraform.
            accept: Exit codes that are no failure.

        Raises:
            TerraformError: The exit code is another one; the message is what the command printed.
        """
        done = subprocess.run(
            [self._binary, *arguments],
            cwd=self.directory,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
        if done.returncode not in accept:
            raise TerraformError(f"terraform {' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}")
        return Result(done.returncode, done.stdout)

    def init(self) -> None:
        """Load the modules. The provider is there already, so that no lock file is made."""
        self.run("init", "-no-color", "-backend=false")
        assert not (self.directory / ".terraform.lock.hcl").exists()

    def unformatted(self) -> list[str]:
        """Return the files that `terraform fmt` would change, or cannot read."""
        result = self.run("fmt", "-check", "-recursive", "-no-color", accept=(0, 2, 3))
        return [line for line in result.output.splitlines() if line and not line.startswith(".run")]

    def validate(self) -> list[dict[str, Any]]:
        """Return the errors and warnings of `terraform validate`."""
        result = self.run("validate", "-json", accept=(0, 1))
        diagnostics: list[dict[str, Any]] = json.loads(result.output)["diagnostics"]
        return diagnostics

    def plan(self, *arguments: str) -> bool:
        """Plan into the file `plan`; return whether anything is to change."""
        result = self.run("plan", "-no-color", "-detailed-exitcode", "-out=.run/plan", *arguments, accept=(0, 2))
        self.said = result.output
        return result.code == 2

    def planned(self) -> dict[str, Any]:
        """Return the plan of the last `plan` as `terraform show -json` tells it."""
        content: dict[str, Any] = json.loads(self.run("show", "-json", ".run/plan").output)
        return content

    def apply(self, *arguments: str) -> None:
        """Apply the plan of the last `plan`, or plan and apply with arguments."""
        self.run("apply", "-no-color", "-auto-approve", *(arguments or (".run/plan",)))

    def state(self) -> dict[str, Any]:
        """Return the state as `terraform show -json` tells it."""
        content: dict[str, Any] = json.loads(self.run("show", "-json").output)
        return content

    def destroy(self, *arguments: str) -> None:
        """Remove everything."""
        self.run("destroy", "-no-color", "-auto-approve", *arguments)

    def test(self) -> str:
        """Run `terraform test`; return what it prints."""
        return self.run("test", "-no-color").output


def first_fault(terraform: Terraform, *arguments: str) -> tuple[str, str]:
    """Run the commands one after the other, up to `apply`; return the first that fails, and what it says on one line.

    Args:
        terraform: The configuration.
        arguments: Of `plan`. With any, `apply` is left out: the program is larger than what can be applied.

    Returns:
        "fmt", "init", "validate", "plan" or "apply", and its message; "nothing" and "" if none fails. Warnings of
        `validate` and `plan` count.
    """
    unformatted = terraform.unformatted()
    if unformatted:
        return "fmt", _line("\n".join(unformatted))
    try:
        terraform.init()
    except TerraformError as error:
        return "init", _line(str(error))
    errors = terraform.validate()
    if errors:
        return "validate", _line("\n".join(f"{error['summary']}: {error['detail']}" for error in errors))
    try:
        terraform.plan(*arguments)
        if "Warning:" in terraform.said:
            return "plan", _line(terraform.said)
    except TerraformError as error:
        return "plan", _line(str(error))
    try:
        if not arguments:
            terraform.apply()
    except TerraformError as error:
        return "apply", _line(str(error))
    return "nothing", ""


def _line(text: str) -> str:
    return " ".join(text.split())


def resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the resources of a module of a plan or state, with those of the modules in it."""
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from resources(child)


def resolved_plan(
    directory: Path, environment: str, scratch: Path, *, root: str = "", version: int = 6
) -> dict[str, Any]:
    """Return the plan of an emitted Terraform program for an environment, as `terraform show -json` tells it.

    It is a plan with tokens, so that every reference is resolved: a value that is known after apply is a unique text
    `tok-` and five digits (or a number from 900000001 on), and names the attribute that it was made for wherever it
    appears again. Region, account, partition and zones are the constants of `standin.tokens`.

    Args:
        directory: Of the program: what `lenie-compile --target tf` wrote. It is copied, not written to.
        environment: Name of the environment.
        scratch: A directory for the copy and for logs.
        root: Which of the program's root modules: "", "account", "organization".
        version: Major version of the provider.
    """
    work = Path(tempfile.mkdtemp(prefix="plan-", dir=scratch))
    shutil.copytree(directory, work / "program")
    with standin(SCHEMAS[version], None, work, with_tokens=True) as reattach:
        terraform = Terraform(work / "program" / root, reattach)
        terraform.init()
        terraform.plan(f"-var-file=environments/{environment}.tfvars")
        return terraform.planned()


#: Makes a working directory of files (of a directory, or text by name) with a provider of a major version.
MakeTerraform = Callable[..., Terraform]


#: Settings of a configuration for tests, and something to apply.
HEAD = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = { Project = "lenie" }
  }
}
"""
NETWORK = """
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "one" }
}
"""


def changes(terraform: Terraform) -> dict[str, list[str]]:
    """Return what the last plan does to each address."""
    return {
        change["address"]: change["change"]["actions"]
        for change in terraform.planned()["resource_changes"]
        if change["change"]["actions"] != ["no-op"]
    }


def values(content: dict[str, Any], address: str) -> dict[str, Any]:
    """Return the attributes of a resource of a plan or a state."""
    root = content.get("planned_values") or content["values"]
    (found,) = (one["values"] for one in resources(root["root_module"]) if one["address"] == address)
    return dict(found)


def replace(terraform: Terraform, old: str, new: str, file: str = "main.tf") -> None:
    """Write `new` for `old` in a file of a configuration."""
    path = terraform.directory / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
