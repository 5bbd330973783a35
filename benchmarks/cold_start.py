"""Cold `lenie-compile --target cfn` against the bare imports of its libraries, as a ratio in one run.

The imports are those of every module of click, pydantic, PyYAML and troposphere that a compile loads; pydantic and
troposphere load a part of theirs only when they are used.

Both are whole processes, run in turn, so that noise disturbs both alike; the ratio is the median of the ratios of the
pairs. The goal is a ratio below 2. A benchmark reports, and never fails a build.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15
LIBRARIES = ("click", "pydantic", "pydantic_core", "troposphere", "yaml")
ROOT = Path(__file__).resolve().parent.parent
COMMAND = Path(sys.executable).with_name("lenie-compile")


def libraries() -> str:
    """Return imports of every module of the libraries that a compile to CloudFormation loads."""
    probe = (
        "import sys\nfrom pathlib import Path\nfrom lenie.compiler.compiling import compile_command\n"
        "from lenie.compiler.pipeline import compile_spec\ncompile_spec(Path('spec/lenie.yaml'), ('cfn',))\n"
        f"print(*(name for name in sys.modules if name.split('.')[0] in {LIBRARIES}), sep='\\n')"
    )
    run = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=True, capture_output=True, text=True)
    return "\n".join(f"import {name}" for name in run.stdout.split())


def measure(command: list[str]) -> float:
    """Return the wall time of one run of `command`, in seconds."""
    # An installation compiles its modules once; without leave to, each run would do it again.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def main() -> None:
    """Print both medians and the median ratio."""
    imports = [sys.executable, "-c", libraries()]
    with tempfile.TemporaryDirectory() as out:
        compile_command = [str(COMMAND), "--target", "cfn", "--out", out]
        for command in (imports, compile_command):
            measure(command)
        pairs = [(measure(imports), measure(compile_command)) for _ in range(ROUNDS)]
    bare = statistics.median(first for first, _ in pairs)
    cold = statistics.median(second for _, second in pairs)
    ratio = statistics.median(second / first for first, second in pairs)
    print(f"imports of the libraries   {bare * 1000:6.0f} ms")
    print(f"cold lenie-compile (cfn)   {cold * 1000:6.0f} ms")
    print(f"ratio                      {ratio:6.2f}  (goal: below 2)")


if __name__ == "__main__":
    main()
