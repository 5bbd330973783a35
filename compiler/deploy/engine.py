"""Deploys the stacks of an environment: `deploy_cloudformation` is what the commands call."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from lenie.compiler.aws import Account, told
from lenie.compiler.console import Usage
from lenie.compiler.deploy import database, order, policies, preflight, secrets
from lenie.compiler.deploy.approval import Approval
from lenie.compiler.deploy.artifacts import Artifacts, builder
from lenie.compiler.deploy.bundle import Bundle, Unit, from_cloudformation, selected
from lenie.compiler.deploy.calls import Calls, Interrupted
from lenie.compiler.deploy.changes import Change
from lenie.compiler.deploy.collisions import Where
from lenie.compiler.deploy.converge import Converger, Hooks
from lenie.compiler.deploy.model import Options, Result, Row, State
from lenie.compiler.deploy.progress import Progress, Silent
from lenie.compiler.deploy.schedule import Done, Step, run
from lenie.compiler.deploy.stack import Found
from lenie.compiler.deploy.strays import strays
from lenie.compiler.diagnostics import Diagnostic, SpecError, suggest
from lenie.compiler.graph import Component, Graph
from lenie.compiler.pipeline import Compilation
from lenie.targets.wiring.stack import MAX_DIRECT_BYTES

#: Names of the steps between components; no component can be called so.
PACKAGES = "(packages)"
POLICY_TYPES = "(policy types)"


def deploy_cloudformation(
    compiled: Compilation,
    environment: str,
    account: Account,
    options: Options = Options(),  # noqa: B008 - it is immutable
    progress: Progress | None = None,
) -> Result:
    """Deploy a compiled spec to `environment`, and tell what was done; nothing is printed but by `progress`.

    `compiled` is what `pipeline.front` returns for a spec without errors (`parameters.Given` adjusts its values).
    Components are deployed in the order of their layers and references, independent ones at once. What exists is
    updated, what is unchanged stays, and a deployment that was interrupted goes on where it ended: all state is in
    CloudFormation. With an `account` that has an endpoint, it is an emulator's (`options.build` may then make packages
    for this machine: ``artifacts.builder(spec, directory, host=True)``).

    Raises:
        SpecError: (E911) if there are no credentials, or AWS cannot be reached; (E701 and others) if a package cannot
            be built; nothing was changed then.
        Usage: if `environment`, or a component in the options, does not exist.
    """
    deployment = prepare(compiled, environment, account, options, progress or Silent())
    result = deployment.result
    if result.errors:
        return result
    question = deployment.question()
    if options.ask is not None and not options.change_set and not options.ask(question):
        result.rows = [_idle(unit, "declined") for unit in deployment.units.values()]
        return result
    deployment.run()
    return result


class Identity(NamedTuple):
    """Who deploys, and where to."""

    account: str
    arn: str
    where: Where


def identify(account: Account) -> Identity:
    """Return who the credentials belong to.

    Raises:
        SpecError: (E911) if there are none, or they are not accepted.
    """
    with told("asking who deploys"):
        answer = account.client("sts").get_caller_identity()
    arn = str(answer["Arn"])
    number = str(answer["Account"])
    return Identity(number, arn, Where(number, account.region, arn.split(":")[1] or "aws"))


def chosen(bundle: Bundle, names: tuple[str, ...], scopes: tuple[str, ...]) -> dict[str, Unit]:
    """Return the stacks that are meant.

    Raises:
        Usage: if a name is no component, or one of a scope that is not included.
    """
    require_known(bundle.graph.components, names, scopes)
    return selected(bundle, names, scopes)  # type: ignore[arg-type]


def require_known(components: Mapping[str, Component], names: Iterable[str], scopes: Collection[str]) -> None:
    """Make sure that `names` are components, and of one of `scopes`.

    Raises:
        Usage: if one is not.
    """
    for name in names:
        if name not in components:
            raise Usage(f'there is no component "{name}"', suggest(name, components, what="components"))
        scope = components[name].scope
        if scope not in scopes:
            once = "once for the whole organization" if scope == "organization" else "once for the whole account"
            raise Usage(f'"{name}" exists {once}, for all environments', f"if that is meant, add --include {scope}")


def bundled(compiled: Compilation, environment: str, options: Options) -> Bundle:
    """Return the stacks of a compiled spec.

    Raises:
        Usage: if there is no such environment.
        SpecError: if the target cannot print what the spec asks for.
    """
    graph, tree = compiled.graph, compiled.tree
    assert graph is not None, "a spec without errors has a graph"
    assert tree is not None
    if environment not in graph.environments:
        help = suggest(environment, graph.environments, what="environments")
        raise Usage(f'there is no environment "{environment}"', help)
    if options.bundle is not None:
        bundle, found = options.bundle(compiled, environment)
    else:
        bundle, found = from_cloudformation(graph, tree, environment)
    errors = [one for one in found if one.code.startswith("E")]
    if errors:
        raise SpecError(errors[0])
    return bundle


class Deployment:
    """A deployment that is about to be done, or is."""

    def __init__(
        self,
        bundle: Bundle,
        graph: Graph,
        units: dict[str, Unit],
        calls: Calls,
        artifacts: Artifacts,
        options: Options,
        progress: Progress,
        result: Result,
        spec: Path,
    ) -> None:
        self.bundle = bundle
        self.spec = spec
        #: The graph of the environment.
        self.graph = graph
        self.units = units
        self.calls = calls
        self.artifacts = artifacts
        self.options = options
        self.progress = progress
        self.result = result
        self.stacks: dict[str, Found] = {}
        #: Components with large templates -> the component whose bucket these go through.
        self._homes: dict[str, str] = {}
        approval = Approval(bundle, options, progress)
        self.hooks = Hooks(approval, self._before, artifacts.template, self._watch)

    def question(self) -> str:
        """Return what is asked before anything is changed."""
        new = sum(not stack.id for stack in self.stacks.values())
        many = len(self.units)
        return (
            f"Deploy {many} component{'s' if many > 1 else ''} ({new} new) to {self.bundle.environment} "
            f"in account {self.result.account}, {self.result.region}?"
        )

    def check(self, where: Where) -> None:
        """Look at everything that can be known before anything is changed."""
        result = self.result
        with told("looking at what is deployed"):
            self.stacks = preflight.look(self.calls, self.units.values())
            for name, stack in self.stacks.items():
                if stack.verb == "explain":
                    outcome = Converger(self.calls, self.bundle, self.units[name], self.hooks).explain(stack)
                    result.diagnostics += outcome.diagnostics
            result.diagnostics += preflight.missing(self.calls, self.bundle, self.units)
            others = strays(self.calls, self.bundle, self.options.scopes())
            result.notes += [] if self.options.names else others.notes(result.environment)
            result.diagnostics += self._large()
        if not result.errors:
            self.progress.say("looking for names that are taken")
            with told("looking for names that are taken"):
                found, note = preflight.taken(
                    self.calls, self.bundle, self.graph, self.units, self.stacks, where, others
                )
            result.diagnostics += found
            result.notes += [note] if note else []

    def _large(self) -> list[Diagnostic]:
        """Return the large templates whose bucket will not be there (E654); what is before them is noted."""
        found = []
        after = order.waits(self.units, self.bundle.graph.layers)
        for name, unit in self.units.items():
            if len(unit.template.encode()) <= MAX_DIRECT_BYTES:
                continue
            home = self.artifacts.template_component(unit)
            if home in self.units and home != name and name not in order.needed(home, after):
                self._homes[name] = home
                continue
            if not preflight.look(self.calls, [self.bundle.units[home]])[home].there:
                why = f"that of {home} is not there before it"
                help = (
                    f"deploy it first: lenie deploy --env {self.bundle.environment} {home}"
                    if home != name
                    else "move the bucket to a component of its own"
                )
                found.append(self.artifacts.no_bucket(unit, why, help))
        return found

    def run(self) -> None:
        """Deploy, and note what became of each step."""
        self.build()
        steps = self._steps()
        parallel = 1 if self.options.change_set and self.options.ask is not None else self.options.parallel
        done = run(steps, parallel=parallel, accepted=lambda row: row.state in FINE, interrupted=self._interrupted)
        self.result.rows = [row_of(name, self.units.get(name), one) for name, one in done.items()]
        changed = [row.name for row in self.result.rows if row.state == "updated"]
        if changed and len(self.units) < len(self.bundle.units) and not self.calls.abandoned.is_set():
            self._tell_outdated(changed)

    def _tell_outdated(self, changed: list[str]) -> None:
        """Note what was not deployed now, and has read values that are others now."""
        from lenie.compiler.deploy.status import outdated

        others = [unit for name, unit in self.bundle.units.items() if name not in self.units]
        with told("looking at what reads values"):
            found = outdated(self.calls, others, changed)
        self.result.notes += [
            f"{name} has read {', '.join(values)} before, which has another value now: "
            f"lenie deploy --env {self.result.environment} {name}"
            for name, values in found.items()
        ]

    def _steps(self) -> dict[str, Step[Row]]:
        """Return the components, and what is done between them, in their order."""
        after = order.waits(self.units, self.bundle.graph.layers)
        steps: dict[str, Step[Row]] = {}
        policied = policies.needed(self.graph, self.units)
        kinds = frozenset(kind for found in policied.values() for kind in found)
        makers = frozenset(name for name in self.units if policies.ORGANIZATION in self.units[name].resources.values())
        if self.artifacts.packages:
            buckets = self.artifacts.components() & self.units.keys()
            steps[PACKAGES] = Step(self._timed(PACKAGES, self._upload), buckets)
        if kinds:
            work = self._timed(POLICY_TYPES, lambda: self._enable(kinds))
            steps[POLICY_TYPES] = Step(work, makers)
        for name, unit in self.units.items():
            more = {PACKAGES} if unit.packages else set()
            more |= {POLICY_TYPES} if name in policied else set()
            more |= {self._homes[name]} if name in self._homes else set()
            steps[name] = Step(self._timed(name, self._component(unit)), after[name] | more)
        return _sorted(steps)

    def _timed(self, name: str, work: Callable[[], Row]) -> Callable[[], Row]:
        def timed() -> Row:
            began = time.monotonic()
            unit = self.units.get(name)
            try:
                row = work()
            except SpecError as error:
                row = Row(name, unit.stack if unit else "", "failed", diagnostics=(error.diagnostic,))
            except Interrupted:
                row = Row(name, unit.stack if unit else "", "interrupted")
            row = row._replace(seconds=time.monotonic() - began)
            self.progress.end(name, row.state, fine=row.state in FINE)
            return row

        return timed

    def _component(self, unit: Unit) -> Callable[[], Row]:
        def work() -> Row:
            self.progress.begin(unit.component, len(unit.resources), f"deploying {unit.stack}")
            with told(f"deploying {unit.component}"):
                missing = secrets.check(self.calls, self.bundle, self.graph, unit.component, self.options.secrets)
                if missing:
                    return Row(unit.component, unit.stack, "failed", diagnostics=tuple(missing))
                outcome = Converger(self.calls, self.bundle, unit, self.hooks).run()
                filled = (
                    secrets.fill(self.calls, self.graph, unit.component, self.options.secrets) if outcome.fine else ()
                )
            return Row(
                unit.component,
                unit.stack,
                outcome.action,
                resources=len(unit.resources),
                notes=(*outcome.notes, *filled),
                diagnostics=outcome.diagnostics,
            )

        return work

    def build(self) -> None:
        """Build the packages first: what is wrong with them should be known before anything is changed."""
        if self.artifacts.packages:
            many = len(self.artifacts.packages)
            self.progress.say(f"building {many} package{'' if many == 1 else 's'}")
            self.artifacts.build(self.options.build or builder(self.spec, self.options.packages))

    def _upload(self) -> Row:
        many = len(self.artifacts.packages)
        self.progress.begin(PACKAGES, many, "uploading packages")
        begun = iter(range(many))
        uploaded = self.artifacts.upload(lambda words: self.progress.advance(PACKAGES, next(begun), words))
        there = f"all {many} packages are in the bucket" if many > 1 else "the only package is in the bucket"
        note = f"{uploaded} of {many} packages uploaded" if uploaded else there
        return Row(PACKAGES, "", "done", notes=(note,))

    def _enable(self, kinds: frozenset[str]) -> Row:
        self.progress.begin(POLICY_TYPES, 0, "enabling types of policies")
        with told("enabling types of policies"):
            enabled = policies.enable(self.calls, kinds)
        note = f"enabled: {', '.join(enabled)}" if enabled else "they are enabled"
        return Row(POLICY_TYPES, "", "done", notes=(note,))

    def _before(self, unit: Unit, changes: tuple[Change, ...]) -> tuple[str, ...]:
        """Start databases that have to run for the changes."""
        wanted = [one.physical_id for one in changes if one.type == database.TYPE and one.action != "Add"]
        if wanted:
            self.progress.advance(unit.component, 0, "waiting for the database")
        return database.started(self.calls, [one for one in wanted if one])

    def _watch(self, unit: Unit, done: int, status: str) -> None:
        self.progress.advance(unit.component, done, status)

    def _interrupted(self, times: int) -> None:
        if times == 1:
            self.progress.say("interrupted: nothing else is begun; waiting for what runs (once more: leave it to AWS)")
        else:
            self.calls.abandoned.set()


#: States of a row after which others may go on.
FINE: tuple[State, ...] = ("created", "updated", "unchanged", "deleted", "absent", "done")


def prepare(
    compiled: Compilation, environment: str, account: Account, options: Options, progress: Progress
) -> Deployment:
    """Return a deployment that can be run, with all that was found before anything is changed.

    Raises:
        SpecError: (E911) if there are no credentials, or AWS refuses.
        Usage: if the environment or a component does not exist.
    """
    from lenie.compiler.specialise import specialise

    bundle = bundled(compiled, environment, options)
    units = chosen(bundle, options.names, options.scopes())
    secrets.require_known(compiled, options.secrets)
    assert compiled.program is not None, "a spec without errors has a program"
    identity = identify(account)
    calls = Calls(account, options.pace)
    result = Result(environment, account.region, identity.account)
    artifacts = Artifacts(calls, bundle, compiled.program, units.values())
    graph = specialise(bundle.graph, environment)
    deployment = Deployment(bundle, graph, units, calls, artifacts, options, progress, result, compiled.spec)
    deployment.check(identity.where)
    return deployment


def row_of(name: str, unit: Unit | None, done: Done[Row]) -> Row:
    """Return the row of a step: what it returned, or that it was not begun.

    Raises:
        BaseException: what the step raised, if that is a fault of the program.
    """
    if done.value is not None:
        return done.value
    if done.error is not None:
        raise done.error
    return Row(name, unit.stack if unit is not None else "", "not begun")


def _idle(unit: Unit, state: State) -> Row:
    return Row(unit.component, unit.stack, state)


def _sorted(steps: dict[str, Step[Row]]) -> dict[str, Step[Row]]:
    """Return the steps in an order in which they can be done: what is between components as early as it can be."""
    ordered: dict[str, Step[Row]] = {}
    while len(ordered) < len(steps):
        ready = [name for name, step in steps.items() if name not in ordered and step.after <= ordered.keys()]
        ordered |= {ready[0]: steps[ready[0]]}
    return ordered
