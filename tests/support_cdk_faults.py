"""Makes single faults in a generated CDK app: see `support_faults`. Many faults share a synthesis, one in each stack.

So a fault must not stop the app, and must not be seen in another stack than its own: properties that a construct needs
are not dropped, and the values that stacks publish for each other are left alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from support_faults import Fault, Lines, changed, rotated

_KEYWORD = re.compile(r"^( +)([a-z][a-z0-9_]*)=(.+)$")
_ENTRY = re.compile(r'^( +)"([^"]+)": (.+)$')
_CONSTRUCT = re.compile(r"^        (?:([a-z][a-z0-9_]*) = )?[a-z0-9_]+\.Cfn[A-Za-z0-9]+\($")
_SSM = re.compile(r"^        ([a-z][a-z0-9_]*) = self\.ssm_value\($")
_USE = re.compile(r"\b([a-z][a-z0-9_]*)\.(ref|attr_[a-z0-9_]+)\b")
#: Properties that no construct needs.
_OPTIONAL = frozenset(
    {
        "access_log_setting", "alarm_actions", "alarm_description", "architectures", "auto_minor_version_upgrade",
        "backup_retention_period", "compress", "copy_tags_to_snapshot", "credit_specification", "dead_letter_config",
        "deletion_protection", "description", "ebs_optimized", "enable_dns_hostnames", "enable_dns_support",
        "enabled", "environment", "http_version", "kms_key_id", "layers", "logging_config", "map_public_ip_on_launch",
        "max_message_size", "maximum_message_size", "memory_size", "message_retention_period", "metadata_options",
        "method_settings", "monitoring", "multi_az", "ownership_controls", "point_in_time_recovery_specification",
        "public_access_block_configuration", "publicly_accessible", "quota", "redrive_policy", "resource_tags",
        "retention_in_days", "security_group_egress", "security_group_ingress", "sse_specification", "tags",
        "target_ids", "throttle", "timeout", "tracing_config", "tracing_configuration", "treat_missing_data",
        "user_data", "versioning_configuration", "visibility_timeout", "vpc_config", "xray_tracing_enabled",
    }
)  # fmt: skip


def cdk_faults(app: Path, seed: int, rounds: int) -> list[list[Fault]]:
    """Return `rounds` groups of faults, each with one fault in every stack that has one left."""
    order = random.Random(seed)
    groups: list[list[Fault]] = [[] for _ in range(rounds)]
    for path in sorted((app / "stacks").glob("*.py")):
        if path.name == "__init__.py":
            continue
        kinds: dict[str, list[Fault]] = {}
        for fault in _stack(Lines(app, path)):
            kinds.setdefault(fault.kind, []).append(fault)
        names = sorted(kinds)
        order.shuffle(names)
        for number, group in enumerate(groups):
            turn = number % max(len(names), 1)
            left = [name for name in names[turn:] + names[:turn] if kinds[name]]
            if left:
                group.append(kinds[left[0]].pop(order.randrange(len(kinds[left[0]]))))
    return groups


def _stack(lines: Lines) -> Iterator[Fault]:
    starts = [number for number, line in enumerate(lines.lines) if re.match(r"        [^ #)\]}]", line)]
    constructs = [match[1] for line in lines.lines if (match := _CONSTRUCT.match(line)) and match[1]]
    values = [match[1] for line in lines.lines if (match := _SSM.match(line))]
    for number in starts:
        line = lines.lines[number]
        if match := re.match(r"        \w+\.cfn_options\.(?:deletion|update_replace)_policy = ", line):
            new = [f"{match[0]}CfnDeletionPolicy.DELETE"]
            yield lines.fault("protection dropped", number, new, _end(lines, number))
        elif ".add_resource_dependency(" in line:
            yield lines.fault("order dropped", number, [], _end(lines, number))
        elif (match := _CONSTRUCT.match(line)) and "ssm.CfnParameter" not in line:
            end = _end(lines, number)
            if match[1] is None:
                yield lines.fault("resource missing", number, [], end)
                name = lines.lines[number + 2].strip().strip('",')
                copy = [
                    *lines.lines[number : number + 2],
                    f'            "Second{name}",',
                    *lines.lines[number + 3 : end],
                ]
                if not name.endswith(("Policy", "Key")):
                    yield lines.fault("resource extra", number, [*lines.lines[number:end], *copy], end)
            for inner in range(number + 3, end - 1):
                yield from _line(lines, inner, constructs, values, match[1] or "")
        elif "ssm.CfnParameter" in line:
            for inner in range(number + 3, _end(lines, number) - 1):
                if lines.lines[inner].strip().startswith("description="):
                    yield from _line(lines, inner, [], [], "")


def _end(lines: Lines, number: int) -> int:
    """Return the line after a statement: its closing bracket has the indentation of its start."""
    end = lines.end(number)
    return end + 1 if end < len(lines.lines) and re.match(r"        [)\]}]", lines.lines[end]) else end


def _line(lines: Lines, number: int, constructs: list[str], values: list[str], own: str) -> Iterator[Fault]:
    line = lines.lines[number]
    keyword, entry = _KEYWORD.match(line), _ENTRY.match(line)
    found = keyword or entry
    if found and (new := _changed(found[3])):
        yield lines.fault("value changed", number, [line[: -len(found[3])] + new])
    if entry and re.search(r"[^\[{(]$", line):
        yield lines.fault("property dropped", number, [])
    if keyword and keyword[2] in _OPTIONAL:
        end = lines.end(number)
        closes = re.search(r"[\[{(]$", line) is not None
        yield lines.fault("property dropped", number, [], end + 1 if closes else end)
    yield from _policy_line(lines, number)
    yield from _references(lines, number, constructs, values, own)


def _policy_line(lines: Lines, number: int) -> Iterator[Fault]:
    line = lines.lines[number]
    entry = _ENTRY.match(line)
    if entry and entry[2] in ("Action", "Resource") and entry[3].endswith(",") and entry[3] != '"*",':
        yield lines.fault("policy widened", number, [f'{entry[1]}"{entry[2]}": "*",'])
    if entry and entry[3] == '"Deny",':
        yield lines.fault("policy widened", number, [f'{entry[1]}"{entry[2]}": "Allow",'])
    if re.fullmatch(r' +"[a-z0-9-]+:[A-Za-z*]+",', line):
        yield lines.fault("list item dropped", number, [])
    layers = re.match(r"( +layers=)\[(\w+), (\w+)\],$", line)
    if layers:
        yield lines.fault("list item moved", number, [f"{layers[1]}[{layers[3]}, {layers[2]}],"])


def _references(lines: Lines, number: int, constructs: list[str], values: list[str], own: str) -> Iterator[Fault]:
    line = lines.lines[number]
    for match in _USE.finditer(line):
        other = rotated([name for name in constructs if name != own], match[1])
        if match[1] in constructs and other and constructs.index(other) < constructs.index(match[1]):
            new = f"{line[: match.start()]}{other}.ref{line[match.end() :]}"
            yield lines.fault("reference redirected", number, [new])
        if match[1] in constructs and match[2] != "ref":
            new = f"{line[: match.start(2)]}logical_id{line[match.end(2) :]}"
            yield lines.fault("attribute changed", number, [new])
    for name in re.findall(r"(?<![.\w\"/])([a-z][a-z0-9_]*)(?=[,\]])", line):
        if name in values and (other := rotated(values, name)):
            new = re.sub(rf"(?<![.\w\"/]){name}(?=[,\]])", other, line, count=1)
            yield lines.fault("reference redirected", number, [new])


def _changed(value: str) -> str | None:
    plain = value.removesuffix(",")
    comma = value[len(plain) :]
    if plain in ("True", "False"):
        return f"{plain == 'False'}{comma}"
    if re.fullmatch(r'f"[^"]*"', plain):
        return f'f"x{plain[2:]}{comma}'
    return changed(value)
