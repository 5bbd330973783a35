"""Time of each pass over the Lenie spec in a warm process, with what is emitted for each target, and its
source map.

The best of several rounds, since noise only adds. A benchmark reports, and never fails a build.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lenie.compiler.diagnostics import Report
from lenie.compiler.load import load
from lenie.compiler.lower import lower
from lenie.compiler.resolve import resolve
from lenie.compiler.sourcemap.write import Stems, source_map
from lenie.compiler.specialise import specialise
from lenie.compiler.validate import validate
from lenie.targets import TARGETS, load_target
from lenie.targets.base import Places

ROUNDS = 7
SPEC = Path(__file__).resolve().parent.parent / "spec" / "lenie.yaml"


def main() -> None:
    """Print the best time of each pass, in milliseconds."""
    best: dict[str, float] = {}

    def timed(name: str, run: Callable[..., Any], *arguments: Any) -> Any:
        start = time.perf_counter()
        value = run(*arguments)
        best[name] = min(best.get(name, float("inf")), time.perf_counter() - start)
        return value

    for _ in range(ROUNDS):
        tree = timed("load", load, SPEC)
        program, _ = timed("validate", validate, tree, SPEC.parent)
        program, _ = timed("resolve", resolve, program)
        graph, _ = timed("lower", lower, program)
        timed("specialise", specialise, graph, "prod")
        stems = Stems(graph, tree)
        for target in TARGETS:
            places = Places()
            files = timed(f"emit {target}", load_target(target).emit, graph, "all", Report(tree), places)
            timed(f"map {target}", source_map, target, "", stems, places, files)
    for name, seconds in best.items():
        print(f"{name:12} {seconds * 1000:6.1f} ms")


if __name__ == "__main__":
    main()
