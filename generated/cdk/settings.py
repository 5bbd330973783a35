"""What differs between environments, and what can be changed at synthesis.

Written by lenie-compile from the spec: do not edit. A parameter of the spec takes another value
from the context: `-c param.NAME=VALUE`, with commas between the elements of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from aws_cdk import App


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The values of one environment."""

    environment: str
    production: bool
    domain: str
    recovery: bool
    website_content_versioning: str
    #: Networks from which the administrators connect
    admin_cidrs: tuple[str, ...] = ("203.0.113.10/32",)
    #: Who is told about cost and failures
    alert_email: str = "alerts@example.com"
    #: Ends every bucket name, since these are global; starts with a hyphen
    bucket_suffix: str = ""
    #: The administrators' public SSH key
    ssh_public_key: str = (
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f "
        "admin@example.com"
    )
    #: Amazon Linux 2023 (ARM64) image of the application server
    application_image: str = "ami-0123456789abcdef0"
    #: Image of the OpenVPN server
    vpn_image: str = "ami-0123456789abcdef1"
    #: Image of the launch template
    template_image: str = "ami-0123456789abcdef2"
    #: Instance type of the launch template
    template_type: str = "t3.micro"
    #: Snapshot to restore the database from; empty for a new database
    rds_snapshot: str = ""
    #: ACM certificate (us-east-1) of the Helm domain
    certificate: str = (
        "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
    )
    #: Git repository of the front end
    repository: str = "https://github.com/example/lenie"
    #: Id of the IAM Identity Center identity store
    identity_store: str = "d-1234567890"
    #: Identity store id of the first developer
    developer: str = "00000000-0000-4000-8000-000000000000"
    #: Accounts and units under BlockAll
    block_all_targets: tuple[str, ...] = ()
    #: Accounts and units under BlockSSOCreation
    block_sso_targets: tuple[str, ...] = ()
    #: Accounts and units that are kept to the allowed regions
    region_targets: tuple[str, ...] = ()


ENVIRONMENTS = {
    "dev": Settings(
        environment="dev",
        production=False,
        domain="dev.lenie-ai.eu",
        recovery=False,
        website_content_versioning="Suspended",
    ),
    "qa": Settings(
        environment="qa",
        production=False,
        domain="qa.lenie-ai.eu",
        recovery=True,
        website_content_versioning="Suspended",
    ),
    "prod": Settings(
        environment="prod",
        production=True,
        domain="lenie-ai.eu",
        recovery=True,
        website_content_versioning="Enabled",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of the spec: its field in `Settings`, and which values it takes."""

    field: str
    #: Regular expression that each value, or element of a list, has to match.
    pattern: str = ""
    #: Regular expression that no value may match: it would be read as a part of the text around it.
    forbidden: str = ""
    #: Number of elements, for a list whose elements become resources or properties of their own.
    length: int | None = None


PARAMETERS = {
    "admin-cidrs": Parameter(
        field="admin_cidrs",
        pattern="^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$",
        length=1,
    ),
    "alert-email": Parameter(field="alert_email", pattern="^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$"),
    "bucket-suffix": Parameter(field="bucket_suffix", pattern="^(-[a-z0-9]+)*$"),
    "ssh-public-key": Parameter(
        field="ssh_public_key",
        pattern="^(ssh-ed25519|ssh-rsa) [A-Za-z0-9+/=]+( .*)?$",
    ),
    "application-image": Parameter(field="application_image", pattern="^ami-[0-9a-f]{8,17}$"),
    "vpn-image": Parameter(field="vpn_image", pattern="^ami-[0-9a-f]{8,17}$"),
    "template-image": Parameter(field="template_image", pattern="^ami-[0-9a-f]{8,17}$"),
    "template-type": Parameter(field="template_type", pattern="^[a-z][a-z0-9-]*\\.[a-z0-9-]+$"),
    "rds-snapshot": Parameter(field="rds_snapshot"),
    "certificate": Parameter(field="certificate", pattern="^arn:aws[a-z-]*:.+$"),
    "repository": Parameter(field="repository", pattern="^https?://\\S+$"),
    "identity-store": Parameter(field="identity_store", pattern="^d-[0-9a-f]{10}$"),
    "developer": Parameter(field="developer"),
    "block-all-targets": Parameter(field="block_all_targets"),
    "block-sso-targets": Parameter(field="block_sso_targets"),
    "region-targets": Parameter(field="region_targets"),
}


def settings_of(app: App) -> Settings:
    """Return the settings of the environment that the context value `env` names.

    Raises:
        SystemExit: if there is no such environment, or a parameter does not take its value.
    """
    name = app.node.try_get_context("env") or "dev"
    if name not in ENVIRONMENTS:
        raise SystemExit(f"env: there is no environment {name}, only {', '.join(ENVIRONMENTS)}")
    context: dict[str, Any] = app.node.get_all_context()
    changes = {
        key.removeprefix("param."): value
        for key, value in context.items()
        if key.startswith("param.")
    }
    return changed(ENVIRONMENTS[name], changes)


def changed(settings: Settings, changes: dict[str, Any]) -> Settings:
    """Return `settings` with other values for some parameters of the spec.

    Raises:
        SystemExit: if there is no such parameter, or it does not take the value.
    """
    fields: dict[str, Any] = {}
    for name, value in changes.items():
        parameter = PARAMETERS.get(name)
        if parameter is None:
            known = ", ".join(PARAMETERS)
            raise SystemExit(f"param.{name}: there is no such parameter, only {known}")
        current = getattr(settings, parameter.field)
        fields[parameter.field] = _value(f"param.{name}", parameter, current, value)
    return replace(settings, **fields)


def _value(name: str, parameter: Parameter, current: Any, value: Any) -> Any:
    """Return `value` in the type of the `current` one."""
    text = str(value)
    if isinstance(current, (int, float)):
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            raise SystemExit(f"{name}: a number is wanted, not {text}")
        return float(text) if "." in text else int(text)
    elements = [text]
    if isinstance(current, tuple):
        elements = text.split(",") if text else []
        if parameter.length not in (None, len(elements)):
            raise SystemExit(f"{name}: {parameter.length} elements are wanted, not {len(elements)}")
    for element in elements:
        if not re.search(parameter.pattern, element) or element.endswith("\n"):
            raise SystemExit(f"{name}: {element!r} does not match {parameter.pattern}")
        if parameter.forbidden and re.search(parameter.forbidden, element):
            raise SystemExit(f"{name}: {element!r} must not match {parameter.forbidden}")
    return tuple(elements) if isinstance(current, tuple) else text
