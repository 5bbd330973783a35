"""What a command may be given in three places: an option, a variable of the environment, or the file ``.env``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from lenie.compiler.console import Usage

#: Read in the current directory, if it exists.
DOTENV = ".env"


def settings(path: str = "") -> Mapping[str, str]:
    """Return the variables of the environment, and below them those of the file at `path` (``.env`` by default).

    The file is read by python-dotenv, without expansion of variables. An empty variable counts as one that is not set.

    Raises:
        Usage: if a file that is named does not exist, or cannot be read as UTF-8 text.
    """
    from dotenv import dotenv_values

    file = Path(path or DOTENV)
    found: dict[str, str | None] = {}
    if path and not file.is_file():
        raise Usage(f'there is no file "{path}"', "leave --env-file out to read .env, if there is one")
    if file.is_file():
        try:
            found = dict(dotenv_values(file, interpolate=False, encoding="utf-8-sig"))
        except UnicodeDecodeError:
            raise Usage(f'the file "{file}" is not UTF-8', "save it as UTF-8") from None
    return {name: value for name, value in {**found, **os.environ}.items() if value}


def setting(option: str, value: str, variable: str, known: Mapping[str, str]) -> str:
    """Return `value`, or what `known` has for `variable`.

    Raises:
        Usage: if there is neither.
    """
    result = value or known.get(variable, "")
    if not result:
        raise Usage(f"{option} is missing", f"give the option, or set {variable} in the environment or in {DOTENV}")
    return result
