"""Paywalls and splitting: as `app-server-db` answers, and on any text."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import urlencode

import pytest
from app_server_db.handler import lambda_handler
from hypothesis import given, settings
from hypothesis import strategies as st
from lambdas.conftest import body_of
from lambdas.events import CONTEXT, post
from library.errors import BadRequest
from library.paywall import is_paid
from library.splitting import CHARACTERS, WORDS, parts, pieces


def call(event: Any, status: int = 200) -> Any:
    done = lambda_handler(event, CONTEXT)
    assert done["statusCode"] == status, done["body"]
    return body_of(done)


class TestPaywall:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("https://wyborcza.pl/7,75399,1.html", True),
            ("HTTPS://Warszawa.Wyborcza.PL./a", True),
            ("http://user@wyborcza.biz:8080/x", True),
            ("wyborcza.pl/a", True),
            ("https://mywyborcza.pl/", False),
            ("https://wyborcza.pl.example.com/", False),
            ("https://example.com/wyborcza.pl", False),
            ("https://example.com/?u=https://wyborcza.pl/", False),
            ("https://www.onet.pl/informacje/newsweek/abc", True),
            ("https://wiadomosci.onet.pl/premium/abc", True),
            ("https://www.onet.pl/informacje/businessinsider/a,b", True),
            ("https://www.onet.pl/informacje/newsweekpolska/abc", True),
            ("https://www.onet.pl/informacje/businessinsiderpolska/a,b", True),
            ("https://businessinsider.com.pl/abc", False),
            ("https://www.onet.pl/informacje/onetwiadomosci/abc", False),
            ("https://www.onet.pl/?q=premium", False),
            ("https://example.com/premium", False),
        ],
    )
    def test_pages(self, url: str, expected: bool) -> None:
        assert call(post("/website_is_paid", {"url": url}))["is_paid"] is expected

    @pytest.mark.parametrize("url", ["", None, 5, "https://", "ftp://wyborcza.pl/", "https://[::1", "mailto://"])
    def test_wrong(self, url: Any) -> None:
        call(post("/website_is_paid", {"url": url}), 400)

    @given(st.text())
    def test_any_text(self, url: str) -> None:
        with contextlib.suppress(BadRequest):
            assert is_paid(url) in (True, False)


def squeezed(text: str) -> str:
    return "".join(text.split())


class TestSplit:
    def test_answer(self) -> None:
        text = "One. Two.\n\nThree."
        assert call(post("/website_split_for_embedding", {"text": text}))["text"] == ["One. Two.\nThree."]
        titled = call(post("/website_split_for_embedding", {"text": "a B b", "chapter_list": "B\n"}))["text"]
        assert titled == ["a", "B\nb"]
        listed = call(post("/website_split_for_embedding", {"text": "a B b", "chapter_list": ["B"]}))["text"]
        assert listed == titled

    @pytest.mark.parametrize("wrong", [{}, {"text": ""}, {"text": 1}, {"text": "a", "chapter_list": [1]}])
    def test_wrong(self, wrong: dict[str, Any]) -> None:
        call(post("/website_split_for_embedding", wrong), 400)

    def test_at_ends_of_paragraphs_and_sentences(self) -> None:
        sentence = "word " * 20 + "end."
        found = parts("\n\n".join([" ".join([sentence] * 5)] * 6))
        assert all(part.endswith("end.") for part in found)
        assert all(len(part) <= CHARACTERS for part in found)
        assert len(found) == 6

    def test_titles_begin_parts(self) -> None:
        text = "Intro text. Chapter  one begins here. \nChapter two\nMore text."
        found = parts(text, ["Chapter one", "Chapter two", " ", "Absent (title"])
        assert found == ["Intro text.", "Chapter one\nbegins here.", "Chapter two\nMore text."]

    def test_a_title_is_not_part_of_a_word(self) -> None:
        assert parts("a preOneword One end", ["One"]) == ["a preOneword", "One\nend"]
        assert parts("x Part  One of one One", ["One", "Part One"]) == ["x", "Part One\nof one", "One"]

    def test_a_mention_in_a_sentence_is_no_title(self) -> None:
        text = "We tell of the Turtles here. It is long. Turtles They swim. See Turtles again."
        assert parts(text, ["Turtles"]) == [
            "We tell of the Turtles here. It is long.",
            "Turtles\nThey swim. See Turtles again.",
        ]
        assert parts("We tell of the Turtles here.", ["Turtles"]) == ["We tell of the Turtles here."]
        quoted = "“One.” Part two begins. Then (the end.) Part three begins."
        assert parts(quoted, ["Part two", "Part three"]) == [
            "“One.”",
            "Part two\nbegins. Then (the end.)",
            "Part three\nbegins.",
        ]
        assert parts("Intro.\nOne Two words. One.", ["One", "Two"]) == ["Intro.", "One", "Two\nwords. One."]

    def test_titles_from_a_form(self) -> None:
        fields = [("text", "a 1 b Two c"), ("chapter_list[]", "1"), ("chapter_list[]", "Two")]
        sent = post("/website_split_for_embedding", raw=urlencode(fields), kind="application/x-www-form-urlencoded")
        assert call(sent)["text"] == ["a", "1\nb", "Two\nc"]

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.sampled_from(["a", "Bc.", "\n", "\n\n", " ", "T one", "x" * 2500, "ż? ", "“Q.” ", "\x85", "w " * 400])
        )
    )
    def test_nothing_is_lost(self, words: list[str]) -> None:
        text = "".join(words)
        found = parts(text, ["T one", "a"])
        assert squeezed("".join(found)) == squeezed(text)
        assert all(len(part) <= CHARACTERS and len(part.split()) <= WORDS for part in found)
        assert all(part == part.strip() != "" for part in found)

    @settings(max_examples=150, deadline=None)
    @given(st.text("ab. \nż🙂", max_size=200), st.integers(4, 50))
    def test_pieces_are_the_text(self, text: str, limit: int) -> None:
        found = pieces(text, limit)
        assert "".join(found) == text
        assert all(0 < len(piece.encode()) <= limit for piece in found)
