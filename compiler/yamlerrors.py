"""Turns PyYAML's complaints into the words of a user who never read the YAML specification."""

from __future__ import annotations

import re
from typing import Any

from lenie.compiler.diagnostics import Diagnostic, Label, Severity
from lenie.compiler.sourcetext import Source
from lenie.compiler.span import Span

_TAB_INDENT = re.compile(r" *\t")
_EXPRESSION = re.compile(r"\$\{[^{}\n]*\}?")
_CLOSER = {"{": "}", "[": "]"}
#: Levels of lists and mappings inside each other.
MAX_DEPTH = 100

#: A part of PyYAML's wording (libyaml's or the pure Python parser's), our message, our help. The first match counts.
_WORDING = (
    ("could not find expected ':'", 'there is no ":" after this key', "check the quotes and the indentation here"),
    (
        "mapping values are not allowed",
        'a ":" cannot stand here',
        'put text that contains ": " in quotes, start a mapping on a line of its own, and end the key above with ":"',
    ),
    (
        "sequence entries are not allowed",
        'a list item ("- ") cannot stand here',
        "start the list on a line of its own, indented deeper than its key",
    ),
    (
        "unknown escape character",
        "this escape is unknown",
        r'inside "..." a backslash is written \\, or use single quotes',
    ),
    ("character escape code", "this is not the code of a character", r"write \uXXXX with four hexadecimal digits"),
    ("hexdecimal", "hexadecimal digits are missing in this escape", r"write \uXXXX with four hexadecimal digits"),
    ("hexadecimal", "hexadecimal digits are missing in this escape", r"write \uXXXX with four hexadecimal digits"),
    (
        "comment or line break",
        "the text of this block must start on the next line",
        'after "|" or ">" nothing else may stand on the line',
    ),
    ("indentation indicator", 'the number after "|" or ">" must be 1 to 9', 'leave the number out: "|" is enough'),
    ("leading empty lines", "an empty line is indented deeper than the text below it", "remove the spaces"),
    ("'-' indicator", 'this line does not start with "- " as the rest of its list does', "check its indentation"),
    ("but found '?'", "this line does not line up with the ones above it", "indent the keys of a mapping equally"),
    ("expected key", "this does not belong to the mapping around it", "check indentation and quotes on this line"),
    ("<block end>", "this does not belong to the block around it", "check indentation and quotes on this line"),
    ("node content", "a value is missing before this", "put text that starts with a special character in quotes"),
    ("directive", "lines that start with % are not supported", "remove the line"),
    ("incompatible YAML document", "this version of YAML is not supported", "remove the %YAML line"),
)


