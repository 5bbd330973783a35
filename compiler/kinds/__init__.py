"""The kinds of resource, one module each; a module's file name is the kind's name."""

from functools import cache
from importlib import import_module
from importlib.resources import files

from lenie.compiler.kind import Resource


@cache
def kind_names() -> tuple[str, ...]:
    """Return the names of all kinds, sorted."""
    modules = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(m[:-3].replace("_", "-") for m in modules if m.endswith(".py") and not m.startswith("_")))


@cache
def kind_class(name: str) -> type[Resource]:
    """Return the model class of kind `name`.

    Raises:
        KeyError: if there is no such kind.
    """
    if name not in kind_names():
        raise KeyError(name)
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    found: type[Resource] = module.KIND
    return found
