"""IAM: the managed policies of AWS are there, and are made when they are first asked for.

Moto 5.2.5 leaves them out, or, if it is asked for them, makes all 1 600 anew for each partition at every start and at
every reset, which takes seconds.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from moto.iam import models
from moto.iam.aws_managed_policies import aws_managed_policies_data


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(aws_managed_policies_data)
    return found


def apply() -> None:
    """Turn the two attributes that hold the policies into properties that fill themselves."""
    models.IAMBackend._init_aws_policies = _nothing  # type: ignore[assignment, method-assign]
    models.IAMBackend._init_managed_policies = _nothing  # type: ignore[assignment, method-assign]
    models.IAMBackend.aws_managed_policies = property(_aws, _set_aws)  # type: ignore[assignment]
    models.IAMBackend.managed_policies = property(_managed, _set_managed)  # type: ignore[assignment]


def _nothing(self: models.IAMBackend) -> None:
    """Make no policy yet."""


def _aws(self: Any) -> list[models.ManagedPolicy]:
    if self._aws is None:
        made = models.AWSManagedPolicy.from_data
        self._aws = [made(name, self.account_id, self.region_name, data) for name, data in _data().items()]
    found: list[models.ManagedPolicy] = self._aws
    return found


def _set_aws(self: Any, value: None) -> None:
    self._aws = None


def _managed(self: Any) -> dict[str, models.ManagedPolicy]:
    if self._managed is None:
        self._managed = {policy.arn: policy for policy in self.aws_managed_policies}
    found: dict[str, models.ManagedPolicy] = self._managed
    return found


def _set_managed(self: Any, value: dict[str, models.ManagedPolicy]) -> None:
    self._managed = None
