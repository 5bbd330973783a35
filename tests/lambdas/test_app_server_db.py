"""`app-server-db`: against a real PostgreSQL with pgvector."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app_server_db.handler import ROUTES
from lambdas.app_db import URL, call, embed, save, unit
from lambdas.events import base64_of, form, get, post
from lambdas.postgres import Proxy, Server

INJECTIONS = (
    "'; DROP TABLE lenie.web_documents; --",
    "' OR '1'='1",
    "1; DELETE FROM lenie.web_documents",
    "\\'; DELETE FROM lenie.web_documents; --",
    "%(url)s %s %% {} $1",
    '"; TRUNCATE lenie.web_documents; --',
    "ALL' UNION SELECT usename FROM pg_user --",
)

pytestmark = pytest.mark.usefixtures("container")


def listed(**query: str) -> list[str]:
    return [found["url"] for found in call(get("/website_list", **query))["websites"]]


def count(database: Server) -> int:
    return int(database.execute("SELECT count(*) FROM web_documents")[0][0])


class TestList:
    @pytest.fixture(autouse=True)
    def documents(self, container: Server) -> None:
        save(url=URL + "1", document_type="link", title="Żółw 100%", note="first_note")
        save(url=URL + "2", document_type="webpage", text="a long text about turtles", document_state="NEED_CLEAN_MD")
        save(url=URL + "3", document_type="link", document_state="ERROR", summary="nothing")

    def test_newest_first(self) -> None:
        assert listed() == [URL + "3", URL + "2", URL + "1"]
        assert listed(type="ALL", document_state="", search_in_document="") == listed()

    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            ({"type": "link"}, "31"),
            ({"type": "link", "document_state": "ERROR"}, "3"),
            ({"document_state": "NEED_CLEAN_MD"}, "2"),
            ({"type": "movie"}, ""),
            ({"search_in_document": "TURTLES"}, "2"),
            ({"search_in_document": "żÓŁW"}, "1"),
            ({"search_in_document": "%"}, "1"),
            ({"search_in_document": "t_note"}, "1"),
            ({"search_in_document": "first%note"}, ""),
            ({"search_in_document": "\\"}, ""),
            ({"limit": "2"}, "32"),
            ({"limit": "2", "offset": "2"}, "1"),
            ({"offset": "9"}, ""),
        ],
    )
    def test_filters(self, query: dict[str, str], numbers: str) -> None:
        assert [url[-1] for url in listed(**query)] == list(numbers)

    def test_all_are_counted(self) -> None:
        found = call(get("/website_list", type="link", limit="1"))
        assert (found["all_results_count"], len(found["websites"])) == (2, 1)
        assert "text" not in found["websites"][0]
        assert found["websites"][0]["created_at"].endswith("+00:00")

    @pytest.mark.parametrize(
        "query",
        [
            {"type": "spam"},
            {"document_state": "spam"},
            {"limit": "0"},
            {"limit": "1001"},
            {"limit": "-1"},
            {"limit": "1.5"},
            {"limit": "²"},
            {"limit": "9" * 5000},
            {"offset": "99999999999999999999"},
        ],
    )
    def test_wrong(self, query: dict[str, str]) -> None:
        assert next(iter(query)) in call(get("/website_list", **query), 400)["message"]


class TestGetAndDelete:
    def test_get(self) -> None:
        number = save(url=URL, text="żółć", title="t")
        found = call(get("/website_get", id=str(number)))
        assert (found["id"], found["text"], found["document_length"]) == (number, "żółć", 4)
        assert (found["document_state"], found["paywall"]) == ("URL_ADDED", False)

    @pytest.mark.parametrize("path", ["/website_get", "/website_delete"])
    def test_unknown_and_wrong(self, path: str) -> None:
        assert call(get(path, id="77"), 404)["message"] == "There is no such document"
        for wrong in ("", "0", "-1", "x", "1 OR 1=1", "1e3", "99999999999999999999"):
            assert "id" in call(get(path, id=wrong), 400)["message"]
        assert "id" in call(post(path, {"id": True}), 400)["message"]
        assert "id" in call(get(path), 400)["message"]

    def test_delete_by_get_and_by_post(self, container: Server) -> None:
        first, second, third, _ = (save(url=f"{URL}{n}") for n in range(4))
        call(get("/website_delete", id=str(first)))
        call(post("/website_delete", {"id": second}))
        call(form("/website_delete", {"id": str(third)}))
        assert count(container) == 1
        call(get("/website_delete", id=str(first)), 404)

    def test_embeddings_go_with_their_document(self, container: Server) -> None:
        number = save(url=URL)
        embed(container, [(number, "part", unit(0))])
        call(get("/website_delete", id=str(number)))
        assert container.execute("SELECT count(*) FROM websites_embeddings") == [(0,)]

    def test_an_answer_that_lambda_would_refuse(self, container: Server) -> None:
        number = save(url=URL, text="t")
        container.execute("UPDATE web_documents SET text_raw = repeat('ż', 3000000), text_english = 'e'")
        found = call(get("/website_get", id=str(number)))
        assert found["omitted"] == ["text_raw"]
        container.execute("UPDATE web_documents SET text_raw = NULL, title = repeat('\"', 2000000)")
        assert "ask for less" in call(get("/website_list"), 400)["message"]
        call(get("/website_get", id=str(number)), 400)
        assert (found["text"], found["text_english"], found["text_raw"]) == ("t", "e", None)


class TestSave:
    def test_insert_then_change(self, container: Server) -> None:
        number = save(url=URL, title="one", note="kept")
        assert save(url=URL, title="two") == number
        assert save(id=number, tags="a,b", document_state="READY_FOR_EMBEDDING") == number
        assert save(id=str(number), url=URL + "new") == number
        columns = "url, title, note, tags, document_type, document_state"
        assert container.execute(f"SELECT {columns} FROM web_documents") == [
            (URL + "new", "two", "kept", "a,b", "link", "READY_FOR_EMBEDDING")
        ]

    def test_what_is_not_given_stays_and_empty_empties(self, container: Server) -> None:
        number = save(url=URL, document_type="webpage", title="one", text="text")
        assert save(url=URL) == save(id=number) == number
        save(id=number, title="")
        assert container.execute("SELECT title, document_type, text FROM web_documents") == [("", "webpage", "text")]

    def test_form_and_base64(self, container: Server) -> None:
        call(form("/website_save", {"id": "", "url": URL, "text": "ą+b&c", "document_type": ""}))
        call(base64_of(form("/website_save", {"url": URL, "note": "é"})))
        assert container.execute("SELECT text, note FROM web_documents") == [("ą+b&c", "é")]

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"title": "x"},
            {"id": "", "url": ""},
            {"url": "a" * 2049},
            {"url": "\0"},
            {"url": 5},
            {"url": URL, "document_type": "spam"},
            {"url": URL, "document_state": "spam"},
            {"url": URL, "text": ["x"]},
            {"id": [1]},
        ],
    )
    def test_wrong(self, container: Server, fields: dict[str, Any]) -> None:
        call(post("/website_save", fields), 400)
        assert count(container) == 0

    def test_half_a_pair_of_surrogates(self, container: Server) -> None:
        for sent, kept in (
            ("a\ud83d", "a\ufffd"),
            ("\udc42b", "\ufffdb"),
            ("\ud83dżb\ud83d\ude42", "\ufffdżb🙂"),
            ("\ufeffa", "\ufeffa"),
        ):
            number = save(url=URL, text=sent)
            assert call(get("/website_get", id=str(number)))["text"] == kept

    def test_an_id_that_does_not_exist(self) -> None:
        call(post("/website_save", {"id": 5, "title": "x"}), 404)

    def test_a_url_of_another_document(self) -> None:
        save(url=URL + "1")
        number = save(url=URL + "2")
        call(post("/website_save", {"id": number, "url": URL + "1"}), 409)

    def test_two_at_once(self, container: Server) -> None:
        from library import documents

        barrier, found = threading.Barrier(4), []

        def insert(title: str) -> None:
            connection = container.connect()
            with connection, connection.cursor() as cursor:
                cursor.execute("SET search_path TO lenie, public")
                barrier.wait(10)
                found.append(documents.save(cursor, {"url": URL, "title": title}))
            connection.close()

        threads = [threading.Thread(target=insert, args=(str(n),)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert len(found) == 4
        assert len(set(found)) == 1
        assert count(container) == 1


@pytest.mark.parametrize("text", INJECTIONS)
class TestInjections:
    @pytest.mark.parametrize(
        "name", ["url", "text", "text_english", "title", "language", "summary", "tags", "source", "author", "note"]
    )
    def test_saved_as_text(self, container: Server, name: str, text: str) -> None:
        save(url=URL + "other")
        number = save(**{"url": URL, name: text})
        assert call(get("/website_get", id=str(number)))[name] == text
        save(**{"id": number, name: text})
        assert container.execute("SELECT count(*) FROM web_documents WHERE url LIKE '%other'") == [(1,)]

    def test_looked_for_as_text(self, container: Server, text: str) -> None:
        save(url=URL + "1")
        save(url=URL + "2", note=f"before {text} after")
        assert listed(search_in_document=text) == [URL + "2"]

    @pytest.mark.parametrize("name", ["type", "document_state", "limit", "offset"])
    def test_refused_in_filters(self, container: Server, name: str, text: str) -> None:
        save(url=URL)
        call(get("/website_list", **{name: text}), 400)
        assert count(container) == 1

    def test_refused_elsewhere(self, container: Server, text: str) -> None:
        save(url=URL)
        for name in ("id", "document_type", "document_state"):
            call(post("/website_save", {"url": URL, name: text}), 400)
        for path, query in (
            ("/website_get", {"id": text}),
            ("/website_delete", {"id": text}),
            ("/website_get_next_to_correct", {"id": text}),
            ("/website_get_next_to_correct", {"document_type": text}),
            ("/website_get_next_to_correct", {"document_state": text}),
        ):
            call(get(path, **query), 400)
        call(post("/website_similar", {"embedds": text}), 400)
        found = call(post("/website_similar", {"embedds": unit(1), "model": text}))
        assert found["websites"] == []
        assert count(container) == 1


class TestNext:
    def test_after_and_from_the_start(self) -> None:
        first, second, third = (save(url=f"{URL}{n}", document_state="NEED_MANUAL_REVIEW") for n in range(3))
        save(url=URL + "movie", document_type="movie")

        def following(**query: str) -> int:
            return int(
                call(get("/website_get_next_to_correct", document_state="NEED_MANUAL_REVIEW", **query))["next_id"]
            )

        assert following() == first
        assert following(id=str(first)) == second
        assert following(id=str(third)) == first
        assert following(id="999", document_type="link") == first
        assert call(get("/website_get_next_to_correct", document_type="movie"))["next_type"] == "movie"
        call(get("/website_get_next_to_correct", document_type="youtube"), 404)


class TestRequests:
    @pytest.mark.parametrize("path", ["/", "", "/nothing", None, 5, "/website_get/x", "/__class__"])
    def test_unknown_paths(self, path: Any) -> None:
        call({**get("/x"), "path": path}, 404)

    def test_paths_with_a_stage(self) -> None:
        call(get("/v1/website_list/"))

    @pytest.mark.parametrize("event", [None, [], "x", {}])
    def test_broken_events(self, event: Any) -> None:
        call(event, 404)

    @pytest.mark.parametrize("body", ["{", "[1]", "null", '"x"', "[" * 100_000, "%%%", "a" * 6_000_000])
    def test_broken_bodies(self, body: str) -> None:
        call(post("/website_save", raw=body), 400)

    def test_every_path_of_the_specification(self) -> None:
        spec = (Path(__file__).parents[2] / "spec/lenie.yaml").read_text()
        paths = {line.split()[1].strip("/:") for line in spec.splitlines() if line.endswith(": app-server-db")}
        assert paths == set(ROUTES)


class TestUnavailable:
    def test_a_lost_connection(self, secure: tuple[Proxy, Path]) -> None:
        number = save(url=URL)
        secure[0].cut()
        assert call(get("/website_get", id=str(number)))["url"] == URL

    @pytest.fixture
    def stopped(self, container: Server) -> Iterator[None]:
        save(url=URL)
        container.stop()
        yield
        container.start()
        assert listed() == [URL]

    def test_a_stopped_database(self, stopped: None) -> None:
        for event in (
            get("/website_list"),
            get("/website_get", id="1"),
            get("/website_delete", id="1"),
            post("/website_save", {"url": URL}),
            get("/website_get_next_to_correct"),
            post("/website_similar", {"embedds": unit(0)}),
        ):
            assert "stopped" in call(event, 503)["message"]
        call(post("/website_is_paid", {"url": URL}))
        call(post("/website_split_for_embedding", {"text": "x"}))
        call(get("/website_list", limit="x"), 400)

    def test_a_statement_that_takes_too_long(self, container: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        from library import database

        save(url=URL)
        database.release()
        monkeypatch.setattr(database, "_STATEMENT", 50)
        connection = container.connect()
        with connection, connection.cursor() as cursor:
            cursor.execute("LOCK TABLE lenie.web_documents")
            assert "in time" in call(get("/website_list"), 503)["message"]
        connection.close()
        assert listed() == [URL]
        database.release()

    def test_our_fault(self, monkeypatch: pytest.MonkeyPatch, logged: Any) -> None:
        monkeypatch.delenv("POSTGRESQL_DATABASE")
        assert call(get("/website_list"), 500)["message"] == "Internal error"
        assert "MissingSetting" in logged.getvalue()

    def test_a_refused_login(self, container: Server, monkeypatch: pytest.MonkeyPatch, logged: Any) -> None:
        monkeypatch.setenv("POSTGRESQL_USER", "nobody")
        assert call(get("/website_list"), 500)["message"] == "The database does not let the function in"
        assert "OperationalError" in logged.getvalue()


def test_the_log_holds_no_content(container: Server, logged: Any) -> None:
    text = "confidential " * 20
    save(url=URL, text=text)
    container.execute("ALTER TABLE web_documents ADD CONSTRAINT short CHECK (length(note) < 10)")
    try:
        call(post("/website_save", {"url": URL, "note": text}), 500)
    finally:
        container.execute("ALTER TABLE web_documents DROP CONSTRAINT short")
    assert "23514" in logged.getvalue()
    assert "confidential" not in logged.getvalue()
