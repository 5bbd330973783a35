"""Prints template data as YAML, the way people write CloudFormation: short-form functions, comments, block texts.

The data is in CloudFormation's long form (``{"Fn::Sub": "..."}``). What is printed reads back as the same data under
YAML 1.1 (PyYAML, CloudFormation) and YAML 1.2.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from lenie.compiler.span import Path
from lenie.targets.base import Lines
from lenie.targets.wiring.functions import is_function

#: Comment lines that stand above the node at a path.
Comments = Mapping[Path, tuple[str, ...]]

#: A list that is not longer than this stands on one line if it is an argument of a function.
_FLOW_WIDTH = 100
_STEP = "  "
#: Sections whose entries stand apart from each other.
_SPACED = frozenset({"Parameters", "Resources"})

# What a plain scalar may look like: nothing that YAML 1.1 or 1.2 could read as anything but this text.
_PLAIN = re.compile(r"[A-Za-z/$(_][^\x00-\x1f\x7f]*|[0-9]{1,3}(?:\.[0-9]{1,3}){3}/[0-9]{1,2}")
_FLOW_PLAIN = re.compile(r"[A-Za-z/$_][A-Za-z0-9/$_.:@+*=-]*")
_RESERVED = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null"])
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def print_document(
    document: Mapping[str, Any], comments: Comments, header: str, extents: dict[Path, Lines] | None = None
) -> str:
    """Return `document` as YAML: `header` on top as a comment, top-level sections apart from each other.

    `extents` gets the lines of each entry and element by its path, with the comment above it.
    """
    lines = [*(f"# {line}".rstrip() for line in header.splitlines()), ""]
    printer = _Printer(comments, {} if extents is None else extents)
    previous: Any = ""
    for key, value in document.items():
        if lines[-1] and not (isinstance(previous, str) and isinstance(value, str)):
            lines.append("")
        printer.entry(lines, key, value, "", (key,), blank_lines=key in _SPACED)
        previous = value
    return "\n".join(lines) + "\n"


def scalar(value: str | float | bool, *, flow: bool = False) -> str:
    """Return a scalar on one line.

    Raises:
        TypeError: for anything else, and for numbers that JSON cannot hold.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} in a template")
    return _text(value, flow)


@lru_cache(maxsize=4096)
def _text(value: str, flow: bool) -> str:
    if _is_plain(value, flow):
        return value
    if value.isprintable() and ('"' in value or "\\" in value):
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escape(c)) for c in value) + '"'


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise TypeError(f"{value} in a template")
    text = json.dumps(value)
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        return f"{mantissa}{'' if '.' in mantissa else '.0'}e{'' if exponent[0] in '+-' else '+'}{exponent}"
    return text


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_plain(text: str, flow: bool) -> bool:
    if not (_FLOW_PLAIN if flow else _PLAIN).fullmatch(text):
        return False
    if text.lower() in _RESERVED or ": " in text or " #" in text or text[-1] in ": ":
        return False
    return text.isascii() or text.isprintable()


