"""What a page says: title, main text, summary, language."""

from __future__ import annotations

import codecs
import contextlib
import re
from dataclasses import dataclass

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
        soup = BeautifulSoup(markup, "lxml")
        title = _meta(soup, "og:title") or (soup.title.get_text(" ", strip=True) if soup.title else "")
        summary = _meta(soup, "description", "og:description", "twitter:description")
        language = _language(soup)
        main = trafilatura.extract(markup, include_comments=False, include_tables=True) or _all_text(soup)
    except RecursionError:
        title, summary, language, main = "", "", "", re.sub(r"<[^<>]*>", " ", markup)
    return Content(_line(title), main.strip(), _line(summary), language)


def _meta(soup: BeautifulSoup, *names: str) -> str:
    for name in names:
        for attribute in ("property", "name"):
            tag = soup.find("meta", attrs={attribute: name})
            value = tag.get("content") if tag is not None else None
            if isinstance(value, str) and value.strip():
                return value
    return ""


def _language(soup: BeautifulSoup) -> str:
    """Return the language as ISO 639 has it, "pl" for "pl-PL"."""
    root = soup.find("html")
    declared = [root.get("lang") if root is not None else None, _meta(soup, "og:locale")]
    tag = soup.find("meta", attrs={"http-equiv": re.compile("^content-language$", re.IGNORECASE)})
    declared.append(tag.get("content") if tag is not None else None)
    for value in declared:
        if isinstance(value, str) and (match := _LANGUAGE.match(value.strip())):
            return match[0].lower()
    return ""


def _all_text(soup: BeautifulSoup) -> str:
    for tag in soup(["script", "style", "noscript", "template", "title"]):
        tag.decompose()
    lines = (_line(line) for line in soup.get_text("\n").splitlines())
    return "\n".join(line for line in lines if line)


def _line(text: str) -> str:
    return " ".join(text.split())
