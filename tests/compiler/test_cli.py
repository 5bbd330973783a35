"""The command line: exit codes, both streams, and one line instead of a traceback, whatever happens."""

from __future__ import annotations

import gc
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import interruptible

from lenie.compiler import __version__
from lenie.compiler.cli import main
from lenie.compiler.compiling import compile_command
from lenie.targets import DIALECTS

ROOT = Path(__file__).parents[2]
SPEC = """\
version: 1
project: lenie
region: us-east-1
layers: [storage]
environments:
  dev: {production: false}
  prod: {production: true}
components:
  queues:
    layer: storage
    resources:
      problems: {kind: queue, retention: 14d}
      documents: {kind: queue, dead-letter: {queue: problems, after: 5}}
"""
COMPILE = [
    sys.executable,
    "-c",
    "from lenie.compiler.compiling import compile_command as c; c(prog_name='lenie-compile')",
]
LENIE = [sys.executable, "-c", "from lenie.compiler.cli import main as c; c(prog_name='lenie')"]


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()  # a compile turns it off, and leaves its objects to the end of the process
    gc.unfreeze()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "lenie.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Run:
    """What a command line did."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        name, *rest = arguments
        command = compile_command if name == "lenie-compile" else main
        with pytest.raises(SystemExit) as exited:
            command.main(rest, prog_name=name)
        self.code = exited.value.code
        self.out, self.err = capsys.readouterr()


def words(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


# ---- what it does ----------------------------------------------------------------------------------------------------


def test_compile(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "lenie-compile")
    assert (run.code, run.err) == (0, "")
    *lines, last = run.out.splitlines()
    # There is no cluster, so the target of clusters says nothing.
    assert len(lines) == len(DIALECTS)
    for target, line in zip(DIALECTS, lines, strict=True):
        made = [path for path in (project / "generated" / target).rglob("*") if path.is_file()]
        assert line == f"generated/{target}: {len(made) - 1} files; {len(made) - 1} added"
    assert last.startswith("1 component, ")
    again = Run(capsys, "lenie", "compile", "--target", "cfn")
    assert again.code == 0
    assert "; no change" in again.out
    words(project / "spec" / "lenie.yaml", "14d", "13d")
    # The file, and the source map.
    assert "; 2 changed" in Run(capsys, "lenie-compile").out


def test_errors_stop_before_writing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words(project / "spec" / "lenie.yaml", "14d", "14")
    run = Run(capsys, "lenie-compile")
    assert (run.code, run.out) == (1, "")
    assert "error[E203]: a duration is wanted here" in run.err
    assert " --> spec/lenie.yaml:12:" in run.err
    assert run.err.endswith("1 error\n")
    assert not (project / "generated").exists()


def test_waivers_are_summed_up_and_shown_by_validate(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (project / "spec" / "lenie.yaml").open("a") as stream:
        stream.write(
            "      alerts: {kind: topic, encrypted: false, waive: {E324: alarms cannot publish to it otherwise}}\n"
        )
    run = Run(capsys, "lenie-compile")
    assert (run.code, run.err) == (0, "")
    assert "; 1 rule waived (lenie validate shows them)" in run.out
    run = Run(capsys, "lenie", "validate")
    assert run.code == 0
    assert "note[E324]: waived:" in run.err
    assert "reason: alarms cannot publish to it otherwise" in run.err


def test_check(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "lenie-compile", "--check")
    assert run.code == 2
    assert not (project / "generated").exists()
    assert ": missing" in run.out
    assert "error[E905]" in run.err
    assert "run: lenie-compile\n" in run.err
    Run(capsys, "lenie-compile")
    run = Run(capsys, "lenie-compile", "--check")
    assert (run.code, run.err) == (0, "")
    assert "all up to date" in run.out


def test_check_shows_what_differs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys, "lenie-compile", "--out", "my files")
    template = next((project / "my files" / "cfn").rglob("*queues.yaml"))
    (project / "my files" / "cfn" / "notes.txt").write_text("mine\n")
    words(template, "1209600", "1")
    words(project / "spec" / "lenie.yaml", "14d", "13d")
    before = template.read_text()
    run = Run(capsys, "lenie", "compile", "--out", "my files", "--target", "cfn", "--check")
    assert run.code == 2
    assert f"{template.relative_to(project)}: changed by hand" in run.out
    lines = [line.strip() for line in run.out.splitlines()]
    assert "-      MessageRetentionPeriod: 1" in lines
    assert "+      MessageRetentionPeriod: 1123200" in lines
    assert "not the compiler's, left alone: notes.txt" in run.out
    assert "run: lenie compile --target cfn --out 'my files'\n" in run.err
    assert template.read_text() == before


def test_long_differences_are_cut(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys, "lenie-compile")
    template = next((project / "generated" / "cfn").rglob("*queues.yaml"))
    template.write_text("\n".join(f"line {n}" for n in range(3000)))
    run = Run(capsys, "lenie-compile", "--check")
    assert len(run.out.splitlines()) < 60
    assert " more lines" in run.out


def test_one_environment_has_a_directory_of_its_own(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys, "lenie-compile")
    before = {path: path.read_bytes() for path in (project / "generated").rglob("*") if path.is_file()}
    run = Run(capsys, "lenie-compile", "--env", "prod")
    assert run.code == 0
    assert run.out.startswith("generated/cfn-prod: ")
    assert {path: path.read_bytes() for path in before} == before
    template = next((project / "generated" / "cfn-prod").rglob("*queues.yaml")).read_text()
    assert "lenie-prod-documents" in template


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "lenie-compile", "--format", "json")
    data = json.loads(run.out)
    assert (run.code, run.err, data["exit_code"], data["diagnostics"]) == (0, "", 0, [])
    assert {found["state"] for found in data["files"]} == {"added"}
    assert all((project / found["path"]).is_file() for found in data["files"])
    words(project / "spec" / "lenie.yaml", "14d", "13d")
    data = json.loads(Run(capsys, "lenie-compile", "--format", "json", "--check").out)
    assert data["exit_code"] == 2
    assert [found["code"] for found in data["diagnostics"]] == ["E905"]
    assert "stale" in {found["state"] for found in data["files"]}
    words(project / "spec" / "lenie.yaml", "13d", "13")
    run = Run(capsys, "lenie-compile", "--format", "json")
    data = json.loads(run.out)
    assert (run.code, data["exit_code"], data["files"]) == (1, 1, [])
    assert data["diagnostics"][0]["labels"][0]["line"] == 12
    data = json.loads(Run(capsys, "lenie", "validate", "--format", "json").out)
    assert data["diagnostics"][0]["code"] == "E203"


def test_validate(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "lenie", "validate")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("spec/lenie.yaml: no errors\n1 component, ")
    assert "environments: dev, prod" in run.out
    assert "USD a month" in run.out
    data = json.loads(Run(capsys, "lenie", "validate", "--format", "json").out)
    assert data["environments"] == ["dev", "prod"]
    words(project / "spec" / "lenie.yaml", "14d", "14")
    assert Run(capsys, "lenie", "validate").code == 1
    assert not (project / "generated").exists()


# ---- wrong usage, and trouble ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message", "help"),
    [
        ("lenie-compile --target cnf", 'there is no target "cnf"', 'did you mean "cfn"?'),
        ("lenie-compile --taget cfn", 'there is no option "--taget"', 'did you mean "--target"?'),
        ("lenie-compile --format jsn", '"jsn" is not possible for --format', 'did you mean "json"?'),
        ("lenie-compile --scope some", '"some" is not possible for --scope', "possible: all, default"),
        ("lenie-compile --env prd", 'there is no environment "prd"', 'did you mean "prod"?'),
        ("lenie-compile --env x", 'there is no environment "x"', "environments: dev, prod"),
        ("lenie-compile --spec=", "--spec is empty", "default"),
        ("lenie-compile --out=", "--out is empty", "default"),
        ("lenie-compile --out", "option '--out' requires an argument", "--help"),
        ("lenie-compile more", "unexpected extra argument (more)", "lenie-compile --help"),
        ("lenie valdate", 'there is no command "valdate"', 'did you mean "validate"?'),
        ("lenie explain E3333", 'there is no code "E3333"', 'did you mean "E3'),
        ("lenie compile --cheque", 'there is no option "--cheque"', 'did you mean "--check"?'),
    ],
)
@pytest.mark.usefixtures("project")
def test_wrong_usage(capsys: pytest.CaptureFixture[str], line: str, message: str, help: str) -> None:
    run = Run(capsys, *line.split())
    assert (run.code, run.out) == (3, "")
    first, second, *_ = run.err.splitlines()
    assert first.startswith("error[E901]: ")
    assert message in first
    assert help in second


@pytest.mark.usefixtures("project")
def test_planned_target(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lenie.targets.PLANNED", ("pulumi",))
    run = Run(capsys, "lenie-compile", "--target", "pulumi")
    assert run.code == 3
    assert 'error[E901]: the target "pulumi" does not exist yet' in run.err


def test_no_command_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "lenie")
    assert (run.code, run.out) == (3, "")
    assert run.err.startswith("Usage: lenie")


def test_unreadable_spec(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "lenie-compile", "--spec", "spec/leni.yaml")
    assert (run.code, run.out) == (3, "")
    assert "error[E101]: cannot read spec/leni.yaml: there is no such file" in run.err
    assert 'did you mean "spec/lenie.yaml"?' in run.err
    run = Run(capsys, "lenie-compile", "--spec", "spec")
    assert run.code == 3
    assert "it is a directory" in run.err
    assert Run(capsys, "lenie", "validate", "--spec", "none").code == 3
    assert not (project / "generated").exists()


def test_output_that_cannot_be_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "generated").write_text("mine\n")
    run = Run(capsys, "lenie-compile")
    assert run.code == 3
    assert 'error[E902]: cannot write "generated/cfn": a part of the path is a file' in run.err
    assert Run(capsys, "lenie-compile", "--check").code == 3


def test_foreign_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "generated" / "cfn").mkdir(parents=True)
    (project / "generated" / "cfn" / "README.md").write_text("mine\n")
    run = Run(capsys, "lenie-compile")
    assert run.code == 3
    assert (
        'error[E903]: the compiler would overwrite a file that it did not write: "generated/cfn/README.md"' in run.err
    )
    assert [path.name for path in (project / "generated" / "cfn").iterdir()] == ["README.md"]


def test_files_changed_by_hand(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys, "lenie-compile")
    (project / "generated" / "cfn" / "README.md").write_text("by hand\n")
    run = Run(capsys, "lenie-compile")
    assert run.code == 0
    assert 'warning[W906]: "generated/cfn/README.md" had been changed by hand' in run.err
    dev = project / "generated" / "cfn" / "parameters" / "dev.json"
    dev.write_text("by hand\n")
    words(project / "spec" / "lenie.yaml", "  dev: {production: false}\n", "")
    run = Run(capsys, "lenie-compile")
    assert run.code == 0
    assert 'warning[W907]: "generated/cfn/parameters/dev.json" is no longer generated' in run.err
    assert dev.read_text() == "by hand\n"


@pytest.mark.usefixtures("project")
def test_fault_of_the_compiler(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise KeyError("lost\nkey")

    monkeypatch.setattr("lenie.compiler.build.compile_spec", broken)
    monkeypatch.delenv("LENIE_DEBUG", raising=False)
    run = Run(capsys, "lenie-compile")
    assert (run.code, run.out) == (3, "")
    assert run.err.splitlines()[0].startswith("error[E908]: internal error: KeyError at ")
    assert "please report it" in run.err
    assert "Traceback" not in run.err
    monkeypatch.setenv("LENIE_DEBUG", "1")
    assert "Traceback" in Run(capsys, "lenie-compile").err


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("how", ["text", "chain"])
def test_an_interrupt_that_a_library_has_made_another_error_of(
    how: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            if how == "chain":
                raise RuntimeError("cannot go on") from error
        raise ValueError('Error building "model" validator: KeyboardInterrupt: ')

    monkeypatch.setattr("lenie.compiler.build.compile_spec", broken)
    run = Run(capsys, "lenie-compile")
    assert (run.code, run.out, run.err) == (130, "", "interrupted\n")


# ---- the process -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--version", "--help"])
@pytest.mark.parametrize("name", ["cli import main", "compiling import compile_command"])
def test_starts_without_what_it_does_not_need(option: str, name: str) -> None:
    program = f"""
