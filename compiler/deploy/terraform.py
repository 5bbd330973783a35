"""Deploys, destroys and looks at what the Terraform program of an environment makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.aws import Account
from lenie.compiler.deploy.model import Result
from lenie.compiler.deploy.progress import Progress
from lenie.compiler.deploy.status import Overview
from lenie.compiler.deploy.tfneeded import needed
from lenie.compiler.deploy.tfwork import Ask, Work
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.pipeline import Compilation

if TYPE_CHECKING:
    from lenie.compiler.deploy.command import Request


def deploy_terraform(compiled: Compilation, request: Request, account: Account, ask: Ask, progress: Progress) -> Result:
    """Apply the Terraform program of an environment, and tell what was done.

    Raises:
        SpecError: (E911) without credentials, (E657) without terraform or with files that are not current, (E662) if
            resources of production would be replaced.
        Usage: if a name does not fit.
    """
    work = Work(compiled, request, account, ask, progress)
    for root in work.roots:
        if not work.apply(root):
            break
    work.idle()
    return work.result


def destroy_terraform(
    compiled: Compilation, request: Request, account: Account, ask: Ask, progress: Progress
) -> Result:
    """Destroy what the Terraform program of an environment made, and tell what stays.

    Raises:
        SpecError: (E911, E657) as for a deployment, (E664) if it is production and the protection is not lifted, (E665)
            if a state cannot be read.
        Usage: if a name does not fit.
    """
    work = Work(compiled, request, account, ask, progress)
    if work.production and not request.force:
        message = f"{request.environment} is production"
        help = "nothing was destroyed; if it is meant, add --lift-protection"
        raise SpecError(Diagnostic("E664", Severity.ERROR, message, (), help))
    work.result.diagnostics += needed(work)
    if work.result.errors:
        work.idle()
        return work.result
    if ask is not None and not ask(f"What Terraform made of {request.environment} will be destroyed."):
        for root in work.roots:
            work.decline(root)
        work.idle()
        return work.result
    for root in reversed(work.roots):
        if not work.destroy(root):
            break
    work.idle()
    return work.result


def status_of_terraform(compiled: Compilation, request: Request, account: Account, progress: Progress) -> Overview:
    """Return how what Terraform made of an environment differs from its program; nothing is applied.

    Raises:
        SpecError: (E911, E657) as for a deployment, (E665) if no plan can be made.
        Usage: if a name does not fit.
    """
    work = Work(compiled, request, account, None, progress)
    components = tuple(one for root in work.roots for one in work.look(root))
    return Overview(request.environment, work.identity.account, account.region, components)
