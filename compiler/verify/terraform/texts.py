"""The characters of HCL: spaces, names, and texts with expressions in them."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from lenie.compiler.verify.terraform.syntax import Literal, SyntaxFault, Template
from lenie.compiler.verify.values import Place

SPACE = re.compile(r"(?:[ \t\r]+|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
LINES = re.compile(r"(?:\s+|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
WORD = re.compile(r"[A-Za-z_][\w-]*")
_HEREDOC = re.compile(r"<<(-?)([A-Za-z_][\w-]*)[ \t]*\n")
_QUOTED = re.compile(r'[^"\\$%\n]+')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Texts:
    """A place in a text, and what can be read there."""

    def __init__(self, text: str, file: str, start: int = 0, lines: list[int] | None = None) -> None:
        self.text = text
        self.file = file
        self.at = start
        self.lines = lines or [match.end() for match in re.finditer("\n", text)]
        #: Open brackets: inside of them, a line may end anywhere.
        self.open = 0
        self.depth = 0

    def place(self, at: int | None = None) -> Place:
        """Return the line of an offset; of the next character without one."""
        return Place(self.file, bisect_right(self.lines, self.at if at is None else at) + 1)

    def fail(self, message: str, at: int | None = None) -> SyntaxFault:
        """Return the error that says what is wrong here."""
        return SyntaxFault(f"this is not HCL: {message}", self.place(at))

    def skip(self) -> None:
        """Move past space and comments."""
        match = (LINES if self.open else SPACE).match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, token: str) -> bool:
        """Move past `token`, if it is next."""
        self.skip()
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def want(self, token: str) -> None:
        """Move past `token`, which has to be next."""
        if not self.take(token):
            raise self.fail(f'"{token}" is missing here')

    def word(self) -> str:
        """Read a name."""
        self.skip()
        match = WORD.match(self.text, self.at)
        if match is None:
            raise self.fail("a name is missing here")
        self.at = match.end()
        return match[0]

    def expression(self) -> Any:
        """Read an expression."""
        raise NotImplementedError

    # Texts.

    def quoted(self) -> Any:
        """Read a text in quotation marks."""
        place = self.place()
        self.at += 1
        parts: list[Any] = []
        while True:
            match = _QUOTED.match(self.text, self.at)
            if match:
                parts.append(match[0])
                self.at = match.end()
            char = self.text[self.at : self.at + 1]
            if char == '"':
                self.at += 1
                return _template(parts, place)
            if char in ("", "\n"):
                raise SyntaxFault("this is not HCL: a quotation mark is not closed", place)
            if char == "\\":
                parts.append(self.escape())
            else:
                self.dollar(char, parts)

    def escape(self) -> str:
        """Read what a backslash starts."""
        char = self.text[self.at + 1 : self.at + 2]
        if char in _ESCAPES and char:
            self.at += 2
            return _ESCAPES[char]
        length = {"u": 4, "U": 8}.get(char)
        digits = self.text[self.at + 2 : self.at + 2 + (length or 0)]
        if not length or not re.fullmatch(f"[0-9a-fA-F]{{{length}}}", digits) or int(digits, 16) > 0x10FFFF:
            raise self.fail("an escape that does not exist")
        self.at += 2 + length
        return chr(int(digits, 16))

    def dollar(self, char: str, parts: list[Any]) -> None:
        """Read what starts with ``$`` or ``%`` inside a text."""
        if self.text.startswith(f"{char}{char}{{", self.at):
            parts.append(f"{char}{{")
            self.at += 3
        elif not self.text.startswith(f"{char}{{", self.at):
            parts.append(char)
            self.at += 1
        elif char == "%":
            raise self.fail("directives in texts are not read")
        else:
            self.at += 2
            self.take("~")
            self.open += 1
            parts.append(self.expression())
            if self.take("~"):
                raise self.fail("strip markers in texts are not read")
            self.want("}")
            self.open -= 1

    def heredoc(self) -> Any:
        """Read a text of whole lines."""
        place = self.place()
        head = _HEREDOC.match(self.text, self.at)
        if head is None:
            raise self.fail("a text without a name for its end")
        end = re.compile(rf"^[ \t]*{re.escape(head[2])}[ \t]*$", re.MULTILINE).search(self.text, head.end())
        if end is None:
            raise SyntaxFault(f'this is not HCL: the text does not end with "{head[2]}"', place)
        self.at = head.end()
        parts: list[Any] = []
        while self.at < end.start():
            stop = re.compile(r"[^$%]+").match(self.text, self.at, end.start())
            if stop:
                parts.append(stop[0])
                self.at = stop.end()
            else:
                self.dollar(self.text[self.at], parts)
        self.at = end.end()
        return _template(_flush(parts) if head[1] else parts, place)


def _template(parts: list[Any], place: Place) -> Any:
    merged: list[Any] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    if all(isinstance(part, str) for part in merged):
        return Literal("".join(merged), place)
    return Template(merged, place)


def _flush(parts: list[Any]) -> list[Any]:
    """Remove the indentation that all lines share; a line of nothing but space does not count, and stays."""
    pieces: list[Any] = []
    for part in parts:
        pieces += part.splitlines(keepends=True) if isinstance(part, str) else [part]
    starts = [
        n for n, _ in enumerate(pieces) if n == 0 or (isinstance(pieces[n - 1], str) and pieces[n - 1].endswith("\n"))
    ]
    widths: dict[int, int] = {}
    for n in starts:
        piece = pieces[n]
        if not isinstance(piece, str):
            widths[n] = 0
        elif piece.strip() or not piece.endswith("\n"):
            widths[n] = len(piece) - len(piece.lstrip())
    least = min(widths.values(), default=0)
    return [piece[least:] if n in widths and isinstance(piece, str) else piece for n, piece in enumerate(pieces)]
