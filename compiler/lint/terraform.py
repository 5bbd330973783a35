"""terraform: ``validate`` against the provider's schema, and ``fmt -check``.

Nothing is written beside the program: it is initialised in a directory of links to its files. The provider comes from
where the user has it (an initialised program, a mirror, a plug-in cache), or from the registry, once.

Sources: Terraform CLI documentation, "Command: validate" (JSON output), "Command: init" (-plugin-dir), "CLI
Configuration" (Provider Plugin Cache).
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lenie.compiler.diagnostics import Severity
from lenie.compiler.lint.context import Context, Tool, command
from lenie.compiler.lint.finding import Failed, Finding, Missing, Region, Result
from lenie.compiler.lint.process import documents

NAME = "terraform"
_HELP = "get it from https://developer.hashicorp.com/terraform/install, and put it on the PATH"
_FMT = "fmt"
#: What a program that could not be initialised says for that reason only.
_UNINITIALISED = frozenset(
    {"Missing required provider", "Inconsistent dependency lock file", "Failed to load plugin schemas"}
)
_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}
_WORDS = 300
#: Directories of modules, which are validated with the programs that call them.
_MODULES = "modules"
#: Settings that would lead terraform elsewhere than where it is sent.
_FOREIGN = ("TF_CLI_ARGS", "TF_DATA_DIR", "TF_WORKSPACE", "TF_LOG", "TF_CHDIR")


def run(context: Context) -> Result:
    """Check the layout of all files, and validate each root module."""
    tool = command(context.given.get(NAME, ""), beside=[], name=NAME, help=_HELP)[0]
    work = context.scratch / "program"
    mirror(context.directory.absolute(), work)
    result = Result()
    variables = _variables(context)
    try:
        result.findings += _unformatted(context, tool, variables)
        for root in _roots(work):
            found, undone = _validated(context, tool, work, root, variables)
            result.findings += [one for one in found if one not in result.findings]
            if undone is not None and undone not in result.undone:
                result.undone.append(undone)
    except Missing as missing:
        raise Missing(missing.message, missing.help or _HELP) from None
    return result


def mirror(directory: Path, work: Path) -> None:
    """Make in `work` the directories of a program with links to its files; a lock file is copied, as it is written to.

    Raises:
        Failed: if the files cannot be read.
    """

    def refuse(error: OSError) -> None:
        raise error

    try:
        for parent, directories, names in os.walk(directory, onerror=refuse):
            directories[:] = [name for name in directories if not name.startswith(".")]
            below = work / Path(parent).relative_to(directory)
            below.mkdir(parents=True)
            for name in names:
                if name == ".terraform.lock.hcl":
                    (below / name).write_bytes(Path(parent, name).read_bytes())
                elif not name.startswith("."):
                    (below / name).symlink_to(Path(parent, name))
    except OSError as error:
        raise Failed(f'"{error.filename}" cannot be read: {(error.strerror or "").lower()}') from None


def _roots(work: Path) -> list[str]:
    """Return the directories of root modules below `work`."""
    found = []
    for parent, directories, names in os.walk(work):
        directories[:] = sorted(name for name in directories if name != _MODULES)
        if any(name.endswith((".tf", ".tf.json")) for name in names):
            found.append(Path(parent).relative_to(work).as_posix())
    return found


def _variables(context: Context) -> dict[str, str]:
    """Return the environment of terraform: the user's, without what would change what it does or prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    kept |= {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
    if "TF_PLUGIN_CACHE_DIR" not in kept and not _has_cache(kept):
        home = Path(kept.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        cache = home / "lenie" / "terraform-plugins"
        try:
            cache.mkdir(parents=True, exist_ok=True)
        except OSError:
            return kept
        kept["TF_PLUGIN_CACHE_DIR"] = str(cache)
    # There is no lock file that a cached provider without its other platforms' digests could spoil.
    return {**kept, "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "true"}


def _has_cache(variables: dict[str, str]) -> bool:
    """Whether the user's configuration of terraform has a plug-in cache."""
    path = Path(variables.get("TF_CLI_CONFIG_FILE") or Path.home() / ".terraformrc")
    try:
        return "plugin_cache_dir" in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _unformatted(context: Context, tool: str, variables: dict[str, str]) -> Iterator[Finding]:
    """Yield a warning for each file that ``terraform fmt`` would change. What it cannot parse, `validate` tells."""
    options = ["-check", "-recursive", "-no-color", str(context.directory.absolute())]
    done = context.runner.run([tool, _FMT, *options], variables=variables)
    if done.code not in (0, 2, 3):
        raise Failed(f"terraform fmt ended with exit code {done.code}", done.last_words)
    for line in done.out.splitlines():
        path = context.inner(os.path.abspath(line))  # noqa: PTH100 - links must stay what they are
        if path:
            message = "the file is not laid out as terraform fmt would"
            yield Finding(NAME, context.target, _FMT, Severity.WARNING, message, Region(path, 1, 0, 1, 0))


def _validated(
    context: Context, tool: str, work: Path, root: str, variables: dict[str, str]
) -> tuple[list[Finding], tuple[str, str] | None]:
    """Return what ``validate`` says of a root module, and why it could not say more."""
    data = context.scratch / "data" / root.replace("/", "-")
    own = {**variables, "TF_DATA_DIR": str(data)}
    options = ["-backend=false", "-input=false", "-no-color"]
    installed = _installed(context.directory.absolute(), root)
    if installed is not None:
        options.append(f"-plugin-dir={installed}")
    begun = context.runner.run([tool, "init", *options], directory=work / root, variables=own)
    done = context.runner.run([tool, "validate", "-json", "-no-color"], directory=work / root, variables=own)
    contents = list(documents("terraform validate", done))
    try:
        said = [one for content in contents for one in content["diagnostics"]]
        unready = [one for one in said if one["summary"] in _UNINITIALISED]
        if unready and begun.code == 0:
            raise Failed("terraform validate cannot use the provider", _line(unready[0]))
        said = [one for one in said if one not in unready]
        found = [_finding(context, root, one) for one in said]
    except (KeyError, TypeError, AttributeError):
        raise Failed(
            "terraform validate printed JSON of an unknown form", help="releases from 1.11 on are tested"
        ) from None
    if begun.code == 0 or any(one.severity is Severity.ERROR for one in found):
        return found, None
    where = f"the root module {root}" if root != "." else "the program"
    message = f"terraform validate looked at the syntax of {where} only: terraform init could not get the provider"
    help = (
        f"terraform says: {_error(begun.out + begun.err)}\n"
        f"let it reach the registry, name a mirror in its configuration, or run terraform init in {context.shown}"
    )
    return found, (message, help)


def _installed(directory: Path, root: str) -> Path | None:
    """Return where the user has initialised the program with its provider, if that is so."""
    candidates = (directory / root / ".terraform" / "providers", directory / ".terraform" / "providers")
    return next((path for path in candidates if path.is_dir()), None)


def _error(said: str) -> str:
    """Return what ``init`` said of its first error, on one line; the headline says it if there is no more."""
    lines = [line.strip(" │╷╵") for line in said.splitlines()]
    begin = next((number for number, line in enumerate(lines) if line.startswith("Error:")), 0)
    paragraphs = [" ".join(part.split("\n")) for part in "\n".join(lines[begin:]).split("\n\n") if part.strip()]
    return (paragraphs[1:2] or paragraphs or ["nothing"])[0][:_WORDS]


def _finding(context: Context, root: str, one: Any) -> Finding:
    place = one.get("range")
    region = Region()
    if place is not None:
        path = posixpath.normpath(posixpath.join(root, Path(place["filename"]).as_posix()))
        start, end = place["start"], place["end"]
        region = Region(path, start["line"], start["column"], end["line"], end["column"])
    message = _line(one)
    severity = _SEVERITIES.get(one["severity"], Severity.ERROR)
    address = one.get("address") or ""
    return Finding(NAME, context.target, "", severity, f"{message} ({address})" if address else message, region)


def _line(one: Any) -> str:
    """Return what a diagnostic of terraform says, on one line."""
    detail = " ".join(str(one.get("detail") or "").split())
    return f"{one['summary']}: {detail}" if detail else str(one["summary"])


TOOL = Tool(NAME, ("tf",), run)
