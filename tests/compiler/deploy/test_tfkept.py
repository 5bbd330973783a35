"""What Terraform keeps of what leaves the program is what the kinds of the language retain, and nothing else."""

from __future__ import annotations

from pathlib import Path

from lenie.compiler.deploy.tfkept import kept
from lenie.compiler.deploy.tfplan import Planned
from lenie.compiler.kinds import kind_names
from lenie.compiler.pipeline import front
from lenie.targets.tf.row import Row
from lenie.targets.tf.rows import known_types, row_of

ROOT = Path(__file__).parents[3]
RAW = "cloudformation"


def row(type_name: str) -> Row:
    found = row_of(type_name)
    assert found is not None, type_name
    return found


def test_it_is_what_kinds_retain() -> None:
    retained: set[str] = set()
    kinds: set[str] = set()
    for spec in (ROOT / "spec" / "lenie.yaml", *sorted(ROOT.glob("tests/cases/*/spec.yaml"))):
        run = front(spec)
        assert run.program is not None, spec
        assert run.graph is not None, spec
        kind_of = {one.path: one.model.kind for one in run.program.declarations.values()}
        kinds |= set(kind_of.values())
        retained |= {
            resource.type
            for component in run.graph.components.values()
            for resource in component.resources.values()
            if str(resource.deletion_policy).startswith("Retain") and kind_of[resource.path[:4]] != RAW
        }
    assert kinds | {RAW} == set(kind_names()), "a kind that no spec has could retain something else"
    # The provider itself keeps what has such an argument; a role is kept with the setting that names it.
    wanted = {row(type_name).type for type_name in retained if row(type_name).keep != "skip_destroy"} - {"aws_iam_role"}
    every = {row(type_name).type for type_name in known_types()}
    assert {name for name in every if kept([Planned("main", f"module.main.{name}.one", "delete")])} == wanted
