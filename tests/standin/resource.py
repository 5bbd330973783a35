"""What the stand-in needs to know to apply a type: how to make, read back, change and remove one."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from standin.aws import Aws

State = dict[str, Any]


class StandInError(Exception):
    """Something that the stand-in cannot do, or that is not there: the message is for the user."""


class Resource:
    """One type that can be applied.

    Attributes:
        settled: Attributes that a state takes from the configuration, since the emulated AWS has no such thing: either
            they tell the provider how to work, or moto does not keep them. Everything else that is configured must be
            read back, or the apply fails.
    """

    settled: ClassVar[frozenset[str]] = frozenset()

    def create(self, aws: Aws, planned: State) -> str:
        """Make the resource, and return its id. Unknown attributes are null."""
        raise NotImplementedError

    def read(self, aws: Aws, state: State) -> State | None:
        """Return what the emulated AWS has, by attribute; None if there is no such resource.

        The state holds the id, and what the attributes were before: for texts that may be written in several ways, and
        for what is read only if it was configured. `tags_all` holds all tags.
        """
        raise NotImplementedError

    def update(self, aws: Aws, prior: State, planned: State) -> str | None:
        """Make the resource that is `prior` into `planned`; return its id if that has become another."""
        raise StandInError(f"the stand-in provider cannot change {prior['id']} in place")

    def delete(self, aws: Aws, state: State) -> None:
        """Remove the resource."""
        raise NotImplementedError


def changed(prior: State, planned: State, *names: str) -> bool:
    """Whether any of the attributes changes."""
    return any(prior[name] != planned[name] for name in names)


def given(state: State, **names: str) -> dict[str, Any]:
    """Return API arguments for those attributes that have a value: ``given(state, CidrBlock="cidr_block")``."""
    return {argument: state[name] for argument, name in names.items() if state.get(name) is not None}


def generated_name(planned: State, attribute: str) -> str:
    """Return the name in `attribute`, or one that begins with its prefix and is unique, as the provider makes it."""
    name: str | None = planned[attribute]
    return name or f"{planned[f'{attribute}_prefix'] or 'terraform-'}{uuid.uuid4().hex[:26]}"
