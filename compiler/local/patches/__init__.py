"""What of moto 5.2.5 the emulator replaces: a module for each service, with `apply()`.

Each module's docstring says what moto does, and why that is not enough. Each has a test in tests/compiler/local/patches
that fails as soon as upstream does it itself.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

#: The version that the patches are written for; another one may have other insides.
MOTO = "5.2.5"


def apply_all() -> None:
    """Apply every patch, once, before the server answers.

    Raises:
        RuntimeError: if another version of moto is installed.
    """
    import moto

    if moto.__version__ != MOTO:
        raise RuntimeError(f"the emulator needs moto {MOTO}, and {moto.__version__} is installed")
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        import_module(f"{__name__}.{module}").apply()
