"""Fills a layer with what its requirements pin: pip chooses and unpacks the wheels, and what differs is removed."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from email.parser import HeaderParser
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from lenie.compiler.diagnostics import Diagnostic, Label, Severity, SpecError
from lenie.compiler.packaging.platforms import Platform
from lenie.compiler.packaging.requirements import Pin
from lenie.compiler.span import Span

#: What pip writes about the installation itself (PEP 376, 610, 627), and does not belong to the package.
_RECORDS = frozenset({"RECORD", "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json"})
#: Python packages that Lambda's runtimes hold ("Runtime-included SDK versions", AWS Lambda Developer Guide).
RUNTIME_PACKAGES = frozenset({"boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3"})
#: Settings of the user's pip that would lead it elsewhere; index, proxy and certificates stay.
_UNSET = frozenset(
    f"PIP_{name}"
    for name in (
        *("ABI", "COMPILE", "DRY_RUN", "EDITABLE", "IMPLEMENTATION", "LOG", "NO_BINARY", "NO_COMPILE", "ONLY_BINARY"),
        *("PLATFORM", "PREFIX", "PYTHON", "PYTHON_VERSION", "QUIET", "REPORT", "REQUIRE_HASHES", "REQUIRE_VIRTUALENV"),
        *("REQUIREMENT", "ROOT", "SRC", "TARGET", "UPGRADE", "USER", "VERBOSE"),
    )
)
_UNREACHABLE = re.compile(
    r"NewConnectionError|Failed to establish a new connection|NameResolutionError|Name or service not known"
    r"|Temporary failure in name resolution|ConnectTimeoutError|ReadTimeoutError|Network is unreachable|ProxyError"
)
_NOT_FOUND = re.compile(r"(?:No matching distribution found for|satisfies the requirement) ([A-Za-z0-9_.-]+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_SHOWN = 8


class Layer(NamedTuple):
    """What is to be installed, and how messages name it."""

    name: str
    pins: Sequence[Pin]
    platform: Platform
    #: Name of the requirements file in diagnostics.
    file: str
    #: Place of the layer in the spec.
    place: Span
    #: Whether files are checked against the hashes; those of the deployed platform fit no other.
    verified: bool


def install(layer: Layer, target: Path, staging: Path, cache: Path) -> None:
    """Install the pinned wheels into the directory `target`, which is made; `staging` is for pip's own files.

    Raises:
        SpecError: (E910) if pip is missing or fails, with what it says; (E704) if a package needs one that is not
            pinned.
        OSError: if a file cannot be written.
    """
    if importlib.util.find_spec("pip") is None:
        message = f"pip is not installed for {sys.executable}, and layers are filled by it"
        raise _error("E910", message, f"{sys.executable} -m ensurepip", ())
    target.mkdir(parents=True)
    wanted = [pin for pin in layer.pins if pin.marker is None or pin.marker.evaluate(layer.platform.environment)]
    layer = layer._replace(pins=wanted)
    if wanted:
        requirements = staging / "requirements.txt"
        requirements.write_text("".join(_line(pin, layer.verified) for pin in wanted), encoding="utf-8")
        _pip(layer, requirements, target, staging, cache)
    normalise(target)
    _check_needs(layer, target)


def _line(pin: Pin, verified: bool) -> str:
    # Extras name further packages, which are pinned on lines of their own.
    hashes = "".join(f" --hash={value}" for value in pin.hashes) if verified else ""
    return f"{pin.name}=={pin.version}{hashes}\n"


def _pip(layer: Layer, requirements: Path, target: Path, staging: Path, cache: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--only-binary", ":all:"]
    command += ["--no-warn-script-location", "--retries", "2", *layer.platform.options]
    command += ["--requirement", str(requirements), "--target", str(target)]
    temporary = staging / "tmp"
    temporary.mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in _UNSET}
    environment |= {
        "PIP_CACHE_DIR": str(cache.absolute()),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_NO_COLOR": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(temporary.absolute()),
    }
    with subprocess.Popen(  # noqa: S603 - the command is this interpreter's own pip
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as process:
        try:
            said, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise _failure(layer, _ANSI.sub("", said))


def _failure(layer: Layer, said: str) -> SpecError:
    """Return what went wrong: pip's own words, at the requirement that they name."""
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    errors = [number for number, line in enumerate(lines) if line.startswith("ERROR:")]
    told = lines[errors[0] :] if errors else lines[-_SHOWN:]
    told = list(dict.fromkeys(line.removeprefix("ERROR: ") for line in told))[:_SHOWN] or ["nothing"]
    if _UNREACHABLE.search(said):
        message = f'the layer "{layer.name}" cannot be filled: the package index is out of reach'
        help = "check the network and pip's settings (pip config list); what was built before stays"
        return _error("E910", message, "\n".join([help, "pip says:", *told[-2:]]), (Label(layer.place),))
    labels = [Label(layer.place)]
    match = _NOT_FOUND.search(said)
    named = canonicalize_name(match[1].partition("==")[0]) if match else ""
    pin = next((pin for pin in layer.pins if pin.name == named), None)
    if pin is not None:
        labels.insert(0, Label(Span(layer.file, pin.line, 1, pin.line, len(f"{pin.name}=={pin.version}") + 1)))
    message = f'pip could not fill the layer "{layer.name}" for {layer.platform.tag}'
    return _error("E910", message, "\n".join(["pip says:", *told]), tuple(labels))


