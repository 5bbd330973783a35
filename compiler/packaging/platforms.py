"""What wheels are chosen for: a Lambda runtime on its processor, or the interpreter that runs this program."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from packaging.markers import default_environment

_RUNTIME = re.compile(r"python(3)\.(\d+)")
#: Amazon Linux 2 until Python 3.11, then Amazon Linux 2023 ("Lambda runtimes", AWS Lambda Developer Guide), with these
#: versions of glibc ("Comparing AL2 and AL2023", Amazon Linux 2023 User Guide).
_AL2023_FROM, _GLIBC_AL2, _GLIBC_AL2023 = 12, 26, 34
#: The oldest glibc for which there are wheels, and older names of tags (PEP 513, 571, 599, 600): minor version -> name.
_OLDEST = {"x86_64": 5, "aarch64": 17}
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
_MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}


class Platform(NamedTuple):
    """An interpreter with its operating system."""

    #: Of pip, which choose wheels; none for the interpreter that runs pip.
    options: tuple[str, ...]
    #: Variables of environment markers.
    environment: dict[str, str]
    #: ``cp313-x86_64``, for file names and messages.
    tag: str


def lambda_platform(runtime: str, architecture: Literal["x86_64", "arm64"]) -> Platform | None:
    """Return what a layer for `runtime` is built for, or `None` if that is no runtime of Python."""
    match = _RUNTIME.fullmatch(runtime)
    if match is None:
        return None
    minor, machine = int(match[2]), _MACHINES[architecture]
    glibc = _GLIBC_AL2023 if minor >= _AL2023_FROM else _GLIBC_AL2
    options = ["--implementation", "cp", "--python-version", f"3.{minor}", "--abi", f"cp3{minor}"]
    for tag in _tags(glibc, machine):
        options += ["--platform", tag]
    environment = {
        "implementation_name": "cpython",
        "implementation_version": f"3.{minor}.0",
        "os_name": "posix",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"3.{minor}.0",
        "python_version": f"3.{minor}",
        "sys_platform": "linux",
    }
    return Platform(tuple(options), environment, f"cp3{minor}-{machine}")


def _tags(glibc: int, machine: str) -> Iterator[str]:
    """Yield the platform tags of wheels that run, the newest first, which is the order in which pip prefers them."""
    for minor in range(glibc, _OLDEST[machine] - 1, -1):
        yield f"manylinux_2_{minor}_{machine}"
        if minor in _LEGACY:
            yield f"{_LEGACY[minor]}_{machine}"
    yield f"linux_{machine}"


def host_platform() -> Platform:
    """Return what the interpreter that runs this program is."""
    environment: dict[str, Any] = dict(default_environment())
    machine = re.sub(r"[^A-Za-z0-9]+", "_", sysconfig.get_platform())
    implementation = sys.implementation.cache_tag or sys.implementation.name
    return Platform((), environment, f"{implementation.replace('cpython-', 'cp')}-{machine}")
