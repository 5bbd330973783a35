"""A spec as it is in a revision of its git repository, with the sources that it names.

Files are read from git's objects, with the conversions of a checkout (line ends), and written to a temporary directory:
neither the index nor the working tree is touched.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, NoReturn

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError, suggest
from lenie.compiler.load import Tree, parse
from lenie.compiler.pipeline import Compilation, front

_SYMLINK = "120000"
_FILES = ("100644", "100755", "100664")


class Revision(NamedTuple):
    """A commit of a repository: the top of its working tree, what the user calls it, its object name."""

    top: Path
    name: str
    commit: str


class _Entry(NamedTuple):
    mode: str
    object: str
    path: str


@contextmanager
def compiled(spec: Path, name: str) -> Iterator[Compilation]:
    """Compile `spec` as it is in the revision `name` up to the graph; its files are there until the block ends.

    Raises:
        SpecError: E610 if git or the revision is not to be had, E611 if the spec does not compile in it.
    """
    revision = find(spec, name)
    inside = _inside(revision, spec)
    with TemporaryDirectory(prefix="lenie-diff-") as directory:
        root = Path(directory)
        shown = f"{name}:{inside}"
        if not _write(revision, [inside], root):
            _without_spec(revision, inside)
        code = _code(root / inside, shown)
        if code is not None:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(inside), code))
            if posixpath.isabs(code) or path.startswith(".."):
                message = f"the sources in {code} are outside of the repository, so {name} does not say what they were"
                _stop("E611", message, "keep the functions' code in the repository of the spec")
            _write(revision, [path], root)
        run = front(root / inside, shown)
        if run.failed:
            raise SpecError(_failed(run, revision, inside))
        yield run


def find(spec: Path, name: str) -> Revision:
    """Return the revision `name` of the repository that `spec` is in.

    Raises:
        SpecError: E610 if there is no git, no repository, or no such revision.
    """
    directory = spec.parent.resolve()
    if shutil.which("git") is None:
        _stop("E610", "git is not installed, or not on the PATH", "install git; lenie reads the old spec with it")
    if not directory.is_dir():
        _stop("E610", f'there is no directory "{spec.parent}"', "name a spec in a git repository: --spec PATH")
    done = _git(directory, ["rev-parse", "--show-toplevel"])
    top = done.stdout.decode(errors="replace").rstrip("\n")
    if done.returncode or not top:
        said = _last_line(done.stderr)
        if "not a git repository" in said:
            said = "it is not in a git repository"
        _stop("E610", f'"{spec}" cannot be compared with a revision: {said}', "run it in a clone of the project")
    found = _git(Path(top), ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"])
    if found.returncode or not name:
        _stop("E610", f'there is no revision "{name}" in {top}', _similar(Path(top), name))
    return Revision(Path(top), name, found.stdout.decode().strip())


def _inside(revision: Revision, spec: Path) -> str:
    """Return the path of the spec in its repository."""
    try:
        return spec.resolve().relative_to(revision.top.resolve()).as_posix()
    except ValueError:
        _stop("E610", f'"{spec}" leads out of the repository {revision.top}', "name the file itself, not a link to it")


def _similar(top: Path, name: str) -> str:
    """Return branches and tags that may be meant."""
    listed = _git(top, ["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"])
    known = listed.stdout.decode(errors="replace").split()
    if ".." in name:
        return "name one revision: it is compared with the spec in the working tree"
    help = suggest(name, known, what="branches and tags") if known else ""
    return help or "a branch, a tag, or a commit is wanted; a shallow clone has the last commits only"


def _code(spec: Path, shown: str) -> str | None:
    """Return the directory of the sources as the old spec names it; None where it does not say."""
    try:
        tree: Tree = parse(spec.read_text(encoding="utf-8"), shown)
    except (SpecError, ValueError):
        return None  # told in full when it is compiled
    node = tree.node(("code",))
    if node is None:
        from lenie.compiler.spec import Document

        return str(Document.model_fields["code"].default)
    return node.value if isinstance(node.value, str) else None


def _write(revision: Revision, paths: Iterable[str], root: Path) -> bool:
    """Write the files at and below `paths` to `root`, and what links among them lead to; return if there are any."""
    pending, done = list(paths), set()
    some = False
    while pending:
        path = pending.pop()
        if path in done:
            continue
        done.add(path)
        entries = _entries(revision, path)
        some = some or bool(entries)
        for entry, content in _contents(revision, entries):
            target = root / entry.path
            if target.is_symlink() or target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if entry.mode != _SYMLINK:
                target.write_bytes(content)
                continue
            link = content.decode(errors="surrogateescape")
            led = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), link))
            if posixpath.isabs(link) or led.startswith(".."):
                continue  # leads out of the repository: what stands there is not part of the revision
            target.symlink_to(link)
            pending.append(led)
    return some


def _entries(revision: Revision, path: str) -> list[_Entry]:
    arguments = ["ls-tree", "-r", "-z", "--full-tree", revision.commit]
    listed = _git(revision.top, [*arguments, "--", path] if path != "." else arguments, literal=True)
    if listed.returncode:
        _stop("E610", f"git cannot read {revision.name}: {_last_line(listed.stderr)}", "")
    entries = []
    for line in listed.stdout.decode(errors="surrogateescape").split("\0"):
        if line:
            facts, _, name = line.partition("\t")
            mode, _, digest = facts.split()
            if mode in (*_FILES, _SYMLINK):
                entries.append(_Entry(mode, digest, name))
    return entries


def _contents(revision: Revision, entries: list[_Entry]) -> Iterator[tuple[_Entry, bytes]]:
    """Yield entries with their contents, converted as a checkout would."""
    for raw in (False, True):
        # Links have no line ends; and git takes one path a line.
        chosen = [e for e in entries if (e.mode == _SYMLINK or "\n" in e.path) == raw]
        if not chosen:
            continue
        asked = "".join(f"{e.object}\n" if raw else f"{e.object} {e.path}\n" for e in chosen)
        command = ["cat-file", "--batch", *([] if raw else ["--filters"])]
        done = _git(revision.top, command, asked.encode(errors="surrogateescape"))
        if done.returncode:
            _stop("E610", f"git cannot read {revision.name}: {_last_line(done.stderr)}", "")
        position = 0
        for entry in chosen:
            end = done.stdout.index(b"\n", position)
            head = done.stdout[position:end].split()
            if head[-1] == b"missing":
                _stop("E610", f"git lacks {entry.path} of {revision.name}", "fetch the whole history, not a part of it")
            size = int(head[-1])
            yield entry, done.stdout[end + 1 : end + 1 + size]
            position = end + 1 + size + 1


def _without_spec(revision: Revision, inside: str) -> NoReturn:
    listed = _git(revision.top, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", revision.commit])
    names = [n for n in listed.stdout.decode(errors="replace").split("\0") if n.endswith((".yaml", ".yml"))]
    same = [name for name in names if posixpath.basename(name) == posixpath.basename(inside)]
    help = f"it has {', '.join(same[:3])}" if same else "name a later revision: the spec was added after this one"
    _stop("E611", f"there is no {inside} in {revision.name}", help)


def _failed(run: Compilation, revision: Revision, inside: str) -> Diagnostic:
    """Return the one diagnostic about an old spec with errors: the first of them, and how many there are."""
    errors = [found for found in run.diagnostics if found.severity is Severity.ERROR]
    first = errors[0]
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    message = f"{inside} does not compile in {revision.name}: {first.message} ({first.code}{more})"
    help = "compare with a revision in which it compiles; this version of lenie may be stricter than the one then"
    return Diagnostic("E611", Severity.ERROR, message, first.labels, help)


def _git(
    directory: Path, arguments: list[str], given: bytes = b"", *, literal: bool = False
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    if literal:
        environment["GIT_LITERAL_PATHSPECS"] = "1"
    command = ["git", "-C", str(directory), *arguments]
    return subprocess.run(command, input=given, env=environment, capture_output=True, check=False)  # noqa: S603


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("fatal: ") if lines else "git says nothing more"


def _stop(code: str, message: str, help: str) -> NoReturn:
    raise SpecError(Diagnostic(code, Severity.ERROR, message, (), help))
