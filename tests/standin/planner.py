"""What a resource will be after apply, from its configuration and its state.

It works for every type of the schema: what is configured stands; what is computed and not configured is unknown when
the resource is new, and stays as it was when it changes. Rules of Terraform's core for a planned state:
https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol#the-provider-lifecycle
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from standin.codec import UNKNOWN, Block, Value, differences, is_known, same_document, without_unknown
from standin.facts import CHANGED_BY, COMBINATIONS, DEFAULTS, REPLACED_BY, REPLACED_IF, REQUIRES


class Planned(NamedTuple):
    """A planned state, and the attributes of which the change replaces the resource."""

    state: Value
    replaced_by: list[str]


class Settings(NamedTuple):
    """What the provider's own configuration adds to a resource."""

    region: str | None = None
    default_tags: Value = None


def plan(type_name: str, block: Block, prior: Value, proposed: Value, settings: Settings) -> Planned:
    """Return the planned state of a resource that is created (`prior` is None) or changed.

    Args:
        type_name: The resource's type.
        block: Its schema.
        prior: Its state, or None.
        proposed: The configuration, completed with the state's computed attributes by Terraform.
        settings: The provider's configuration.
    """
    attributes = block["attributes"]
    planned = _fill(block, proposed, settings.default_tags, new=prior is None)
    for path, value in DEFAULTS.get(type_name, {}).items():
        block_name, _, name = path.rpartition(".")
        for part in planned[block_name] if block_name else [planned]:
            if name in part and part[name] is None:  # provider 5.x does not have all of them
                part[name] = value
    if "region" in attributes and planned["region"] is UNKNOWN and settings.region:
        planned["region"] = settings.region
    if prior is None:
        return Planned(planned, [])
    _keep_equivalent_documents(block, prior, planned)
    _keep_set_elements(block, prior, planned)
    changed = set(_changed(prior, planned, block))
    for cause, effects in CHANGED_BY.get(type_name, {}).items():
        if cause in changed or (not cause and changed):
            planned.update(dict.fromkeys(effects, UNKNOWN))
    replacing = REPLACED_BY.get(type_name, frozenset())
    for switch, names in REPLACED_IF.get(type_name, {}).items():
        if planned[switch]:
            replacing |= names
    return Planned(planned, sorted(changed & replacing))


def _fill(block: Block, value: Value, default_tags: Value, *, new: bool, tagged: bool = True) -> Value:
    """Return a block's planned value; `tagged`: its tags are its own and the provider's default tags."""
    result = {}
    for name, facts in block["attributes"].items():
        given = value[name]
        if facts.get("write_only"):
            given = None
        elif given is None and facts.get("computed") and new:
            given = UNKNOWN
        result[name] = given
    if "tags" in result and "tags_all" in result and tagged:
        result["tags_all"] = all_tags(result["tags"], default_tags)
    # With an instance's `volume_tags`, the tags of its blocks are not looked at.
    tagged = value.get("volume_tags") is None
    for name, nested in block["blocks"].items():
        given = value[name]
        if isinstance(given, list):
            result[name] = [
                UNKNOWN if one is UNKNOWN else _fill(nested["block"], one, default_tags, new=new, tagged=tagged)
                for one in given
            ]
        elif isinstance(given, dict):
            result[name] = _fill(nested["block"], given, default_tags, new=new, tagged=tagged)
        else:
            result[name] = given
    return result


def all_tags(tags: Value, defaults: Value) -> Value:
    """Return a resource's tags together with the provider's default tags; UNKNOWN if any of them is."""
    if not is_known(tags) or not is_known(defaults):
        return UNKNOWN
    return {**(defaults or {}), **{key: value for key, value in (tags or {}).items() if value is not None}}


def _changed(prior: Value, planned: Value, block: Block) -> list[str]:
    unknown = [name for name, value in planned.items() if not is_known(value)]
    return [*unknown, *(name for name in differences(prior, without_unknown(planned), block) if name not in unknown)]


def _keep_set_elements(block: Block, prior: Value, planned: Value) -> None:
    """Give each block of a set the computed attributes of the one in the state that agrees in everything else.

    Terraform's core finds no pair for a block with a default: in its eyes the configuration has null there.
    """
    for name, nested in block["blocks"].items():
        if nested["nesting"] != "set" or not isinstance(planned[name], list):
            continue
        rest = list(prior[name])
        computed = {key for key, facts in nested["block"]["attributes"].items() if facts.get("computed")}
        for one in planned[name]:
            settled = {key: value for key, value in one.items() if key not in computed or value is not None}
            pair = next((other for other in rest if all(other[key] == settled[key] for key in settled)), None)
            if pair is not None:
                rest.remove(pair)
                one.update({key: pair[key] for key in computed if one[key] is None})


def _keep_equivalent_documents(block: Block, prior: Value, planned: Value) -> None:
    """Keep the state's text of a JSON document that only is written differently now."""
    for name, facts in block["attributes"].items():
        if facts["type"] == "string" and same_document(prior[name], planned[name]):
            planned[name] = prior[name]


def faults(block: Block, config: Value) -> Iterator[tuple[str, str]]:
    """Yield what the provider refuses and Terraform's core does not check: null where a value is required, or a value
    of a read-only attribute. A fault is an attribute and a message.
    """
    for name, facts in block["attributes"].items():
        if facts.get("required") and config[name] is None:
            yield name, f"{name} is required, but null"
        elif config[name] is not None and not facts.get("required") and not facts.get("optional"):
            yield name, f"{name} is read-only"
    for name, nested in block["blocks"].items():
        parts = config[name] if isinstance(config[name], list) else [config[name]]
        for part in parts:
            if isinstance(part, dict):
                yield from ((name, message) for _, message in faults(nested["block"], part))


def combination_faults(type_name: str, config: Value) -> list[tuple[str, str]]:
    """Return attribute and message of each combination of a resource's attributes that the provider refuses."""
    found = []
    for bound, names in COMBINATIONS.get(type_name, []):
        names = tuple(name for name in names if name in config)
        given = [name for name in names if config[name] is not None]
        if len(given) > 1 and all(config[name] is not UNKNOWN for name in given):
            found.append((given[1], f"{given[1]} conflicts with {given[0]}"))
        elif bound == "one" and not given:
            found.append((names[0], f"one of {', '.join(names)} must be set"))
    for name, others in REQUIRES.get(type_name, {}).items():
        missing = [other for other in others if other in config and config[other] is None]
        if config.get(name) is not None and missing:
            found.append((name, f"{name} needs {', '.join(missing)}"))
    return found


def configured(block: Block, config: Value) -> list[str]:
    """Return the names of the attributes and blocks that a configuration sets."""
    return [
        *(name for name in block["attributes"] if config[name] is not None),
        *(name for name in block["blocks"] if config[name]),
    ]


def merge_state(planned: Value, read: dict[str, Any]) -> Value:
    """Return the state: what was read back, and what was planned for the rest; null for what is still unknown."""
    return {**without_unknown(planned), **read}
