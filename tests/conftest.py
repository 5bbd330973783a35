"""What all tests share."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings

# Times are measured in benchmarks: an example that is slow on a busy machine is no fault.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let expected output be written instead of compared."""
    parser.addoption("--accept", action="store_true", help="write what is expected anew, from what comes out now")


@pytest.fixture(scope="session")
def accept(pytestconfig: pytest.Config) -> bool:
    """Whether expected files are to be written."""
    return bool(pytestconfig.getoption("--accept"))


NO_TERRAFORM = "there is no `terraform` on this machine"


def pytest_configure(config: pytest.Config) -> None:
    """Fail at once where every test must run and a prerequisite is missing."""
    if os.environ.get("CI") == "true" and shutil.which("terraform") is None:
        raise pytest.UsageError(f"{NO_TERRAFORM}, and CI=true: the README says how to install it")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what runs `terraform` where there is none."""
    if shutil.which("terraform") is None:
        for item in items:
            if "terraform" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=NO_TERRAFORM))


_SKIPPED = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Count the tests that did not run for want of `terraform`."""
    config.stash[_SKIPPED] = sum(NO_TERRAFORM in str(one.longrepr) for one in terminalreporter.stats.get("skipped", ()))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the last line that tests were skipped; the summary would hide it in a number."""
    if config.stash.get(_SKIPPED, 0):
        print(
            f"\n*** NOT CHECKED: {config.stash[_SKIPPED]} tests of the Terraform target did not run: {NO_TERRAFORM} ***"
        )
