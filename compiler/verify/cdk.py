"""A CDK app read back: it is run, as for a deployment, and the templates that it makes are read like any others."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import NamedTuple

from lenie.compiler.graph import Graph
from lenie.compiler.verify.assembly import artifacts, settings
from lenie.compiler.verify.cfn.document import Item, Unreadable, load, read_text
from lenie.compiler.verify.cfn.reader import Published
from lenie.compiler.verify.cfn.template import SECTIONS, Template
from lenie.compiler.verify.guards import NO_ENVIRONMENT, refused
from lenie.compiler.verify.program import Component, Problem, Program
from lenie.compiler.verify.python_places import Source
from lenie.compiler.verify.situations import Situation
from lenie.compiler.verify.values import Node, Place
from lenie.compiler.verify.verification import Unavailable

_TIMEOUT = 240  # seconds, for all syntheses
#: Runs ``app.py`` as a program, once for each context, and tells which of other contexts it does not refuse. The
#: libraries' own process has read its environment long before the second run: so the app is given directory and context
#: as arguments, which say the same.
_DRIVER = """
import json, runpy, sys
import aws_cdk

class App(aws_cdk.App):
    def __init__(self, **given):
        super().__init__(**{**given, "outdir": out, "context": {**(given.get("context") or {}), **context}})

aws_cdk.App = App
for out, context in json.loads(sys.argv[1]).items():
    runpy.run_path("app.py", run_name="__main__")
allowed = []
for number, context in enumerate(json.loads(sys.argv[2])):
    out = f"{sys.argv[3]}/{number}"
    try:
        runpy.run_path("app.py", run_name="__main__")
        allowed.append(number)
    except (SystemExit, Exception):
        pass
with open(f"{sys.argv[3]}/allowed.json", "w") as file:
    json.dump(allowed, file)
