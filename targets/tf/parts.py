"""Lists whose elements become resources of their own: what they are called, and which of them are one loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lenie.compiler.expressions import Expression, Interpolation, ParameterItem, Value, rewrite, walk
from lenie.compiler.graph import Graph
from lenie.targets.tf.names import words


def looped(elements: list[Value], graph: Graph) -> Iterator[tuple[list[int], Value, str]]:
    """Yield the elements with the indexes of all that are alike, each with the list parameter it stands for, if any.

    Elements that are alike but for the item of a list parameter, and cover all its items, are yielded once: Terraform
    can loop over the parameter, and a longer list needs no other program.
    """
    done: set[int] = set()
    for index, element in enumerate(elements):
        if index in done:
            continue
        parameter = _parameter(element)
        if parameter:
            pattern = repr(_without_index(element))
            alike = {
                i: e
                for i, e in enumerate(elements)
                if _parameter(e) == parameter and repr(_without_index(e)) == pattern
            }
            items = [_items(e)[0].index for e in alike.values()]
            default = graph.parameters[parameter].default
            if isinstance(default, tuple) and sorted(items) == list(range(len(default))):
                done |= alike.keys()
                yield list(alike), element, parameter
                continue
        yield [index], element, ""


def _items(element: Value) -> list[ParameterItem]:
    return [e for e in walk(element) if isinstance(e, ParameterItem)]


def _parameter(element: Value) -> str:
    """Return the list parameter of which `element` uses one item, and no other."""
    items = set(_items(element))
    return next(iter(items)).name if len(items) == 1 else ""


def _without_index(element: Value) -> Value:
    def change(e: Expression) -> Value:
        return replace(e, index=0) if isinstance(e, ParameterItem) else e

    return rewrite(element, change)


def slug(element: Value, names: tuple[str, ...]) -> str:
    """Return words that name an element: its first property of `names`, or the end of the element itself."""
    if isinstance(element, dict):
        return next((found for name in names if (found := slug(element.get(name, ""), ()))), "")
    if isinstance(element, Interpolation):
        literal = [part for part in element.parts if isinstance(part, str)]
        element = literal[-1] if literal else ""
    if not isinstance(element, str):
        return ""
    text = element.rpartition(":")[2].rpartition("/")[2] if element.startswith(("arn:", ":")) else element
    return "_".join(words(text))
