"""Which wheels fit a runtime of Lambda."""

from __future__ import annotations

import sys

import pytest
from packaging.markers import Marker, default_environment

from lenie.compiler.data.runtimes import RUNTIMES
from lenie.compiler.packaging.platforms import host_platform, lambda_platform


def tags(runtime: str, architecture: str = "x86_64") -> list[str]:
    found = lambda_platform(runtime, architecture)  # type: ignore[arg-type]
    assert found is not None
    return [value for option, value in zip(found.options, found.options[1:], strict=False) if option == "--platform"]


def test_amazon_linux_2023_has_glibc_2_34() -> None:
    found = tags("python3.13")
    assert found[0] == "manylinux_2_34_x86_64"
    assert "manylinux_2_35_x86_64" not in found
    assert found.index("manylinux_2_17_x86_64") + 1 == found.index("manylinux2014_x86_64")
    assert found[-2:] == ["manylinux1_x86_64", "linux_x86_64"]


def test_amazon_linux_2_has_glibc_2_26() -> None:
    assert tags("python3.11")[0] == "manylinux_2_26_x86_64"


def test_arm() -> None:
    found = tags("python3.13", "arm64")
    assert found[0] == "manylinux_2_34_aarch64"
    assert found[-3:] == ["manylinux_2_17_aarch64", "manylinux2014_aarch64", "linux_aarch64"]


@pytest.mark.parametrize("runtime", ["nodejs22.x", "java21", "provided.al2023", "python2.7", "", "python3.13-preview"])
def test_what_is_not_python_3_has_no_wheels(runtime: str) -> None:
    assert lambda_platform(runtime, "x86_64") is None


def test_every_python_of_lambda_is_known() -> None:
    pythons = [name for name in RUNTIMES if name.startswith("python3")]
    assert pythons
    assert all(lambda_platform(name, "x86_64") for name in pythons)


def test_markers_are_those_of_the_runtime_and_complete() -> None:
    found = lambda_platform("python3.13", "arm64")
    assert found is not None
    assert found.environment.keys() == default_environment().keys()
    assert Marker("python_version == '3.13' and sys_platform == 'linux'").evaluate(found.environment)
    assert Marker("platform_machine == 'aarch64'").evaluate(found.environment)
    assert not Marker("os_name == 'nt'").evaluate(found.environment)


def test_the_host_is_this_interpreter() -> None:
    found = host_platform()
    assert found.options == ()
    assert found.tag.startswith(f"cp{sys.version_info[0]}{sys.version_info[1]}-")
    assert found.environment["python_version"] == "{}.{}".format(*sys.version_info)
