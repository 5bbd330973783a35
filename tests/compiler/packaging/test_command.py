"""`lenie package`: what is built, kept and told, and what interrupts it."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging_support import LENIE, Project, wheel
from processes import interruptible

from lenie.compiler.cli import main
from lenie.compiler.diagnostics import SpecError
from lenie.compiler.packaging import command, limits, store
from lenie.compiler.packaging.command import package
from lenie.compiler.transaction import lock


class Run:
    """What a command line did."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as exited:
            main.main(["package", "--spec", "spec/demo.yaml", *arguments], prog_name="lenie")
        self.code = exited.value.code
        self.out, self.err = capsys.readouterr()


def states(run: Run) -> dict[str, str]:
    """Return name of the package -> its state."""
    assert run.code == 0, run.err
    return {Path(line.split()[0]).parent.name: line.rpartition("unzipped  ")[2] for line in run.out.splitlines()}


def test_everything(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys)
    assert run.err == ""
    assert states(run) == {"tools": "built", "count": "built", "fetch": "built"}
    assert project.names(project.only("lambdas/count/*.zip")) == ["handler.py"]
    assert project.names(project.only("lambdas/fetch/*.zip")) == ["handler.py", "library/__init__.py"]
    assert project.names(project.only("layers/tools/*.zip")) == [
        "python/colours-1.0.dist-info/METADATA",
        "python/colours-1.0.dist-info/WHEEL",
        "python/colours/__init__.py",
    ]
    assert not list(project.packages.glob(".staging"))


def test_what_did_not_change_is_not_built_again(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys)
    before = {path: path.stat().st_mtime_ns for path in project.packages.rglob("*.zip")}
    assert set(states(Run(capsys)).values()) == {"unchanged"}
    assert {path: path.stat().st_mtime_ns for path in project.packages.rglob("*.zip")} == before
    (project.root / "lambdas/library/__init__.py").write_text("SHARED = False\n")
    assert states(Run(capsys)) == {"tools": "unchanged", "count": "unchanged", "fetch": "built"}
    project.requirements.write_text("colours==1.0  # the same, and another digest\n")
    assert states(Run(capsys)) == {"tools": "built", "count": "unchanged", "fetch": "unchanged"}
    tools = sorted(project.packages.glob("layers/tools/*.zip"))
    assert len(tools) == 2
    assert tools[0].read_bytes() == tools[1].read_bytes()


