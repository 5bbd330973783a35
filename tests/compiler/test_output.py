"""Writing files: all or nothing, nobody else's file lost, and no moment at which a kill leaves a mixture."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import interruptible

from lenie.compiler import transaction
from lenie.compiler.diagnostics import SpecError
from lenie.compiler.output import MANIFEST, State, check, recorded, strays, write
from lenie.compiler.transaction import STAGING

OLD = {"vpc.yaml": "old vpc\n", "queues.yaml": "queues\n", "parameters/dev.json": "{}\n", "gone/old.yaml": "old\n"}
NEW = {
    "vpc.yaml": "new vpc\n",
    "queues.yaml": "queues\n",
    "parameters/dev.json": "{}\n",
    "modules/new/main.tf": "new\n",
}


def content(directory: Path) -> dict[str, str]:
    """Return all files below `directory`, without the compiler's own list."""
    found = (path for path in directory.rglob("*") if path.is_file())
    named = {path.relative_to(directory).as_posix(): path.read_text() for path in found}
    named.pop(MANIFEST, None)
    return named


def refused(out: Path, files: dict[str, str], code: str) -> str:
    with pytest.raises(SpecError) as caught:
        write(out, "cfn", files)
    assert caught.value.diagnostic.code == code
    return caught.value.diagnostic.message


def script(body: str) -> list[str]:
    """Return the command that runs `body` in a process of its own."""
    start = """
        import json, os, random, signal, sys, time
        from pathlib import Path
        from lenie.compiler.output import write
        OUT = Path(sys.argv[1])
    """
    return [sys.executable, "-c", textwrap.dedent(start) + textwrap.dedent(body)]


def test_first_write(tmp_path: Path) -> None:
    result = write(tmp_path / "a" / "generated", "cfn", OLD)
    assert result.added == tuple(sorted(OLD))
    assert (result.changed, result.removed, result.unchanged) == ((), (), ())
    assert content(tmp_path / "a" / "generated" / "cfn") == OLD


def test_changes(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    result = write(tmp_path, "cfn", NEW)
    assert result.changed == ("vpc.yaml",)
    assert result.added == ("modules/new/main.tf",)
    assert result.removed == ("gone/old.yaml",)
    assert result.unchanged == ("parameters/dev.json", "queues.yaml")
    assert content(tmp_path / "cfn") == NEW
    assert not (tmp_path / "cfn" / "gone").exists()
    assert not (tmp_path / "cfn" / STAGING).exists()


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    files = [path for path in (tmp_path / "cfn").rglob("*") if path.is_file()]
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}
    directory = (tmp_path / "cfn").stat().st_mtime_ns
    result = write(tmp_path, "cfn", OLD)
    assert result.unchanged == tuple(sorted(OLD))
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files} == before
    assert (tmp_path / "cfn").stat().st_mtime_ns == directory


def test_the_list_is_that_of_sha256sum(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    lines = (tmp_path / "cfn" / MANIFEST).read_text().splitlines()
    assert lines == [f"{hashlib.sha256(OLD[name].encode()).hexdigest()}  {name}" for name in sorted(OLD)]


def test_line_ends_and_encoding_are_kept(tmp_path: Path) -> None:
    write(tmp_path, "cfn", {"a.yaml": "zażółć\n→\n"})
    assert (tmp_path / "cfn" / "a.yaml").read_bytes() == "zażółć\n→\n".encode()


def test_modes_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path, "eks", {"a.yaml": "a\n", "create.sh": "#!/bin/sh\n"})
    finally:
        os.umask(before)
    assert (tmp_path / "eks" / "a.yaml").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "eks" / "create.sh").stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize(("lost", "found"), [(0o640, 0o750), (0o600, 0o700), (0o700, 0o700), (0o754, 0o754)])
