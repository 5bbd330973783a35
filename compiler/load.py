"""The first pass: YAML text to a syntax tree in which every node and every key knows its place.

The language is a strict part of YAML: one document, a mapping at the top, keys that are text and stand once, no
anchors, aliases, merge keys or tags, and plain scalars only where YAML 1.1 and 1.2 agree (see `scalars`).
"""

from __future__ import annotations

import codecs
import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from lenie.compiler.diagnostics import Diagnostic, Label, Severity, SpecError
from lenie.compiler.scalars import Ambiguous, Scalar, resolve, resolve_key
from lenie.compiler.sourcetext import Source, split_lines
from lenie.compiler.span import Path, Span
from lenie.compiler.yamlerrors import MAX_DEPTH, braces_help, diagnostic, explain, refuse_tag, second_document, too_deep

MAX_BYTES = 2_000_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ANCHOR = re.compile(r"[&*][^\s,\[\]{}]*")
_TAG = re.compile(r"![^\s,\[\]{}]*")
_OTHER_LINE_ENDS = "\x85\u2028\u2029"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(slots=True)
class Node:
    """A value of the syntax tree; `keys` holds the places of a mapping's keys."""

    value: dict[str, Node] | list[Node] | Scalar
    span: Span
    keys: dict[str, Span] = field(default_factory=dict)

    def plain(self) -> Any:
        """Return the value as plain Python data."""
        value = self.value
        if isinstance(value, dict):
            return {key: child.plain() for key, child in value.items()}
        if isinstance(value, list):
            return [child.plain() for child in value]
        return value


class Tree:
    """A parsed file: its text, its syntax tree, and the place of every path in it."""

    __slots__ = ("_source", "root")

    def __init__(self, source: Source, root: Node) -> None:
        self._source = source
        self.root = root

    @property
    def file(self) -> str:
        """The name of the file as users see it."""
        return self._source.file

    @property
    def text(self) -> str:
        """The whole text."""
        return self._source.text

    @property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return self._source.lines

    def node(self, path: Path) -> Node | None:
        """Return the node that `path` leads to, or None."""
        node = self.root
        for step in path:
            child = _child(node, step)
            if child is None:
                return None
            node = child
        return node

    def span(self, path: Path, *, key: bool = False, find: str = "") -> Span:
        """Return the place of `path`.

        `key` asks for the place of the key that leads to the value; `find` narrows a value's place to the first
        occurrence of that text in it. Where the path ends before its last step, the key of the nearest node above is
        the place: something is missing there.
        """
        node, key_span, complete = self.root, None, True
        for step in path:
            child = _child(node, step)
            if child is None:
                complete = False
                break
            key_span = node.keys.get(step) if isinstance(step, str) else None
            node = child
        if (key or not complete) and key_span:
            return key_span
        if find and complete:
            start, end = self._source.offsets(node.span)
            found = self.text.find(find, start, end)
            if found >= 0:
                return self._source.span(found, found + len(find))
        return node.span


def load(path: pathlib.Path, *, shown: str | None = None) -> Tree:
    """Read and parse the file `path`, which diagnostics call `shown`.

    Raises:
        SpecError: the file cannot be read (E101), or is not in the language (E102 to E111).
    """
    name = shown if shown is not None else str(path)
    try:
        if not path.is_file() and not path.is_dir() and path.exists():
            # Opening a pipe would wait for ever, and a device has no end.
            raise SpecError(_not_regular(name))
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise SpecError(_unreadable(path, name, error)) from None
    if len(data) > MAX_BYTES:
        raise SpecError(_too_large(name))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SpecError(_not_utf8(name, data, error.start)) from None
    return parse(text, name)


def parse(text: str, file: str) -> Tree:
    """Parse `text`; diagnostics call its file `file`.

    Raises:
        SpecError: the text is not in the language (E103 to E111).
    """
    if len(text) > MAX_BYTES:
        raise SpecError(_too_large(file))
    source = Source(file, text.removeprefix("\ufeff"))
    if match := _NOT_PRINTABLE.search(source.text):
        span = source.span(match.start(), match.end())
        message = f"the character U+{ord(match[0]):04X} cannot stand in a YAML file"
        raise SpecError(diagnostic("E103", message, span, r'remove it, or write it as "\uXXXX" in double quotes'))
    return Tree(source, _Composer(source).compose())


