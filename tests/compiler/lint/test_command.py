"""The command: tools that are missing, hang, crash or print garbage; files that are stale, foreign or missing."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from processes import interruptible
from support_lint import BUCKET, MODULE, TEMPLATE, Run, line, without

Lint = Callable[..., Run]
Edit = Callable[[str, str, str], None]
Player = Callable[[str], str]
LENIE = [sys.executable, "-c", "from lenie.compiler.cli import main as c; c(prog_name='lenie')"]
CLEAN = '{"passed": 0, "failed": 0, "skipped": 0}'


def record(**changed: Any) -> dict[str, Any]:
    """Return a failed check as checkov 3.3 writes it, as far as it is read."""
    return {
        "check_id": "CKV_AWS_53",
        "check_name": "Ensure S3 bucket has block public ACLs enabled",
        "check_result": {"result": "FAILED", "evaluated_keys": []},
        "file_path": "/templates/0-storage/01-files.yaml",
        "file_line_range": [16, 45],
        "resource": "AWS::S3::Bucket.ContentBucket",
        "guideline": None,
        **changed,
    }


def printed(*records: dict[str, Any], skipped: tuple[dict[str, Any], ...] = ()) -> str:
    results = {"failed_checks": list(records), "skipped_checks": list(skipped), "parsing_errors": []}
    return f"cat <<'END'\n{json.dumps({'check_type': 'cloudformation', 'results': results})}\nEND"


# Tools that do not do what they should.


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 0", "checkov printed nothing (exit code 0)"),
        ("echo 'no licence' >&2; exit 4", "it says: no licence"),
        ("echo 'Traceback: oh'; exit 1", "checkov printed something that is not JSON (exit code 1)"),
        ("head -c 100000 /dev/urandom", "checkov printed something that is not JSON (exit code 0)"),
        ("echo '{\"results\": '", "checkov printed something that is not JSON"),
        ('echo \'{"results": {"failed_checks": [7]}}\'', "checkov printed JSON of an unknown form"),
        ('echo \'{"results": {"failed_checks": [{}]}}\'', "checkov printed JSON of an unknown form"),
        ("echo '[[]]'", "checkov printed JSON of an unknown form"),
        ("echo '\"x\"'", "checkov printed JSON of an unknown form"),
        ("python3 -c 'print(\"[\" * 200000)'", "checkov printed something that is not JSON"),
        ("echo '[]'", "checkov printed an empty report (exit code 0)"),
        ("echo '{}'", "checkov printed JSON of an unknown form"),
        ("echo '{\"results\": {}}'", "checkov printed JSON of an unknown form"),
        ("yes", " printed more than 64 MB"),
        ("yes >&2", " printed more than 64 MB"),
        ("kill -SEGV $$", "was ended by SIGSEGV"),
        ("exit 127", "and starts nothing"),
    ],
)
def test_a_tool_that_is_broken(project: Path, lint: Lint, player: Player, script: str, words: str) -> None:
    run = lint("--tool", "checkov", "--target", "cfn", "--checkov", player(script))
    assert run.code == 3
    assert words in run.err
    assert "Traceback (most" not in run.err
    assert "it says nothing" not in run.err
    assert "failed" in run.out or "not run" in run.out
    assert "nothing was looked at; 0 findings accepted with a reason; 1 run without a result; in " in run.out


def test_files_that_no_tool_reads_are_no_concern(project: Path, lint: Lint) -> None:
    """Whoever asks for one tool may have compiled the target of that tool only."""
    shutil.rmtree(project / "generated" / "tf")
    (project / "generated" / "cdk" / "app.py").write_text("pass\n")
    run = lint("--tool", "cfn-lint")
    assert (run.code, run.err) == (0, "")


def test_a_tool_that_finds_nothing_and_is_not_content(
    project: Path, lint: Lint, player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lenie.compiler.lint.cfnlint.command", lambda *_, **__: [player("echo '[]'; exit 3")])
    run = lint("--tool", "cfn-lint")
    assert run.code == 3
    assert "cfn-lint found nothing, and ended with exit code 3" in run.err


def test_a_tool_that_hangs(project: Path, lint: Lint, player: Player, tmp_path: Path) -> None:
    """It is ended with what it has started, after its time."""
    mark = tmp_path / "child"
    tool = player(f"(sleep 60; echo x > {mark}) &\necho $! > {tmp_path}/pid\nwait")
    started = time.monotonic()
    run = lint("--tool", "checkov", "--target", "cfn", "--checkov", tool, "--time-limit", "0.5")
    assert time.monotonic() - started < 20
    assert run.code == 3
    assert "did not end within 0.5 seconds" in run.err
    assert "--time-limit" in run.err
    child = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{child}").exists():
        if "Z" in Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[:1]:
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{child}").exists()


def test_others_are_told_when_one_fails(project: Path, lint: Lint, edit: Edit, player: Player) -> None:
    edit(TEMPLATE, "MessageRetentionPeriod: 345600", "MessageRetentionPeriod: 12")
    run = lint("--tool", "cfn-lint,checkov", "--target", "cfn", "--checkov", player("exit 9"))
    assert run.code == 2
    assert "error[E620]" in run.err
    assert "error[E623]" in run.err


def test_interrupted(project: Path, player: Player, tmp_path: Path) -> None:
    """No tool goes on when its command is interrupted."""
    tool = player(f"echo $$ > {tmp_path}/pid\nsleep 60")
    command = [*LENIE, "lint", "--tool", "checkov", "--target", "cfn", "--checkov", tool]
    with interruptible(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (tmp_path / "pid").exists():
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert not Path(f"/proc/{int((tmp_path / 'pid').read_text())}").exists()


# Tools that are missing.


def test_a_missing_tool(project: Path, lint: Lint, player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named with the way to get it; that is an error if it was asked for."""
    monkeypatch.setenv("PATH", without("terraform", project / "path"))
    tool = player(f"echo '{CLEAN}'")
    run = lint("--target", "tf", "--checkov", tool)
    assert run.code == 0
    assert "warning[W624]: terraform: not run: there is no terraform on this machine" in run.err
    assert "https://developer.hashicorp.com/terraform/install" in run.err
    run = lint("--target", "tf", "--checkov", tool, "--tool", "terraform", "--tool", "checkov")
    assert run.code == 3
    assert "error[E624]: terraform: not run" in run.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--tool", "checkov", "--checkov", "nowhere/checkov"), '"nowhere/checkov" is no program'),
        (("--tool", "cdk", "--cdk-python", "nowhere/python"), "no Python with aws-cdk-lib"),
        (("--tool", "cfn-lint"), "there is no cfn-lint on this machine"),
        (("--tool", "checkov"), "there is no checkov on this machine"),
    ],
)
def test_what_is_missing_and_was_asked_for(
    project: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.setenv("PATH", str(project))
    monkeypatch.setattr(sys, "prefix", str(project))
    run = lint(*arguments)
    assert run.code == 3
    assert "error[E624]" in run.err
    assert words in run.err
    assert "pip install" in run.err


def test_nothing_could_run(project: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    monkeypatch.setattr(sys, "prefix", str(project))
    run = lint("--cdk-python", "nowhere/python", "--format", "json")
    assert run.code == 3
    assert set(run.tools().values()) == {"missing"}
    assert [one["code"] for one in run.data["diagnostics"]] == ["W624"] * 4


# Files that are not what a compile writes.


def test_stale_files(project: Path, lint: Lint, edit: Edit, player: Player) -> None:
    edit(BUCKET, "Status: Enabled", "Status: Suspended")
    (project / "generated" / TEMPLATE).unlink()
    run = lint("--tool", "checkov", "--target", "cfn", "--checkov", player(f"echo '{CLEAN}'"))
    assert run.code == 2
    assert "warning[W625]: 2 files in" in run.err
    assert f"generated/{BUCKET} (edited by hand at line {line(f'generated/{BUCKET}', 'Suspended')})" in run.err
    assert f"generated/{TEMPLATE} (missing)" in run.err


def test_a_changed_spec(project: Path, lint: Lint, player: Player) -> None:
    """Findings in files that the spec no longer compiles to are told at the resource that they still belong to."""
    spec = project / "spec/lenie.yaml"
    text = spec.read_text(encoding="utf-8").replace("      content:", "      more: {kind: bucket}\n      content:")
    spec.write_text(text, encoding="utf-8")
    run = lint("--tool", "checkov", "--target", "cfn", "--checkov", player(printed(record())), "--format", "json")
    assert run.code == 2
    (finding,) = run.data["findings"]
    assert finding["spec"]["line"] == line(spec, "content:")
    assert [one["code"] for one in run.data["diagnostics"]] == ["W625"]
    assert "(stale)" in run.data["diagnostics"][0]["message"]


@pytest.mark.parametrize("how", ["gone", "empty", "file"])
def test_no_files(project: Path, lint: Lint, how: str) -> None:
    shutil.rmtree(project / "generated/tf")
    if how == "empty":
        (project / "generated/tf").mkdir()
    if how == "file":
        (project / "generated/tf").write_text("x", encoding="utf-8")
    run = lint("--target", "tf")
    assert run.code == 2
    assert 'error[E626]: there is nothing in "generated/tf" that tools could look at' in run.err
    assert "run: lenie-compile --target tf" in run.err


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _huge(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("# more\n" * 60_000)


#: What may have happened to a file.
HAPPENED: dict[str, Callable[[Path], object]] = {
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 4),
    "directory": _directory,
    "loop": _link,
    "dangling": _dangling,
    "pipe": _pipe,
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""),
    "crlf": lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n")),
    "bom": lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes()),
    "latin": lambda path: path.write_bytes(path.read_bytes() + b"# \xe9\n"),
    "merge": lambda path: path.write_bytes(b"<<<<<<< one\n" + path.read_bytes() + b"=======\n>>>>>>> two\n"),
    "huge": _huge,
}