import sys
from lenie.compiler.{name} as command
try:
    command([{option!r}], prog_name="lenie")
finally:
    loaded = {{module.partition(".")[0] for module in sys.modules}}
    print(sorted(loaded & {{"pydantic", "pydantic_core", "troposphere", "yaml", "rich", "boto3", "jinja2", "cfnlint"}}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    if option == "--version":
        assert done.stdout.startswith(f"lenie {__version__}\n")


@pytest.mark.parametrize(("arguments", "expected"), [(["--target", "cfn"], []), (["--target", "cdk"], ["jinja2"])])
def test_a_compile_loads_only_what_it_needs(project: Path, arguments: list[str], expected: list[str]) -> None:
    program = f"""
import sys
from lenie.compiler.compiling import compile_command
try:
    compile_command({arguments}, prog_name="lenie-compile")
finally:
    loaded = {{module.partition(".")[0] for module in sys.modules}} | set(sys.modules)
    others = {{"lenie.compiler.cli", "lenie.compiler.deploy", "lenie.compiler.local", "lenie.compiler.lint"}}
    print(sorted(loaded & ({{"rich", "boto3", "botocore", "jinja2", "cfnlint", "asyncio"}} | others)))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == str(expected)


def test_hostile_surroundings(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No UTF-8, no writable home, another directory, a name that is not ASCII, a strange time zone."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    spec = elsewhere / "spéc ✓.yaml"
    spec.write_text(SPEC.replace("14d", "14"), encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    environment |= {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "HOME": "/nonexistent", "TZ": "Pacific/Kiritimati"}
    environment["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")
    done = subprocess.run(
        [*COMPILE, "--spec", str(spec)], cwd=project, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"error[E203]" in done.stderr
    assert b"Traceback" not in done.stderr
    spec.write_text(SPEC, encoding="utf-8")
    outputs = []
    for seed in ("1", "2"):
        command = [*COMPILE, "--spec", str(spec), "--out", str(project / seed)]
        done = subprocess.run(
            command, cwd=elsewhere, env={**environment, "PYTHONHASHSEED": seed}, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        files = (path for path in (project / seed).rglob("*") if path.is_file())
        outputs.append({path.relative_to(project / seed): path.read_bytes() for path in files})
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 3


def test_interrupt(project: Path) -> None:
    # A compile that says when it reads the spec, and takes long over it.
    slow = (
        "import time\nimport lenie.compiler.pipeline as pipeline\n"
        "pipeline.load = lambda *_, **__: print('reading', flush=True) or time.sleep(60)"
    )
    command = [sys.executable, "-c", f"{slow}\n{COMPILE[-1]}"]
    with interruptible(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "interrupted\n")


@pytest.mark.parametrize("command", [["explain"], ["schema"]])
def test_closed_pipe(command: list[str]) -> None:
    with subprocess.Popen([*LENIE, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")


def test_full_device(project: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("only Linux has /dev/full")
    with full.open("w") as stream:
        command = [*COMPILE, "--format", "json"]
        done = subprocess.run(command, cwd=project, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("error[E902]: cannot use standard output: the disk is full")
    assert "Exception ignored" not in done.stderr


def test_closed_streams(project: Path) -> None:
    shell = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *COMPILE]
    assert subprocess.run(shell, cwd=project, check=False).returncode == 0
    words(project / "spec" / "lenie.yaml", "14d", "14")
    assert subprocess.run(shell, cwd=project, check=False).returncode == 1


def on_terminal(project: Path, **environment: str) -> str:
    """Return what a compile prints on a terminal."""
    leader, follower = pty.openpty()
    inherited = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        COMPILE, cwd=project, stdout=follower, stderr=follower, env={**inherited, "TERM": "xterm", **environment}
    )
    os.close(follower)
    said = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # Linux tells the end of a terminal in this way
            break
        if not chunk:
            break
        said += chunk
    os.close(leader)
    process.wait()
    return said.decode()


def test_colour_is_for_terminals(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words(project / "spec" / "lenie.yaml", "14d", "14")
    assert "\x1b[" in on_terminal(project)
    assert "\x1b[" not in on_terminal(project, NO_COLOR="1")
    assert "\x1b[" not in on_terminal(project, TERM="dumb")
    assert "\x1b[" not in Run(capsys, "lenie-compile").err


@pytest.mark.slow
def test_the_real_spec_twice(tmp_path: Path) -> None:
    outputs = []
    for seed, spec, cwd in (("1", ROOT / "spec" / "lenie.yaml", tmp_path), ("77", Path("lenie.yaml"), ROOT / "spec")):
        command = [*COMPILE, "--spec", str(spec), "--out", str(tmp_path / seed)]
        done = subprocess.run(
            command, cwd=cwd, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        files = (path for path in (tmp_path / seed).rglob("*") if path.is_file())
        outputs.append({path.relative_to(tmp_path / seed): path.read_bytes() for path in files})
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 36


def test_generated_files_are_current(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    run = Run(capsys, "lenie-compile", "--check")
    assert run.code == 0, run.out + run.err


def test_several_targets_are_compiled(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are named with commas, or one by one; an option with one value takes no second one in silence."""
    assert Run(capsys, "lenie-compile", "--target", "tf,cfn").code == 0
    assert sorted(path.name for path in (project / "generated").iterdir()) == ["cfn", "tf"]
    words(project / "spec" / "lenie.yaml", "14d", "13d")
    stale = Run(capsys, "lenie-compile", "--check", "--target", "tf", "--target", "cfn")
    assert stale.code == 2
    assert "= help: run: lenie-compile --target cfn,tf" in stale.err
    twice = Run(capsys, "lenie-compile", "--env", "dev", "--env", "prod")
    assert twice.code == 3
    assert "error[E901]: --env is given 2 times" in twice.err
