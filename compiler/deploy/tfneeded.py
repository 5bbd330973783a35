"""What stays, and needs something that Terraform is to destroy: in the same state, or in another environment's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from lenie.compiler.deploy.tfprogram import Root
from lenie.compiler.diagnostics import Diagnostic, Severity
from lenie.compiler.graph import Component
from lenie.targets.tf.names import snake

if TYPE_CHECKING:
    from lenie.compiler.deploy.tfwork import Work

_SCOPES = ("organization", "account", "environment")


def needed(work: Work) -> list[Diagnostic]:
    """Return the components that are to be destroyed, and that others need which would stay (E664).

    In the same state Terraform would destroy these along; what is in another one would be left without what it needs.

    Raises:
        SpecError: (E665) if a state cannot be read.
    """
    chosen = {name: root for root in work.roots for name in work.rows.chosen(root)}

    @cache
    def state(root: Root, workspace: str) -> list[str]:
        return work.require(root).addresses(workspace)

    found = []
    for root in work.program.roots(_SCOPES):
        needing = _needing(work, root, chosen)
        if not needing:
            continue
        shared = any(chosen[name].scope != "environment" for names in needing.values() for name in names)
        for workspace in _workspaces(work, root, every=shared):
            there = state(root, workspace)
            for other, names in needing.items():
                ours = workspace in ("", work.request.environment)
                if not _made(other, there) or (ours and other in chosen):
                    continue
                for name in names:
                    home = chosen[name]
                    own = work.request.environment if home.scope == "environment" else ""
                    if (ours or not own) and _made(name, state(home, own)):
                        found.append(_error(work, name, other, "" if ours else workspace))
    return found


def _needing(work: Work, root: Root, chosen: Mapping[str, Root]) -> dict[str, list[str]]:
    """Return the components of a root module that may be in the way, with those of `chosen` that they need."""
    found = {}
    for other in root.components:
        names = [name for name in work.program.graph.components[other].depends_on if name in chosen]
        # Those that are chosen, too, stay in other environments; what each environment has does not matter there.
        names = [name for name in names if other not in chosen or chosen[name].scope != root.scope == "environment"]
        if names:
            found[other] = names
    return found


def _workspaces(work: Work, root: Root, *, every: bool) -> list[str]:
    """Return the workspaces to look at; what exists once has none."""
    if root.scope != "environment":
        return [""]
    own = work.request.environment
    return work.require(root).workspaces() if every else [own]


def _made(name: str, there: list[str]) -> bool:
    return any(one.startswith(f"module.{snake(name)}.") for one in there)


def _error(work: Work, name: str, other: str, environment: str) -> Diagnostic:
    """Return the error about `name`, which `other` needs; it is in `environment`, if that is another one."""
    where = f" of {environment}" if environment else ""
    help = (
        f"leave it out of --include, or delete {environment} first"
        if environment
        else f"delete both: {_command(work, [work.program.graph.components[one] for one in (name, other)])}"
    )
    message = f"{name} is needed by {other}{where}, which would stay"
    return Diagnostic("E664", Severity.ERROR, message, (work.label(name),), help)


def _command(work: Work, components: list[Component]) -> str:
    scopes = sorted({one.scope for one in components} - {"environment"})
    include = f" --include {','.join(scopes)}" if scopes else ""
    names = " ".join(one.name for one in components)
    return f"lenie destroy --target tf --env {work.request.environment}{include} {names}"
