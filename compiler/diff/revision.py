"""A spec as it is in a revision of its git repository, with the sources that it names.

Git checks the files out as ever, with its conversions (line ends), but from an index of its own into a temporary
directory: neither the repository's index nor the working tree is touched.
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
_OF_HOOKS = frozenset({"GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"})


class Revision(NamedTuple):
    """A commit of a repository: the top of its working tree, what the user calls it, its object name.

    `files` is a temporary index that lists its files.
    """

    top: Path
    name: str
    commit: str
    files: Path


class _Entry(NamedTuple):
    mode: str
    path: str


@contextmanager
def compiled(spec: Path, name: str) -> Iterator[Compilation]:
    """Compile `spec` as it is in the revision `name` up to the graph; its files are there until the block ends.

    Raises:
        SpecError: E610 if git or the revision is not to be had, E611 if the spec does not compile in it.
    """
    with TemporaryDirectory(prefix="lenie-diff-") as directory:
        root = Path(directory, "tree")
        root.mkdir()
        revision = find(spec, name, Path(directory, "index"))
        inside = _inside(revision, spec)
        _read(revision, ["read-tree", revision.commit])
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


def find(spec: Path, name: str, index: Path) -> Revision:
    """Return the revision `name` of the repository that `spec` is in; its files will be in `index`.

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
    return Revision(Path(top), name, found.stdout.decode().strip(), index)


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
    while pending:
        path = pending.pop()
        if path in done:
            continue
        entries = _entries(revision, path)
        if entries:
            names = "".join(f"{entry.path}\0" for entry in entries)
            command = ["checkout-index", "--quiet", "--force", "-z", "--stdin", f"--prefix={root}/"]
            _read(revision, command, names.encode(errors="surrogateescape"))
            done.add(path)
        for entry in entries:
            target = root / entry.path
            if entry.mode == _SYMLINK and target.is_symlink():
                link = os.readlink(target)  # noqa: PTH115 - as it is written, which Path would normalise
                led = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), link))
                if posixpath.isabs(link):
                    continue
                if led.startswith(".."):
                    # What is outside of the repository has no revisions: it is what it is now.
                    target.unlink()
                    target.symlink_to(revision.top / posixpath.dirname(entry.path) / link)
                else:
                    pending.append(led)
    return bool(done)


def _entries(revision: Revision, path: str) -> list[_Entry]:
    listed = _read(revision, ["ls-files", "-z", "--stage", "--", path])
    entries = []
    for line in listed.decode(errors="surrogateescape").split("\0"):
        if line:
            facts, _, name = line.partition("\t")
            entries.append(_Entry(facts.split()[0], name))
    return entries


def _read(revision: Revision, arguments: list[str], given: bytes = b"") -> bytes:
    """Return what a command says about the files of the revision, which are in an index of its own."""
    done = _git(revision.top, arguments, given, index=revision.files)
    if done.returncode:
        _stop("E610", f"git cannot read {revision.name}: {_last_line(done.stderr)}", "")
    return done.stdout


def _without_spec(revision: Revision, inside: str) -> NoReturn:
    listed = _read(revision, ["ls-files", "-z"]).decode(errors="replace").split("\0")
    same = [name for name in listed if posixpath.basename(name) == posixpath.basename(inside)]
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
    directory: Path, arguments: list[str], given: bytes = b"", *, index: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    # In a hook these say which repository is meant, as seen from another directory.
    inherited = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
    environment = {**inherited, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}
    if index is not None:
        environment["GIT_INDEX_FILE"] = str(index)
    command = ["git", "-C", str(directory), *arguments]
    return subprocess.run(command, input=given, env=environment, capture_output=True, check=False)  # noqa: S603


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("fatal: ") if lines else "git says nothing more"


def _stop(code: str, message: str, help: str) -> NoReturn:
    raise SpecError(Diagnostic(code, Severity.ERROR, message, (), help))