@pytest.mark.parametrize("how", HAPPENED)
@pytest.mark.parametrize("target", ["cfn", "tf"])
def test_whatever_happened_to_a_file(
    project: Path, lint: Lint, offline: None, terraform: str, target: str, how: str
) -> None:
    """The real tools read it: there is a diagnostic, and no traceback; and the command ends."""
    HAPPENED[how](project / "generated" / (TEMPLATE if target == "cfn" else MODULE))
    run = lint("--target", target, "--tool", "cfn-lint" if target == "cfn" else "terraform")
    assert run.code in (2, 3)
    assert "[W625]" in run.err or "[E6" in run.err
    assert "Traceback" not in run.err
    assert "internal error" not in run.err


def test_a_file_with_very_many_findings(project: Path, lint: Lint, edit: Edit) -> None:
    """It does not hide what is found elsewhere; and JSON has all of it."""
    edit(TEMPLATE, "SqsManagedSseEnabled: true\n", "".join(f"More{number}: 1\n      " for number in range(40)) + "\n")
    edit(BUCKET, "Status: Enabled", "Status: Sometimes")
    run = lint("--tool", "cfn-lint")
    assert run.err.count("error[E620]") == 21
    assert f"generated/{TEMPLATE}: 20 more findings (--format json lists them)" in run.out
    assert "'Sometimes' is not one of" in run.err
    assert run.out.splitlines()[-1].startswith("41 errors; ")
    assert len(lint("--tool", "cfn-lint", "--format", "json").data["findings"]) == 41


