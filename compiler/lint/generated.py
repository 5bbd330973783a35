"""The files of a target, as they are on the disk, beside those that a fresh compile makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

from lenie.compiler.diagnostics import Diagnostic, Label, Severity, SpecError
from lenie.compiler.output import State, check
from lenie.compiler.pipeline import Compilation, compile_spec
from lenie.compiler.span import Span
from lenie.targets.base import Places

#: A longer file is not compared line by line: that would take minutes, and no compile writes such a file.
_LONGEST = 20_000
#: Of a larger one, only the beginning is read.
_LARGEST = 16 * 1024 * 1024
_NAMED = 5
#: For each line of a file, the lines of the other one that it is, or stands between.
_Alignment = list[tuple[int, int]]
_WORDS = {
    State.MISSING: "missing",
    State.STALE: "stale",
    State.EDITED: "edited by hand",
    State.ORPHAN: "no longer generated",
    State.EDITED_ORPHAN: "no longer generated",
    State.UNLISTED: "unknown",
    State.FOREIGN: "unknown, and in the way",
}


@dataclass(slots=True)
class Generated:
    """The files of one target. `shown` is the directory's name in messages."""

    target: str
    directory: Path
    shown: str
    #: What a fresh compile makes: path -> text, and where in it resources stand.
    fresh: Mapping[str, str]
    places: Places
    #: Path -> how the file on the disk compares with it, if it is not the same.
    states: dict[str, State] = field(default_factory=dict)
    #: Why the files cannot be compared.
    trouble: Diagnostic | None = None
    _lines: dict[str, list[str]] = field(default_factory=dict)
    _aligned: dict[str, tuple[_Alignment, _Alignment]] = field(default_factory=dict)

    @property
    def missing(self) -> bool:
        """Whether there is nothing at all."""
        return not self.directory.is_dir() or not any(self.directory.iterdir())

    def name(self, path: str) -> str:
        """Return how messages call the file at `path`."""
        return f"{self.shown}/{path}"

    def lines(self, path: str) -> list[str]:
        """Return the lines of a file on the disk; none if it cannot be read."""
        if path not in self._lines:
            full = self.directory / PurePosixPath(path)
            try:
                with full.open("rb") as file:
                    content = file.read(_LARGEST) if full.is_file() else b""
                self._lines[path] = content.decode(errors="replace").splitlines()
            except OSError:
                self._lines[path] = []
        return self._lines[path]

    def compiled(self, path: str, line: int) -> tuple[int, int]:
        """Return the line of the fresh file that a line of the file on the disk stands for, twice.

        For a line that was put in, these are the lines around it; 0 stands for none.
        """
        forth, _ = self._alignment(path)
        return forth[line - 1] if 0 < line <= len(forth) else (0, 0)

    def written(self, path: str, line: int) -> int:
        """Return the line of the file on the disk that a line of the fresh file has become; 0 if it is gone."""
        _, back = self._alignment(path)
        before, after = back[line - 1] if 0 < line <= len(back) else (0, 0)
        return before or after

    def _alignment(self, path: str) -> tuple[_Alignment, _Alignment]:
        if path not in self._aligned:
            disk = self.lines(path)
            fresh = self.fresh[path].splitlines() if path in self.fresh else []
            self._aligned[path] = _align(disk, fresh), _align(fresh, disk)
        return self._aligned[path]

    def stale(self, spec: str) -> Diagnostic | None:
        """Return a warning if the files are not what `spec` compiles to."""
        if not self.states:
            return None
        shown = [f"{self.name(path)} ({self._told(path)})" for path in list(self.states)[:_NAMED]]
        more = len(self.states) - len(shown)
        message = (
            f'{len(self.states)} {"file" if len(self.states) == 1 else "files"} in "{self.shown}" '
            f"{'is' if len(self.states) == 1 else 'are'} not what {spec} compiles to: "
            f"{', '.join(shown)}{f' and {more} more' if more else ''}"
        )
        labels = [self._label(path) for path in self.states if self._edited_at(path)]
        help = f"findings there may be told at a wrong line of the spec; run: lenie-compile --target {self.target}"
        return Diagnostic("W625", Severity.WARNING, message, tuple(labels[:_NAMED]), help)

    def _told(self, path: str) -> str:
        line = self._edited_at(path)
        return _WORDS[self.states[path]] + (f" at line {line}" if line else "")

    def _edited_at(self, path: str) -> int:
        """Return the first line that differs from a fresh compile, of a file that was edited."""
        if self.states[path] is not State.EDITED or path not in self.fresh:
            return 0
        disk, fresh = self.lines(path), self.fresh[path].splitlines()
        same = next((n for n, pair in enumerate(zip(disk, fresh, strict=False)) if pair[0] != pair[1]), None)
        return min(len(disk), len(fresh)) + 1 if same is None else same + 1

    def _label(self, path: str) -> Label:
        number = self._edited_at(path)
        line = self.lines(path)[number - 1] if number <= len(self.lines(path)) else ""
        return Label(mark(self.name(path), number, line), "the first line that differs")


def mark(file: str, number: int, line: str) -> Span:
    """Return the region that a whole line takes, without its indentation."""
    start = len(line) - len(line.lstrip()) + 1
    return Span(file, number, start, number, max(len(line.rstrip()) + 1, start + 1))


def _align(lines: Sequence[str], others: Sequence[str]) -> _Alignment:
    """Return for each of `lines` the line of `others` that it stands for, twice, or those around it."""
    if list(lines) == list(others):
        return [(number, number) for number in range(1, len(lines) + 1)]
    found = [(0, 0)] * len(lines)
    if max(len(lines), len(others)) > _LONGEST:
        return found
    matcher = SequenceMatcher(None, lines, others, autojunk=False)
    for kind, first, end, other, other_end in matcher.get_opcodes():
        for number in range(first, end):
            if kind == "delete":
                found[number] = (other, other + 1 if other < len(others) else 0)
            else:
                same = min(other + number - first, other_end - 1) + 1
                found[number] = (same, same)
    return found


def gather(spec: Path, shown_spec: str, targets: tuple[str, ...], out: Path) -> tuple[Compilation, list[Generated]]:
    """Compile `spec`, and compare what is on the disk below `out` with that.

    A target that covers a part of the architecture by default may have been compiled for all of it: what is nearer to
    the files counts.
    """
    run = compile_spec(spec, targets, shown=shown_spec)
    found: list[Generated] = []
    for target in run.outputs:
        one = _compared(run, target, out)
        if one.states and run.graph is not None and target in run.graph.coverage:
            whole = compile_spec(spec, (target,), scope="all", shown=shown_spec)
            other = _compared(whole, target, out) if target in whole.outputs else one
            one = min(one, other, key=lambda generated: len(generated.states))
        found.append(one)
    return run, found


def _compared(run: Compilation, target: str, out: Path) -> Generated:
    directory = out / target
    files = run.outputs[target]
    one = Generated(target, directory, directory.as_posix(), files, run.places[target])
    try:
        plan, _ = check(out, target, files)
    except SpecError as error:
        one.trouble = error.diagnostic
    else:
        one.states = {path: state for path, state in plan.states.items() if state is not State.UNCHANGED}
    return one