def test_names_bring_their_layers(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert states(Run(capsys, "fetch")) == {"tools": "built", "fetch": "built"}
    assert states(Run(capsys, "count", "tools")) == {"tools": "unchanged", "count": "built"}


def test_an_unknown_name(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "fecth")
    assert (run.code, run.out) == (3, "")
    assert run.err == 'error[E901]: there is no function or layer "fecth"\n  = help: did you mean "fetch"?\n\n'
    assert not project.packages.exists()


def test_errors_in_the_spec_come_first(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.change_spec("timeout: 10s", "timeout: 10")
    run = Run(capsys)
    assert run.code == 1
    assert "error[E203]" in run.err
    assert "spec/demo.yaml:" in run.err


def test_the_keys_are_those_of_the_generated_files(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys)
    with pytest.raises(SystemExit):
        main.main(["compile", "--spec", "spec/demo.yaml", "--target", "cfn"], prog_name="lenie")
    manifest = json.loads((project.root / "generated/cfn/manifest.json").read_text())
    wanted = {key for component in manifest["components"] for key in component["packages"]}
    found = {path.relative_to(project.packages).as_posix() for path in project.packages.rglob("*.zip")}
    assert len(wanted) == 3
    assert found == wanted


def test_the_manifest(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys, "fetch")
    manifest = json.loads((project.packages / "manifest.json").read_text())
    assert (manifest["project"], manifest["variant"]) == ("demo", "lambda")
    assert [entry["name"] for entry in manifest["packages"]] == ["tools", "fetch"]
    Run(capsys, "count")
    tools, count, fetch = json.loads((project.packages / "manifest.json").read_text())["packages"]
    assert (tools["kind"], tools["runtime"], tools["architecture"]) == ("layer", "python3.13", "x86_64")
    assert (count["kind"], count["handler"], count["layers"]) == ("function", "handler.lambda_handler", [])
    assert fetch["layers"] == ["tools"]
    for entry in (tools, count, fetch):
        path = project.packages / entry["file"]
        assert entry["file"] == entry["key"]
        assert path.stat().st_size == entry["size"]


def test_json(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(Run(capsys, "--format", "json", "count").out)
    assert (data["exit_code"], data["diagnostics"], data["variant"]) == (0, [], "lambda")
    assert [(entry["name"], entry["state"], entry["upload"]) for entry in data["packages"]] == [
        ("count", "built", None)
    ]
    project.requirements.write_text("colours\n")
    run = Run(capsys, "--format", "json")
    data = json.loads(run.out)
    assert (run.code, data["exit_code"]) == (1, 1)
    assert [found["code"] for found in data["diagnostics"]] == ["E701"]


def test_the_host_variant(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    tag = "cp{}{}".format(*sys.version_info)
    wheel(project.wheels, "colours", tag="cp313-cp313-manylinux_2_17_x86_64")
    assert states(Run(capsys, "--host")) == {"tools": "built", "count": "built", "fetch": "built"}
    assert states(Run(capsys)) == {"tools": "built", "count": "built", "fetch": "built"}
    host, deployed = project.only("host/layers/tools/*.zip"), project.only("layers/tools/*.zip")
    assert host.name.startswith(f"{deployed.stem}-{tag}-")
    for name in ("count", "fetch"):
        one, other = project.only(f"host/lambdas/{name}/*.zip"), project.only(f"lambdas/{name}/*.zip")
        assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())
    manifest = json.loads((project.packages / "host/manifest.json").read_text())
    assert manifest["variant"] == "host"
    assert manifest["note"] == (
        "For running on this machine only: the layers hold wheels for its interpreter, not for Lambda."
    )
    assert manifest["interpreter"]["executable"] == sys.executable
    assert json.loads((project.packages / "manifest.json").read_text())["variant"] == "lambda"


def test_the_host_variant_needs_no_runtime_of_lambda(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.change_spec("tools: {kind: layer, runtime: python3.13", 'tools: {kind: layer, runtime: "${param.runtime}"')
    assert states(Run(capsys, "--host", "tools")) == {"tools": "built"}
    run = Run(capsys, "tools")
    assert run.code == 1
    assert 'error[E702]: the runtime of the layer "tools" is known at its deployment only' in run.err
    assert '"${param.runtime}"' in run.err
    assert "write the runtime as text" in run.err


def test_packages_run_on_the_host(project: Project, tmp_path: Path) -> None:
    handler = (
        "import colours, library\ndef lambda_handler(event, context):\n    return colours.VERSION, library.SHARED\n"
    )
    (project.root / "lambdas/fetch/handler.py").write_text(handler)
    built = package(project.spec, project.packages, host=True)
    code = "import sys; sys.path[:0] = sys.argv[1:]; import handler; print(handler.lambda_handler({}, None))"
    for name in ("tools", "fetch"):
        subprocess.run([sys.executable, "-m", "zipfile", "-e", built[name].file, tmp_path / "x" / name], check=True)
    paths = [str(tmp_path / "x/fetch"), str(tmp_path / "x/tools/python")]
    done = subprocess.run([sys.executable, "-I", "-c", code, *paths], capture_output=True, text=True)
    assert done.stdout == "('1.0', True)\n", done.stderr


# ---- what cannot be built --------------------------------------------------------------------------------------------


def test_requirements_are_shown_where_they_are_wrong(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.requirements.write_text("# ours\ncolours>=1\n")
    run = Run(capsys)
    assert run.code == 1
    assert 'error[E701]: "colours" is not pinned: two builds could hold two versions of it' in run.err
    assert "--> lambdas/layers/tools/requirements.txt:2:1" in run.err
    assert "2 | colours>=1" in run.err


def test_missing_requirements(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.requirements.unlink()
    run = Run(capsys)
    assert run.code == 1
    assert 'error[E323]: the layer "tools" has no ../lambdas/layers/tools/requirements.txt' in run.err


def test_pips_words(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.requirements.write_text("colours==7.5\n")
    run = Run(capsys)
    assert run.code == 3
    assert 'error[E910]: pip could not fill the layer "tools" for cp313-x86_64' in run.err
    assert "1 | colours==7.5" in run.err
    assert "No matching distribution found for colours==7.5" in run.err
    assert "Traceback" not in run.err
    assert not list(project.packages.rglob("*.zip"))


def test_a_layer_of_files(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands beside requirements.txt belongs to the layer, too."""
    data = project.requirements.parent / "python/words.txt"
    data.parent.mkdir()
    data.write_text("red\n")
    assert states(Run(capsys, "tools")) == {"tools": "built"}
    assert "python/words.txt" in project.names(project.only("layers/tools/*.zip"))
    clash = project.requirements.parent / "python/colours/__init__.py"
    clash.parent.mkdir()
    clash.write_text("MINE = 1\n")
    run = Run(capsys, "tools")
    assert run.code == 1
    assert 'error[E702]: two files of "tools" would be python/colours/__init__.py in its package' in run.err


def test_a_library_of_its_own_is_not_hidden(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    own = project.root / "lambdas/fetch/library/__init__.py"
    own.parent.mkdir()
    own.write_text("MINE = 1\n")
    run = Run(capsys)
    assert run.code == 1
    assert 'error[E702]: two files of "fetch" would be library/__init__.py in its package' in run.err


def test_an_empty_layer(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.requirements.write_text("# nothing yet\n")
    run = Run(capsys)
    assert run.code == 1
    assert 'error[E702]: the package of "tools" would be empty' in run.err
    assert "help: list packages in requirements.txt" in run.err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "count: {kind: function, runtime: python3.13",
            "count: {kind: function, runtime: java21",
            "compiled for java21",
        ),
        (
            "tools: {kind: layer, runtime: python3.13",
            "tools: {kind: layer, runtime: nodejs24.x",
            "a layer for nodejs24.x",
        ),
    ],
)
def test_what_is_not_python(
    project: Project, capsys: pytest.CaptureFixture[str], old: str, new: str, words: str
) -> None:
    project.change_spec(old, new)
    # E351 would tell first that functions in Python use the layer.
    project.change_spec("layers: [tools]", "layers: [tools]\n        waive: {E351: it holds no code}")
    run = Run(capsys)
    assert run.code == 1
    assert "error[E702]" in run.err
    assert words in run.err
    assert not project.packages.exists()


def test_too_large(project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    wheel(project.wheels, "heavy", files={"heavy/data.txt": "x" * 5000})
    project.requirements.write_text("colours==1.0\nheavy==1.0\n")
    (entry,) = json.loads(Run(capsys, "tools", "--format", "json").out)["packages"]
    monkeypatch.setattr(limits, "UNZIPPED", entry["unzipped"])
    assert states(Run(capsys, "tools")) == {"tools": "unchanged"}
    run = Run(capsys)
    assert run.code == 1
    assert 'error[E703]: "fetch" with its layers is 5.' in run.err
    assert "the largest in it: heavy 5." in run.err
    assert "spec/demo.yaml:" in run.err
    assert run.err.count("error[") == 1
    monkeypatch.setattr(limits, "UNZIPPED", entry["unzipped"] - 1)
    run = Run(capsys, "--format", "json")
    (found,) = json.loads(run.out)["diagnostics"]
    assert found["message"].endswith("unzipped, 1 byte more than Lambda takes")
    assert found["message"].startswith('the layer "tools" is ')


def test_a_spec_without_functions(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    text = project.spec.read_text()
    project.spec.write_text(text[: text.index("  tools:\n    layer")])
    run = Run(capsys)
    assert (run.code, run.out) == (0, "the spec has no functions and no layers\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--upload"], "--upload needs --env"),
        (["--env", "dev"], "--env is for --upload only"),
        (["--bucket", "b"], "--bucket is for --upload only"),
        (["--replace"], "--replace is for --upload only"),
        (["--upload", "--env", "dev", "--host"], "packages for this machine are not for the bucket"),
        (["--upload", "--env", "stage"], 'there is no environment "stage"'),
        (["--out", ""], "--out is empty"),
        (
            ["--upload", "--env", "dev", "--endpoint-url", "http://example.com"],
            "--endpoint-url takes an address of this",
        ),
        (["--upload", "--env", "dev", "--endpoint-url", "127.0.0.1:5000"], "--endpoint-url takes an address of this"),
        (["--upload", "--env", "dev", "--endpoint-url", "http://127.0.0.1.example.com"], "--endpoint-url takes"),
    ],
)
def test_usage(project: Project, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    run = Run(capsys, *arguments)
    assert run.code == 3
    assert run.err.startswith("error[E901]: " + words)
    assert not project.packages.exists()


# ---- the disk, other runs, interrupts --------------------------------------------------------------------------------


def test_a_damaged_package_is_built_again(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys)
    path = project.only("lambdas/count/*.zip")
    whole = path.read_bytes()
    for damage in (whole[:-10], whole[:45] + b"?" + whole[46:], b"", whole + whole):
        path.write_bytes(damage)
        assert states(Run(capsys))["count"] == "built"
        assert path.read_bytes() == whole


def test_another_whole_zip_in_its_place_is_noticed(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys)
    count, fetch = (project.only(f"lambdas/{name}/*.zip") for name in ("count", "fetch"))
    count.write_bytes(fetch.read_bytes())
    assert states(Run(capsys))["count"] == "built"
    assert project.names(count) == ["handler.py"]


@pytest.mark.parametrize("record", [None, "", "[]", "{", '{"lambdas": ["x"]}', "{}"])
def test_a_zip_that_no_record_knows_is_built_anew(
    project: Project, capsys: pytest.CaptureFixture[str], record: str | None
) -> None:
    """A function would be deployed from it, under the digest of sources that it may not hold."""
    Run(capsys)
    count, fetch = (project.only(f"lambdas/{name}/*.zip") for name in ("count", "fetch"))
    count.write_bytes(fetch.read_bytes())
    (project.packages / "manifest.json").unlink()
    (project.packages / ".built.json").unlink()
    if record is not None:
        (project.packages / ".built.json").write_text(record)
    assert set(states(Run(capsys)).values()) == {"built"}
    assert project.names(count) == ["handler.py"]
    assert set(states(Run(capsys)).values()) == {"unchanged"}


def test_what_was_built_for_other_sources_is_found_again(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    handler = project.root / "lambdas/count/handler.py"
    first = handler.read_text()
    Run(capsys)
    handler.write_text(first + "MORE = 1\n")
    assert states(Run(capsys))["count"] == "built"
    handler.write_text(first)
    assert states(Run(capsys))["count"] == "unchanged"


def test_a_manifest_that_cannot_be_read_is_written_anew(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys)
    for text in ("", "{", "[]", '{"packages": 1}', '{"packages": [1]}'):
        (project.packages / "manifest.json").write_text(text)
        assert set(states(Run(capsys)).values()) == {"unchanged"}
        assert len(json.loads((project.packages / "manifest.json").read_text())["packages"]) == 3


def limited(size: int) -> Callable[[], None]:
    """Return what lets a process write files of up to `size` bytes only, as a full disk would."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk(project: Project) -> None:
    (project.root / "lambdas/count/noise.bin").write_bytes(os.urandom(100_000))
    arguments = [*LENIE, "package", "--spec", "spec/demo.yaml", "count"]
    done = subprocess.run(arguments, capture_output=True, text=True, preexec_fn=limited(50_000))
    assert done.returncode == 3
    assert done.stderr.startswith("error[E902]: cannot use ")
    assert "a file would be larger than allowed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(project.packages.rglob("*.zip"))
    assert not (project.packages / ".staging").exists()
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_full_disk_under_pip(project: Project) -> None:
    wheel(project.wheels, "heavy", files={"heavy/data.txt": os.urandom(60_000).hex()})
    project.requirements.write_text("heavy==1.0\n")
    arguments = [*LENIE, "package", "--spec", "spec/demo.yaml", "tools"]
    done = subprocess.run(arguments, capture_output=True, text=True, preexec_fn=limited(50_000))
    assert done.returncode == 3
    assert "error[E910]: pip could not fill the layer" in done.stderr
    assert "File too large" in done.stderr
    assert not list(project.packages.rglob("*.zip"))


def test_a_file_in_the_place_of_the_directory(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / "build").write_text("mine\n")
    run = Run(capsys)
    assert run.code == 3
    assert run.err.startswith("error[E902]: cannot use ")
    assert (project.root / "build").read_text() == "mine\n"


SLOW_PIP = """\
import os, sys, time
open(os.environ["STARTED"], "w").close()
time.sleep(60)
"""


def slow_pip(project: Project) -> dict[str, str]:
    """Return an environment in which pip only waits."""
    (project.root / "shadow/pip").mkdir(parents=True)
    (project.root / "shadow/pip/__init__.py").write_text("")
    (project.root / "shadow/pip/__main__.py").write_text(SLOW_PIP)
    started = project.root / "started"
    return {**os.environ, "PYTHONPATH": str(project.root / "shadow"), "STARTED": str(started)}


def wait_for(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_interrupt_leaves_nothing_half_done(project: Project) -> None:
    arguments = [*LENIE, "package", "--spec", "spec/demo.yaml"]
    with interruptible(arguments, env=slow_pip(project), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for((project.root / "started").exists)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", "interrupted\n")
    assert not list(project.packages.rglob("*.zip"))
    assert not (project.packages / ".staging").exists()


def test_what_a_killed_run_left_is_removed(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*LENIE, "package", "--spec", "spec/demo.yaml"]
    with interruptible(
        arguments, env=slow_pip(project), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        wait_for((project.root / "started").exists)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
        process.wait(20)
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    assert (project.packages / ".staging").exists()
    assert states(Run(capsys)) == {"tools": "built", "count": "built", "fetch": "built"}
    assert not (project.packages / ".staging").exists()


def test_two_runs_at_once_take_turns(project: Project) -> None:
    arguments = [*LENIE, "package", "--spec", "spec/demo.yaml"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    runs = [subprocess.Popen(arguments, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    told = [process.communicate(timeout=60) for process in runs]
    assert [process.returncode for process in runs] == [0, 0, 0], told
    built = sum(out.count("unzipped  built") for out, _ in told)
    assert built == 3
    assert len(list(project.packages.rglob("*.zip"))) == 3


def test_another_run_that_does_not_end(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.packages.mkdir(parents=True)
    monkeypatch.setitem(store.opened.__wrapped__.__kwdefaults__, "wait", 0.1)  # type: ignore[attr-defined]
    with lock(project.packages):
        run = Run(capsys)
    assert run.code == 3
    assert run.err.startswith('waiting for another lenie package in "build/packages"\nerror[E904]: ')


def test_a_bar_on_a_terminal(project: Project) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    arguments = [*LENIE, "package", "--spec", "spec/demo.yaml"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:
                break
            if not data:
                break
            shown += data
        assert process.wait(30) == 0
    os.close(ours)
    assert b"building tools" in shown
    assert b"/3" in shown


def test_no_bar_elsewhere(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert Run(capsys, "count").err == ""


def test_for_programs(project: Project) -> None:
    found = package(project.spec, project.packages, names=["count"])
    assert [one.cached for one in found.values()] == [False]
    assert found["count"].file == project.only("lambdas/count/*.zip")
    project.change_spec("timeout: 10s", "timeout: 10")
    with pytest.raises(SpecError):
        package(project.spec, project.packages)
    assert command.HOST == "host"
