"""Secrets whose values people set: a stack that reads a field of one cannot be deployed while it is empty."""

from __future__ import annotations

from collections.abc import Mapping

from lenie.compiler.console import Usage
from lenie.compiler.deploy.bundle import Bundle
from lenie.compiler.deploy.calls import Calls, code_of
from lenie.compiler.deploy.values import text
from lenie.compiler.diagnostics import Diagnostic, suggest
from lenie.compiler.graph import Graph
from lenie.compiler.pipeline import Compilation
from lenie.targets.wiring.stack import secrets_set_by_hand

TYPE = "AWS::SecretsManager::Secret"


def read_by(graph: Graph, component: str) -> list[tuple[str, str]]:
    """Return the secrets set by hand that a component reads: name in the spec, and name in AWS."""
    found = []
    for reader, logical_id in sorted(secrets_set_by_hand(graph)):
        if reader != component:
            continue
        for other in graph.components.values():
            resource = other.resources.get(logical_id)
            name = text(resource.properties.get("Name"), "", graph.region) if resource is not None else None
            if resource is not None and name:
                found.append((str(resource.path[-1]), name))
    return found


def check(calls: Calls, bundle: Bundle, graph: Graph, component: str, given: Mapping[str, str]) -> list[Diagnostic]:
    """Set the values that are `given` (name in the spec -> text) where there are none; return what misses (E653)."""
    missing = []
    for declared, name in read_by(graph, component):
        if not _empty(calls, name):
            continue
        if declared in given:
            calls("secretsmanager", "put_secret_value", SecretId=name, SecretString=given[declared])
            continue
        message = f"{component} reads the secret {name}, which has no value yet"
        help = (
            f"set it, and run the command again: aws secretsmanager put-secret-value --secret-id {name} "
            f"--secret-string file://FILE --region {graph.region}; or give it here with --secret {declared}=FILE"
        )
        missing.append(bundle.error("E653", message, component, help))
    return missing


def fill(calls: Calls, graph: Graph, component: str, given: Mapping[str, str]) -> tuple[str, ...]:
    """Set the values that are `given` for secrets of a component that is deployed now; return what is to be said.

    Nothing that is deployed may read a field of one: functions do so when they run.
    """
    notes = []
    for resource in graph.components[component].resources.values():
        declared = str(resource.path[-1])
        if resource.type != TYPE or "GenerateSecretString" in resource.properties or declared not in given:
            continue
        name = text(resource.properties.get("Name"), "", graph.region)
        if name is None:
            continue
        if _empty(calls, name):
            calls("secretsmanager", "put_secret_value", SecretId=name, SecretString=given[declared])
            notes.append(f"the secret {name} has the value that was given for {declared}")
        else:
            notes.append(f"the secret {name} has a value already: the one that was given for {declared} is not used")
    return tuple(notes)


def require_known(compiled: Compilation, given: Mapping[str, str]) -> None:
    """Make sure that values are given for secrets only that people set.

    Raises:
        Usage: if there is another one.
    """
    from lenie.compiler.kinds.secret import Secret

    assert compiled.program is not None, "a spec without errors has a program"
    known = [one.name for one, secret in compiled.program.of(Secret) if secret.generate is None]
    for name in given:
        if name not in known:
            help = suggest(name, known, what="secrets") if known else "leave --secret out"
            raise Usage(f'the spec has no secret "{name}" whose value people set', help)


def _empty(calls: Calls, name: str) -> bool:
    """Return whether a secret is there and has no value; whoever has none at all is told so by CloudFormation."""
    from botocore.exceptions import ClientError

    try:
        found = calls("secretsmanager", "describe_secret", SecretId=name)
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return False
        raise
    stages = found.get("VersionIdsToStages") or {}
    return not any("AWSCURRENT" in labels for labels in stages.values())
