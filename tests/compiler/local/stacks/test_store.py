"""Stacks are kept by account and region; a fault of the emulator never leaves one in progress."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from lenie.compiler.local.stacks import store
from lenie.compiler.local.stacks.errors import Refused
from lenie.compiler.local.stacks.operation import waiting
from lenie.compiler.local.stacks.parameters import Values
from lenie.compiler.local.stacks.records import Stack, Wanted, new_id
from lenie.compiler.local.stacks.template import parse

ACCOUNT, REGION = "123456789012", "us-east-1"


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    yield
    store.reset()


def stack(name: str, status: str, region: str = REGION) -> Stack:
    template = parse("Resources: {A: {Type: 'AWS::SQS::Queue'}}")
    made = Stack(
        new_id("aws", region, ACCOUNT, "stack", name),
        name,
        ACCOUNT,
        region,
        "aws",
        Wanted(template, Values({}, {}, {}), {}),
        status,
    )
    store.add(made)
    return made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CREATE_IN_PROGRESS", "CREATE_FAILED"),
        ("ROLLBACK_IN_PROGRESS", "ROLLBACK_FAILED"),
        ("DELETE_IN_PROGRESS", "DELETE_FAILED"),
        ("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"),
    ],
)
def test_a_fault_of_the_emulator_ends_the_operation(
    before: str, after: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = stack("s", before)

    def broken() -> None:
        raise LookupError("not found")

    store.run(broken, "broken", made)
    end = time.monotonic() + 10
    while made.busy:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert (made.status, made.reason) == (after, "The emulator failed: LookupError('not found')")
    store.reset()
    assert "LookupError: not found" in capsys.readouterr().err
    with pytest.raises(Refused, match="cannot be continued"):
        waiting(made)


def test_stacks_are_found_by_name_and_id() -> None:
    first = stack("s", "DELETE_COMPLETE")
    assert store.find(ACCOUNT, REGION, "s") is None
    assert store.find(ACCOUNT, REGION, first.id) is first
    second = stack("s", "CREATE_COMPLETE")
    assert store.get(ACCOUNT, REGION, "s") is second
    elsewhere = stack("s", "CREATE_COMPLETE", "eu-west-1")
    assert store.all_stacks(ACCOUNT, "eu-west-1") == [elsewhere]
    assert store.all_stacks(ACCOUNT, REGION, deleted=True) == [second, first]
    with pytest.raises(store.NoStack, match="Stack with id no does not exist"):
        store.get(ACCOUNT, REGION, "no")