def normalise(directory: Path) -> None:
    """Remove what differs between two installations of the same wheels: records, byte code, scripts with paths.

    Source: "Recording installed projects", Python Packaging User Guide.
    """
    # Programs, whose first line is the path of an interpreter on this machine.
    for name in ("bin", "Scripts"):
        shutil.rmtree(directory / name, ignore_errors=True)
    for path in sorted(directory.rglob("*"), reverse=True):
        if path.name == "__pycache__" and path.is_dir():
            shutil.rmtree(path)
        elif path.is_file() and (path.suffix == ".pyc" or (path.name in _RECORDS and _is_info(path.parent))):
            path.unlink()


def _is_info(directory: Path) -> bool:
    return directory.name.endswith(".dist-info")


def _check_needs(layer: Layer, directory: Path) -> None:
    """Report the first package whose needs neither the layer nor the runtime has, with all that is missing."""
    versions = {pin.name: pin.version for pin in layer.pins}
    needs = list(_wanted(layer, directory))
    missing = sorted({needed for _, needed, _ in needs if needed not in versions and needed not in RUNTIME_PACKAGES})
    for name, needed, requirement in needs:
        line = next((pin.line for pin in layer.pins if pin.name == name), 1)
        place = (Label(Span(layer.file, line, 1, line, len(f"{name}=={versions.get(name, '')}") + 1)),)
        bare = str(requirement).partition(";")[0].strip()
        if needed in missing:
            message = f'"{name}" needs {bare}, and the layer "{layer.name}" has no {needed}'
            raise _error("E704", message, f"pin {', '.join(missing)} in {layer.file}", place)
        version = versions.get(needed)
        if version is not None and not requirement.specifier.contains(version, prereleases=True):
            message = f'"{name}" needs {bare}, and the layer "{layer.name}" has {needed} {version}'
            raise _error("E704", message, f"pin versions that go together in {layer.file}", place)


def _wanted(layer: Layer, directory: Path) -> Iterator[tuple[str, str, Requirement]]:
    """Yield each installed package, the name of a package that it needs on the layer's platform, and the need."""
    extras = {pin.name: pin.extras for pin in layer.pins}
    for name, requirement in _needs(directory):
        if requirement.marker is None or any(
            requirement.marker.evaluate({**layer.platform.environment, "extra": extra})
            for extra in ("", *extras.get(name, ()))
        ):
            yield name, canonicalize_name(requirement.name), requirement


def _needs(directory: Path) -> Iterator[tuple[str, Requirement]]:
    """Yield each installed package with each of its requirements ("Core metadata specifications")."""
    for path in sorted(directory.glob("*.dist-info/METADATA")):
        metadata = HeaderParser().parsestr(path.read_text(encoding="utf-8", errors="replace"))
        for text in metadata.get_all("Requires-Dist", []):
            try:
                yield canonicalize_name(str(metadata["Name"])), Requirement(text)
            except InvalidRequirement:
                continue  # old metadata, which pip cannot read either


def _error(code: str, message: str, help: str, labels: tuple[Label, ...]) -> SpecError:
    return SpecError(Diagnostic(code, Severity.ERROR, message, labels, help))
