"""Reads the files that options name."""

from __future__ import annotations

import errno
from pathlib import Path

from lenie.compiler.console import Usage
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError


def text_of(path: Path, option: str, what: str, help: str) -> str:
    """Return the text of the file at `path` that `option` names; a directory is not `what`, `help` says what is text.

    Raises:
        Usage: if it is a directory, or no text.
        SpecError: (E902) if it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except IsADirectoryError:
        raise Usage(f'"{path}" is a directory, and {what}', "name a file") from None
    except UnicodeDecodeError:
        raise Usage(f'"{path}" is no text: it is not UTF-8', help) from None
    except OSError as error:
        from lenie.compiler.output import reason

        # What is said there helps with files that are written.
        words, _ = reason(error)
        denied = error.errno in (errno.EACCES, errno.EPERM)
        way = "check who may read it" if denied else f"check what {option} names"
        raise SpecError(Diagnostic("E902", Severity.ERROR, f'cannot use "{path}": {words}', (), way)) from error
