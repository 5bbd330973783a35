"""One run of Terraform over the root modules of an environment: init, plan and apply, with the packages between."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lenie.compiler.aws import Account, told
from lenie.compiler.deploy import policies, tfplan
from lenie.compiler.deploy.artifacts import Artifacts, builder
from lenie.compiler.deploy.bundle import assemble
from lenie.compiler.deploy.calls import Calls
from lenie.compiler.deploy.collisions import Collision, collisions, wanted
from lenie.compiler.deploy.engine import identify
from lenie.compiler.deploy.model import Result
from lenie.compiler.deploy.progress import Progress
from lenie.compiler.deploy.status import Status
from lenie.compiler.deploy.tfkept import kept
from lenie.compiler.deploy.tfplan import Planned
from lenie.compiler.deploy.tfprogram import Root, TerraformProgram
from lenie.compiler.deploy.tfrows import Rows
from lenie.compiler.deploy.tfrun import Ended, Terraform, binary
from lenie.compiler.diagnostics import Diagnostic, Label, Severity, SpecError
from lenie.compiler.pipeline import Compilation
from lenie.targets.tf.names import snake

if TYPE_CHECKING:
    from lenie.compiler.deploy.command import Request

Ask = Callable[[str], bool] | None
_ACTIONS = ("create", "update", "replace", "delete")
#: How long a state that somebody else has locked is waited for.
_LOCK = "-lock-timeout=5m"


class Work:
    """One run of Terraform over the root modules of an environment."""

    def __init__(self, compiled: Compilation, request: Request, account: Account, ask: Ask, progress: Progress) -> None:
        graph = compiled.graph
        assert graph is not None, "a spec without errors has a graph"
        self.compiled = compiled
        self.request = request
        self.ask = ask
        self.progress = progress
        self.terraform = binary(request.terraform)
        self.program = TerraformProgram(compiled, request.out / "tf", request.environment, request.scope)
        self.program.require_current(Path(request.spec), request.scope)
        self.production = request.environment in graph.production
        self.roots = self.program.chosen(request.names, request.include, request.scope)
        self.identity = identify(account)
        self.calls = Calls(account)
        self.result = Result(request.environment, account.region, self.identity.account)
        self.rows = Rows(request.names)
        #: Root modules that are ready to plan, by their paths.
        self._ready: dict[str, Terraform] = {}

    @contextmanager
    def _values(self, root: Root) -> Iterator[list[str]]:
        """Yield the arguments that give the values of the environment."""
        text = self.program.variables(root)
        if not text:
            yield []
            return
        if not self.request.parameters:
            yield [f"-var-file=environments/{self.request.environment}.tfvars"]
            return
        with tempfile.TemporaryDirectory(prefix="lenie-tf-") as scratch:
            path = Path(scratch) / "given.tfvars"
            path.write_text(text, encoding="utf-8")
            yield [f"-var-file={path}"]

    def require(self, root: Root) -> Terraform:
        """Return the root module, ready to plan.

        Raises:
            SpecError: (E665) if that fails.
        """
        terraform = self.opened(root)
        if terraform is None:
            # Without an error it was interrupted.
            errors = self.result.errors
            raise SpecError(errors[0]) if errors else KeyboardInterrupt
        return terraform

    def opened(self, root: Root) -> Terraform | None:
        """Return the root module, ready to plan; None if that fails."""
        if root.path in self._ready:
            return self._ready[root.path]
        endpoint = self.request.endpoint
        extra = {"AWS_ENDPOINT_URL": endpoint, "AWS_S3_USE_PATH_STYLE": "true"} if endpoint else {}
        terraform = Terraform(self.terraform, self.program.directory, root.path, extra)
        had = self.program.has_backend(root)
        backend = self.program.backend(root, self.request.backend)
        self.progress.say(f"terraform init{_in(root)}")
        if not self._fine(terraform.init(*backend), root, "init"):
            if backend and not had:
                self.program.leave_backend(root)
            return None
        # What exists once has no workspace.
        if root.scope == "environment" and not self._fine(
            terraform.workspace(self.request.environment), root, "workspace"
        ):
            return None
        self._ready[root.path] = terraform
        return terraform

    def look(self, root: Root) -> list[Status]:
        """Return the state of each component of a root module, by a plan.

        Raises:
            SpecError: (E665) if there is none.
        """
        terraform = self.opened(root)
        done: list[Planned] | None = None
        if terraform is not None:
            with self._values(root) as values, tempfile.TemporaryDirectory(prefix="lenie-plan-") as scratch:
                done = self._planned(terraform, root, Path(scratch) / "plan", *values)
        if terraform is None or done is None:
            raise SpecError(self.result.errors[0])
        there = terraform.addresses()
        found = [
            _status(name, there, [one for one in done if one.component == name]) for name in self.rows.chosen(root)
        ]
        if self.request.names:
            return found
        modules = {snake(name): name for name in root.components}
        gone = {tfplan.component_of(one, modules) for one in there if one.startswith("module.")} - {*root.components}
        return found + [_status(name, there, [])._replace(differs=("not in the spec",)) for name in sorted(gone)]

    def apply(self, root: Root) -> bool:
        """Apply a root module; return whether all went well."""
        terraform = self.opened(root)
        if terraform is None:
            return False
        targets = [f"-target=module.{snake(name)}" for name in self.request.names if name in root.components]
        if self.request.names and not targets:
            return True
        with self._values(root) as values, tempfile.TemporaryDirectory(prefix="lenie-plan-") as scratch:
            plan = Path(scratch) / "plan"
            done = self._planned(terraform, root, plan, *values, *targets)
            if done is None:
                return False
            if not done:
                self.rows.note(root, [])
                return True
            stays = kept(done)
            if not self._allowed(terraform, plan, root, done, stays) or not self._agreed(root, done, stays):
                return False
            rest = self._forgotten(terraform, root, plan, done, stays, *values, *targets)
            if rest is None:
                return False
            done = rest
            first = self._first(root, done)
            for name, between in first:
                part = self._planned(terraform, root, plan, *values, f"-target=module.{snake(name)}")
                if part is None or (part and not self._applied(terraform, root, plan, part)):
                    return False
                between()
            if first:
                again = self._planned(terraform, root, plan, *values, *targets)
                if again is None or not self._allowed(terraform, plan, root, again):
                    return False
                done = again
            return not done or self._applied(terraform, root, plan, done)

    def _planned(self, terraform: Terraform, root: Root, plan: Path, *arguments: str) -> list[Planned] | None:
        """Return what a new plan does, nothing if there is nothing to do; None if it fails."""
        self.progress.say(f"terraform plan{_in(root)}")
        ended = terraform.plan(plan, _LOCK, *arguments)
        if ended.code == 2 and not ended.interrupted:
            return tfplan.changes(terraform.planned(plan), root.components)
        return [] if self._fine(ended, root, "plan") else None

    def _forgotten(
        self, terraform: Terraform, root: Root, plan: Path, done: list[Planned], stays: list[Planned], *arguments: str
    ) -> list[Planned] | None:
        """Take what `stays` out of the state, and return what is done then; None if that fails."""
        if not stays:
            return done
        if not self._fine(terraform.forget(sorted(one.address for one in stays)), root, "state rm"):
            return None
        self.result.notes += [f"{one.address} stays, and is not in the state any more" for one in stays]
        rest = self._planned(terraform, root, plan, *arguments)
        left = {one.component for one in rest or ()}
        self.rows.note(root, [one for one in stays if one.component not in left])
        return rest

    def _allowed(
        self, terraform: Terraform, plan: Path, root: Root, done: list[Planned], stays: Iterable[Planned] = ()
    ) -> bool:
        """Look for replacements in production (E662), and for names that are taken (E652), also by what `stays`."""
        replaced = [one for one in done if one.action == "replace"]
        shared = root.scope != "environment" and bool(self.program.graph.production)
        if replaced and (self.production or shared) and not self.request.force:
            what = ", ".join(f"{one.address} ({', '.join(one.because)})" for one in replaced)
            message = f"the change would replace {len(replaced)} of production's resources: {what}"
            help = "what they hold, their names and addresses may be lost; if that is meant, add --allow-replacement"
            labels = tuple(self.label(name) for name in dict.fromkeys(one.component for one in replaced))
            self.result.diagnostics.append(Diagnostic("E662", Severity.ERROR, message, labels, help))
            return False
        new = [name for name in root.components if any(o.component == name and o.action == "create" for o in done)]
        if not new:
            return True
        from lenie.compiler.specialise import specialise

        ours = tfplan.texts(terraform.planned(plan), {one.address for one in stays})
        graph = specialise(self.program.graph, self.request.environment)
        with told("looking for names that are taken"):
            names = [one for one in wanted(graph, new, {}, self.identity.account) if one.name not in ours]
            looked = collisions(self.calls, names, self.identity.where)
        self.result.diagnostics += [self._taken(one) for one in looked.taken]
        self.result.notes += [looked.note] if looked.note else []
        return not looked.taken

    def _taken(self, one: Collision) -> Diagnostic:
        name = one.wanted.component
        resource = self.program.graph.components[name].resources[one.wanted.logical_id]
        label = Label(self.program.tree.span(resource.path, key=True))
        more = f", {one.note}" if one.note else ""
        what = f"{one.wanted.logical_id} ({one.wanted.type})"
        message = f'{name}: {what} would be "{one.wanted.name}", which exists already{more}'
        help = "nothing was changed; rename one of them, delete what is there, or import it: terraform import"
        return Diagnostic("E652", Severity.ERROR, message, (label,), help)

    def _agreed(self, root: Root, done: list[Planned], stays: list[Planned]) -> bool:
        for one in done:
            self.progress.say(
                f"  {f'= {one.address} stays: only the state forgets it' if one in stays else one.line()}"
            )
        counted = {action: sum(one.action == action for one in done if one not in stays) for action in _ACTIONS}
        counted["forget"] = len(stays)
        words = ", ".join(f"{count} to {action}" for action, count in counted.items() if count)
        question = f"Apply this to {self.request.environment} in account {self.identity.account} ({words})?"
        if self.ask is None:
            return True
        with self.progress.paused():
            agreed = self.ask(question)
        if not agreed:
            self.decline(root)
        return agreed

    def decline(self, root: Root) -> None:
        """Note that nothing of a root module is to be done."""
        for name in self.rows.chosen(root):
            self.rows.put(name, "declined")

    def _first(self, root: Root, done: list[Planned]) -> list[tuple[str, Callable[[], None]]]:
        """Return the components that are applied before the others, each with what is done after it."""
        graph = self.program.graph
        made = {one.component for one in done}
        kinds = {kind for found in policies.needed(graph, root.components).values() for kind in found}
        first: list[tuple[str, Callable[[], None]]] = [
            (name, lambda: self._enable(kinds))
            for name in root.components
            if kinds and any(r.type == policies.ORGANIZATION for r in graph.components[name].resources.values())
        ]
        texts = dict.fromkeys(graph.components, "")
        none: dict[str, dict[str, str]] = {name: {} for name in texts}
        bundle = assemble(graph, self.program.tree, self.request.environment, texts, none)
        assert self.compiled.program is not None, "a spec without errors has a program"
        needing = [bundle.units[name] for name in root.components if name in made]
        artifacts = Artifacts(self.calls, bundle, self.compiled.program, needing)
        if artifacts.packages:
            many = len(artifacts.packages)
            self.progress.say(f"building {many} package{'' if many == 1 else 's'}")
            artifacts.build(builder(self.compiled.spec, self.request.packages))
            buckets = sorted(artifacts.components() & set(root.components))
            for number, name in enumerate(buckets):
                last = number == len(buckets) - 1
                first.append((name, (lambda: self._upload(artifacts)) if last else (lambda: None)))
        return first

    def _enable(self, kinds: set[str]) -> None:
        with told("enabling types of policies"):
            enabled = policies.enable(self.calls, kinds)
        self.result.notes += [f"enabled: {kind}" for kind in enabled]

    def _upload(self, artifacts: Artifacts) -> None:
        uploaded = artifacts.upload(self.progress.say)
        self.result.notes.append(f"{uploaded} of {len(artifacts.packages)} packages uploaded")

    def _applied(self, terraform: Terraform, root: Root, plan: Path, done: list[Planned]) -> bool:
        modules = {snake(name): name for name in root.components}
        totals = {one.component: sum(o.component == one.component for o in done) for one in done}
        finished: dict[str, int] = dict.fromkeys(totals, 0)
        failed: set[str] = set()
        began = time.monotonic()
        for name, total in totals.items():
            self.progress.begin(name, total, f"module.{snake(name)}")

        def watch(address: str, what: str) -> None:
            name = tfplan.component_of(address, modules)
            if name not in finished:
                return
            if what == "apply_errored":
                failed.add(name)
            finished[name] += what == "apply_complete"
            self.progress.advance(name, finished[name], f"module.{snake(name)}")

        ended = terraform.apply(plan, watch, _LOCK)
        fine = self._fine(ended, root, "apply")
        seconds = time.monotonic() - began
        self.rows.note(root, done, failed, fine=fine, finished=finished, seconds=seconds, interrupted=ended.interrupted)
        for name in totals:
            state = self.rows.state(name) or "not begun"
            self.progress.end(name, state, fine=state not in ("failed", "interrupted"))
        return fine

    def destroy(self, root: Root) -> bool:
        """Destroy what a root module made, but what is to stay; return whether all went well."""
        terraform = self.opened(root)
        if terraform is None:
            return False
        names = self.rows.chosen(root)
        if not names:
            return True
        there = terraform.addresses()
        retained = self.program.retained(names)
        staying = {one: retained[one.partition("[")[0]] for one in there if one.partition("[")[0] in retained}
        with self._values(root) as values, self._unless_planned(terraform, staying) as planned:
            if staying and not self._fine(terraform.forget(sorted(staying)), root, "state rm"):
                return False
            targets = [f"-target=module.{snake(name)}" for name in names] if self.request.names else []
            with tempfile.TemporaryDirectory(prefix="lenie-plan-") as scratch:
                plan = Path(scratch) / "plan"
                done = self._planned(terraform, root, plan, "-destroy", *values, *targets)
                stays = kept(one for one in done or () if one.component not in root.components)
                if done is not None:
                    done = self._forgotten(terraform, root, plan, done, stays, "-destroy", *values, *targets)
                if done is None:
                    return False
                planned.append(True)
                fine = not done or self._applied(terraform, root, plan, done)
        for component, logical_id in dict.fromkeys(staying.values()):
            type_ = self.program.graph.components[component].resources[logical_id].type
            self.result.notes.append(f"{component}: {logical_id} ({type_}) stays, as the spec wants it")
        gone = {component for component, _ in staying.values()} | {one.component for one in stays}
        for name in dict.fromkeys([*names, *sorted(gone)]):
            if self.rows.state(name) in (None, "unchanged"):
                self.rows.put(name, "deleted" if name in gone else "absent")
        return fine

    @contextmanager
    def _unless_planned(self, terraform: Terraform, staying: Mapping[str, object]) -> Iterator[list[bool]]:
        """Yield a list that gets an entry when a plan is made; without one, what left the state comes back to it."""
        before = terraform.pull() if staying else ""
        planned: list[bool] = []
        try:
            yield planned
        finally:
            if before and not planned:
                terraform.push(before)

    def idle(self) -> None:
        """Put the rows into the result; what was not come to is told, too."""
        self.result.rows = self.rows.listed(self.roots)

    def _fine(self, ended: Ended, root: Root, what: str) -> bool:
        """Note what a command said; return whether it went well."""
        self.result.diagnostics += [self.program.diagnostic(one, root, what) for one in ended.errors]
        if ended.code == 0 and not ended.errors:
            return not ended.interrupted
        if not ended.errors and not ended.interrupted:
            message = f"terraform {what} ended with exit code {ended.code}"
            help = f"see: terraform -chdir={self.program.directory / root.path} {what}"
            self.result.diagnostics.append(Diagnostic("E665", Severity.ERROR, message, (), help))
        return False

    def label(self, component: str) -> Label:
        """Return the place of a component in the spec."""
        return Label(self.program.tree.span(self.program.graph.components[component].path, key=True))


def _status(name: str, there: list[str], done: list[Planned]) -> Status:
    module = f"module.{snake(name)}"
    made = sum(one.startswith(f"{module}.") for one in there)
    counted = {action: sum(one.action == action for one in done) for action in _ACTIONS}
    differs = tuple(f"{count} to {action}" for action, count in counted.items() if count)
    words = f"{made} resource{'' if made == 1 else 's'}" if made else ""
    return Status(name, module, words, "", differs if made else (), "")


def _in(root: Root) -> str:
    return f" in {root.path}" if root.path else ""
