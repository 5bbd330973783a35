"""Cold `lenie-compile --target cfn` against the bare imports of its libraries, as a ratio in one run.

Both are whole processes, run in turn, so that noise disturbs both alike; the medians are compared. The goal is
a ratio below 2. A benchmark reports, and never fails a build.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15
ROOT = Path(__file__).resolve().parent.parent
COMMAND = Path(sys.executable).with_name("lenie-compile")


def libraries() -> str:
    """Return the import statements of the libraries that a compile to CloudFormation uses."""
    code = "import sys, click, yaml, pydantic\nfrom pydantic import BaseModel\n"
    probe = (
        "import sys\nfrom lenie.compiler.pipeline import compile_spec\nfrom pathlib import Path\n"
        "compile_spec(Path('spec/lenie.yaml'), ('cfn',))\n"
        "print('\\n'.join(sorted(m for m in sys.modules if m.split('.')[0] == 'troposphere')))"
    )
    modules = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=True, capture_output=True, text=True)
    return code + "".join(f"import {name}\n" for name in modules.stdout.split())


def measure(command: list[str]) -> float:
    """Return the wall time of one run of `command`, in seconds."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print both medians and their ratio."""
    imports = [sys.executable, "-c", libraries()]
    with tempfile.TemporaryDirectory() as out:
        compile_command = [str(COMMAND), "--target", "cfn", "--out", out]
        for command in (imports, compile_command):
            measure(command)
        pairs = [(measure(imports), measure(compile_command)) for _ in range(ROUNDS)]
    bare = statistics.median(first for first, _ in pairs)
    cold = statistics.median(second for _, second in pairs)
    print(f"imports of the libraries   {bare * 1000:6.0f} ms")
    print(f"cold lenie-compile (cfn)   {cold * 1000:6.0f} ms")
    print(f"ratio                      {cold / bare:6.2f}  (goal: below 2)")


if __name__ == "__main__":
    main()
