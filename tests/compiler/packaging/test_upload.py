"""Uploads: against moto, and against a small server on the loopback for what moto does not do."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws
from packaging_support import Project

from lenie.compiler.cli import main
from lenie.compiler.packaging.upload import CONTENT

PARAMETER = "/demo/dev/s3/artifacts/name"
BUCKET = "demo-dev-artifacts"
_ACCOUNT = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL")


class Run:
    """What a command line did."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as exited:
            main.main(
                ["package", "--spec", "spec/demo.yaml", "--upload", "--env", "dev", *arguments], prog_name="lenie"
            )
        self.code = exited.value.code
        self.out, self.err = capsys.readouterr()


def states(run: Run) -> list[str]:
    assert run.code == 0, run.err
    return [line.rpartition("unzipped  ")[2] for line in run.out.splitlines()]


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials that open nothing, and no configuration of the user."""
    for name in _ACCOUNT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def aws() -> Iterator[Any]:
    """An account in moto with the bucket and its parameter; the client of S3."""
    with mock_aws():
        boto3.client("ssm", region_name="us-east-1").put_parameter(Name=PARAMETER, Value=BUCKET, Type="String")
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        yield s3


def keys(s3: Any) -> set[str]:
    return {entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_what_is_missing_is_uploaded(project: Project, capsys: pytest.CaptureFixture[str], aws: Any) -> None:
    assert states(Run(capsys)) == ["built, uploaded"] * 3
    files = {path.relative_to(project.packages).as_posix(): path for path in project.packages.rglob("*.zip")}
    assert keys(aws) == files.keys()
    for key, path in files.items():
        assert aws.get_object(Bucket=BUCKET, Key=key)["Body"].read() == path.read_bytes()
        found = aws.head_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
        assert found["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
        assert found["ContentType"] == "application/zip"
    assert states(Run(capsys)) == ["unchanged, in the bucket"] * 3


def test_only_what_is_named(project: Project, capsys: pytest.CaptureFixture[str], aws: Any) -> None:
    assert states(Run(capsys, "count")) == ["built, uploaded"]
    assert {key.split("/")[1] for key in keys(aws)} == {"count"}


def test_another_bucket(project: Project, capsys: pytest.CaptureFixture[str], aws: Any) -> None:
    aws.create_bucket(Bucket="mine")
    assert states(Run(capsys, "count", "--bucket", "mine")) == ["built, uploaded"]
    assert keys(aws) == set()
    assert len(aws.list_objects_v2(Bucket="mine")["Contents"]) == 1


@pytest.mark.parametrize("kind", ["partial", "other", "same size", "without digest"])
def test_another_object_is_noticed(project: Project, capsys: pytest.CaptureFixture[str], aws: Any, kind: str) -> None:
    assert states(Run(capsys, "count")) == ["built, uploaded"]
    path = project.only("lambdas/count/*.zip")
    key, whole = path.relative_to(project.packages).as_posix(), path.read_bytes()
    wrong = {
        "partial": whole[:-20],
        "other": b"another",
        "same size": b"x" * len(whole),
        "without digest": b"x" * len(whole),
    }[kind]
    options = {} if kind == "without digest" else {"ChecksumAlgorithm": "SHA256"}
    aws.put_object(Bucket=BUCKET, Key=key, Body=wrong, **options)
    run = Run(capsys, "count")
    assert run.code == 3
    assert f"error[E912]: s3://{BUCKET}/{key} is not this package: " in run.err
    why = {
        "partial": f"it has {len(wrong)} bytes, and the package {len(whole)}",
        "other": f"it has 7 bytes, and the package {len(whole)}",
        "same size": "its SHA-256 is another",
        "without digest": "its SHA-256 is another",
    }
    assert why[kind] in run.err
    assert "--replace overwrites it" in run.err
    assert aws.get_object(Bucket=BUCKET, Key=key)["Body"].read() == wrong
    assert states(Run(capsys, "count", "--replace")) == ["unchanged, replaced in the bucket"]
    assert aws.get_object(Bucket=BUCKET, Key=key)["Body"].read() == whole


def test_what_somebody_uploaded_by_hand_is_read(project: Project, capsys: pytest.CaptureFixture[str], aws: Any) -> None:
    """Other tools do not leave the SHA-256 with the object."""
    assert states(Run(capsys, "count")) == ["built, uploaded"]
    path = project.only("lambdas/count/*.zip")
    key = path.relative_to(project.packages).as_posix()
    aws.put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes())
    assert "ChecksumSHA256" not in aws.head_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
    assert states(Run(capsys, "count")) == ["unchanged, in the bucket"]


def test_the_same_content_compressed_otherwise_is_the_same(
    project: Project, capsys: pytest.CaptureFixture[str], aws: Any
) -> None:
    Run(capsys, "count")
    path = project.only("lambdas/count/*.zip")
    manifest = json.loads((project.packages / "manifest.json").read_text())
    aws.put_object(
        Bucket=BUCKET,
        Key=path.relative_to(project.packages).as_posix(),
        Body=b"as another zlib writes it",
        ChecksumAlgorithm="SHA256",
        Metadata={CONTENT: manifest["packages"][0]["content_sha256"]},
    )
    assert states(Run(capsys, "count")) == ["unchanged, in the bucket"]


def test_a_bucket_that_is_not_deployed(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    with mock_aws():
        run = Run(capsys)
    assert run.code == 3
    assert f"error[E911]: there is no SSM parameter {PARAMETER}, which holds the bucket's name" in run.err
    assert 'deploy the component "artifacts" to dev first, or give the name with --bucket' in run.err
    assert "built" in run.out


def test_a_bucket_whose_name_is_not_published(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    text = project.spec.read_text()
    assert ", publish: [name]" in text
    one = (
        text.replace(", publish: [name]", "")
        .replace("  tools:\n    layer: base\n    resources:\n", "")
        .replace("  work:\n    layer: base\n    resources:\n", "")
    )
    project.spec.write_text(one)
    with mock_aws():
        run = Run(capsys)
    assert run.code == 3
    assert 'error[E911]: the name of the bucket "artifacts" is not published in SSM' in run.err


def test_a_bucket_that_does_not_exist(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    with mock_aws():
        run = Run(capsys, "--bucket", "nobodys")
    assert run.code == 3
    assert run.err.startswith("error[E911]: ")
    assert "layers/tools/" in run.err
    assert "NoSuchBucket" in run.err


def test_a_name_that_no_bucket_can_have(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    with mock_aws():
        run = Run(capsys, "count", "--bucket", "Bad Bucket!")
    assert run.code == 3
    assert "error[E911]: looking for lambdas/count/" in run.err
    assert 'nvalid bucket name "Bad Bucket!"' in run.err
    assert "cannot be reached" not in run.err


def test_without_credentials(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    run = Run(capsys)
    assert run.code == 3
    assert run.err.startswith("error[E911]: there are no credentials for AWS that can be used\n  = help: sign in")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "half")
    assert "there are no credentials" in Run(capsys).err


def test_a_profile_that_does_not_exist(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    run = Run(capsys)
    assert run.code == 3
    assert "error[E911]: the config profile (nobody) could not be found" in run.err


class Emulator(BaseHTTPRequestHandler):
    """Answers as SSM and S3 do, as far as an upload goes."""

    objects: ClassVar[dict[str, tuple[bytes, dict[str, str]]]] = {}
    refuse: ClassVar[str] = ""

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if "Content-Length" not in (headers or {}):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.refuse:
            error = {"__type": self.refuse, "message": "no\nmore"}
            self._answer(400, json.dumps(error).encode(), {"Content-Type": "application/x-amz-json-1.1"})
            return
        body = json.dumps({"Parameter": {"Name": PARAMETER, "Value": BUCKET, "Type": "String"}}).encode()
        self._answer(200, body, {"Content-Type": "application/x-amz-json-1.1"})

    def do_HEAD(self) -> None:
        found = self.objects.get(self.path)
        if found is None:
            self._answer(404)
            return
        self._answer(200, b"", {"Content-Length": str(len(found[0])), "x-amz-checksum-sha256": found[1]["sum"]})

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        given = self.headers["x-amz-checksum-sha256"]
        assert base64.b64encode(hashlib.sha256(body).digest()).decode() == given
        self.objects[self.path] = (body, {"sum": given})
        self._answer(200)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def emulator() -> Iterator[str]:
    """The address of an emulator on the loopback."""
    Emulator.objects = {}
    Emulator.refuse = ""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Emulator)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_emulator(project: Project, capsys: pytest.CaptureFixture[str], emulator: str) -> None:
    assert states(Run(capsys, "--endpoint-url", emulator)) == ["built, uploaded"] * 3
    assert states(Run(capsys, "--endpoint-url", emulator)) == ["unchanged, in the bucket"] * 3
    for path, (body, _) in Emulator.objects.items():
        assert (project.packages / path.removeprefix(f"/{BUCKET}/")).read_bytes() == body


@pytest.mark.parametrize(
    ("code", "message", "help"),
    [
        ("ExpiredTokenException", "AWS does not accept the credentials: ExpiredTokenException", "sign in"),
        (
            "AccessDeniedException",
            "reading the bucket's name: AWS denies GetParameter (AccessDeniedException)",
            "use a role",
        ),
        (
            "ValidationException",
            "reading the bucket's name: AWS refuses GetParameter: ValidationException: no more",
            "",
        ),
    ],
)
def test_refusals(
    project: Project, capsys: pytest.CaptureFixture[str], emulator: str, code: str, message: str, help: str
) -> None:
    Emulator.refuse = code
    run = Run(capsys, "--endpoint-url", emulator, "count")
    assert run.code == 3
    assert f"error[E911]: {message}\n" in run.err
    assert help in run.err
    assert "Traceback" not in run.err


def test_aws_out_of_reach(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, operation: str, parameters: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://ssm.us-east-1.amazonaws.com/")

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refuse)
    run = Run(capsys, "count")
    assert run.code == 3
    assert "error[E911]: reading the bucket's name: AWS cannot be reached: could not connect" in run.err
