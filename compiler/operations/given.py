"""What a command may be given in three places: an option, a variable of the environment, or the file ``.env``."""

from __future__ import annotations

import os
from pathlib import Path

from lenie.compiler.console import Usage

#: Read in the current directory, if it exists.
DOTENV = ".env"


class Settings(dict[str, str]):
    """Variables; `unread` tells the lines of the file that could not be read, for messages."""

    unread = ""


def settings(path: str = "") -> Settings:
    """Return the variables of the environment, and below them those of the file at `path` (``.env`` by default).

    The file is read by python-dotenv, without expansion of variables. An empty variable counts as one that is not set.
    A line that cannot be read may be for another program: it is told where a variable is missing.

    Raises:
        Usage: if a file that is named does not exist, or cannot be read as UTF-8 text.
    """
    from dotenv.parser import parse_stream

    file = Path(path or DOTENV)
    found: dict[str, str | None] = {}
    unread: list[str] = []
    if path and not file.is_file():
        raise Usage(f'there is no file "{path}"', "leave --env-file out to read .env, if there is one")
    if file.is_file():
        try:
            with file.open(encoding="utf-8-sig") as stream:
                bindings = list(parse_stream(stream))
        except UnicodeDecodeError:
            raise Usage(f'the file "{file}" is not UTF-8', "save it as UTF-8") from None
        found = {binding.key: binding.value for binding in bindings if binding.key is not None}
        unread = [str(binding.original.line) for binding in bindings if binding.error]
    known = Settings({name: value for name, value in {**found, **os.environ}.items() if value})
    if unread:
        what = "line" if len(unread) == 1 else "lines"
        known.unread = f"{what} {', '.join(unread)} of {file} cannot be read: write NAME=VALUE"
    return known


def setting(option: str, value: str, variable: str, known: Settings) -> str:
    """Return `value`, or what `known` has for `variable`.

    Raises:
        Usage: if there is neither.
    """
    result = value or known.get(variable, "")
    if not result:
        help = f"give the option, or set {variable} in the environment or in {DOTENV}"
        raise Usage(f"{option} is missing", "\n".join(part for part in (help, known.unread) if part))
    return result
