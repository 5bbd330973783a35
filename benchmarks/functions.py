"""Cold start: the import time of each handler against a bare `import boto3`, as a ratio in one run.

Each is a fresh process that imports nothing else, run in turn with one that imports boto3; the ratio is the median of
the ratios of the pairs. The functions without the library should stay below 2. A benchmark reports, and never fails a
build.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

ROUNDS = 9
LAMBDAS = Path(__file__).resolve().parent.parent / "lambdas"
_TIMED = "import sys, time; sys.path.insert(0, sys.argv[1]); start = time.perf_counter(); import {module}; "
_TIMED += "print(time.perf_counter() - start)"


def measure(module: str) -> float:
    """Return the seconds that a fresh process takes to import a module."""
    command = [sys.executable, "-c", _TIMED.format(module=module), str(LAMBDAS)]
    environment = {"AWS_DEFAULT_REGION": "us-east-1"}
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


def main() -> None:
    """Print the median time and ratio of each handler."""
    functions = sorted(path.parent.name for path in LAMBDAS.glob("*/handler.py"))
    for module in ("boto3", *(f"{name}.handler" for name in functions)):
        measure(module)
    print(f"{'import':24} {'time':>7}  against boto3")
    for name in functions:
        pairs = [(measure("boto3"), measure(f"{name}.handler")) for _ in range(ROUNDS)]
        seconds = statistics.median(second for _, second in pairs)
        ratio = statistics.median(second / first for first, second in pairs)
        alone = "from library" not in (LAMBDAS / name / "handler.py").read_text(encoding="utf-8")
        print(f"{name:24} {seconds * 1000:4.0f} ms  {ratio:5.2f}{'  (goal: below 2)' if alone else ''}")


if __name__ == "__main__":
    main()
