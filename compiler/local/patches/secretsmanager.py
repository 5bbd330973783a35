"""Secrets Manager: a description, or a key, that is emptied is taken away.

Moto 5.2.5 keeps a description where an empty one is given, and tells an empty key, where the service goes back to the
account's own.

Source: AWS Secrets Manager API Reference, UpdateSecret.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

from lenie.compiler.local.patching import wrap


def apply() -> None:
    """Take away what is emptied."""
    wrap(SecretsManagerBackend, "update_secret", _update)


def _update(updated: Callable[..., str]) -> Callable[..., str]:
    def update_secret(
        self: SecretsManagerBackend,
        secret_id: str,
        *given: Any,
        kms_key_id: str | None = None,
        description: str | None = None,
        **more: Any,
    ) -> str:
        key = self.DEFAULT_KMS_KEY_ALIAS if kms_key_id == "" else kms_key_id
        answer = updated(self, secret_id, *given, kms_key_id=key, description=description, **more)
        secret = self.secrets[secret_id]
        if description == "" and isinstance(secret, FakeSecret):
            secret.description = ""
        return answer

    return update_secret
