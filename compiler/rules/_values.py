"""What a text of the spec may come to, as far as it is known when the spec is compiled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lenie.compiler.program import Declaration, Program
from lenie.compiler.span import Path
from lenie.compiler.types import Template


def possible_texts(program: Program, declaration: Declaration, value: Any, field: str) -> Iterator[tuple[Path, str]]:
    """Yield the texts that `value` of `field` may be, each with the place where it is written.

    A parameter yields its default and its values, a setting that of each environment, and the value of a resource of
    kind parameter what it holds. Texts that are put together of parts yield nothing.
    """
    path: Path = (*declaration.path, field)
    if isinstance(value, str):
        yield path, value
    lookup = value.single if isinstance(value, Template) else None
    if lookup is None:
        return
    if lookup.head == "param":
        yield from parameter_texts(program, lookup.attribute)
    elif lookup.head == "env":
        for name, settings in program.document.environments.items():
            setting = settings.get(lookup.attribute, name if lookup.attribute == "name" else None)
            if isinstance(setting, str):
                yield ("environments", name, lookup.attribute), setting
    elif lookup.head in program.declarations:
        source = program.declarations[lookup.head]
        if source.model.kind == "parameter" and lookup.attribute == "value" and source is not declaration:
            yield from possible_texts(program, source, getattr(source.model, "value", None), "value")


def parameter_texts(program: Program, name: str) -> Iterator[tuple[Path, str]]:
    """Yield the texts that the parameter `name` has in the spec, with their places; those of a list one by one."""
    parameter = program.document.parameters[name]
    path: Path = ("parameters", name)
    given = [((*path, "default"), parameter.default)]
    given += [((*path, "values", environment), value) for environment, value in parameter.values.items()]
    for at, value in given:
        if isinstance(value, str):
            yield at, value
        elif isinstance(value, list):
            yield from (((*at, index), item) for index, item in enumerate(value))
