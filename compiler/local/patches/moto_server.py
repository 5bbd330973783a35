"""Requests find their service without a look into moto's directory.

Replaces in moto 5.2.5 `moto.backends.list_of_moto_modules`, which lists the files of the package: moto's server calls
it for each request, several times and with a lock held, so that half of the time of busy requests was spent there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from moto import backends

from lenie.compiler.local.patching import wrap


def _remembered(listed: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    @cache
    def list_of_moto_modules() -> Iterable[str]:
        return tuple(listed())

    return list_of_moto_modules


def apply() -> None:
    """Remember what is listed."""
    wrap(backends, "list_of_moto_modules", _remembered)