def test_a_script_that_nobody_may_run_can_be_run_again(tmp_path: Path, lost: int, found: int) -> None:
    files = {"a.yaml": "a\n", "create.sh": "#!/bin/sh\n"}
    write(tmp_path, "eks", files)
    for name in files:
        (tmp_path / "eks" / name).chmod(lost)
    assert write(tmp_path, "eks", files).unchanged == tuple(files)
    assert (tmp_path / "eks" / "create.sh").stat().st_mode & 0o777 == found
    assert (tmp_path / "eks" / "a.yaml").stat().st_mode & 0o777 == lost


def test_nothing_to_write_leaves_nothing(tmp_path: Path) -> None:
    write(tmp_path / "out", "cfn", {})
    assert list(tmp_path.iterdir()) == []
    write(tmp_path, "cfn", OLD)
    write(tmp_path, "cfn", {})
    assert content(tmp_path / "cfn") == {}
    assert not (tmp_path / "cfn" / MANIFEST).exists()


# ---- whose file is it? --------------------------------------------------------------------------------------------


def test_foreign_file_in_the_way(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    foreign = tmp_path / "cfn" / "modules" / "new" / "main.tf"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine\n")
    before = content(tmp_path / "cfn")
    assert "modules/new/main.tf" in refused(tmp_path, NEW, "E903")
    assert content(tmp_path / "cfn") == before


def test_foreign_files_elsewhere_stay(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    (tmp_path / "cfn" / "gone" / "notes.txt").write_text("mine\n")
    (tmp_path / "cfn" / ".terraform").mkdir()
    (tmp_path / "cfn" / ".terraform" / "state").write_text("mine\n")
    write(tmp_path, "cfn", NEW)
    assert content(tmp_path / "cfn") == {**NEW, "gone/notes.txt": "mine\n", ".terraform/state": "mine\n"}
    assert strays(tmp_path / "cfn", NEW) == ["gone/notes.txt"]


def test_same_content_is_adopted(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    (tmp_path / "cfn" / MANIFEST).unlink()
    assert write(tmp_path, "cfn", OLD).unchanged == tuple(sorted(OLD))
    assert (tmp_path / "cfn" / MANIFEST).exists()


def test_edited_file_is_made_again_and_told(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    (tmp_path / "cfn" / "vpc.yaml").write_text("by hand\n")
    result = write(tmp_path, "cfn", NEW)
    assert result.overwritten == ("vpc.yaml",)
    assert content(tmp_path / "cfn") == NEW


def test_edited_orphan_is_kept_and_told(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    (tmp_path / "cfn" / "gone" / "old.yaml").write_text("by hand\n")
    result = write(tmp_path, "cfn", NEW)
    assert result.kept == ("gone/old.yaml",)
    assert content(tmp_path / "cfn") == {**NEW, "gone/old.yaml": "by hand\n"}
    assert write(tmp_path, "cfn", NEW).kept == ()


def test_orphan_that_is_gone_already(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    (tmp_path / "cfn" / "gone" / "old.yaml").unlink()
    assert write(tmp_path, "cfn", NEW).removed == ()
    assert content(tmp_path / "cfn") == NEW


def test_list_after_a_merge(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    other = (tmp_path / "cfn" / MANIFEST).read_text()
    write(tmp_path, "cfn", NEW)
    mine = (tmp_path / "cfn" / MANIFEST).read_text()
    (tmp_path / "cfn" / MANIFEST).write_text(f"<<<<<<< HEAD\n{mine}=======\n{other}>>>>>>> other\n")
    (tmp_path / "cfn" / "vpc.yaml").write_text(OLD["vpc.yaml"])
    (tmp_path / "cfn" / "gone").mkdir()
    (tmp_path / "cfn" / "gone" / "old.yaml").write_text(OLD["gone/old.yaml"])
    result = write(tmp_path, "cfn", NEW)
    assert (result.changed, result.removed, result.overwritten) == (("vpc.yaml",), ("gone/old.yaml",), ())
    assert (tmp_path / "cfn" / MANIFEST).read_text() == mine


@pytest.mark.parametrize("how", ["pipe", "device"])
def test_list_that_would_never_end(tmp_path: Path, how: str) -> None:
    os.mkfifo(tmp_path / MANIFEST) if how == "pipe" else (tmp_path / MANIFEST).symlink_to("/dev/zero")
    with pytest.raises(OSError, match="this is neither a file nor a directory"):
        recorded(tmp_path)


def test_list_cannot_reach_outside(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    victim = tmp_path / "victim"
    victim.write_text("mine\n")
    digest = hashlib.sha256(b"mine\n").hexdigest()
    with (tmp_path / "cfn" / MANIFEST).open("a") as stream:
        stream.write(f"{digest}  ../victim\n{digest}  {victim}\n")
    write(tmp_path, "cfn", NEW)
    assert victim.read_text() == "mine\n"


def test_links_are_foreign(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "dev.json").write_text("mine\n")
    (tmp_path / "cfn").mkdir()
    (tmp_path / "cfn" / "parameters").symlink_to(elsewhere)
    assert "parameters/dev.json" in refused(tmp_path, OLD, "E903")
    (tmp_path / "cfn" / "parameters").unlink()
    (tmp_path / "cfn" / "vpc.yaml").symlink_to(elsewhere / "dev.json")
    assert "vpc.yaml" in refused(tmp_path, OLD, "E903")
    assert (elsewhere / "dev.json").read_text() == "mine\n"


def test_linked_directory_of_output(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write(tmp_path / "out", "cfn", OLD)
    assert content(tmp_path / "real" / "cfn") == OLD


def test_file_becomes_directory_and_back(tmp_path: Path) -> None:
    write(tmp_path, "cfn", {"a": "file\n"})
    write(tmp_path, "cfn", {"a/b/c": "inside\n"})
    assert content(tmp_path / "cfn") == {"a/b/c": "inside\n"}
    write(tmp_path, "cfn", {"a": "file\n"})
    assert content(tmp_path / "cfn") == {"a": "file\n"}
    write(tmp_path, "cfn", {"a/b/c": "inside\n"})
    (tmp_path / "cfn" / "a" / "mine").write_text("mine\n")
    refused(tmp_path, {"a": "file\n"}, "E903")


NAMES = st.sampled_from(["a", "b", "c", "a/x", "a/y", "d/e/f", "d/e", "d/g"])


def possible(files: dict[str, str]) -> bool:
    """Whether no path is both a file and a directory."""
    return not any(other.startswith(f"{name}/") for name in files for other in files)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(NAMES, st.sampled_from(["1\n", "2\n"])).filter(possible), min_size=1, max_size=4))
def test_any_sequence_ends_with_exactly_the_last(
    tmp_path_factory: pytest.TempPathFactory, runs: list[dict[str, str]]
) -> None:
    out = tmp_path_factory.mktemp("sequence")
    for files in runs:
        write(out, "cfn", files)
        assert content(out / "cfn") == files
        directories = [path for path in out.rglob("*") if path.is_dir() and path != out / "cfn"]
        assert all(any(path.iterdir()) for path in directories)


# ---- --check -------------------------------------------------------------------------------------------------------


def test_check_tells_every_state_and_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "cfn", {**OLD, "by-hand.yaml": "x\n", "gone/edited.yaml": "x\n"})
    cfn = tmp_path / "cfn"
    (cfn / "by-hand.yaml").write_text("y\n")
    (cfn / "gone" / "edited.yaml").write_text("y\n")
    (cfn / "foreign.yaml").write_text("mine\n")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    plan, interrupted = check(tmp_path, "cfn", {**NEW, "by-hand.yaml": "z\n", "foreign.yaml": "z\n"})
    assert not interrupted
    assert not plan.current
    assert dict(plan.states) == {
        "by-hand.yaml": State.EDITED,
        "foreign.yaml": State.FOREIGN,
        "gone/edited.yaml": State.EDITED_ORPHAN,
        "gone/old.yaml": State.ORPHAN,
        "modules/new/main.tf": State.MISSING,
        "parameters/dev.json": State.UNCHANGED,
        "queues.yaml": State.UNCHANGED,
        "vpc.yaml": State.STALE,
    }
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_check_of_what_was_just_written(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    plan, _ = check(tmp_path, "cfn", OLD)
    assert plan.current
    with (tmp_path / "cfn" / MANIFEST).open("a") as stream:
        stream.write("x\n")
    plan, _ = check(tmp_path, "cfn", OLD)
    assert not plan.current


def test_check_without_a_directory(tmp_path: Path) -> None:
    plan, _ = check(tmp_path / "none", "cfn", OLD)
    assert set(plan.states.values()) == {State.MISSING}
    assert list(tmp_path.iterdir()) == []


# ---- what can go wrong ---------------------------------------------------------------------------------------------


def test_output_directory_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine\n")
    assert "not a directory" in refused(tmp_path / "out", OLD, "E902")
    (tmp_path / "cfn").write_text("mine\n")
    refused(tmp_path, OLD, "E902")
    with pytest.raises(SpecError):
        check(tmp_path, "cfn", OLD)
    assert (tmp_path / "cfn").read_text() == "mine\n"


def test_failing_to_take_back_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "cfn", OLD)
    real = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if self.name.startswith(("new-2", "old-")):
            raise OSError(errno.EIO, "input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    assert "could not be taken back" in refused(tmp_path, NEW, "E902")
    monkeypatch.undo()
    assert check(tmp_path, "cfn", OLD)[1]
    write(tmp_path, "cfn", NEW)
    assert content(tmp_path / "cfn") == NEW


def test_name_that_is_too_long(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    assert "too long" in refused(tmp_path, {**NEW, "x" * 300: "x"}, "E902")
    assert content(tmp_path / "cfn") == OLD


@pytest.mark.parametrize("kind", ["replace", "unlink", "mkdir"])
@pytest.mark.parametrize("number", range(6))
def test_failing_move_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, number: int) -> None:
    write(tmp_path, "cfn", OLD)
    real = getattr(Path, kind)
    calls = 0

    def failing(self: Path, *arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == number + 1:
            raise OSError(errno.EIO, "input/output error")
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, kind, failing)
    codes = []
    try:
        write(tmp_path, "cfn", NEW)
    except SpecError as error:
        codes.append(error.diagnostic.code)
    expected = OLD if codes else NEW
    assert codes in ([], ["E902"])
    monkeypatch.undo()
    assert content_of_all(tmp_path / "cfn") == expected
    write(tmp_path, "cfn", expected)
    assert content(tmp_path / "cfn") == expected
    assert check(tmp_path, "cfn", expected)[0].current
    assert not (tmp_path / "cfn" / STAGING).exists()


CRASHES = """
    OLD, NEW = json.loads(sys.argv[2]), json.loads(sys.argv[3])
    import io, shutil
    from lenie.compiler import transaction
    def crashing(owner, name, limit):
        real = getattr(owner, name)
        def call(*arguments, **options):
            crashing.left -= 1
            if crashing.left == 0:
                os._exit(9)
            return real(*arguments, **options)
        setattr(owner, name, call)
    number = int(sys.argv[4])
    while True:
        shutil.rmtree(OUT, ignore_errors=True)
        write(OUT, "cfn", OLD)
        child = os.fork()
        if child == 0:
            crashing.left = number
            for owner, name in ((Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (Path, "rmdir"), (os, "link"),
                                (os, "fsync"), (shutil, "rmtree"), (os, "open")):
                crashing(owner, name, number)
            if int(sys.argv[5]):
                real_forward = transaction._forward
                def forward(directory, steps):
                    real_forward(directory, steps)
                    raise OSError(5, "input/output error")
                transaction._forward = forward
            try:
                write(OUT, "cfn", NEW)
            except Exception:
                os._exit(1)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps([number, status]), flush=True)
        if sys.stdin.readline() != "next\\n" or status != 9:
            break
        number += 1
"""


@pytest.mark.parametrize("undoing", [0, 1], ids=["forward", "taken-back"])
def test_killed_at_every_step(tmp_path: Path, undoing: int) -> None:
    """A process is ended before each of its file operations in turn; the next run always finds its way."""
    import json

    command = [*script(CRASHES), str(tmp_path), json.dumps(OLD), json.dumps(NEW), "1", str(undoing)]
    steps: dict[str, int] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            number, status = json.loads(line)
            if status != 9:
                break
            before = content_of_all(tmp_path / "cfn")
            pending = transaction.interrupted(tmp_path / "cfn")
            if not pending:
                assert before in (OLD, NEW), f"a mixture after step {number}"
            with transaction.lock(tmp_path / "cfn"):
                transaction.recover(tmp_path / "cfn")
            after = content(tmp_path / "cfn")
            assert after in (OLD, NEW), f"a mixture after step {number}"
            assert check(tmp_path, "cfn", after)[0].current, f"the list is wrong after step {number}"
            assert write(tmp_path, "cfn", NEW).overwritten == ()
            assert content(tmp_path / "cfn") == NEW
            state = "old" if after == OLD else "new"
            steps[state] = steps.get(state, 0) + 1
            process.stdin.write("next\n")
            process.stdin.flush()
        process.stdin.close()
    assert steps.get("old", 0) > 5
    assert steps.get("new", 0) > 5 or undoing


def content_of_all(directory: Path) -> dict[str, str]:
    """Return all files below `directory` that are not staged."""
    return {name: text for name, text in content(directory).items() if not name.startswith(STAGING)}


def test_killed_at_random(tmp_path: Path) -> None:
    body = """
        turn = 0
        while True:
            turn += 1
            write(OUT, "cfn", {f"{n % 7}/{n}.yaml": f"{turn % 2}\\n" * 50 for n in range(40)})
            print(turn, flush=True)
    """
    chance = random.Random(4)
    for _ in range(12):
        with subprocess.Popen([*script(body), str(tmp_path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            time.sleep(chance.random() * 0.05)
            process.send_signal(signal.SIGKILL)
        with transaction.lock(tmp_path / "cfn"):
            transaction.recover(tmp_path / "cfn")
        found = content(tmp_path / "cfn")
        assert len(found) == 40
        assert len(set(found.values())) == 1
        assert check(tmp_path, "cfn", found)[0].current


def test_changes_made_after_a_kill_are_kept(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    directory = tmp_path / "cfn"
    staging = directory / STAGING
    staging.mkdir()
    (staging / "new-0").write_text("new vpc\n")
    old, new = (hashlib.sha256(text.encode()).hexdigest() for text in ("old vpc\n", "new vpc\n"))
    (staging / "journal.json").write_text(f'[["vpc.yaml", "{new}", "{old}"]]')
    (directory / "vpc.yaml").write_text("by hand\n")
    assert check(tmp_path, "cfn", OLD)[1]
    assert write(tmp_path, "cfn", NEW).overwritten == ("vpc.yaml",)


def test_journal_that_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    (tmp_path / "cfn" / STAGING).mkdir()
    (tmp_path / "cfn" / STAGING / "journal.json").write_text("{")
    assert STAGING in refused(tmp_path, NEW, "E902")
    assert content_of_all(tmp_path / "cfn") == OLD


def test_interrupt_waits_for_the_moves(tmp_path: Path) -> None:
    write(tmp_path, "cfn", OLD)
    body = """
        real = Path.replace
        def slow(self, target):
            print("moving", flush=True)
            time.sleep(0.1)
            return real(self, target)
        Path.replace = slow
        try:
            write(OUT, "cfn", {name: "new\\n" for name in ("vpc.yaml", "queues.yaml", "a", "b")})
        except KeyboardInterrupt:
            sys.exit(130)
    """
    with interruptible([*script(body), str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline() == "moving\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130
    assert set(content(tmp_path / "cfn")) == {"vpc.yaml", "queues.yaml", "a", "b"}
    assert set(content(tmp_path / "cfn").values()) == {"new\n"}


def test_two_at_once(tmp_path: Path) -> None:
    body = """
        for turn in range(15):
            write(OUT, "cfn", {f"{n}.yaml": sys.argv[2] * 100 for n in range(20)})
    """
    running = [subprocess.Popen([*script(body), str(tmp_path), word]) for word in ("a", "b", "c")]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    assert len(set(content(tmp_path / "cfn").values())) == 1
    assert check(tmp_path, "cfn", content(tmp_path / "cfn"))[0].current


def test_waits_only_so_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = transaction.lock
    monkeypatch.setattr(transaction, "lock", lambda path, **options: real(path, wait=0.1, **options))
    (tmp_path / "cfn").mkdir()
    with real(tmp_path / "cfn"):
        assert "another compile" in refused(tmp_path, OLD, "E904")
        with pytest.raises(SpecError):
            check(tmp_path, "cfn", OLD)
    write(tmp_path, "cfn", OLD)


REFUSED = """
    from lenie.compiler.diagnostics import SpecError
    {before}
    try:
        write(OUT, "cfn", {{**json.loads(sys.argv[2]), "large.yaml": "x" * 200_000}})
    except SpecError as error:
        print(error.diagnostic.code, error.diagnostic.message)
"""


def test_file_size_limit(tmp_path: Path) -> None:
    import json

    write(tmp_path, "cfn", OLD)
    before = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))"
    command = [*script(REFUSED.format(before=before)), str(tmp_path), json.dumps(NEW)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith("E902")
    assert content(tmp_path / "cfn") == OLD
    assert not (tmp_path / "cfn" / STAGING).exists()


def test_full_disk(tmp_path: Path) -> None:
    """A real, very small file system; it needs the right to mount one in a namespace of its own."""
    import json

    inside = f'mount -t tmpfs -o size=128k none "{tmp_path}" && exec "$@"'
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inside, "sh"]
    try:
        allowed = subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        pytest.skip("no file system can be mounted here")
    before = 'write(OUT, "cfn", {"vpc.yaml": "old vpc\\n"})'
    after = '\n    print((OUT / "cfn" / "vpc.yaml").read_text(), sorted(p.name for p in (OUT / "cfn").iterdir()))'
    command = [*unshare, *script(REFUSED.format(before=before) + after), str(tmp_path), json.dumps(NEW)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.stdout.startswith("E902")
    assert "the disk is full; nothing was changed" in said.stdout
    assert "old vpc\n ['.lenie-manifest', 'vpc.yaml']" in said.stdout


def test_no_permission(tmp_path: Path) -> None:
    import json

    write(tmp_path, "cfn", OLD)
    before = ""
    if os.geteuid() == 0:  # root may write everywhere, so the process becomes somebody else
        before = "os.setgid(65534); os.setuid(65534)"
        for parent in (tmp_path, *tmp_path.parents):
            if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001 and "pytest" in str(parent):
                parent.chmod(0o755)
    (tmp_path / "cfn" / "gone").chmod(0o555)
    (tmp_path / "cfn").chmod(0o555)
    command = [*script(REFUSED.format(before=before)), str(tmp_path), json.dumps(NEW)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    (tmp_path / "cfn").chmod(0o755)
    (tmp_path / "cfn" / "gone").chmod(0o755)
    assert "permission denied; nothing was changed" in said.stdout, said.stderr
    assert content(tmp_path / "cfn") == OLD
