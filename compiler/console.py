"""What the commands share: exit codes, both output streams, and one line instead of a traceback, whatever happens."""

from __future__ import annotations

import errno
import gc
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any, NoReturn

import click

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError, suggest

EXIT_FINE = 0
EXIT_SPEC = 1
EXIT_STALE = 2
EXIT_USAGE = 3
#: As shells report a process that SIGINT, or SIGPIPE, ended.
EXIT_INTERRUPTED = 130
EXIT_PIPE = 141

#: Errors that are not about what stands in the spec.
_ENVIRONMENT = ("E101", "E6", "E9")


class Usage(click.UsageError):
    """A wrong command line; `help` says what is right."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


class Word(click.Choice[str]):
    """One of a few words, refused in our own way."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word, or raise `Usage`."""
        if value in self.choices:
            return str(value)
        option = param.opts[0] if param is not None else "the option"
        raise Usage(f'"{value}" is not possible for {option}', suggest(value, self.choices, what="possible"))


class Command(click.Command):
    """A command that ends with one of our exit codes, and never with a traceback."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run the command line, and exit."""
        prepare_streams()
        try:
            self._run(args, prog_name, extra)
        finally:
            # The interpreter's last collection would visit every object once more, only to end the process.
            gc.freeze()

    def _run(self, args: Sequence[str] | None, prog_name: str | None, extra: dict[str, Any]) -> NoReturn:
        with _guard():
            extra["standalone_mode"] = False
            status = super().main(args, prog_name, **extra)
            if sys.stdout is not None:
                sys.stdout.flush()
            sys.exit(status if isinstance(status, int) else EXIT_FINE)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; click would silently take the last of two values for an option that has one."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        for param in order:
            single = isinstance(param, click.Option) and not (param.multiple or param.is_flag)
            if single and order.count(param) > 1:
                raise Usage(f"{param.opts[0]} is given {order.count(param)} times", "it takes one value")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command's function; click would answer an interrupt and a closed pipe in its own way."""
        with _guard():
            return super().invoke(ctx)


class Group(Command, click.Group):
    """A group of such commands."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called, or say which one may be meant."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            raise Usage(f'there is no command "{name}"', suggest(name, self.commands, what="commands"))
        return super().resolve_command(ctx, args)


@contextmanager
def _guard() -> Iterator[None]:
    """Turn every exception into its exit code and one line on standard error."""
    try:
        yield
    except (SystemExit, click.exceptions.Exit):
        raise
    except click.exceptions.NoArgsIsHelpError as error:
        _last_words(error.format_message())
        sys.exit(EXIT_USAGE)
    except click.UsageError as error:
        _stop(_usage(error), EXIT_USAGE)
    except click.ClickException as error:
        _stop(Diagnostic("E901", Severity.ERROR, error.format_message()), EXIT_USAGE)
    except (KeyboardInterrupt, click.Abort):
        _last_words("interrupted")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        _drop_output()
        sys.exit(EXIT_PIPE)
    except SpecError as error:
        _stop(error.diagnostic, exit_code([error.diagnostic]))
    except OSError as error:
        if error.errno == errno.EPIPE:  # pragma: no cover - Python makes it a BrokenPipeError
            sys.exit(EXIT_PIPE)
        _drop_output()
        _stop(_refusal(error), EXIT_USAGE)
    except Exception as error:
        _fault(error)


def _fault(error: Exception) -> NoReturn:
    """End with what is told of an exception that nobody expects."""
    if _is_interrupt(error):
        _last_words("interrupted")
        sys.exit(EXIT_INTERRUPTED)
    if os.environ.get("LENIE_DEBUG"):
        traceback.print_exc()
    _stop(_defect(error), EXIT_USAGE)


def _is_interrupt(error: BaseException) -> bool:
    """Whether Ctrl-C is behind an exception: a library that meets it in the middle of its work makes another of it.

    pydantic does so while it builds its models, and keeps nothing of it but the name.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, KeyboardInterrupt) or KeyboardInterrupt.__name__ in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def exit_code(diagnostics: Iterable[Diagnostic]) -> int:
    """Return the exit code that tells of `diagnostics`."""
    codes = [found.code for found in diagnostics if found.severity is Severity.ERROR]
    if not codes:
        return EXIT_FINE
    spec = [code for code in codes if not code.startswith(_ENVIRONMENT)]
    if spec:
        return EXIT_SPEC
    # Generated files that are stale, or in which verify found something.
    stale = all(code == "E905" for code in codes) or any(code.startswith("E6") for code in codes)
    return EXIT_STALE if stale else EXIT_USAGE


def prepare_streams() -> None:
    """Make sure that no character of a path or of the spec can make writing fail, whatever the locale is."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def coloured(stream: IO[str] | None) -> bool:
    """Whether `stream` is a terminal whose user wants colours (see https://no-color.org)."""
    if stream is None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def paint(text: str, code: str, stream: IO[str] | None) -> str:
    """Return `text` in the ANSI style `code`, if `stream` shows colours."""
    return f"\x1b[{code}m{text}\x1b[0m" if coloured(stream) else text


def show(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Sequence[str]]) -> None:
    """Print diagnostics on standard error, each followed by an empty line."""
    if not diagnostics:
        return
    from lenie.compiler.render import WIDTH, render_text

    width = WIDTH
    if sys.stderr is not None and sys.stderr.isatty():
        import shutil

        width = max(shutil.get_terminal_size((WIDTH, 24)).columns, 60)
    print(render_text(diagnostics, sources, coloured(sys.stderr), width=width), file=sys.stderr, end="\n\n")


def _stop(diagnostic: Diagnostic, status: int) -> NoReturn:
    with suppress(OSError):
        show([diagnostic], {})
    sys.exit(status)


def _last_words(text: str) -> None:
    with suppress(OSError):
        print(text, file=sys.stderr)


def _usage(error: click.UsageError) -> Diagnostic:
    """Return click's complaint in our words."""
    message = error.format_message().rstrip(".")
    path = error.ctx.command_path if error.ctx is not None else "lenie"
    help = f"{path} --help shows what is possible"
    if isinstance(error, Usage):
        help = error.help or help
    elif isinstance(error, click.NoSuchOption):
        message = f'there is no option "{error.option_name}"'
        known = [o for p in error.ctx.command.params for o in p.opts if o.startswith("--")] if error.ctx else []
        help = suggest(error.option_name, [*known, "--help"], what="options")
    return Diagnostic("E901", Severity.ERROR, message[:1].lower() + message[1:], (), help)


def _refusal(error: OSError) -> Diagnostic:
    from lenie.compiler.output import reason

    words, help = reason(error)
    where = f'"{error.filename}"' if error.filename is not None else "standard output"
    return Diagnostic("E902", Severity.ERROR, f"cannot use {where}: {words}", (), help)


def _defect(error: Exception) -> Diagnostic:
    """Return what is said about a fault of the compiler itself."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/compiler/" in frame.filename or "/targets/" in frame.filename] or frames
    place = f" at {os.path.basename(own[-1].filename)}:{own[-1].lineno}" if own else ""  # noqa: PTH119
    said = " ".join(str(error).split())[:200]
    return Diagnostic(
        "E908",
        Severity.ERROR,
        f"internal error: {type(error).__name__}{place}{f': {said}' if said else ''}",
        (),
        "this is a fault of the compiler, not of the spec: please report it; LENIE_DEBUG=1 shows the traceback",
    )


def _drop_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter does not complain about it at its end."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
