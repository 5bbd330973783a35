"""How patches put something in the place of what moto has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def replace(owner: Any, name: str, new: Any) -> None:
    """Put `new` in the place of the attribute `name` of a class or module of moto's.

    Raises:
        AttributeError: if there is none, since moto has changed then.
    """
    getattr(owner, name)
    setattr(owner, name, new)


def wrap(owner: Any, name: str, wrapper: Callable[[Any], Any]) -> None:
    """Put `wrapper(old)` in the place of the attribute `name`, which is `old`.

    Raises:
        AttributeError: if there is none.
    """
    replace(owner, name, wrapper(getattr(owner, name)))
