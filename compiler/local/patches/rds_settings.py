"""RDS: a database's settings are told as they were given.

Moto 5.2.5 loses EngineLifecycleSupport, and gives all databases one resource id, by which policies tell them apart.
"""

from __future__ import annotations

import secrets
import string
from typing import Any

from moto.rds import models

_DEFAULT = "open-source-rds-extended-support"
_LETTERS = string.ascii_uppercase + string.digits


def apply() -> None:
    """Keep what is lost."""
    made = models.DBInstance.__init__

    def init(self: models.DBInstance, *args: Any, **given: Any) -> None:
        made(self, *args, **given)
        self.engine_lifecycle_support = given.get("engine_lifecycle_support") or _DEFAULT  # type: ignore[attr-defined]
        self.dbi_resource_id = "db-" + "".join(secrets.choice(_LETTERS) for _ in range(26))

    models.DBInstance.__init__ = init  # type: ignore[method-assign]