# Formats.


def test_sarif(project: Path, lint: Lint, player: Player) -> None:
    """Rules are those of the tools; the first place is in the spec, and what is accepted is suppressed."""
    accepted = record(check_id="CKV_AWS_18", check_result={"result": "SKIPPED", "suppress_comment": "It costs."})
    tool = player(printed(record(guideline="https://example.com/53"), skipped=(accepted,)))
    run = lint("--tool", "checkov", "--target", "cfn", "--checkov", tool, "--format", "sarif")
    assert run.code == 2
    (log,) = json.loads(run.out)["runs"]
    failed, passed = log["results"]
    assert (failed["ruleId"], failed["level"]) == ("checkov/CKV_AWS_53", "error")
    place = failed["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "spec/lenie.yaml"
    assert place["region"]["startLine"] == line("spec/lenie.yaml", "content:")
    related = failed["relatedLocations"][0]["physicalLocation"]
    assert related["artifactLocation"]["uri"] == f"generated/{BUCKET}"
    assert passed["suppressions"] == [{"kind": "external", "justification": "It costs."}]
    rules = {one["id"]: one["shortDescription"]["text"] for one in log["tool"]["driver"]["rules"]}
    assert rules["checkov/CKV_AWS_53"] == "Ensure S3 bucket has block public ACLs enabled"
    assert "see https://example.com/53" in failed["message"]["text"]


def test_github(project: Path, lint: Lint, player: Player) -> None:
    tool = player(printed(record()))
    run = lint("--tool", "checkov", "--target", "cfn", "--checkov", tool, "--format", "github")
    assert run.code == 2
    number = line("spec/lenie.yaml", "content:")
    assert run.out.startswith(
        f"::error file=spec/lenie.yaml,line={number},endLine={number},title=checkov/CKV_AWS_53::Ensure S3 bucket"
    )
    assert run.err == ""


@pytest.mark.parametrize("style", ["text", "json", "sarif", "github"])
def test_errors_in_the_spec(project: Path, lint: Lint, style: str) -> None:
    (project / "spec/lenie.yaml").write_text("version: 1\n", encoding="utf-8")
    run = lint("--format", style)
    assert run.code == 1
    assert "E2" in run.out + run.err


def test_json_is_of_one_form(project: Path, lint: Lint, player: Player) -> None:
    place = {
        "type": ["object", "null"],
        "required": ["file", "line", "column", "end_line"],
        "additionalProperties": False,
        "properties": {"file": {"type": "string"}, **{k: {"minimum": 1} for k in ("line", "column", "end_line")}},
    }
    finding = {
        "type": "object",
        "required": ["code", "severity", "message", "component", "resources", "property", "spec", "help", "reported"],
        "properties": {"spec": place, "reported": {"items": {"properties": {"place": place}}, "minItems": 1}},
    }
    run = lint("--tool", "checkov", "--checkov", player(printed(record())), "--target", "cfn", "--format", "json")
    schema = {
        "required": ["spec", "exit_code", "tools", "findings", "accepted", "diagnostics"],
        "properties": {"findings": {"items": finding, "minItems": 1}, "accepted": {"items": finding}},
        "additionalProperties": True,
    }
    jsonschema.validate(run.data, schema)
    assert run.data["exit_code"] == run.code == 2


def test_progress_is_for_terminals(project: Path, player: Player) -> None:
    command = [*LENIE, "lint", "--tool", "checkov", "--target", "cfn", "--checkov"]
    leader, follower = pty.openpty()
    with subprocess.Popen([*command, player(f"sleep 1; echo '{CLEAN}'")], stdout=subprocess.PIPE, stderr=follower) as p:
        os.close(follower)
        seen = b""
        while True:
            try:
                seen += os.read(leader, 4096)
            except OSError:
                break
        assert p.stdout is not None
        out = p.stdout.read()
    os.close(leader)
    assert p.returncode == 0
    assert b"the tools are running" in seen
    assert b"no finding" in out


# Usage.


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--tool", "tflint"), 'there is no tool "tflint"'),
        (("--tool", "checkow"), 'did you mean "checkov"?'),
        (("--tool", "cdk,"), "--tool names nothing in one place"),
        (("--target", "cfn,k8s"), 'there is no target "k8s"'),
        (("--time-limit", "0"), "0 seconds are no time limit"),
        (("--time-limit", "nan"), "nan seconds are no time limit"),
        (("--out", ""), "--out is empty"),
    ],
)
def test_wrong_usage(project: Path, lint: Lint, arguments: tuple[str, ...], words: str) -> None:
    run = lint(*arguments)
    assert run.code == 3
    assert words in run.err


def test_a_tool_that_reads_nothing_of_the_target(project: Path, lint: Lint) -> None:
    run = lint("--tool", "cfn-lint", "--target", "tf")
    assert run.code == 3
    assert "cfn-lint does not read tf" in run.err
