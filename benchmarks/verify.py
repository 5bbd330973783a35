"""How long `lenie verify` takes: for CloudFormation and Terraform, and for all targets beside the synthesis it needs.

Whole processes, run in turn. The goals: without a synthesis below 3 s for Lenie, with it below twice a synthesis of the
app. A benchmark reports, and never fails a build.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv-cdk"
BIN = Path(sys.executable).parent


def measure(command: list[str], directory: Path = ROOT, **variables: str) -> float:
    """Return the wall time of one run of `command`, in seconds."""
    environment = {**os.environ, "PATH": f"{TOOLS / 'bin'}{os.pathsep}{os.environ['PATH']}", **variables}
    start = time.perf_counter()
    subprocess.run(command, cwd=directory, check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def main() -> None:
    """Print the medians."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        measure([str(BIN / "lenie-compile"), "--scope", "all", "--out", name])

        def verify(*targets: str) -> float:
            command = [str(BIN / "lenie"), "verify", "--out", name, "--cdk-python", str(TOOLS / "bin" / "python")]
            return sum(measure([*command, "--target", target]) for target in targets)

        def synthesis() -> float:
            variables = {"CDK_OUTDIR": str(out / "cdk.out"), "CDK_VALIDATION": "false"}
            return measure([str(TOOLS / "bin" / "python"), "app.py"], out / "cdk", **variables)

        synthesis()
        rows = [(verify("cfn"), verify("tf"), verify("all"), synthesis()) for _ in range(ROUNDS)]
    cfn, tf, everything, synth = (statistics.median(column) for column in zip(*rows, strict=True))
    # Of one round each: what else the machine does changes from round to round.
    ratio = statistics.median(row[2] / row[3] for row in rows)
    print(f"lenie verify --target cfn       {cfn * 1000:6.0f} ms")
    print(f"lenie verify --target tf        {tf * 1000:6.0f} ms  (all components)")
    print(f"lenie verify                    {everything * 1000:6.0f} ms")
    print(f"python app.py, one environment  {synth * 1000:6.0f} ms")
    print(f"ratio of verify to a synthesis  {ratio:6.1f}     (goal: below 2)")


if __name__ == "__main__":
    main()
