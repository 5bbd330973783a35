"""What became of each component that a run of Terraform worked on, or was to work on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from lenie.compiler.deploy.model import Row, State
from lenie.compiler.deploy.tfplan import Planned
from lenie.compiler.deploy.tfprogram import Root
from lenie.targets.tf.names import snake


class Rows:
    """The rows of a run; `names` are the components that were asked for, all if there are none."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = frozenset(names)
        self._rows: dict[str, Row] = {}

    def chosen(self, root: Root) -> tuple[str, ...]:
        """Return the components of a root module that were asked for."""
        return tuple(name for name in root.components if not self.names or name in self.names)

    def state(self, name: str) -> State | None:
        """Return what became of a component; None if nothing has yet."""
        row = self._rows.get(name)
        return row.state if row is not None else None

    def put(self, name: str, state: State) -> None:
        """Note that a component is in a state."""
        self._rows[name] = Row(name, _module(name), state)

    def note(
        self,
        root: Root,
        done: Sequence[Planned],
        failed: Collection[str] = (),
        *,
        fine: bool = True,
        finished: Mapping[str, int] | None = None,
        seconds: float = 0.0,
        interrupted: bool = False,
    ) -> None:
        """Note what became of the components of a root module, and of what else a plan has changed."""
        counted = finished or {}
        for name in dict.fromkeys([*root.components, *(one.component for one in done)]):
            mine = [one for one in done if one.component == name]
            if not mine:
                if name in self.chosen(root) and name not in self._rows:
                    self.put(name, "unchanged")
                continue
            state: State = "created" if all(one.action == "create" for one in mine) else "updated"
            state = "deleted" if all(one.action == "delete" for one in mine) else state
            if name in failed or not (fine or counted.get(name, 0) >= len(mine)):
                state = "failed" if name in failed else "interrupted" if interrupted else "not begun"
                if state == "not begun" and counted.get(name, 0):
                    state = "failed"
            self._rows[name] = Row(name, _module(name), state, resources=len(mine), seconds=seconds)

    def listed(self, roots: Iterable[Root]) -> list[Row]:
        """Return the rows in the order of the components; those that were not come to, too, and others last."""
        order = [name for root in roots for name in root.components]
        every = [name for root in roots for name in self.chosen(root)]
        known = [name for name in order if name in every or name in self._rows]
        others = [name for name in self._rows if name not in order]
        return [self._rows.get(name, Row(name, _module(name), "not begun")) for name in [*known, *others]]


def _module(name: str) -> str:
    return f"module.{snake(name)}"
