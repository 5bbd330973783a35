"""What ``lenie package`` does: build what is missing, measure it, upload it if asked to, and tell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from lenie.compiler.console import Usage, exit_code, show
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError, suggest
from lenie.compiler.load import source_lines
from lenie.compiler.packaging.archive import human
from lenie.compiler.packaging.builder import build, check
from lenie.compiler.packaging.limits import too_large
from lenie.compiler.packaging.plan import Package, plan, select
from lenie.compiler.packaging.platforms import Platform, host_platform
from lenie.compiler.packaging.store import Built, Store, entry, opened
from lenie.compiler.pipeline import Compilation, front
from lenie.compiler.summary import sources

if TYPE_CHECKING:
    from lenie.compiler.packaging.upload import Outcome

#: Directory of the packages for this interpreter, inside that of the packages that are deployed.
HOST = "host"


class Request(NamedTuple):
    """What the command line asks for."""

    names: tuple[str, ...]
    spec: str
    out: Path
    host: bool
    upload: bool
    environment: str
    bucket: str
    endpoint: str
    replace: bool


@dataclass(slots=True)
class _Outcome:
    built: dict[str, Built] = field(default_factory=dict)
    uploads: dict[str, Outcome] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


class _Progress(Protocol):
    """Shows how far the work is."""

    def step(self, words: str) -> None:
        """Begin the next piece of work."""


def run(request: Request, *, as_json: bool) -> int:
    """Do what `request` asks for, and return the exit code."""
    spec = front(Path(request.spec), request.spec)
    outcome = _Outcome()
    if spec.failed:
        outcome.diagnostics = [found for found in spec.diagnostics if found.severity is Severity.ERROR]
    else:
        try:
            _work(request, spec, outcome)
        except SpecError as error:
            outcome.diagnostics.append(error.diagnostic)
    status = exit_code(outcome.diagnostics)
    if as_json:
        _print_json(request, outcome, status)
    else:
        _print_text(outcome, spec)
    return status


def package(
    spec: Path, out: Path, *, names: Sequence[str] = (), host: bool = False, silent: bool = False
) -> dict[str, Built]:
    """Build packages of a spec below `out`, and return them by name; for programs that run or deploy them.

    With `silent` there is no progress bar.

    Raises:
        SpecError: if the spec has errors, or a package cannot be built.
        Usage: if a name is unknown.
        OSError: if a file cannot be read or written.
    """
    compiled = front(spec)
    errors = [found for found in compiled.diagnostics if found.severity is Severity.ERROR]
    if errors:
        raise SpecError(errors[0])
    outcome = _Outcome()
    request = Request(tuple(names), str(spec), out, host, False, "", "", "", False)
    _work(request, compiled, outcome, silent=silent)
    if outcome.diagnostics:
        raise SpecError(outcome.diagnostics[0])
    return outcome.built


def _work(request: Request, spec: Compilation, outcome: _Outcome, *, silent: bool = False) -> None:
    assert spec.program is not None, "a spec without errors has a program"
    assert spec.tree is not None
    assert spec.graph is not None
    packages = plan(spec.program)
    chosen = select(packages, request.names)
    if request.upload and request.environment not in spec.graph.environments:
        help = suggest(request.environment, spec.graph.environments, what="environments")
        raise Usage(f'there is no environment "{request.environment}"', help)
    host = host_platform() if request.host else None
    for found in chosen:
        check(found, spec.tree, host)
    directory = request.out / HOST if host is not None else request.out
    with opened(directory, host.tag if host is not None else "") as store:
        with _progress(0 if silent else len(chosen)) as progress:
            for found in chosen:
                progress.step(f"building {found.name}")
                outcome.built[found.name] = store.find(found) or build(found, store, spec.tree, host)
        outcome.diagnostics += too_large(outcome.built, list(outcome.built), spec.tree)
        _write_manifest(request, spec, packages, store, outcome, host)
    if request.upload and not outcome.diagnostics:
        _upload(request, spec, outcome)


def _write_manifest(
    request: Request,
    spec: Compilation,
    packages: Mapping[str, Package],
    store: Store,
    outcome: _Outcome,
    host: Platform | None,
) -> None:
    """Write the manifest: what of this spec is in the directory, also from earlier runs."""
    assert spec.graph is not None
    present = (outcome.built.get(name) or store.find(found) for name, found in packages.items())
    document: dict[str, Any] = {"project": spec.graph.project, "variant": "lambda" if host is None else "host"}
    if host is not None:
        document |= {
            "note": "For running on this machine only: the layers hold wheels for its interpreter, not for Lambda.",
            "interpreter": {"executable": sys.executable, "tag": host.tag, "markers": host.environment},
        }
    document["packages"] = [entry(built, store.directory) for built in present if built is not None]
    store.write_manifest(document)


def _upload(request: Request, spec: Compilation, outcome: _Outcome) -> None:
    from lenie.compiler.aws import Account
    from lenie.compiler.packaging.upload import bucket_name, bucket_of, upload

    assert spec.graph is not None
    account = Account(spec.graph.region, request.endpoint)
    names: dict[str, str] = {}
    with _progress(len(outcome.built)) as progress:
        for name, built in outcome.built.items():
            progress.step(f"uploading {name}")
            bucket = built.package.bucket
            if bucket not in names:
                names[bucket] = request.bucket or bucket_name(
                    account, bucket_of(spec.graph, bucket, request.environment), request.environment
                )
            outcome.uploads[name] = upload(account, names[bucket], built, replace=request.replace)


class _Silent:
    """No bar where nobody would see it."""

    def step(self, words: str) -> None:
        """Show nothing."""


@contextmanager
def _progress(total: int) -> Iterator[_Progress]:
    """Show a progress bar on standard error while the block runs, if that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty() or not total:
        yield _Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bar(bar, bar.add_task("", total=total))


