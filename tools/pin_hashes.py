"""Writes into each layer's requirements.txt the SHA-256 of the wheels that are installed for its runtime.

Run it after a version was changed: pip chooses the wheels as it does for `lenie package`, and every pinned line gets
`--hash`. What pip would install by a later upload under the same version is refused then.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from lenie.compiler.packaging.plan import plan
from lenie.compiler.packaging.platforms import lambda_platform
from lenie.compiler.packaging.requirements import FILE
from lenie.compiler.pipeline import front

SPEC = Path(__file__).resolve().parents[1] / "spec" / "lenie.yaml"
_PINNED = re.compile(r"([A-Za-z0-9._-]+==\S+)(?:\s+--hash=\S+)*\s*")


def hashes(requirements: list[str], options: tuple[str, ...]) -> dict[str, str]:
    """Return normalised name -> SHA-256 of the wheel that pip chooses."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, *options, "--dest", directory, *requirements], check=True)
        files = sorted(Path(directory).iterdir())
        return {parse_wheel_filename(f.name)[0]: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def main() -> None:
    """Rewrite the file of every layer of the project's spec."""
    program = front(SPEC).program
    assert program is not None, "the spec has errors"
    for package in plan(program).values():
        path = package.source / FILE
        platform = lambda_platform(package.runtime, package.architecture)
        if package.kind != "layer" or platform is None:
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        pinned = {number: match[1] for number, line in enumerate(lines) if (match := _PINNED.fullmatch(line))}
        found = hashes(list(pinned.values()), platform.options)
        for number, text in pinned.items():
            lines[number] = f"{text} --hash=sha256:{found[canonicalize_name(text.partition('==')[0])]}"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{path.parent.name}: {len(pinned)} wheels for {platform.tag}")


if __name__ == "__main__":
    main()
