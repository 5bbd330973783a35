"""What a page says: title, main text, summary, language."""

from __future__ import annotations

import codecs
import contextlib
import re
from dataclasses import dataclass
from typing import Any

import trafilatura
from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from charset_normalizer import from_bytes

#: Codecs of the encodings in "Names and labels", Encoding Standard (WHATWG).
_ENCODING = re.compile(
    r"ascii|utf-(8|8-sig|16|16-le|16-be)|iso8859-\d+|cp(866|874|125\d|932|949|950)|koi8-[ru]|mac-(roman|cyrillic)"
    r"|gb(k|2312|18030)|big5(hkscs)?|shift_jis|euc_(jp|kr)|iso2022_jp"
)
#: Bytes from which an encoding is guessed that nobody declared.
_SAMPLE = 100_000
#: Characters from which the main text is sought in one way only, and not compared with what other ways find.
_LARGE = 500_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of a page; empty where it does not say."""

    title: str
    text: str
    summary: str
    language: str


def decoded(content: bytes, charset: str | None) -> str:
    """Return the text of a page, whatever it says about its encoding: that is often wrong."""
    content, marked = EncodingDetector.strip_byte_order_mark(content)
    for name in (marked, charset, EncodingDetector.find_declared_encoding(content, is_html=True), "utf-8"):
        if name and (encoding := _usable(name)):
            with contextlib.suppress(UnicodeError):
                return content.decode(encoding)
    guess = from_bytes(content[:_SAMPLE]).best()
    encoding = _usable(guess.encoding) if guess is not None else None
    return content.decode(encoding or "cp1252", "replace")


def _usable(name: str) -> str | None:
    """Return the codec of a name, if it is one of those that pages use: others are no text, or take too long."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if _ENCODING.fullmatch(found) else None


def parse(markup: str, kind: str = "") -> Content:
    """Return what a page in HTML says; plain text, which `kind` or the absence of tags tells, is text only."""
    markup = markup.replace("\0", "")
    if kind == "text/plain" or "<" not in markup:
        return Content("", markup.strip(), "", "")
    try:
        # Parsed once for everything: a page of links is large, and time is short.
        tree = trafilatura.load_html(markup)
        head = _head(tree) if tree is not None else _Head("", "", [])
        fast = len(markup) > _LARGE
        main = None
        if tree is not None:
            main = trafilatura.extract(tree, include_comments=False, include_tables=True, fast=fast)
        if tree is None or not main:
            soup = BeautifulSoup(markup, "lxml")
            head = head if tree is not None else _head_of_fragment(soup)
            main = _all_text(soup)
    except RecursionError:
        head, main = _Head("", "", []), re.sub(r"<[^<>]*>", " ", markup)
    title = head.meta("og:title") or head.title
    summary = head.meta("description", "og:description", "twitter:description")
    return Content(_line(title), main.strip(), _line(summary), head.language())


@dataclass(frozen=True, slots=True)
class _Head:
    """What a page says about itself."""

    title: str
    #: Attribute `lang` of the root.
    lang: str
    #: Attributes of each `meta`, by their names in lower case.
    metas: list[dict[str, str]]

    def meta(self, *names: str, attributes: tuple[str, ...] = ("property", "name")) -> str:
        """Return the content of the first `meta` of one of `names`, in their order."""
        for name in names:
            for attribute in attributes:
                for found in self.metas:
                    value = found.get("content", "")
                    if found.get(attribute, "").strip().lower() == name and value.strip():
                        return value
        return ""

    def language(self) -> str:
        """Return the language as ISO 639 has it, "pl" for "pl-PL"."""
        declared = (self.lang, self.meta("og:locale"), self.meta("content-language", attributes=("http-equiv",)))
        found = (_LANGUAGE.match(value.strip()) for value in declared)
        return next((match[0].lower() for match in found if match), "")


def _head(tree: Any) -> _Head:
    title = next(tree.iter("title"), None)
    root = next(tree.iter("html"), None)
    return _Head(
        title=" ".join(title.itertext()) if title is not None else "",
        lang=root.get("lang", "") if root is not None else "",
        metas=[dict(tag.attrib) for tag in tree.iter("meta")],
    )


def _head_of_fragment(soup: BeautifulSoup) -> _Head:
    """Return what a page says about itself that is too small for a whole document."""
    root = soup.find("html")
    return _Head(
        title=soup.title.get_text(" ", strip=True) if soup.title else "",
        lang=str(root.get("lang") or "") if root is not None else "",
        metas=[{str(name): str(value) for name, value in tag.attrs.items()} for tag in soup.find_all("meta")],
    )


def _all_text(soup: BeautifulSoup) -> str:
    for tag in soup(["script", "style", "noscript", "template", "title"]):
        tag.decompose()
    lines = (_line(line) for line in soup.get_text("\n").splitlines())
    return "\n".join(line for line in lines if line)


def _line(text: str) -> str:
    return " ".join(text.split())