class _Bar:
    def __init__(self, bar: Any, task: Any) -> None:
        self.bar = bar
        self.task = task
        self.started = 0

    def step(self, words: str) -> None:
        """Count what was begun before as done, and name what begins."""
        self.bar.update(self.task, completed=self.started, description=words)
        self.started += 1


def _state(built: Built, outcome: _Outcome) -> str:
    state = "unchanged" if built.cached else "built"
    words = {"uploaded": "uploaded", "there": "in the bucket", "replaced": "replaced in the bucket"}
    done = outcome.uploads.get(built.package.name)
    return f"{state}, {words[done]}" if done else state


def _print_text(outcome: _Outcome, spec: Compilation) -> None:
    rows = [
        (str(built.file), human(built.size), human(built.contents.unzipped), _state(built, outcome))
        for built in outcome.built.values()
    ]
    if rows:
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for file, size, unzipped, state in rows:
            print(f"{file:{widths[0]}}  {size:>{widths[1]}}  {unzipped:>{widths[2]}} unzipped  {state}")
    if not outcome.built and not outcome.diagnostics:
        print("the spec has no functions and no layers")
    if outcome.diagnostics:
        shown = dict(sources(spec))
        for label in (label for found in outcome.diagnostics for label in found.labels):
            if label.span.file not in shown:
                shown[label.span.file] = source_lines(Path(label.span.file))
        if sys.stdout is not None:
            sys.stdout.flush()
        show(outcome.diagnostics, shown)


def _print_json(request: Request, outcome: _Outcome, status: int) -> None:
    from lenie.compiler.render import render_json

    directory = request.out / HOST if request.host else request.out
    data = {
        "spec": request.spec,
        "environment": request.environment or None,
        "variant": HOST if request.host else "lambda",
        "exit_code": status,
        "diagnostics": json.loads(render_json(outcome.diagnostics)),
        "packages": [
            {
                **entry(built, directory),
                "file": str(built.file),
                "state": "unchanged" if built.cached else "built",
                "upload": outcome.uploads.get(name),
            }
            for name, built in outcome.built.items()
        ],
    }
    print(json.dumps(data, indent=2))