def _can_be_block(text: str) -> bool:
    """Return whether a text of several lines survives as a block: only what YAML prints as it is, and some content."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and lines[0] != ""
        and not lines[0].startswith("\t")
        and not text.endswith("\n\n")  # a blank line that follows for the looks would count
        and lines != [lines[0], ""]
        and all(line == "" or not line.isspace() for line in lines)
        and all(line.replace("\t", "").isprintable() for line in lines)
    )


class _Printer:
    """Appends lines; `comments` stand above the nodes that they are about."""

    def __init__(self, comments: Comments, extents: dict[Path, Lines]) -> None:
        self.comments = comments
        self.extents = extents

    def entry(
        self, lines: list[str], key: str, value: Any, indent: str, path: Path, *, blank_lines: bool = False
    ) -> None:
        """Print ``key: value``; `blank_lines` sets the entries of a map apart where one has a comment."""
        first = len(lines) + 1
        self.comment(lines, path, indent)
        self.value(lines, f"{indent}{scalar(key)}:", value, indent, path, blank_lines)
        self.extents[path] = (first, len(lines))

    def comment(self, lines: list[str], path: Path, indent: str) -> None:
        found = self.comments.get(path)
        if found:
            lines += [f"{indent}# {''.join(c if c.isprintable() else ' ' for c in line)}" for line in found]

    def value(
        self, lines: list[str], lead: str, value: Any, indent: str, path: Path, blank_lines: bool = False
    ) -> None:
        """Print `value` after `lead`, which is the line so far (``key:``, ``-``); `indent` is that of the line."""
        if is_function(value):
            self.function(lines, lead, value, indent, path)
        elif isinstance(value, dict):
            self.mapping(lines, lead, value, indent, path, blank_lines)
        elif isinstance(value, (list, tuple)):
            self.sequence(lines, lead, value, indent, path)
        elif isinstance(value, str) and "\n" in value and _can_be_block(value):
            self.block(lines, lead, value, indent)
        else:
            lines.append(f"{lead} {scalar(value)}")

    def mapping(
        self, lines: list[str], lead: str, value: Mapping[str, Any], indent: str, path: Path, blank_lines: bool = False
    ) -> None:
        if not value:
            lines.append(f"{lead} {{}}")
            return
        # The first entry of a map in a list stands on the line of its dash.
        joined = lead.endswith("-") and not self.comments.get((*path, next(iter(value))))
        if not joined:
            lines.append(lead)
        first = True
        for key, item in value.items():
            if blank_lines and not first:
                lines.append("")
            mark = len(lines)
            self.entry(lines, key, item, indent + _STEP, (*path, key))
            if first and joined:
                lines[mark] = f"{lead} {lines[mark].lstrip(' ')}"
            first = False

    def sequence(
        self, lines: list[str], lead: str, value: list[Any] | tuple[Any, ...], indent: str, path: Path
    ) -> None:
        if not value:
            lines.append(f"{lead} []")
            return
        lines.append(lead)
        for index, item in enumerate(value):
            here = (*path, index)
            first = len(lines) + 1
            self.comment(lines, here, indent + _STEP)
            self.value(lines, f"{indent}{_STEP}-", item, indent + _STEP, here)
            self.extents[here] = (first, len(lines))

    def block(self, lines: list[str], lead: str, text: str, indent: str) -> None:
        """Print a text of several lines literally; the indicators keep its own indentation and its end."""
        chomp = "" if text.endswith("\n") else "-"
        indentation = str(len(_STEP)) if text.startswith(" ") else ""
        lines.append(f"{lead} |{indentation}{chomp}")
        inner = indent + _STEP
        lines += [inner + line if line else "" for line in text.removesuffix("\n").split("\n")]

    def function(self, lines: list[str], lead: str, value: Mapping[str, Any], indent: str, path: Path) -> None:
        """Print a function in short form; around another function it must be the long form."""
        ((name, argument),) = value.items()
        if is_function(argument):
            self.mapping(lines, lead, value, indent, path)
            return
        flow = _flow(value)
        if flow is not None and len(flow) <= _FLOW_WIDTH:
            lines.append(f"{lead} {flow}")
            return
        self.value(lines, f"{lead} {_tag(name)}", argument, indent, (*path, name))


def _tag(name: str) -> str:
    return "!" + name.removeprefix("Fn::")


def _flow(value: Any, inside: bool = False) -> str | None:
    """Return a function, or an argument of one, on one line; None where it needs several."""
    if is_function(value):
        ((name, argument),) = value.items()
        if name == "Fn::GetAtt" and isinstance(argument, list) and all(isinstance(a, str) for a in argument):
            # Some tools divide the short form at every dot, `cdk diff` among them: there the list is safer.
            argument = ".".join(argument) if "." not in argument[-1] else argument
        if is_function(argument):
            return None
        text = _flow(argument, inside or isinstance(argument, list))
        return None if text is None else f"{_tag(name)} {text}"
    if isinstance(value, list):
        items = [_flow(item, inside=True) for item in value]
        return None if None in items else f"[{', '.join(item for item in items if item is not None)}]"
    if isinstance(value, dict) or (isinstance(value, str) and "\n" in value and not inside):
        return None
    text = scalar(value, flow=inside)
    return None if inside and len(text) > _FLOW_WIDTH // 2 else text
