"""Copies the block that the simple functions share into each of them; ``--check`` only tells whether it is there."""

from __future__ import annotations

import sys
from pathlib import Path

LAMBDAS = Path(__file__).resolve().parents[1] / "lambdas"
SOURCE = LAMBDAS / "simple_functions.py"
FUNCTIONS = ("rds_start", "rds_stop", "rds_status", "ec2_start", "ec2_stop", "ec2_status", "sqs_size")
FIRST, LAST = "# ---- shared: ", "# ---- end of the shared block ----\n"


def parts(text: str) -> tuple[str, str, str]:
    """Return what stands before the block, the block with its two lines, and what follows."""
    start = text.index(FIRST)
    end = text.index(LAST, start) + len(LAST)
    return text[:start], text[start:end], text[end:]


def updated(handler: str) -> str:
    """Return the text of a handler with the block as it is now."""
    before, _, after = parts(handler)
    return before + parts(SOURCE.read_text(encoding="utf-8"))[1] + after


def main(arguments: list[str]) -> int:
    """Write what differs, or with ``--check`` name it; return the exit code."""
    differing = []
    for path in (LAMBDAS / name / "handler.py" for name in FUNCTIONS):
        old = path.read_text(encoding="utf-8")
        if (new := updated(old)) != old:
            differing.append(path.relative_to(LAMBDAS.parent).as_posix())
            if "--check" not in arguments:
                path.write_text(new, encoding="utf-8")
    print("\n".join(differing), end="\n" if differing else "")
    return 1 if differing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
