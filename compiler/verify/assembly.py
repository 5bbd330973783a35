"""What a CDK app deploys beside its templates: the manifest of a synthesis, and the settings of the program cdk.

Source: aws-cdk-lib, `cloud-assembly-schema` (`AwsCloudFormationStackProperties`); AWS CDK Developer Guide, "Configure
the CDK CLI".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lenie.compiler.verify.cfn.document import Unreadable, read_text
from lenie.compiler.verify.program import Problem
from lenie.compiler.verify.values import Place

_STACK = "aws:cloudformation:stack"
#: Artifacts that describe the app, and deploy nothing.
_DESCRIPTIONS = frozenset({"cdk:tree", "cdk:feature-flag-report"})
_PROPERTIES = frozenset({"templateFile", "terminationProtection", "validateOnSynth", "stackName"})
_NO_ACCOUNT = "unknown-account"
_FILE = "cdk.json"
_APP = "python app.py"
#: Settings of the program that change nothing of what is deployed.
_SETTINGS = frozenset({"app", "versionReporting", "pathMetadata", "assetMetadata", "notices"})


def artifacts(manifest: Any, place: Place) -> Iterator[Problem]:
    """Yield what the manifest of a synthesis has that the compiler does not ask for."""
    for name, one in manifest.get("artifacts", {}).items():
        kind = one.get("type", "")
        if kind in _DESCRIPTIONS:
            continue
        if kind != _STACK:
            yield Problem("E603", f'the app makes "{name}" ({kind}), which is no stack of a component', place)
            continue
        properties = one.get("properties", {})
        account = one.get("environment", "").removeprefix("aws://").partition("/")[0]
        if account != _NO_ACCOUNT:
            yield Problem("E601", f'the stack "{name}" is for the account {account}; the spec names none', place)
        if properties.get("stackName", name) != name:
            yield Problem("E601", f'the stack "{name}" is deployed as "{properties["stackName"]}"', place)
        for key in properties.keys() - _PROPERTIES:
            yield Problem("E607", f'the compiler gives no "{key}" to a stack, and "{name}" has it', place)


def settings(directory: Path, shown: str) -> Iterator[Problem]:
    """Yield what ``cdk.json`` says that would make `cdk deploy` do something else than what is verified."""
    name = f"{shown}/{_FILE}"
    if not (directory / _FILE).is_file():
        yield Problem("E605", f'"{name}" is missing', None, "run lenie-compile")
        return
    try:
        text = read_text(directory / _FILE, name)
        given = json.loads(text)
    except (Unreadable, ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        yield Problem("E606", "this is not the JSON of a CDK app", Place(name, 1), "run lenie-compile")
        return
    lines = text.split("\n")
    for key in given:
        line = next((number for number, line in enumerate(lines, start=1) if f'"{key}"' in line), 1)
        if key not in _SETTINGS:
            yield Problem("E607", f'the compiler writes no "{key}" into cdk.json', Place(name, line))
        elif key == "app" and given[key] != _APP:
            yield Problem("E601", f'cdk would run "{given[key]}", and not "{_APP}"', Place(name, line))
    if "app" not in given:
        yield Problem("E601", f'cdk.json does not say that cdk runs "{_APP}"', Place(name, 1))