"""
_FRAME = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
_FOREIGN = ("CDK_", "AWS_", "JSII_")
#: How messages call a template, which exists only while it is read.
_SYNTHESISED = "cdk.out"


class Synthesis(NamedTuple):
    """What running the app gave: the text of each file by its name, or what went wrong."""

    files: dict[str, str]
    fault: str = ""


class Probe(NamedTuple):
    """A context that an app has to refuse, and what is told if it does not."""

    context: dict[str, str]
    message: str


class Stack(NamedTuple):
    """What the manifest of a synthesis says of a stack."""

    dependencies: list[str]
    region: str
    protected: bool


_NO_STACK = Stack([], "", False)


class App:
    """The CDK app in `directory`; `shown` is the directory's name in messages, `project` begins the names of stacks.

    Raises:
        Unavailable: if there is no Python with aws-cdk-lib, or no Node.js.
    """

    name = "cdk"

    def __init__(self, directory: Path, shown: str, project: str, python: str) -> None:
        self.directory = directory
        self.shown = shown
        self.project = project
        self.missing = not (directory / "app.py").is_file()
        self.python = Path() if self.missing else interpreter(directory, python)
        self._done: dict[str, Synthesis] = {}
        #: What the app has to refuse, and which of it it does not.
        self._probes: list[Probe] = []
        self._let_in: list[Problem] = []
        self._work: Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()
        self._stopped = False

    def prepare(self, situations: Sequence[Situation]) -> None:
        """Start to run the app for every situation, in one process: its libraries take longer to load than to run."""
        if self.missing or self._work is not None:
            return
        self._probes = [probe for one in situations[:1] for probe in probes(one.graph, one.environment)]
        self._work = Thread(target=self._synthesise, args=(list(situations),))
        self._work.start()

    def _synthesise(self, situations: Sequence[Situation]) -> None:
        with tempfile.TemporaryDirectory(prefix="lenie-cdk-") as scratch:
            contexts = {one.name: context(one) for one in situations}
            # The defaults of the app's parameters are what an environment has without further words.
            distinct = {json.dumps(values): values for values in contexts.values()}
            runs = {f"{scratch}/{number}": values for number, values in enumerate(distinct.values())}
            probed = Path(scratch, "probes")
            probed.mkdir()
            fault = self._run(runs, probed)
            if not fault:
                self._let_in = self._tried(probed / "allowed.json")
            done = {key: _synthesis(Path(out), fault) for key, out in zip(distinct, runs, strict=True)}
            self._done = {name: done[json.dumps(values)] for name, values in contexts.items()}

    def _tried(self, allowed: Path) -> list[Problem]:
        """Return what is to be told of the probes that the app does not refuse."""
        place = Place(f"{self.shown}/settings.py", 1)
        if not allowed.is_file():
            return [Problem("E606", "the app ended before it could be tried with what it has to refuse", place)]
        numbers = json.loads(allowed.read_text(encoding="utf-8"))
        return [Problem("E601", self._probes[number].message, place) for number in numbers]

    def environment(self, situation: Situation, wanted: Program) -> Program:
        """See `verification.Reader`."""
        program = Program(situation.environment)
        if self.missing:
            program.problem("E605", f'"{self.shown}/app.py" is missing', help="run lenie-compile")
            return program
        if self._work is not None:
            self._work.join()
        done = self._done.get(situation.name, Synthesis({}, "it was not run"))
        if done.fault:
            program.problem("E606", *self._fault(done.fault), help="run lenie-compile, which writes the app again")
            return program
        place = Place(f"{self.shown}/app.py", 1)
        manifest = json.loads(done.files["manifest.json"])
        program.problems += [*settings(self.directory, self.shown), *self._let_in, *artifacts(manifest, place)]
        roots = self._roots(done, situation, wanted, program)
        published = Published()
        templates = {
            name: Template(name, root, lambda parameter: None, published.value) for name, root in roots.items()
        }
        published.find(templates, program)
        stacks = self._stacks(done)
        for name, template in templates.items():
            source = Source(self.directory, self.shown, name)
            resources, unread = template.resources(program)
            made = Component(name, resources, source.start(), unread=unread)
            for resource in made.resources.values():
                source.relocate(resource)
            stack = stacks.get(self._stack(name, situation, done), _NO_STACK)
            names = {self._stack(one, situation, done): one for one in templates}
            made.after = {names[one] for one in stack.dependencies if one in names}
            program.regions.append(Node(stack.region, source.start()))
            graph = wanted.graph
            if graph is not None:
                shared = graph.components[name].scope != "environment"
                if stack.protected != (shared or situation.environment in graph.production):
                    said = "although the spec does not ask for it" if stack.protected else "as the spec wants it"
                    words = "is" if stack.protected else "is not"
                    message = (
                        f'the stack of "{name}" {words} protected from deletion in {situation.environment}, {said}'
                    )
                    program.problem("E604", message, source.start(), component=name)
            program.components[name] = made
        return program

    def _roots(self, done: Synthesis, situation: Situation, wanted: Program, program: Program) -> dict[str, Item]:
        """Return the templates by the components that they are of."""
        known = {self._stack(name, situation, done): name for name in wanted.components}
        roots: dict[str, Item] = {}
        for file, text in sorted(done.files.items()):
            stack = file.removesuffix(".template.json")
            if stack == file:
                continue
            component = known.get(stack)
            place = Place(f"{self.shown}/app.py", 1)
            if component is None:
                program.problem("E603", f'the spec has no component with the stack "{stack}"', place)
                continue
            try:
                root = load(text, f"{_SYNTHESISED}/{file}")
            except Unreadable as error:
                program.problem("E606", error.message, place, component=component)
                continue
            for key in root.entries().keys() - SECTIONS:
                program.problem("E607", f'the section "{key}" is not one that the compiler writes', place)
            roots[component] = root
        return roots

    def _stack(self, component: str, situation: Situation, done: Synthesis) -> str:
        """Return the name of a component's stack: with the environment, or without for what exists once."""
        own = f"{self.project}-{situation.environment}-{component}"
        return own if f"{own}.template.json" in done.files else f"{self.project}-{component}"

    def _stacks(self, done: Synthesis) -> dict[str, Stack]:
        content = json.loads(done.files.get("manifest.json", "{}"))
        return {
            name: Stack(
                one.get("dependencies", []),
                one.get("environment", "").rpartition("/")[2],
                one.get("properties", {}).get("terminationProtection", False),
            )
            for name, one in content.get("artifacts", {}).items()
        }

    def _fault(self, said: str) -> tuple[str, Place]:
        """Return what went wrong in a run, in one line, and the line of the app that it came from."""
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        place = Place(f"{self.shown}/app.py", 1)
        for match in _FRAME.finditer(said):
            path = Path(match["file"])
            if path.is_relative_to(self.directory.resolve()):
                inner = path.relative_to(self.directory.resolve()).as_posix()
                place = Place(f"{self.shown}/{inner}", int(match["line"]))
        return f"the app cannot be synthesised: {lines[-1] if lines else 'it says nothing'}", place

    def _run(self, runs: Mapping[str, Mapping[str, str]], probed: Path) -> str:
        """Run the app for each of `runs` (directory of the output -> context); return what went wrong, or nothing.

        The directory `probed` gets the numbers of the probes that it does not refuse.
        """
        arguments = [json.dumps(runs), json.dumps([probe.context for probe in self._probes]), str(probed)]
        variables = {**surroundings(self.python), "CDK_VALIDATION": "false"}
        with self._lock:
            if self._stopped:
                return "it was interrupted"
            process = self._process = subprocess.Popen(  # noqa: S603 - it is the app of the user who runs the command
                [str(self.python), "-c", _DRIVER, *arguments],
                cwd=self.directory,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                # The libraries start a process of their own: with a group, both can be ended.
                start_new_session=True,
            )
        try:
            out, err = process.communicate(timeout=_TIMEOUT)
        except subprocess.TimeoutExpired:
            return f"it did not end within {_TIMEOUT} seconds"
        finally:
            _end(process)
        if process.returncode == 0:
            return ""
        return err or out or f"exit code {process.returncode}"

    def stop(self) -> None:
        """End what runs, and wait until nothing is left of it."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None:
            _end(process)
        if self._work is not None:
            self._work.join()


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _synthesis(out: Path, fault: str) -> Synthesis:
    """Return the files of one run; without a manifest it did not come to its end."""
    try:
        files = {path.name: read_text(path, path.name) for path in out.glob("*.json")}
    except Unreadable as error:
        return Synthesis({}, error.message)
    if "manifest.json" not in files:
        return Synthesis({}, fault or "it made no templates")
    return Synthesis(files)


def context(situation: Situation) -> dict[str, str]:
    """Return the context values that make the app what it is in a situation."""
    values = {"env": situation.environment}
    for name, node in situation.given.items():
        listed = isinstance(node.value, list)
        values[f"param.{name}"] = ",".join(str(item.value) for item in node.value) if listed else str(node.value)
    return values


def probes(graph: Graph, environment: str) -> Iterator[Probe]:
    """Yield what an app has to refuse: an environment that there is not, a text that a parameter's pattern refuses."""
    known = ", ".join(graph.environments)
    yield Probe({"env": NO_ENVIRONMENT}, f"any environment may be given; those of the spec are {known}")
    for name, parameter in graph.parameters.items():
        if not parameter.pattern or parameter.type == "number":
            continue
        text = next(refused(parameter), None)
        default = parameter.default
        rest = list(default[1:]) if isinstance(default, tuple) else []
        if text is not None:
            shown = json.dumps(text, ensure_ascii=False)
            message = (
                f'the parameter "{name}" lets {shown} in, which the spec refuses: it has to match {parameter.pattern}'
            )
            yield Probe({"env": environment, f"param.{name}": ",".join([text, *rest])}, message)


