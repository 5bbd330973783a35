"""Runs the scripts of clusters against fake tools: a directory's files are what exists in AWS and in the cluster."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from processes import accept_interrupts
from support import ROOT

from lenie.compiler.pipeline import compile_spec

FAKES = Path(__file__).parent / "targets" / "eks" / "fakes"
TOOLS = ("aws", "eksctl", "helm", "kubectl")
#: What the scripts use besides the tools of clusters.
COMMANDS = (
    "awk",
    "basename",
    "bash",
    "cat",
    "cp",
    "dirname",
    "env",
    "grep",
    "mkdir",
    "mktemp",
    "mv",
    "readlink",
    "rm",
    "sed",
    "sleep",
    "tee",
    "tr",
)
NETWORK = {
    "/lenie/dev/vpc-id": "vpc-0123456789abcdef0",
    "/lenie/dev/public-subnet-a/subnet-id": "subnet-0123456789abcdefa",
    "/lenie/dev/public-subnet-b/subnet-id": "subnet-0123456789abcdefb",
}
ACCOUNT = "123456789012"
#: A network that is nobody's, and none of those for documentation, which the scripts refuse (RFC 2544).
ACCESS = "198.18.7.0/24"
#: What tells of something, and changes nothing.
_READING = (
    *("aws --version", "eksctl version", "helm version", "kubectl version", "helm list", "helm status", "helm show"),
    *("kubectl config get-", "kubectl config current-context"),
)


@cache
def generated(environment: str = "") -> dict[str, str]:
    """Return what the target makes of the project's own spec: path -> text."""
    run = compile_spec(ROOT / "spec" / "lenie.yaml", ("eks",), environment=environment)
    assert not run.failed
    return dict(run.outputs["eks"])


class Machine:
    """A machine with the scripts and the fake tools, and an account of AWS behind them."""

    def __init__(self, directory: Path, cluster: str, files: dict[str, str] | None = None) -> None:
        """Write the scripts of all clusters below `directory`; `cluster` is the one to run."""
        self.cluster = cluster
        self.state = directory / "state"
        self.bin = directory / "bin"
        self.scripts = directory / "eks"
        for path, text in (files or generated()).items():
            target = self.scripts / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        self.state.mkdir()
        self.bin.mkdir()
        for name in COMMANDS:
            found = shutil.which(name)
            assert found is not None, name
            (self.bin / name).symlink_to(found)
        for tool in (*TOOLS, "common.sh"):
            (self.bin / tool).symlink_to(FAKES / tool)
        for name in ("contexts", "clusters", "users", "current", "log"):
            (self.state / name).touch()
        self.write("ssm", "".join(f"{name}={value}\n" for name, value in NETWORK.items()))

    def write(self, name: str, text: str) -> None:
        (self.state / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.state / name).read_text(encoding="utf-8")

    def has(self, name: str) -> bool:
        return (self.state / name).exists()

    def everything(self) -> set[str]:
        """Return the names of what exists."""
        kept = ("log", "ssm", "current", "contexts", "clusters", "users", "version", "owner", "services")
        return {path.name for path in self.state.iterdir() if path.is_file() and path.name not in kept}

    def run(self, *arguments: str, answer: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the script; `variables` are its environment, `answer` what is typed."""
        self.write("log", "")
        script = self.scripts / self.cluster / "cluster.sh"
        environment = {"PATH": str(self.bin), "FAKE": str(self.state), "TMPDIR": str(self.state.parent)}
        environment |= {"API_ACCESS": ACCESS, **variables}
        for name in ("LANG", "LC_ALL"):
            if name in os.environ:
                environment[name] = os.environ[name]
        command = [str(self.bin / "bash"), str(script), *arguments]
        # A process group of its own: what is sent to it (Ctrl-C) reaches nobody else.
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=environment,
            input=answer,
            timeout=60,
            cwd=self.state.parent,
            start_new_session=True,
            preexec_fn=accept_interrupts,
        )

    def done(self, *arguments: str, **variables: str) -> str:
        """Run the script, which must succeed without a word on standard error; return what it prints."""
        found = self.run(*arguments, **variables)
        assert (found.returncode, found.stderr) == (0, ""), found.stdout + found.stderr
        return found.stdout

    def made(self) -> None:
        """Let everything exist that a run of create makes."""
        for path, content in _made(self.cluster).items():
            target = self.state / path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)

    def calls(self) -> list[str]:
        """Return all calls of the last run."""
        return self.read("log").splitlines()

    def changes(self) -> list[str]:
        """Return the calls of the last run that change something, without what is the same in all of them."""
        plain = (_plain(call) for call in self.calls() if not re.search(r"update-kubeconfig .* --kubeconfig ", call))
        return [call for call in plain if not call.startswith(_READING) and not _reads(call)]


@cache
def _made(cluster: str) -> dict[str, bytes]:
    """Return the files of the state after a run of create."""
    with TemporaryDirectory() as directory:
        machine = Machine(Path(directory), cluster)
        machine.done("create", "--env", "dev")
        paths = [path for path in machine.state.rglob("*") if path.is_file()]
        return {path.relative_to(machine.state).as_posix(): path.read_bytes() for path in paths}


def _plain(call: str) -> str:
    """Return a call without what is the same in all of them: region, form of the output, and the run's kubeconfig."""
    same = r" --region us-east-1 --output text\b| --kubeconfig \S+( --kube-context \S+ --namespace kube-system)?"
    return re.sub(same, "", call, count=1)


def _reads(call: str) -> bool:
    words = call.split()
    verb = words[2] if words[0] == "aws" else words[1] if words[0] == "kubectl" else ""
    return verb.startswith(("get", "describe", "list", "wait"))
