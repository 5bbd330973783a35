"""`app-server-internet`, models and translation: the SDK of OpenAI against a stub, Translate by botocore's stubber."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import boto3
import pytest
from app_server_internet.handler import ROUTES, lambda_handler
from botocore.exceptions import ConnectTimeoutError
from botocore.stub import Stubber
from lambdas.conftest import body_of
from lambdas.events import CONTEXT, base64_of, form, post
from lambdas.webserver import WebServer, page
from library import ai, settings
from library.translation import LARGEST

SECRET = "/lenie/dev/app/credentials"
KEY = "sk-test-0123456789"
ADA = "text-embedding-ada-002"


def call(event: Any, status: int = 200) -> Any:
    done = lambda_handler(event, CONTEXT)
    assert done["statusCode"] == status, done["body"]
    return body_of(done)


@pytest.fixture
def model(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A server that speaks as OpenAI does, and the secret with the key."""

    def embeddings(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        sent = json.loads(body)
        data = [{"object": "embedding", "index": 0, "embedding": [0.25] * 1536}]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        answer = {"object": "list", "model": sent["model"], "data": data, "usage": usage}
        page(json.dumps(answer), "application/json")(handler, body)

    def completions(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        sent = json.loads(body)
        message = {"role": "assistant", "content": f"You said: {sent['messages'][0]['content']}"}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        answer = {"id": "1", "object": "chat.completion", "created": 1, "model": sent["model"], "choices": choices}
        page(json.dumps(answer), "application/json")(handler, body)

    boto3.client("secretsmanager").create_secret(
        Name=SECRET, SecretString=json.dumps({"openai_api_key": KEY, "repository_token": "other"})
    )
    monkeypatch.setenv("APP_CREDENTIALS_SECRET", SECRET)
    monkeypatch.setenv("EMBEDDING_MODEL", ADA)
    monkeypatch.setenv("AI_MODEL_SUMMARY", "gpt-4o-mini")
    forget()
    with WebServer() as server:
        server.answers |= {"/v1/embeddings": embeddings, "/v1/chat/completions": completions}
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        yield server
        forget()


def forget() -> None:
    """Close the client, as the end of a container does."""
    while ai._held:
        ai._held.popitem()[1].close()


class TestModels:
    def test_embedding(self, model: WebServer) -> None:
        found = call(post("/ai_embedding_get", {"text": "żółw", "model": "text-embedding-3-small"}))
        assert found["embedds"] == [0.25] * 1536
        (path, headers, body) = model.asked[0]
        assert path == "/v1/embeddings"
        assert {name.lower(): value for name, value in headers.items()}["authorization"] == f"Bearer {KEY}"
        sent = json.loads(body)
        assert (sent["input"], sent["model"], sent["encoding_format"]) == ("żółw", "text-embedding-3-small", "float")
        assert call(form("/ai_embedding_get", {"text": "x"}))["model"] == ADA
        call(base64_of(post("/ai_embedding_get", {"text": "x", "model": "text-embedding-3-large"})))
        assert json.loads(model.asked[-1][2])["dimensions"] == 1536

    def test_ask(self, model: WebServer) -> None:
        query = "Sum up: {text} {other} {0} %s ({text})"
        found = call(post("/ai_ask", {"text": "{text}\\1", "query": query, "model": "gpt-4o"}))
        assert found["text"] == "You said: Sum up: {text}\\1 {other} {0} %s ({text}\\1)"
        assert found["model"] == "gpt-4o"
        assert call(post("/ai_ask", {"text": "a", "query": "{text}"}))["model"] == "gpt-4o-mini"

    @pytest.mark.parametrize(
        ("path", "fields", "word"),
        [
            ("/ai_embedding_get", {}, "text"),
            ("/ai_embedding_get", {"text": " "}, "text"),
            ("/ai_embedding_get", {"text": ["x"]}, "text"),
            ("/ai_embedding_get", {"text": "x", "model": "gpt-4o"}, "model"),
            ("/ai_embedding_get", {"text": "x", "model": "../x"}, "model"),
            ("/ai_ask", {"text": "x"}, "query"),
            ("/ai_ask", {"query": "{text}"}, "text"),
            ("/ai_ask", {"text": "x", "query": "no place"}, "{text}"),
            ("/ai_ask", {"text": "x", "query": "{text}", "model": "spam"}, "model"),
            ("/ai_ask", {"text": "x", "query": "{text}", "model": ADA}, "model"),
        ],
    )
    def test_wrong(self, model: WebServer, path: str, fields: dict[str, Any], word: str) -> None:
        assert word in call(post(path, fields), 400)["message"]
        assert not model.asked

    @pytest.mark.parametrize(
        ("upstream", "code", "status"),
        [
            (400, "context_length_exceeded", 400),
            (404, "model_not_found", 400),
            (401, "invalid_api_key", 500),
            (403, "unsupported_country", 500),
            (429, "insufficient_quota", 502),
            (500, None, 502),
            (503, None, 502),
        ],
    )
    def test_refused(self, model: WebServer, logged: Any, upstream: int, code: str | None, status: int) -> None:
        error = {"error": {"message": f"Incorrect key {KEY}: confidential", "code": code, "type": "x", "param": None}}
        answer = page(json.dumps(error), "application/json", status=upstream)
        model.answers |= {"/v1/embeddings": answer, "/v1/chat/completions": answer}
        for event in (
            post("/ai_embedding_get", {"text": "confidential"}),
            post("/ai_ask", {"text": "confidential", "query": "{text}"}),
        ):
            assert KEY not in json.dumps(call(event, status))
        assert len(model.asked) == 2  # no repetition: API Gateway would not wait for it
        assert KEY not in logged.getvalue()
        assert "confidential" not in logged.getvalue()

    def test_slow_and_broken(self, model: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ai, "_SECONDS", 0.2)
        model.answers["/v1/embeddings"] = lambda handler, body: time.sleep(1)
        call(post("/ai_embedding_get", {"text": "x"}), 502)
        empty = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": []}
        model.answers["/v1/chat/completions"] = page(json.dumps(empty), "application/json")
        call(post("/ai_ask", {"text": "x", "query": "{text}"}), 502)

    def test_out_of_reach(self, model: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
        call(post("/ai_embedding_get", {"text": "x"}), 502)

    def test_one_client_and_one_reading_of_the_secret(self, model: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
        call(post("/ai_embedding_get", {"text": "x"}))
        (client,) = ai._held.values()
        boto3.client("secretsmanager").delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
        call(post("/ai_ask", {"text": "x", "query": "{text}"}))
        assert list(ai._held.values()) == [client]

    @pytest.mark.parametrize(
        ("secret", "status"), [(None, 502), ("{}", 500), ("no json", 500), ('{"openai_api_key": ""}', 500)]
    )
    def test_no_key(self, model: WebServer, secret: str | None, status: int) -> None:
        manager = boto3.client("secretsmanager")
        if secret is None:
            manager.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
        else:
            manager.put_secret_value(SecretId=SECRET, SecretString=secret)
        call(post("/ai_embedding_get", {"text": "x"}), status)
        assert not model.asked


class TestTranslate:
    @pytest.fixture
    def stub(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
        settings.client.cache_clear()
        with Stubber(settings.client("translate")) as stubber:
            yield stubber
            stubber.assert_no_pending_responses()
        settings.client.cache_clear()

    @staticmethod
    def expect(stub: Stubber, text: str, answer: str) -> None:
        languages = {"SourceLanguageCode": "pl", "TargetLanguageCode": "en"}
        stub.add_response("translate_text", {"TranslatedText": answer, **languages}, {"Text": text, **languages})

    @staticmethod
    def event(text: Any, source: Any = "pl", target: Any = "en") -> dict[str, Any]:
        return post("/translate", {"text": text, "source_language": source, "target_language": target})

    def test_translates(self, stub: Stubber) -> None:
        self.expect(stub, "żółw", "turtle")
        assert call(self.event("\n żółw\n"))["text"] == "\n turtle\n"
        self.expect(stub, "a", "b")
        sent = {"text": "a", "source_language": "pl", "target_language": "en"}
        assert call(form("/translate", sent))["text"] == "b"

    def test_white_space_inside_takes_no_time(self, stub: Stubber) -> None:
        self.expect(stub, "a" + " " * 9_000 + "b", "x")
        start = time.monotonic()
        assert call(self.event("\u2003a" + " " * 9_000 + "b\n"))["text"] == "\u2003x\n"
        assert time.monotonic() - start < 0.3

    def test_a_long_text_in_pieces(self, stub: Stubber) -> None:
        paragraph = "Zdanie o żółwiach. " * 200
        text = "\n\n".join([paragraph.strip()] * 5)
        for _ in range(3):
            stub.add_response(
                "translate_text", {"TranslatedText": "x", "SourceLanguageCode": "pl", "TargetLanguageCode": "en"}
            )
        assert call(self.event(text))["text"] == "x\n\nx\n\nx"

    @pytest.mark.parametrize(
        "fields",
        [
            ("", "pl", "en"),
            (5, "pl", "en"),
            ("a", "", "en"),
            ("a", "pl", "english"),
            ("a", "auto", "en"),
            ("a", "p'", "en"),
            ("ż" * (LARGEST // 2 + 1), "pl", "en"),
        ],
    )
    def test_wrong(self, stub: Stubber, fields: tuple[Any, Any, Any]) -> None:
        call(self.event(*fields), 400)

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("UnsupportedLanguagePairException", 400),
            ("InvalidRequestException", 400),
            ("TooManyRequestsException", 502),
            ("ServiceUnavailableException", 502),
            ("AccessDeniedException", 502),
        ],
    )
    def test_refused(self, stub: Stubber, code: str, status: int) -> None:
        stub.add_client_error("translate_text", code)
        call(self.event("a"), status)

    def test_out_of_reach(self, stub: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
        def unreachable(**_: Any) -> Any:
            raise ConnectTimeoutError(endpoint_url="https://translate.example.com")

        monkeypatch.setattr(settings.client("translate"), "translate_text", unreachable)
        call(self.event("a"), 502)


def test_every_path_of_the_specification() -> None:
    spec = (Path(__file__).parents[2] / "spec/lenie.yaml").read_text()
    paths = {line.split()[1].strip("/:") for line in spec.splitlines() if line.endswith(": app-server-internet")}
    assert paths == set(ROUTES)
