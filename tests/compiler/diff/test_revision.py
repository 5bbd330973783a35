"""The old spec comes from git, with its own sources, whatever the working tree looks like; faults take one line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from support_diff import Repository

from lenie.compiler.diagnostics import SpecError
from lenie.compiler.diff.revision import compiled
from lenie.compiler.expressions import Value

SPEC = """\
version: 1
project: demo
region: us-east-1
code: ../lambdas
layers: [base]
environments:
  dev: {production: false}
components:
  main:
    layer: base
    resources:
      artifacts: {kind: bucket, purpose: artifacts}
      size: {kind: function, code: size, runtime: python3.13, bucket: artifacts, timeout: 10s, logs: 14d}
"""
HANDLER = "def lambda_handler(event, context):\n    return 1\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    found = Repository(tmp_path / "project")
    found.spec.write_text(SPEC, encoding="utf-8")
    (found.directory / "lambdas" / "size").mkdir(parents=True)
    (found.directory / "lambdas" / "size" / "handler.py").write_text(HANDLER)
    found.commit()
    return found


def key(spec: Path, name: str) -> Value:
    """Return the key of the function's package in a revision; it holds the digest of the sources."""
    with compiled(spec, name) as run:
        assert run.graph is not None
        code = run.graph.components["main"].resources["SizeFunction"].properties["Code"]
    assert isinstance(code, dict)
    return code["S3Key"]


def fault(spec: Path, name: str) -> tuple[str, str, str]:
    with pytest.raises(SpecError) as raised, compiled(spec, name):
        pass
    found = raised.value.diagnostic
    return found.code, found.message, found.help


def test_sources_are_those_of_the_revision(repository: Repository) -> None:
    from lenie.compiler.pipeline import front

    old = key(repository.spec, "HEAD")
    source = repository.directory / "lambdas" / "size" / "handler.py"
    source.write_text(HANDLER.replace("1", "2"))
    repository.replace("project: demo", "project: other")
    before = repository.git("status", "--porcelain")
    assert key(repository.spec, "main") == old
    assert repository.git("status", "--porcelain") == before != ""
    graph = front(repository.spec).graph
    assert graph is not None
    code = graph.components["main"].resources["SizeFunction"].properties["Code"]
    assert isinstance(code, dict)
    assert code["S3Key"] != old
    repository.git("checkout", "--", ".")
    graph = front(repository.spec).graph
    assert graph is not None
    code = graph.components["main"].resources["SizeFunction"].properties["Code"]
    assert isinstance(code, dict)
    assert code["S3Key"] == old


def test_places_name_the_revision(repository: Repository) -> None:
    with compiled(repository.spec, "HEAD") as run:
        assert run.tree is not None
        assert run.tree.file == "HEAD:spec/lenie.yaml"


def test_what_export_leaves_out_counts(repository: Repository) -> None:
    """Attributes for archives do not apply: a checkout has these files."""
    old = key(repository.spec, "HEAD")
    (repository.directory / ".gitattributes").write_text("lambdas export-ignore\n*.py export-subst\n")
    repository.commit()
    assert key(repository.spec, "HEAD") == old


def test_line_ends_are_those_of_a_checkout(repository: Repository) -> None:
    source = repository.directory / "lambdas" / "size" / "handler.py"
    (repository.directory / ".gitattributes").write_text("*.py text eol=crlf\n")
    source.write_bytes(HANDLER.replace("\n", "\r\n").encode())
    repository.commit()
    assert (
        b"\r"
        not in subprocess.run(
            ["git", "-C", str(repository.directory), "cat-file", "blob", "HEAD:lambdas/size/handler.py"],
            capture_output=True,
            check=True,
        ).stdout
    )
    from lenie.compiler.pipeline import front

    graph = front(repository.spec).graph
    assert graph is not None
    code = graph.components["main"].resources["SizeFunction"].properties["Code"]
    assert isinstance(code, dict)
    assert key(repository.spec, "HEAD") == code["S3Key"]


def test_links_are_followed_inside_the_repository_only(repository: Repository, tmp_path: Path) -> None:
    shared = repository.directory / "shared"
    shared.mkdir()
    (shared / "common.py").write_text("X = 1\n")
    link = repository.directory / "lambdas" / "size" / "common.py"
    link.symlink_to(Path("..", "..", "shared", "common.py"))
    repository.commit()
    linked = key(repository.spec, "HEAD")
    link.unlink()
    link.write_text("X = 1\n")
    repository.commit()
    assert key(repository.spec, "HEAD") == linked != key(repository.spec, "HEAD~2")
    (tmp_path / "outside.py").write_text("Y = 1\n")
    link.unlink()
    link.symlink_to(tmp_path / "outside.py")
    repository.commit()
    outside = key(repository.spec, "HEAD")
    assert outside != key(repository.spec, "HEAD~3")
    link.unlink()
    link.symlink_to(Path("..", "..", "..", "outside.py"))
    repository.commit()
    assert key(repository.spec, "HEAD") == outside


