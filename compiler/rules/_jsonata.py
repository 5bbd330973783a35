"""Whether an expression in JSONata is complete: brackets and quotes are closed, and no operator lacks its right side.

No parser of JSONata: what it accepts may still be wrong, and what it refuses is wrong in any case.
Source: JSONata documentation, "JSONata Operators" and "Simple Queries".
"""

from __future__ import annotations

_PAIRS = {")": "(", "]": "[", "}": "{"}
#: Operators that need something to their right. ``|`` and ``?`` may also end an operand, ``*`` and ``%`` be one.
_INFIX = frozenset("=<>+-/,.:!&^~@#")
_WORDS = ("and", "or", "in")
#: What begins a text, a name or a regular expression -> how its missing end is told.
_UNCLOSED = {'"': 'the quote "', "'": "the quote '", "`": "the quote `", "/": "the regular expression or comment"}


def text_fault(text: str) -> str | None:
    """Return what is wrong with a text of a JSONata state; what is no expression is right."""
    begins, ends = text.startswith("{%"), text.endswith("%}")
    if not begins and not ends:
        return "an expression stands inside other text" if "{%" in text and "%}" in text else None
    if not begins or not ends or len(text) < 4:
        return "an expression begins with {% and ends with %}"
    return expression_fault(text[2:-2])


def expression_fault(code: str) -> str | None:
    """Return why `code` is not a complete expression, or `None`."""
    opened: list[str] = []
    at, last, operand = 0, "", False
    while at < len(code):
        char, start = code[at], at
        if char.isspace():
            at += 1
            continue
        if char in ")]}":
            if not opened or opened.pop() != _PAIRS[char]:
                return f'"{char}" closes nothing'
            if last in _INFIX and not operand:
                return f'something is missing between "{last}" and "{char}"'
        elif char in "([{":
            opened.append(char)
        at = _end_of_token(code, start, operand=operand)
        if at < 0:
            return f"{_UNCLOSED.get(char, char)} is never closed"
        if not code.startswith("/*", start):
            operand = _is_operand(code[start:at], last, operand=operand)
            last = code[at - 1]
    if opened:
        return f'"{opened[-1]}" is never closed'
    if not last:
        return "the expression is empty"
    return f'something is missing after "{last}"' if last in _INFIX and not operand else None


def _is_operand(token: str, last: str, *, operand: bool) -> bool:
    """Whether the token is, or ends, something that an operator may follow."""
    if _is_word(token[0]):
        # After a dot, a word is the name of a field.
        return last == "." or token not in _WORDS
    if token[0] in "*%":
        return not operand
    return token[0] in ")]}" or (token[0] in _UNCLOSED and (token[0] != "/" or len(token) > 1))


def _is_word(char: str) -> bool:
    return char.isalnum() or char in "_$"


def _end_of_token(code: str, start: int, *, operand: bool) -> int:
    """Return the place behind the token that begins at `start`; -1 if its end is missing."""
    char, at = code[start], start + 1
    if code.startswith("/*", start):
        return code.find("*/", start + 2) + 2 if "*/" in code[start + 2 :] else -1
    if char in "\"'`" or (char == "/" and not operand):
        at = _end_of_quote(code, start)
        while char == "/" and 0 < at < len(code) and code[at] in "im":
            at += 1
    elif _is_word(char):
        while at < len(code) and _is_word(code[at]):
            at += 1
    elif code.startswith("**", start) and not operand:
        at += 1
    return at


def _end_of_quote(code: str, start: int) -> int:
    """Return the place behind the text in quotes, or the regular expression, that begins at `start`; -1 if none."""
    quote, depth, at = code[start], 0, start + 1
    while at < len(code):
        if code[at] == "\\" and quote != "`":
            at += 2
            continue
        if quote == "/":
            depth += (code[at] in "([{") - (code[at] in ")]}")
        if code[at] == quote and depth <= 0:
            return at + 1
        at += 1
    return -1
