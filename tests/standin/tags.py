"""Tags: in the forms of the services' APIs, and divided between a resource and the provider's default tags."""

from __future__ import annotations

from typing import Any

Tags = dict[str, str]


def as_list(tags: Tags | None) -> list[dict[str, str]]:
    """Return tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in sorted((tags or {}).items())]


def as_map(tags: list[dict[str, Any]] | None) -> Tags:
    """Return the tags that a service gives, without AWS's own."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags or [] if not tag["Key"].startswith("aws:")}


def own_tags(found: Tags, before: Tags | None, defaults: Tags | None) -> Tags | None:
    """Return those of a resource's tags that are its own: not the provider's default tags, unless it repeats them."""
    own = {key: value for key, value in found.items() if (defaults or {}).get(key) != value or key in (before or {})}
    return own or (None if before is None else {})


def lost(prior: Tags | None, planned: Tags | None) -> list[str]:
    """Return the keys that go away."""
    return sorted((prior or {}).keys() - (planned or {}).keys())