def interpreter(directory: Path, given: str) -> Path:
    """Return the Python that can run the app: `given`, or the first of the usual places that has aws-cdk-lib.

    Raises:
        Unavailable: if there is none, or no Node.js, on which the libraries of CDK run.
    """
    candidates = [Path(given)] if given else [directory / ".venv/bin/python", Path(".venv-cdk/bin/python")]
    found = next((path.absolute() for path in candidates if _has_cdk(path)), None)
    if found is None and not given and importlib.util.find_spec("aws_cdk") is not None:
        found = Path(sys.executable)
    if found is None:
        where = " and ".join(str(path) for path in candidates)
        raise Unavailable(
            f"no Python with aws-cdk-lib (looked for it at {where})",
            f"make one with: python3 -m venv {directory}/.venv && {directory}/.venv/bin/pip install "
            f"--requirement {directory}/requirements.txt; or name one with --cdk-python",
        )
    if shutil.which("node", path=f"{found.parent}{os.pathsep}{os.environ.get('PATH', '')}") is None:
        raise Unavailable("no Node.js, on which the libraries of CDK run", "install Node.js 20 or newer, as `node`")
    return found


def surroundings(python: Path) -> dict[str, str]:
    """Return the environment of an app that `python` runs: nothing of another CDK, and it leaves no files."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return variables | {
        "PATH": f"{python.parent}{os.pathsep}{variables.get('PATH', '')}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    }


def _has_cdk(python: Path) -> bool:
    return python.is_file() and any(python.parent.parent.glob("lib*/python3*/site-packages/aws_cdk/__init__.py"))
