"""The page of every diagnostic's code: from the tables of the passes, or from the rule that has the code."""

from __future__ import annotations

import inspect
import json
import sys
from typing import NamedTuple

from lenie.compiler import codes, pages
from lenie.compiler.console import EXIT_FINE, Usage, coloured
from lenie.compiler.diagnostics import suggest


class Explanation(NamedTuple):
    """What ``lenie explain`` prints."""

    code: str
    title: str
    text: str


def explanations() -> dict[str, Explanation]:
    """Return the pages of all codes, sorted by number."""
    from lenie.compiler.rules import rules

    found = _of_passes()
    for module in rules():
        code = str(module.CODE)
        title, _, text = (inspect.getdoc(module) or "").partition("\n")
        found[code] = Explanation(code, title.strip().rstrip("."), text.strip())
    return dict(sorted(found.items(), key=lambda item: (item[0][1:], item[0])))


def titles() -> dict[str, str]:
    """Return the title of each code."""
    return {code: found.title for code, found in explanations().items()}


def page(code: str) -> Explanation | None:
    """Return the page of `code`, or None."""
    return _of_passes().get(code) or explanations().get(code)


def _of_passes() -> dict[str, Explanation]:
    from lenie.compiler.clusters.pages import PAGES as CLUSTERS
    from lenie.compiler.deploy.pages import PAGES as DEPLOY
    from lenie.compiler.diff.pages import PAGES as DIFF
    from lenie.compiler.lint.pages import PAGES as LINT
    from lenie.compiler.local.pages import PAGES as LOCAL
    from lenie.compiler.sourcemap.pages import PAGES as SOURCE_MAP
    from lenie.compiler.verify.pages import PAGES as VERIFY

    tables = codes.PAGES | pages.PAGES | CLUSTERS | VERIFY | DIFF | SOURCE_MAP | LINT | LOCAL | DEPLOY
    return {code: Explanation(code, found.title, found.text) for code, found in tables.items()}


def command(code: str | None, *, as_json: bool) -> int:
    """Print the page of `code`, or the titles of all; return the exit code.

    Raises:
        Usage: if there is no such code.
    """
    if code is None:
        known = titles()
        print(json.dumps(known, indent=2) if as_json else "\n".join(f"{one}  {title}" for one, title in known.items()))
        return EXIT_FINE
    found = page(code.strip().upper())
    if found is None:
        raise Usage(f'there is no code "{code}"', suggest(code.strip().upper(), titles(), what="codes"))
    if as_json:
        print(json.dumps(found._asdict(), indent=2))
    else:
        print_page(found, coloured(sys.stdout))
    return EXIT_FINE


def print_page(found: Explanation, colour: bool) -> None:
    """Print a page; on a terminal with its examples set apart."""
    if not colour:
        print(f"{found.code}: {found.title}\n\n{found.text}".rstrip())
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(f"# {found.code}: {found.title}\n\n{found.text}", code_theme="ansi_dark"))
