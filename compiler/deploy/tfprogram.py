"""The compiled Terraform program on the disk: its root modules, values of an environment, and places in the spec."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from lenie.compiler.console import Usage
from lenie.compiler.deploy.reading import text_of
from lenie.compiler.deploy.tfrun import Message
from lenie.compiler.diagnostics import Diagnostic, Label, Report, Severity, SpecError, suggest
from lenie.compiler.graph import Graph
from lenie.compiler.load import Tree
from lenie.compiler.output import check
from lenie.compiler.pipeline import Compilation, compile_spec
from lenie.targets.base import Places
from lenie.targets.tf.names import snake
from lenie.targets.tf.root import ROOTS

_BACKEND = 'terraform {\n  backend "s3" {}\n}\n'
_RESOURCE = re.compile(r'^resource "(?P<type>[^"]+)" "(?P<name>[^"]+)"', re.MULTILINE)


class Root(NamedTuple):
    """A root module: what has one state."""

    #: Directory below that of the program: empty, or ``account``.
    path: str
    scope: str
    #: Components in their order.
    components: tuple[str, ...]


class TerraformProgram:
    """The program of a spec in `directory`, for one environment."""

    def __init__(self, compiled: Compilation, directory: Path, environment: str, scope: str) -> None:
        graph, tree = compiled.graph, compiled.tree
        assert graph is not None, "a spec without errors has a graph"
        assert tree is not None
        self.graph: Graph = graph
        self.tree: Tree = tree
        self.directory = directory
        self.environment = environment
        self.places = Places()
        self.files = emitted(compiled, scope, self.places)

    def require_current(self, spec: Path, scope: str) -> None:
        """Make sure that the directory holds what the spec compiles to; values that are given now do not count.

        Raises:
            SpecError: (E657) if it does not.
        """
        # With the source map, which is written beside them.
        files = compile_spec(spec, ("tf",), scope=scope).outputs.get("tf", {})
        found, interrupted = check(self.directory.parent, self.directory.name, files)
        if interrupted or not found.current:
            out = f" --out {self.directory.parent}" if self.directory.parent != Path("generated") else ""
            wide = " --scope all" if scope == "all" else ""
            message = f'"{self.directory}" is not what {spec} compiles to'
            raise SpecError(
                Diagnostic("E657", Severity.ERROR, message, (), f"run: lenie-compile --target tf{wide}{out}")
            )

    def roots(self, scopes: tuple[str, ...]) -> list[Root]:
        """Return the root modules of `scopes`, in the order in which they are applied."""
        found = []
        for scope in ("organization", "account", "environment"):
            path = ROOTS[scope].rstrip("/")
            components = tuple(
                name
                for name, component in self.graph.components.items()
                if component.scope == scope and f"modules/{name}/main.tf" in self.files
            )
            if scope in scopes and components:
                found.append(Root(path, scope, components))
        return found

    def chosen(self, names: Iterable[str], include: Iterable[str], scope: str) -> list[Root]:
        """Return the root modules of the environment and of what is included; `scope` is that of the program.

        Raises:
            Usage: if one of `names` is no component of them.
        """
        roots = self.roots(("environment", *include))
        known = [name for root in roots for name in root.components]
        for name in names:
            if name not in known:
                help = suggest(name, known, what="components")
                wide = "; --scope all covers every component" if scope == "default" else ""
                raise Usage(f'"{name}" is no component of the Terraform program', f"{help}{wide}")
        return roots

    def variables(self, root: Root) -> str:
        """Return the text of the file of values of the environment; nothing if the root module takes none."""
        return self.files.get(f"{ROOTS[root.scope]}environments/{self.environment}.tfvars", "")

    def _require_local(self, root: Root) -> None:
        target = self._backend_file(root)
        if target.is_file() and target.read_text(encoding="utf-8") == _BACKEND:
            message = f'the state is in a backend, as "{target}" says, and no settings of it are given'
            help = "give --backend-config FILE each time; for a local state remove that file"
            raise SpecError(Diagnostic("E657", Severity.ERROR, message, (), help))

    def leave_backend(self, root: Root) -> None:
        """Take back what `backend` did: the backend was not set up, so that the state is where it was."""
        self._backend_file(root).unlink(missing_ok=True)

    def _backend_file(self, root: Root) -> Path:
        return self.directory / root.path / "backend.tf"

    def has_backend(self, root: Root) -> bool:
        """Whether a backend is set up for the root module already, by whomever."""
        return self._backend_file(root).exists()

    def backend(self, root: Root, file: str) -> list[str]:
        """Make the root module use the backend in S3 that `file` sets, if there is one; return arguments of ``init``.

        Raises:
            SpecError: (E657) if there is none, and an earlier run has put the state into a backend, (E902) if `file`
                cannot be read.
            Usage: if `file` is none.
            OSError: if a file cannot be written.
        """
        if not file:
            self._require_local(root)
            return []
        config = Path(file)
        text = text_of(config, "--backend-config", "no settings of a backend", 'write bucket = "my-terraform-states"')
        if not self.has_backend(root):
            self._backend_file(root).write_text(_BACKEND, encoding="utf-8")
        arguments = ["-reconfigure", f"-backend-config={config.absolute()}"]
        if not re.search(r"^\s*(use_lockfile|dynamodb_table)\s*=", text, re.MULTILINE):
            arguments.append("-backend-config=use_lockfile=true")
        key = re.search(r'^\s*key\s*=\s*"(?P<key>[^"]+)"', text, re.MULTILINE)
        if root.path and key:
            # States of other root modules stand beside that of the environment.
            folder, slash, name = key["key"].rpartition("/")
            arguments.append(f"-backend-config=key={folder}{slash}{root.path}/{name}")
        return arguments

    def retained(self, components: tuple[str, ...]) -> dict[str, tuple[str, str]]:
        """Return the addresses of resources that stay when the rest is destroyed, with component and logical id.

        A resource of the graph that became several stays as a whole: a bucket without its settings would be open.
        """
        found = {}
        for name in components:
            for logical_id, resource in self.graph.components[name].resources.items():
                if resource.deletion_policy in ("Retain", "RetainExceptOnCreate"):
                    for block in self._blocks(name, logical_id):
                        found[f"module.{snake(name)}.{block}"] = (name, logical_id)
        return found

    def _blocks(self, component: str, logical_id: str) -> Iterator[str]:
        for extent in self.places.resources.get(component, {}).get(logical_id, ()):
            lines = self.files[extent.path].splitlines()[extent.first - 1 : extent.last]
            for match in _RESOURCE.finditer("\n".join(lines)):
                yield f"{match['type']}.{match['name']}"

    def diagnostic(self, message: Message, root: Root, what: str) -> Diagnostic:
        """Return what terraform says as an error (E665) at the place of the spec that the line comes from."""
        said = ": ".join(part.rstrip(".") for part in (message.summary, message.detail) if part)
        about = f"{message.address}: " if message.address else ""
        label = self._label(message, root)
        locked = "state lock" in message.summary
        help = (
            "another terraform is at work: wait for it, or see terraform force-unlock"
            if locked
            else 'take the local state over first, with a backend.tf that holds terraform { backend "s3" {} }: '
            f"terraform -chdir={self.directory / root.path} init -migrate-state -backend-config=FILE"
            if "state migration" in message.summary
            else "mend it, and run the command again: what is done stays"
        )
        return Diagnostic("E665", Severity.ERROR, f"terraform {what}: {about}{said}", label, help)

    def _label(self, message: Message, root: Root) -> tuple[Label, ...]:
        path = (Path(root.path) / message.file).as_posix() if message.file else ""
        parts = Path(path).parts
        component = parts[parts.index("modules") + 1] if "modules" in parts[:-1] else ""
        if component not in self.graph.components:
            return ()
        found = self.graph.components[component]
        for logical_id, extents in self.places.resources.get(component, {}).items():
            if any(one.first <= message.line <= one.last for one in extents if one.path.endswith(parts[-1])):
                return (Label(self.tree.span(found.resources[logical_id].path, key=True)),)
        return (Label(self.tree.span(found.path, key=True)),)


def emitted(compiled: Compilation, scope: str, places: Places) -> Mapping[str, str]:
    """Return the files of the Terraform target.

    Raises:
        SpecError: if the target cannot print what the spec asks for.
    """
    from lenie.targets import load_target

    assert compiled.graph is not None, "a spec without errors has a graph"
    assert compiled.tree is not None
    report = Report(compiled.tree)
    files = load_target("tf").emit(compiled.graph, scope, report, places)
    errors = [found for found in report.diagnostics if found.severity is Severity.ERROR]
    if errors:
        raise SpecError(errors[0])
    return files
