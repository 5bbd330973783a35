"""What a generated module needs around its statements: imports, constants, names of variables."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable, Iterator

from lenie.compiler.span import Path
from lenie.targets.base import Mark
from lenie.targets.cdk.code import Sheet
from lenie.targets.cdk.naming import snake, unique
from lenie.targets.cdk.text import block

#: Names that no variable may have: each would hide another.
_RESERVED = frozenset(
    ["self", "scope", "settings", "props", "component", "stacks", "dataclass", *dir(builtins), *keyword.kwlist]
)
#: A text with more lines stands at the head of its module.
LONG_TEXT = 8


class Module:
    """Collects what the statements of one module use."""

    def __init__(self, width: int) -> None:
        """`width` is the longest line."""
        self.width = width
        #: Names from ``aws_cdk`` itself.
        self.main: set[str] = set()
        #: Modules of ``aws_cdk``: name -> what it is called here.
        self.services: dict[str, str] = {}
        #: Name -> text.
        self.constants: dict[str, str] = {}
        #: Name -> the property that has the text, and what stands in which of its lines.
        self._told: dict[str, tuple[Path, list[Mark]]] = {}
        self._variables: set[str] = set()

    def use(self, name: str) -> str:
        """Return a name of ``aws_cdk`` or an attribute of one (``Fn.sub``), which the module then imports."""
        self.main.add(name.partition(".")[0])
        return name

    def service(self, module: str) -> str:
        """Return what ``aws_cdk.aws_sqs`` is called here, which the module then imports."""
        if module not in self.services:
            alias = module.removeprefix("aws_")
            self.services[module] = f"{alias}_" if alias in _RESERVED else alias
        return self.services[module]

    def variable(self, wanted: str) -> str:
        """Return a name for a variable, which nothing else has; all services must be known before."""
        name = unique(snake(wanted), _Names(self), "value")
        self._variables.add(name)
        return name

    def constant(self, wanted: str, text: str, at: Path = (), marks: Iterable[Mark] = ()) -> str:
        """Return the name of a constant that holds `text`, of the property `at`.

        `marks` tells what stands in which lines of the text, with paths in the document that it is.
        """
        name = unique(snake(wanted).upper(), self.constants, "TEXT")
        self.constants[name] = text
        self._told[name] = (at, list(marks))
        return name

    def imports(self) -> Iterator[str]:
        """Yield the lines that import from ``aws_cdk``, in the order of isort."""
        if self.main:
            names = sorted(self.main)
            line = f"from aws_cdk import {', '.join(names)}"
            if len(line) <= self.width:
                yield line
            else:
                yield from ("from aws_cdk import (", *(f"    {name}," for name in names), ")")
        for module, alias in sorted(self.services.items()):
            yield f"from aws_cdk import {module}" + (f" as {alias}" if alias != module else "")

    def constant_lines(self) -> dict[str, Sheet]:
        """Return the lines that define each constant."""
        return {name: self._definition(name, text) for name, text in self.constants.items()}

    def _definition(self, name: str, text: str) -> Sheet:
        starts: list[int] = []
        first, *others = block(text, self.width, starts)
        sheet = Sheet((f"{name} = {first}", *others))
        at, marks = self._told[name]
        sheet.mark(1, at)
        # A long line of the text stands on several.
        starts.append(len(sheet))
        sheet.marks += [Mark(starts[m.first - 1] + 1, starts[m.last], (*at, *m.at)) for m in marks]
        return sheet


class _Names:
    """The names that a module has."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def __contains__(self, name: object) -> bool:
        module = self.module
        return (
            name in _RESERVED
            or name in module._variables
            or name in module.main
            or name in module.services.values()
            or name in module.services
        )