def test_names_with_spaces_and_letters(repository: Repository) -> None:
    (repository.directory / "lambdas" / "size" / "a b ż.txt").write_text("x")
    repository.commit()
    assert key(repository.spec, "HEAD") != key(repository.spec, "HEAD~1")


def test_from_a_directory_below_and_through_a_link(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = key(repository.spec, "HEAD")
    monkeypatch.chdir(repository.directory / "lambdas" / "size")
    assert key(Path("../../spec/lenie.yaml"), "HEAD") == old
    (tmp_path / "link").symlink_to(repository.directory)
    assert key(tmp_path / "link" / "spec" / "lenie.yaml", "HEAD") == old


def test_in_a_hook(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    old = key(repository.spec, "HEAD")
    monkeypatch.chdir(repository.directory)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert key(repository.spec, "HEAD") == old
    assert repository.git("status", "--porcelain") == ""


def test_no_such_revision(repository: Repository) -> None:
    repository.git("tag", "v1.0")
    assert fault(repository.spec, "mian") == (
        "E610",
        f'there is no revision "mian" in {repository.directory}',
        'did you mean "main"?',
    )
    assert fault(repository.spec, "zzz")[2] == "branches and tags: main, v1.0"
    for name in ("", "-x", "--help", "main..v1.0", "HEAD:spec", "main^{tree}", "a b", "\udcff", "HEAD~9"):
        assert fault(repository.spec, name)[0] == "E610", name
    assert fault(repository.spec, "main..v1.0")[2] == (
        "name one revision: it is compared with the spec in the working tree"
    )


def test_a_repository_without_commits(tmp_path: Path) -> None:
    empty = Repository(tmp_path)
    empty.spec.write_text(SPEC)
    code, _, help = fault(empty.spec, "HEAD")
    assert code == "E610"
    assert help == "a branch, a tag, or a commit is wanted; a shallow clone has the last commits only"


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "plain").mkdir()
    spec = tmp_path / "plain" / "lenie.yaml"
    spec.write_text(SPEC)
    assert fault(spec, "HEAD")[:2] == (
        "E610",
        f'"{spec}" cannot be compared with a revision: it is not in a git repository',
    )


def test_no_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert fault(repository.spec, "HEAD")[:2] == ("E610", "git is not installed, or not on the PATH")


def test_a_spec_that_was_not_there(repository: Repository) -> None:
    repository.git("mv", "spec/lenie.yaml", "lenie.yaml")
    repository.git("commit", "--quiet", "--message", "moved")
    assert fault(repository.directory / "lenie.yaml", "HEAD~1") == (
        "E611",
        "there is no lenie.yaml in HEAD~1",
        "it has spec/lenie.yaml",
    )
    repository.git("mv", "lenie.yaml", "other.yaml")
    assert fault(repository.directory / "other.yaml", "HEAD")[2] == (
        "name a later revision: the spec was added after this one"
    )


def test_a_spec_that_did_not_compile(repository: Repository) -> None:
    repository.replace("timeout: 10s", "timeout: 10, memory: 1")
    repository.commit()
    with pytest.raises(SpecError) as raised, compiled(repository.spec, "HEAD"):
        pass
    found = raised.value.diagnostic
    assert found.code == "E611"
    assert found.message.startswith("spec/lenie.yaml does not compile in HEAD: ")
    assert found.message.endswith("(E203, and 1 more)")
    assert found.labels[0].span.file == "HEAD:spec/lenie.yaml"


@pytest.mark.parametrize("text", ["a: [", "- x\n", "version: 1\ncode: [a]\n", "\tx", "code: 1\n"])
def test_a_spec_that_is_no_spec(repository: Repository, text: str) -> None:
    repository.spec.write_text(text)
    repository.commit()
    assert fault(repository.spec, "HEAD")[0] == "E611"


@pytest.mark.parametrize("code", ["../../elsewhere", "/elsewhere"])
def test_sources_outside_of_the_repository(repository: Repository, code: str) -> None:
    repository.replace("code: ../lambdas", f"code: {code}")
    repository.commit()
    found = fault(repository.spec, "HEAD")
    assert found[0] == "E611"


def test_missing_sources(repository: Repository) -> None:
    repository.git("rm", "--quiet", "-r", "lambdas")
    repository.commit()
    code, message, _ = fault(repository.spec, "HEAD")
    assert code == "E611"
    assert "(E323" in message


def test_nothing_is_left_behind(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with compiled(repository.spec, "HEAD"):
        assert len(list(temporary.iterdir())) == 1
    assert fault(repository.spec, "HEAD~1")[0] == "E610"
    assert list(temporary.iterdir()) == []
