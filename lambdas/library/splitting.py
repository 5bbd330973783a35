"""Splits texts into parts that are small enough, at the ends of paragraphs and sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

#: Limits of a part for which an embedding is made.
WORDS, CHARACTERS = 300, 1000
#: What stands before the beginning of a sentence.
_BEFORE = r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]*"
_SENTENCE = re.compile(r"(?<=[.!?\u2026])[\"'\u201d\u2019\u00bb)\]]*\s+")


def parts(text: str, chapters: Iterable[str] = (), *, words: int = WORDS, characters: int = CHARACTERS) -> list[str]:
    """Return the parts of a text. A chapter title begins a part, on a line of its own.

    Nothing but white space is lost: the parts hold all other characters, in their order.
    """
    titles = {_squeezed(title) for title in chapters} - {""}
    found: list[str] = []
    current = ""

    def fits(candidate: str) -> bool:
        return len(candidate) <= characters and len(candidate.split()) <= words

    for joint, unit in _units(_with_titles(text, titles), titles, fits, characters):
        candidate = current + joint + unit if current else unit
        if current and (joint == "" or not fits(candidate)):
            found.append(current)
            candidate = unit
        current = candidate
    return [*found, current] if current else found


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _with_titles(text: str, titles: set[str]) -> str:
    """Return the text with each title that has no line of its own on one, where it stands as a title first.

    That is at the beginning of a line or a sentence. In a text without sentences, as of a film, it is wherever the
    title stands; elsewhere a sentence only mentions it.
    """
    pending = titles - {_squeezed(line) for line in text.splitlines()}
    if not pending:
        return text
    # The longest first, lest one that is a part of another breaks that up.
    words = sorted(titles, key=len, reverse=True)
    either = "|".join(r"\s+".join(map(re.escape, title.split())) for title in words)
    found = list(re.finditer(rf"(?<!\S)(?:{either})(?!\S)", text))
    sentences = [match.end() for match in re.finditer(rf"{_BEFORE}(?=\s|$)", text)]
    ends = {0, *sentences, *(match.end() for match in found)}
    chosen = []
    for match in found:
        title = _squeezed(match[0])
        before = len(text[: match.start()].rstrip())
        if title in pending and (not sentences or before in ends or "\n" in text[before : match.start()]):
            pending.remove(title)
            chosen.append(match)
    for match in reversed(chosen):
        text = f"{text[: match.start()]}\n{_squeezed(match[0])}\n{text[match.end() :]}"
    return text


def _units(text: str, titles: set[str], fits: Callable[[str], bool], characters: int) -> Iterator[tuple[str, str]]:
    """Yield pieces that are never too large, and how each is joined to what precedes it; not at all where empty."""
    for paragraph in text.splitlines():
        line = paragraph.strip()
        if not line:
            continue
        title = _squeezed(line) in titles
        if fits(line):
            yield "" if title else "\n", line
            continue
        joint = "" if title else "\n"
        for sentence in _cut(line, _SENTENCE):
            if fits(sentence):
                yield joint, sentence
                joint = " "
                continue
            for word in sentence.split():
                for start in range(0, len(word), characters):
                    # A word that is cut goes on at the beginning of the next part.
                    yield ("" if start else joint), word[start : start + characters]
                    joint = " "


def _cut(line: str, pattern: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for match in pattern.finditer(line):
        yield line[start : match.end()].strip()
        start = match.end()
    if rest := line[start:].strip():
        yield rest


def pieces(text: str, limit: int) -> list[str]:
    """Return the text in pieces of at most `limit` bytes of UTF-8, which together are the text.

    A piece ends after a paragraph if it can, else after a sentence, else after a word, else anywhere.
    """
    found = []
    while text:
        # A character has at least one byte, so what follows is cut at most.
        head = text[:limit].encode()[:limit].decode(errors="ignore")
        if len(head) < len(text):
            for pattern in (r"\n\s*", r"[.!?\u2026]\s+", r"\s+"):
                ends = [match.end() for match in re.finditer(pattern, head)]
                if ends and ends[-1] > len(head) // 4:
                    head = head[: ends[-1]]
                    break
        found.append(head)
        text = text[len(head) :]
    return found