def explain(source: Source, error: Any) -> Diagnostic:
    """Return the diagnostic (E103, E104, E106, E108, E110 or E111) for the exception `error` that PyYAML raised."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "this is not YAML")
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None)
    at = min(mark.index if mark else 0, len(source.text))
    context_mark = getattr(error, "context_mark", None)
    opened = min(context_mark.index if context_mark else at, len(source.text))

    if tab := _tab_before(source, at):
        return diagnostic("E104", "a tab indents this line", tab, "indent with spaces: YAML does not allow tabs")
    if "<document start>" in problem:
        return second_document(_here(source, at))
    if "tag" in problem or "tag" in context:
        return refuse_tag(_here(source, opened))
    if "scanning an a" in context:  # an alias or an anchor without a name
        return _special(source, opened)
    if "cannot start any token" in problem:
        return _special(source, at)
    if "quoted scalar" in context and ("end of stream" in problem or "document" in problem):
        span = source.span(opened, opened + 1)
        return diagnostic("E103", "the quote that opens here is never closed", span, "close it on the same line")
    if "nesting depth" in problem:  # libyaml gives up by itself, but later than we do
        return too_deep(source, at)
    if "parsing a flow" in context:
        return _flow(source, opened, at)
    for part, message, help_ in _WORDING:
        if part in problem:
            where = opened if "could not find expected" in problem else at
            return diagnostic("E103", message, _here(source, where), help_)
    return diagnostic("E103", "this is not valid YAML", _here(source, at), "check quotes, brackets and indentation")


def diagnostic(code: str, message: str, span: Span, help_: str = "", also: tuple[Label, ...] = ()) -> Diagnostic:
    """Return an error with one primary place and perhaps others."""
    return Diagnostic(code, Severity.ERROR, message, (Label(span), *also), help_)


def refuse_tag(span: Span) -> Diagnostic:
    """Return the error about a tag such as ``!Ref``."""
    return diagnostic(
        "E108",
        'tags ("!...") are not part of the language',
        span,
        'refer to other resources with "${...}", and put text that starts with ! in quotes',
    )


def too_deep(source: Source, at: int) -> Diagnostic:
    """Return the error about the list or mapping that opens at offset `at`, too deep inside others."""
    message = f"this is nested deeper than {MAX_DEPTH} levels"
    return diagnostic("E110", message, source.span(at, at + 1), "no part of a spec needs that depth")


def second_document(span: Span) -> Diagnostic:
    """Return the error about a second YAML document in the file."""
    return diagnostic("E111", "a second document starts here", span, "keep the whole spec in one document")


def braces_help(source: Source, at: int) -> Diagnostic | None:
    """Return the error about an unquoted ``${...}``, ``{{...}}`` or ``{%...%}`` at offset `at`, if there is one."""
    text = source.text
    if text[max(at - 1, 0) : at + 1] == "${":
        match = _EXPRESSION.match(text, at - 1)
        span = source.span(at - 1, match.end() if match else at + 1)
        return diagnostic(
            "E103", '"${...}" needs quotes here', span, 'put quotes around "${...}" inside braces and brackets'
        )
    for offset in (at - 1, at):
        opening = text[max(offset, 0) : offset + 2]
        if opening in ("{{", "{%"):
            span = source.span(offset, offset + 2)
            return diagnostic("E103", f'text that starts with "{opening}" needs quotes', span, "put quotes around it")
    return None


def _special(source: Source, at: int) -> Diagnostic:
    """A character that means something to YAML stands where a value starts."""
    if found := braces_help(source, at):
        return found
    shown = source.text[at : at + 1]
    message = f'text cannot start with "{shown}" outside quotes'
    return diagnostic("E103", message, source.span(at, at + 1), "put quotes around the whole text")


def _flow(source: Source, opened: int, at: int) -> Diagnostic:
    """Something is wrong between braces or brackets."""
    if found := braces_help(source, at):
        return found
    bracket = source.text[opened : opened + 1]
    closer = _CLOSER.get(bracket)
    if closer is None and at >= len(source.text.rstrip()):
        return diagnostic("E103", "the file ends inside braces or brackets", _here(source, at), "close them")
    if closer is None:
        return diagnostic("E103", "a value is missing before this", _here(source, at), "check brackets and commas")
    start, here = source.span(opened, opened + 1), _here(source, at)
    if here.line != start.line or at >= len(source.text):
        also = (Label(here, "it should be closed before this"),) if at < len(source.text) else ()
        return diagnostic("E103", f'the "{bracket}" that opens here is never closed', start, f'add "{closer}"', also)
    return diagnostic(
        "E103",
        f'there should be a "," or the closing "{closer}" before this',
        here,
        "put text that contains any of , : { } [ ] in quotes",
        (Label(start, "opened here"),),
    )


def _tab_before(source: Source, at: int) -> Span | None:
    """Return the tab that indents the line of offset `at`, or the next line where the scanner stopped at its end."""
    line = source.line_of(at)
    for number in (line, line + 1):
        if number > len(source.lines):
            break
        start = source.starts[number - 1]
        match = _TAB_INDENT.match(source.text, start)
        if match and (number == line or source.text[at:start].strip() == ""):
            return source.span(match.end() - 1, match.end())
    return None


def _here(source: Source, at: int) -> Span:
    """Return the word at offset `at`, at least one column."""
    match = re.compile(r"[\w.$/-]+|[^\s]").match(source.text, at)
    return source.span(at, match.end() if match else at)
