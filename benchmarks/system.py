"""The whole system on the emulator: how long it takes to start, and how fast documents go through it.

Eight clients post 1 000 documents to the deployed API, and the deployed workflow moves them into PostgreSQL. The
figures are those of the emulator on this machine, and say nothing of AWS; they show when the emulator becomes too slow
to be used. A benchmark reports, and never fails a build.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from e2e.load import post_documents  # noqa: E402
from e2e.system import DELAY, lenie, started, until  # noqa: E402

COUNT, CLIENTS = 1000, 8


def main() -> None:
    """Print the figures."""
    lenie("package", "--host")
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        with started(Path(name) / "emulator") as system:
            up = time.perf_counter() - began
            posted = post_documents(system, COUNT, CLIENTS)
            latencies = statistics.quantiles(posted.latencies, n=20)
            until(lambda: system.waiting("documents")["visible"] == len(posted.urls), "all wait", DELAY + 5)
            began = time.perf_counter()
            system.fire()
            until(lambda: not system.executions("RUNNING"), "the workflow has ended", 600)
            moved = time.perf_counter() - began
    print(f"lenie local up, packages built     {up:8.1f} s")
    print(f"documents posted, {CLIENTS} clients       {len(posted.urls) / posted.seconds:8.1f} a second")
    print(f"  a request, median                {statistics.median(posted.latencies) * 1000:8.0f} ms")
    print(f"  a request, 95 of 100             {latencies[-1] * 1000:8.0f} ms")
    print(f"  refused                          {len(posted.failures):8}")
    print(f"documents moved by the workflow    {len(posted.urls) / moved:8.1f} a second")


if __name__ == "__main__":
    main()