def source_lines(path: pathlib.Path) -> list[str]:
    """Return the lines of a file for showing them beside a diagnostic; none if it cannot be read."""
    try:
        if not path.is_file():
            return []
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES)
    except (OSError, ValueError):
        return []
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8"
    return split_lines(data.decode(encoding, errors="replace").removeprefix("\ufeff"))


class _Composer:
    """Builds the tree from parser events, with a stack of its own: no depth of nesting can exhaust Python's."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.restore: dict[int, str] = {}
        self.documents = 0

    def compose(self) -> Node:
        root: Node | None = None
        stack: list[Node] = []
        keys: list[tuple[str, Span] | None] = []  # for each open node, the key that waits for its value
        for event in self._events():
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._refuse_extras(event)
                parent = stack[-1] if stack else None
                if parent is not None and isinstance(parent.value, dict) and keys[-1] is None:
                    keys[-1] = self._key(parent, event)
                    continue
                node = self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._refuse_extras(event)
                if stack and isinstance(stack[-1].value, dict) and keys[-1] is None:
                    raise SpecError(self._complex_key(event))
                if len(stack) == MAX_DEPTH:
                    raise SpecError(too_deep(self.source, event.start_mark.index))
                at = event.start_mark.index
                node = Node({} if kind is yaml.MappingStartEvent else [], self.source.span(at, at + 1))
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close(stack.pop(), event)
                keys.pop()
                continue
            elif kind is yaml.AliasEvent:
                raise SpecError(self._refuse_anchor(event))
            elif kind is yaml.DocumentStartEvent:
                self._count_document(event)
                continue
            else:
                continue
            if not stack:
                root = node
            else:
                self._attach(stack[-1], keys, node)
            if isinstance(node.value, (dict, list)):
                stack.append(node)
                keys.append(None)
        return self._checked_root(root)

    def _events(self) -> Iterator[Any]:
        text = self.source.text
        if any(char in text for char in _OTHER_LINE_ENDS):
            # PyYAML follows YAML 1.1, where these end a line: hide them, and put them back into the scalars.
            unused = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)
            hidden = {ord(char): next(unused) for char in _OTHER_LINE_ENDS}
            self.restore = {ord(new): chr(old) for old, new in hidden.items()}
            text = text.translate(hidden)
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            raise SpecError(explain(self.source, error)) from None

    def _count_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            at = event.start_mark.index
            raise SpecError(second_document(self.source.span(at, at + 3)))

    def _attach(self, parent: Node, keys: list[tuple[str, Span] | None], node: Node) -> None:
        if isinstance(parent.value, list):
            parent.value.append(node)
            return
        pending = keys[-1]
        if isinstance(parent.value, dict) and pending is not None:
            key, span = pending
            parent.value[key] = node
            parent.keys[key] = span
            keys[-1] = None

    def _text(self, event: Any) -> str:
        text: str = event.value
        return text.translate(self.restore) if self.restore else text

    def _scalar_span(self, event: Any) -> Span:
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in ("|", ">"):  # their end is the start of whatever follows
            end = start + len(self.source.text[start:end].rstrip())
        return self.source.span(start, end)

    def _scalar(self, event: Any) -> Node:
        span = self._scalar_span(event)
        text = self._text(event)
        if not event.implicit[0]:
            return Node(text, span)
        try:
            return Node(resolve(text), span)
        except Ambiguous as fault:
            raise SpecError(diagnostic("E107", fault.message, span, fault.help)) from None

    def _key(self, parent: Node, event: Any) -> tuple[str, Span]:
        span = self._scalar_span(event)
        key = self._text(event)
        if event.implicit[0]:
            if key == "<<":
                raise SpecError(_refuse_sharing('merge keys ("<<") are not part of the language', span))
            if not key:
                raise SpecError(diagnostic("E103", "the key before this is missing", span, 'write "key: value"'))
            try:
                key = resolve_key(key)
            except Ambiguous as fault:
                raise SpecError(diagnostic("E107", fault.message, span, fault.help)) from None
        if key in parent.keys:
            first = Label(parent.keys[key], "first written here")
            message = f'the key "{key}" is written twice'
            raise SpecError(diagnostic("E105", message, span, "rename one of them, or join their values", (first,)))
        return key, span

    def _close(self, node: Node, event: Any) -> None:
        """Set the end of a collection: its bracket, or the end of its last child where it has none."""
        start, end = self.source.offsets(node.span)[0], event.end_mark.index
        if event.start_mark.index == end:
            children = list(node.value.values()) if isinstance(node.value, dict) else node.value
            if isinstance(children, list):
                end = self.source.offsets(children[-1].span)[1]
        node.span = self.source.span(start, end)

    def _checked_root(self, root: Node | None) -> Node:
        if root is not None and isinstance(root.value, dict):
            return root
        if root is None or root.value is None:
            span = root.span if root else self.source.span(0, 0)
            return _raise(diagnostic("E109", "the spec is empty", span, "start with: version, project, components"))
        found = "a list" if isinstance(root.value, list) else "a single value"
        span = self.source.span(*_first_line(self.source, root.span))
        message = f"the spec must be a mapping, but is {found}"
        return _raise(diagnostic("E109", message, span, 'start with "key: value" lines: version, project, components'))

    def _refuse_extras(self, event: Any) -> None:
        if event.anchor is not None:
            raise SpecError(self._refuse_anchor(event))
        if event.tag is not None:
            raise SpecError(refuse_tag(self._match(_TAG, event)))

    def _refuse_anchor(self, event: Any) -> Diagnostic:
        what = "aliases" if type(event) is yaml.AliasEvent else "anchors"
        sign = "*" if what == "aliases" else "&"
        span = self._match(_ANCHOR, event)
        return _refuse_sharing(f'{what} ("{sign}name") are not part of the language', span)

    def _match(self, pattern: re.Pattern[str], event: Any) -> Span:
        at = event.start_mark.index
        found = pattern.search(self.source.text, at)
        return self.source.span(*found.span()) if found else self.source.span(at, at + 1)

    def _complex_key(self, event: Any) -> Diagnostic:
        at = event.start_mark.index
        if found := braces_help(self.source, at):
            return found
        return diagnostic("E103", "a key must be text", self.source.span(at, at + 1), "put quotes around it")


def _child(node: Node, step: str | int) -> Node | None:
    value = node.value
    if isinstance(value, dict):
        return value.get(step) if isinstance(step, str) else None
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return None


def _raise(fault: Diagnostic) -> Node:
    raise SpecError(fault)


def _first_line(source: Source, span: Span) -> tuple[int, int]:
    start, end = source.offsets(span)
    return start, min(end, start + len(source.lines[span.line - 1]) - span.column + 1)


def _refuse_sharing(message: str, span: Span) -> Diagnostic:
    return diagnostic("E106", message, span, "put what resources share under `defaults:`; put text in quotes")


def _unreadable(path: pathlib.Path, name: str, error: Exception) -> Diagnostic:
    """Say why a file cannot be opened; there is no place in it to point at."""
    help_ = ""
    if isinstance(error, FileNotFoundError):
        reason = "there is no such file"
        help_ = _near_files(path)
    elif isinstance(error, IsADirectoryError):
        reason, help_ = "it is a directory", "name the spec file in it"
    elif isinstance(error, PermissionError):
        reason, help_ = "permission denied", "check who may read the file"
    elif isinstance(error, NotADirectoryError):
        reason = "a part of the path is a file, not a directory"
    else:
        reason = (getattr(error, "strerror", None) or "the name is not valid").lower()
    return Diagnostic("E101", Severity.ERROR, f"cannot read {name}: {reason}", (), help_)


def _not_regular(name: str) -> Diagnostic:
    message = f"cannot read {name}: it is a pipe, a device or the like"
    return Diagnostic("E101", Severity.ERROR, message, (), "write the spec to a file, and name that")


def _near_files(path: pathlib.Path) -> str:
    try:
        names = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix in (".yaml", ".yml"))
    except OSError:
        return "the directory does not exist either"
    near = get_close_matches(path.name, names, n=1) or names[:1]
    return f'did you mean "{path.parent / near[0]}"?' if near else "name the spec file, such as spec/lenie.yaml"


def _not_utf8(file: str, data: bytes, at: int) -> Diagnostic:
    source = Source(file, data[:at].decode("utf-8").removeprefix("\ufeff"))
    end = len(source.text)
    span = source.span(end, end)
    if data.startswith(_UTF16):
        return diagnostic("E102", "the file is in UTF-16", span, "save it as UTF-8")
    message = f"the byte 0x{data[at]:02X} is not UTF-8"
    return diagnostic("E102", message, span, "save the file as UTF-8")


def _too_large(file: str) -> Diagnostic:
    message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
    return diagnostic("E110", message, Span(file, 1, 1, 1, 1), "is this really a spec?")
