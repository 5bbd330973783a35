"""The CDK app of the project: how fast it is written, and how long CDK takes to synthesize it.

`lenie-compile` of all targets and `cdk synth` are whole processes, run in turn, so that noise disturbs both alike. The
default synthesis is what a user gets: with the validator of aws-cdk-lib. The goal is that compiling all targets is at
least 15 times as fast as one default synthesis of the same architecture; below 10 is a defect. A benchmark reports, and
never fails a build.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lenie.targets import TARGETS

ROUNDS = 5
ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv-cdk"
COMPILE = Path(sys.executable).with_name("lenie-compile")
CDK = TOOLS / "cli" / "node_modules" / ".bin" / "cdk"


def measure(command: list[str], directory: Path = ROOT, **variables: str) -> float:
    """Return the wall time of one run of `command`, in seconds."""
    # An installation compiles its modules once; without leave to, each run would do it again.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PATH": f"{TOOLS / 'bin'}{os.pathsep}{os.environ['PATH']}", **variables}
    start = time.perf_counter()
    subprocess.run(command, cwd=directory, check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def main() -> None:
    """Print the medians and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        compile_all = [str(COMPILE), "--out", str(out)]
        measure(compile_all)
        app = out / "cdk"

        def synth(*more: str, **variables: str) -> float:
            return measure([str(CDK), "synth", "--quiet", "--output", str(out / "cdk.out"), *more], app, **variables)

        def program(**variables: str) -> float:
            return measure([str(TOOLS / "bin" / "python"), "app.py"], app, CDK_OUTDIR=str(out / "cdk.out"), **variables)

        synth()
        rows = [(measure(compile_all), synth(), program(), program(CDK_VALIDATION="false")) for _ in range(ROUNDS)]
    compiled, default, validated, plain = (statistics.median(column) for column in zip(*rows, strict=True))
    ratio = statistics.median(row[1] / row[0] for row in rows)
    print(f"lenie-compile ({', '.join(TARGETS)})        {compiled * 1000:6.0f} ms")
    print(f"cdk synth, default              {default * 1000:6.0f} ms")
    print(f"python app.py, with validator   {validated * 1000:6.0f} ms")
    print(f"python app.py, without          {plain * 1000:6.0f} ms")
    print(f"ratio of synth to compile       {ratio:6.1f}     (goal: at least 15; below 10 is a defect)")


if __name__ == "__main__":
    main()
