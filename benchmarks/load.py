"""How long the first pass takes for the spec of the project: in a fresh process, and repeated."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

SPEC = Path(__file__).parents[1] / "spec" / "lenie.yaml"
ROUNDS = 20
COLD = """
import pathlib, sys, time
begin = time.perf_counter()
from lenie.compiler.load import load
imported = time.perf_counter()
load(pathlib.Path(sys.argv[1]))
print(imported - begin, time.perf_counter() - imported)
"""


def main() -> None:
    """Print the milliseconds of importing and loading, and of loading again."""
    from lenie.compiler.load import load

    runs = [
        subprocess.run(
            [sys.executable, "-c", COLD, str(SPEC)], check=True, capture_output=True, text=True
        ).stdout.split()
        for _ in range(5)
    ]
    imported, cold = (min(float(run[index]) for run in runs) for index in (0, 1))
    begin = time.perf_counter()
    for _ in range(ROUNDS):
        load(SPEC)
    warm = (time.perf_counter() - begin) / ROUNDS
    lines = len(SPEC.read_text(encoding="utf-8").splitlines())
    print(f"load, {lines} lines: {imported * 1000:.0f} ms import, {cold * 1000:.1f} ms cold, {warm * 1000:.1f} ms warm")


if __name__ == "__main__":
    main()
