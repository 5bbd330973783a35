"""What a user sees while a deployment runs: a bar for each component on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Protocol


class Progress(Protocol):
    """Is told how far each piece of work is; by several threads."""

    def begin(self, name: str, total: int, words: str) -> None:
        """Begin a piece of work that consists of `total` parts (of which nobody knows, if it is 0)."""

    def advance(self, name: str, done: int, words: str) -> None:
        """Tell that `done` parts are done, and what happens now."""

    def end(self, name: str, words: str, *, fine: bool = True) -> None:
        """Tell how a piece of work ended."""

    def say(self, words: str) -> None:
        """Tell something that belongs to no piece of work."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to a question while the block runs."""
        yield


class Silent:
    """Shows nothing."""

    def begin(self, name: str, total: int, words: str) -> None:
        """See `Progress`."""

    def advance(self, name: str, done: int, words: str) -> None:
        """See `Progress`."""

    def end(self, name: str, words: str, *, fine: bool = True) -> None:
        """See `Progress`."""

    def say(self, words: str) -> None:
        """See `Progress`."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """See `Progress`."""
        yield


class Lines:
    """Writes a line for each beginning, end and change of words, on standard error."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}
        self._began: dict[str, float] = {}
        self._lock = Lock()

    def begin(self, name: str, total: int, words: str) -> None:
        """See `Progress`."""
        self._began[name] = time.monotonic()
        self._write(name, words)

    def advance(self, name: str, done: int, words: str) -> None:
        """See `Progress`."""
        if self._last.get(name) != words:
            self._write(name, words)

    def end(self, name: str, words: str, *, fine: bool = True) -> None:
        """See `Progress`."""
        seconds = time.monotonic() - self._began.get(name, time.monotonic())
        self._write(name, f"{words} ({seconds:.0f} s)")

    def say(self, words: str) -> None:
        """See `Progress`."""
        self._write("", words)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """See `Progress`."""
        yield

    def _write(self, name: str, words: str) -> None:
        with self._lock:
            self._last[name] = words
            print(f"{time.strftime('%H:%M:%S')} {name}{': ' if name else ''}{words}", file=sys.stderr, flush=True)


class Bars:
    """A bar for each piece of work that runs; what is over is a line above them."""

    def __init__(self, display: Any) -> None:
        self.display = display
        self._tasks: dict[str, Any] = {}
        self._began: dict[str, float] = {}

    def begin(self, name: str, total: int, words: str) -> None:
        """See `Progress`."""
        self._began[name] = time.monotonic()
        self._tasks[name] = self.display.add_task(name, total=total or None, words=words)

    def advance(self, name: str, done: int, words: str) -> None:
        """See `Progress`."""
        if name in self._tasks:
            self.display.update(self._tasks[name], completed=done, words=words)

    def end(self, name: str, words: str, *, fine: bool = True) -> None:
        """See `Progress`."""
        if name in self._tasks:
            self.display.remove_task(self._tasks.pop(name))
        seconds = time.monotonic() - self._began.get(name, time.monotonic())
        mark = "[green]ok[/green]  " if fine else "[red]fail[/red]"
        self.display.console.print(f"{mark} {name}: {_plain(words)} [dim]({seconds:.0f} s)[/dim]", highlight=False)

    def say(self, words: str) -> None:
        """See `Progress`."""
        self.display.console.print(_plain(words), highlight=False)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """See `Progress`."""
        self.display.stop()
        try:
            yield
        finally:
            self.display.start()


def _plain(words: str) -> str:
    from rich.markup import escape

    return escape(words)


@contextmanager
def shown() -> Iterator[Progress]:
    """Yield the progress that fits standard error."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("     {task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[words]}[/dim]"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4) as display:
        yield Bars(display)
