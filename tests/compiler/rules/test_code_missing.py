from __future__ import annotations

import os
from pathlib import Path

import pytest
from rule_support import FRAME, findings, marked, spec

FILES = FRAME.replace(", code: sqs_size", "")


def project(directory: Path, files: dict[str, str]) -> Path:
    (directory / "lambdas").mkdir()
    for name, text in files.items():
        file = directory / "lambdas" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return directory


HANDLER = "def lambda_handler(event, context):\n    return None\n"


@pytest.mark.parametrize(
    ("files", "function"),
    [
        ({"url_add/handler.py": HANDLER}, "kind: function"),
        ({"add/handler.py": HANDLER}, "kind: function, code: add"),
        ({"url_add/app/main.py": "async " + HANDLER}, "kind: function, handler: app.main.lambda_handler"),
        ({"url_add/handler.py": "from app import lambda_handler\n"}, "kind: function"),
        ({"url_add/handler.py": "from app import main as lambda_handler\n"}, "kind: function"),
        ({"url_add/handler.py": "lambda_handler = make()\n"}, "kind: function"),
        ({"url_add/handler.py": "lambda_handler: object = make()\n"}, "kind: function"),
        (
            {"url_add/handler.py": "try:\n    from a import lambda_handler\nexcept ImportError:\n    pass\n"},
            "kind: function",
        ),
        ({"url_add/handler.py": HANDLER, "library/__init__.py": ""}, "kind: function, library: true"),
        ({"url_add/index.mjs": "export const main = 1"}, "kind: function, runtime: nodejs22.x, handler: index.main"),
        ({"url_add/bootstrap": ""}, "kind: function, runtime: provided.al2023, handler: bootstrap"),
        ({"url_add/handler.py": HANDLER}, "kind: function, runtime: '${param.runtime}'"),
    ],
)
def test_what_is_there_is_fine(tmp_path: Path, files: dict[str, str], function: str) -> None:
    parameters = "runtime: {type: text, default: python3.13, description: Runtime}" if "param." in function else ""
    assert not findings("E323", spec(f"url-add: {{{function}}}", parameters, FILES), project(tmp_path, files))


@pytest.mark.parametrize(
    ("files", "function", "message", "help", "at"),
    [
        ({}, "kind: function", "there is no directory lambdas/url_add", "correct code: lambdas", "url-add"),
        (
            {"url_ad/x": ""},
            "kind: function",
            "there is no directory lambdas/url_add",
            'did you mean "url_ad"?',
            "url-add",
        ),
        ({"url_add/x": ""}, "kind: function, code: url_ad", "no directory lambdas/url_ad", '"url_add"?', "url_ad"),
        ({"url_add/x": ""}, "kind: function", "there is no file lambdas/url_add/handler.py", "create", "url-add"),
        (
            {"url_add/handler.py": ""},
            "kind: function, handler: handler",
            "is not a handler",
            "FILE.FUNCTION",
            "handler",
        ),
        (
            {"url_add/handler.py": "def handle_lambda(event, context): ...\n"},
            "kind: function",
            "lambdas/url_add/handler.py does not define lambda_handler",
            "handle_lambda",
            "url-add",
        ),
        (
            {"url_add/handler.py": "def f(:\n"},
            "kind: function",
            "not valid Python: lambdas/url_add/handler.py, line 1",
            "",
            "url-add",
        ),
        ({"url_add/handler.py": "x = '\0'"}, "kind: function", "is not valid Python", "", "url-add"),
        (
            {"url_add/handler.py": HANDLER},
            "kind: function, library: true",
            "no directory library",
            "create lambdas/library",
            "true",
        ),
        (
            {"url_add/x": ""},
            "kind: function, runtime: nodejs22.x, handler: index.main",
            "no file lambdas/url_add/index.js",
            "",
            "index.main",
        ),
    ],
)
def test_what_is_missing(
    tmp_path: Path, files: dict[str, str], function: str, message: str, help: str, at: str
) -> None:
    text = spec(f"url-add: {{{function}}}", frame=FILES)
    [found] = findings("E323", text, project(tmp_path, files))
    assert message in found.message
    assert help in found.help
    assert marked(text, found) == at


@pytest.mark.parametrize(
    ("files", "layer", "message"),
    [
        ({"layers/openai/requirements.txt": "openai\n"}, "kind: layer", ""),
        ({"ai/requirements.txt": "openai\n"}, "kind: layer, code: ai", ""),
        ({}, "kind: layer", "there is no directory lambdas/layers/openai"),
        ({"layers/openai/x": ""}, "kind: layer", "has no lambdas/layers/openai/requirements.txt"),
    ],
)
def test_layers(tmp_path: Path, files: dict[str, str], layer: str, message: str) -> None:
    frame = FILES + "  layer: {runtime: python3.13, bucket: artifacts}\n"
    found = findings("E323", spec(f"openai: {{{layer}}}", frame=frame), project(tmp_path, files))
    assert len(found) == bool(message)
    assert all(message in one.message for one in found)


LINKED = "url-add: {kind: function, library: true}\nother: {kind: function, code: url_add, library: true}"


@pytest.mark.parametrize(
    ("link", "to", "told"),
    [
        ("url_add/shared", "../shared", "lambdas/url_add/shared: it is a link to a directory"),
        ("url_add/parts/up", "..", "lambdas/url_add/parts/up: it is a link to a directory"),
        ("url_add/gone.py", "nowhere.py", "lambdas/url_add/gone.py: it is a link that leads nowhere"),
        ("library/deep/gone", "nowhere", "lambdas/library/deep/gone: it is a link that leads nowhere"),
        ("url_add/one.py", "handler.py", ""),
        ("url_add/.hidden", "../shared", ""),
        ("url_add/.git/shared", "../../shared", ""),
        ("url_add/__pycache__/x", "nowhere", ""),
    ],
)
def test_what_a_package_would_lack(tmp_path: Path, link: str, to: str, told: str) -> None:
    root = project(
        tmp_path, {"url_add/handler.py": HANDLER, "library/__init__.py": "", "shared/__init__.py": "", "x": ""}
    )
    path = root / "lambdas" / link
    path.parent.mkdir(exist_ok=True, parents=True)
    path.symlink_to(to)
    found = findings("E323", spec(LINKED, "", FILES), root)
    assert [one.message for one in found] == ([f'a package of "url-add" would lack {told}'] if told else [])


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    root = project(tmp_path, {"url_add/handler.py": HANDLER, "url_add/za\u017c\u00f3\u0142\u0107.py": ""})
    assert not findings("E323", spec("url-add: {kind: function}", "", FILES), root)
    (root / "lambdas" / os.fsdecode(b"url_add/\xff.py")).touch()
    text = spec("url-add: {kind: function, waive: {E323: this one cannot be waived}}", "", FILES)
    [found] = findings("E323", text, root)
    assert found.message == "the name of the file lambdas/url_add/\\udcff.py is not UTF-8"
