"""A layer's requirements.txt: every package with its exact version, so that the file alone decides what is installed.

Source: pip's "Requirements File Format"; "Dependency specifiers" and "Version specifiers", Python Packaging User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from lenie.compiler.diagnostics import Diagnostic, Label, Severity, SpecError
from lenie.compiler.span import Span

#: Name of the file in a layer's directory.
FILE = "requirements.txt"
_HASH = re.compile(r"\s+--hash=(sha256:[0-9a-f]{64})(?=\s|$)")
_COMMENT = re.compile(r"(^|\s+)#.*$")


class Pin(NamedTuple):
    """One package at one version."""

    #: Normalised: lower case, with hyphens.
    name: str
    version: str
    extras: frozenset[str]
    marker: Marker | None
    #: ``sha256:<hexadecimal>`` of the files that may be installed; any file if there are none.
    hashes: tuple[str, ...]
    #: Number of its line in the file, from 1.
    line: int


def read(path: Path, shown: str) -> list[Pin]:
    """Return what a requirements file pins; `shown` is its name in diagnostics.

    Raises:
        SpecError: (E701) if a line says anything else than a package at one version, or a package stands twice.
        OSError: if the file cannot be read.
    """
    lines = path.read_bytes().decode("utf-8-sig", "replace").splitlines()
    found: list[Pin] = []
    for number, text in _logical(lines):
        pin = _pin(text, number, lines, shown)
        twice = next((other for other in found if other.name == pin.name and other.marker == pin.marker), None)
        if twice is not None:
            raise _error(f'"{pin.name}" stands in line {twice.line}, too', "keep one of them", number, lines, shown)
        found.append(pin)
    hashed = [pin for pin in found if pin.hashes]
    if hashed and len(hashed) < len(found):
        bare = next(pin for pin in found if not pin.hashes)
        message = f'"{bare.name}" has no hash, and other packages have'
        raise _error(message, "pip checks the hashes of all packages of a file, or of none", bare.line, lines, shown)
    return found


def _logical(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of every requirement, with its continuation lines, without comments."""
    start, parts = 0, ""
    for number, line in enumerate(lines, start=1):
        start = start or number
        if line.endswith("\\"):
            parts += line[:-1] + " "
            continue
        text = _COMMENT.sub("", parts + line).strip()
        if text:
            yield start, text
        start, parts = 0, ""
    if text := _COMMENT.sub("", parts).strip():
        yield start, text


def _pin(text: str, number: int, lines: Sequence[str], shown: str) -> Pin:
    hashes = tuple(_HASH.findall(text))
    bare = _HASH.sub("", text).strip()
    exact = "write NAME==VERSION, and --hash=sha256:... after it if its file is to be checked"
    if bare.startswith("-") or " --" in bare:
        option = next(word for word in bare.split() if word.startswith("-"))
        message = f"the option {option} is not possible here: what it brings would not be part of the layer's digest"
        raise _error(message, exact, number, lines, shown)
    try:
        requirement = Requirement(bare)
    except InvalidRequirement:
        raise _error(f'"{bare}" is not a requirement', exact, number, lines, shown) from None
    if requirement.url is not None:
        message = f'"{requirement.name}" comes from an address, whose content may change'
        raise _error(message, exact, number, lines, shown)
    versions = list(requirement.specifier)
    if len(versions) != 1 or versions[0].operator != "==" or versions[0].version.endswith(".*"):
        message = f'"{requirement.name}" is not pinned: two builds could hold two versions of it'
        raise _error(message, exact, number, lines, shown)
    return Pin(
        name=canonicalize_name(requirement.name),
        version=versions[0].version,
        extras=frozenset(requirement.extras),
        marker=requirement.marker,
        hashes=hashes,
        line=number,
    )


def _error(message: str, help: str, number: int, lines: Sequence[str], shown: str) -> SpecError:
    line = lines[number - 1]
    start = len(line) - len(line.lstrip()) + 1
    span = Span(shown, number, start, number, max(len(line.rstrip()) + 1, start + 1))
    return SpecError(Diagnostic("E701", Severity.ERROR, message, (Label(span),), help))
