"""Makes single faults in generated files, without any of what verify reads them with.

Generated files have one canonical form, so lines and their indentation are enough: a fault is a change of some lines.
What a fault would not change in meaning is not made, or is proven here to be the same and says so in `same`.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Fault(NamedTuple):
    """One change of one file. `same` is the reason why it changes no meaning; without one, verify has to find it."""

    kind: str
    file: str
    line: int
    words: str
    text: str
    same: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.file}:{self.line}: {self.words}"


class Lines:
    """The lines of a file, and what stands in them."""

    def __init__(self, root: Path, path: Path) -> None:
        self.file = path.relative_to(root).as_posix()
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.split("\n")

    def indent(self, number: int) -> int:
        return len(self.lines[number]) - len(self.lines[number].lstrip())

    def end(self, number: int) -> int:
        """Return the line after the block that starts in a line: of what is indented deeper."""
        depth, after = self.indent(number), number + 1
        last = after
        while after < len(self.lines) and (not self.lines[after].strip() or self.indent(after) > depth):
            after += 1
            if self.lines[after - 1].strip():
                last = after
        return last

    def fault(self, kind: str, number: int, new: list[str], end: int | None = None, same: str = "") -> Fault:
        """Return the fault that replaces the lines from `number` to `end` with `new`."""
        end = number + 1 if end is None else end
        lines = [*self.lines[:number], *new, *self.lines[end:]]
        words = f"{self.lines[number].strip()[:70]} -> {new[0].strip()[:70] if new else 'nothing'}"
        return Fault(kind, self.file, number + 1, words, "\n".join(lines), same)


def changed(value: str) -> str | None:
    """Return a literal with another value of the same type, or None if there is no literal."""
    plain = value.rstrip(",")
    comma = value[len(plain) :]
    if re.fullmatch(r"-?\d+", plain):
        return f"{int(plain) + 1}{comma}"
    if plain in ("true", "false"):
        return ("false" if plain == "true" else "true") + comma
    quoted = re.fullmatch(r'(["\'])(.*)\1', plain)
    if quoted:
        return f"{quoted[1]}x{quoted[2]}{quoted[1]}{comma}"
    return None


def sample(found: list[Fault], number: int, seed: int) -> list[Fault]:
    """Return `number` faults, every kind as often as every other if there are enough of it."""
    order = random.Random(seed)
    kinds: dict[str, list[Fault]] = {}
    for fault in found:
        kinds.setdefault(fault.kind, []).append(fault)
    for group in kinds.values():
        order.shuffle(group)
    taken: list[Fault] = []
    while len(taken) < number and any(kinds.values()):
        taken += [group.pop() for group in kinds.values() if group]
    return taken[:number]


def rotated(names: list[str], name: str) -> str | None:
    """Return another one of `names`, always the same one for the same name."""
    others = [other for other in sorted(set(names)) if other != name]
    return others[sum(map(ord, name)) % len(others)] if others else None


# CloudFormation.

_REFERENCE = re.compile(r"!Ref ([A-Za-z0-9]+)\b(?!::)")
_ATTRIBUTE = re.compile(r"!GetAtt ([A-Za-z0-9]+)\.([A-Za-z0-9.]+)")
_SUBSTITUTE = re.compile(r"\$\{([A-Za-z0-9]+)(\.[A-Za-z0-9.]+)?\}")
_KEY = re.compile(r"^( *)(- )?([A-Za-z0-9_.:/*$-]+|\"[^\"]+\"): (.+)$")
_ORDERED = ("Layers:", "KeySchema:")


def cfn_faults(root: Path) -> Iterator[Fault]:
    """Yield faults in the templates, their mappings and the parameter files below `root`."""
    for path in sorted((root / "templates").rglob("*.yaml")):
        yield from _template(Lines(root, path))
    for path in sorted((root / "parameters").glob("*.json")):
        yield from _parameter_file(root, path)
    lines = Lines(root, root / "manifest.json")
    for number, line in enumerate(lines.lines):
        found = re.match(r'( +"\w+": \[?\{?(?:"\w+": )?)(true|false|"[^"]+")', line)
        if found:
            yield lines.fault("manifest changed", number, [f"{found[1]}{changed(found[2])}{line[found.end() :]}"])


def _template(lines: Lines) -> Iterator[Fault]:
    names = _names(lines)
    section = ""
    skip = 0
    block = 0
    for number, line in enumerate(lines.lines):
        if number < skip or not line.strip() or line.strip().startswith("#"):
            continue
        if re.match(r"[A-Za-z]", line):
            section = line.split(":")[0]
        elif section in ("Parameters", "Mappings", "Conditions"):
            yield from _declaration(lines, number, section)
        elif section == "Resources" and lines.indent(number) == 2:
            yield from _resource(lines, number)
        elif section == "Resources" and line.startswith("    Metadata:"):
            skip = lines.end(number)
        elif section == "Resources" and lines.indent(number) == 4:
            yield from _resource_attribute(lines, number)
        elif section == "Resources":
            if block <= number:
                block = lines.end(number) if re.search(r": (!Sub )?[|>]-?$", line) else 0
            if block > number and not re.search(r": (!Sub )?[|>]-?$", line):
                yield from _text_line(lines, number, names)
            else:
                yield from _property(lines, number, names)


def _declaration(lines: Lines, number: int, section: str) -> Iterator[Fault]:
    """Yield faults in a parameter's default and allowed values, in a setting, in a condition."""
    line = lines.lines[number]
    default, setting = re.match(r"    Default: ([^/].*)$", line), _KEY.match(line)
    if section == "Parameters" and default:
        yield lines.fault("default changed", number, [line[: -len(default[1])] + str(changed_yaml(default[1]))])
    elif section == "Parameters" and re.match(r"      - \w+$", line):
        yield lines.fault("default changed", number, [f"{line}x"])
    elif section == "Mappings" and setting and (new := changed_yaml(setting[4])):
        yield lines.fault("value changed", number, [line[: -len(setting[4])] + new])
    elif section == "Conditions" and "!Not [" in line:
        yield lines.fault("condition turned", number, [re.sub(r"!Not \[(.*)\]$", r"\1", line)])


def _names(lines: Lines) -> list[str]:
    found = [line.strip().rstrip(":") for line in lines.lines if re.fullmatch(r"  [A-Za-z0-9]+:", line)]
    return [name for name in found if name != "Settings"]


def changed_yaml(value: str) -> str | None:
    """Return a YAML scalar with another value, or None if it is no literal."""
    if value.startswith(("!Sub ", "!")):
        sub = re.fullmatch(r"!Sub ([^|'\"\s].*)", value)
        return f"!Sub x{sub[1]}" if sub else None
    if value.startswith(("|", ">", "[", "{")):
        return None
    return changed(value) or f"x{value}"


def _resource(lines: Lines, number: int) -> Iterator[Fault]:
    end = lines.end(number)
    yield lines.fault("resource missing", number, [], end)
    name = lines.lines[number].strip().rstrip(":")
    copy = [f"  Second{name}:", *lines.lines[number + 1 : end], ""]
    yield lines.fault("resource extra", number, [*copy, *lines.lines[number:end]], end)


def _resource_attribute(lines: Lines, number: int) -> Iterator[Fault]:
    line = lines.lines[number]
    key = line.strip().split(":")[0]
    if key == "Type":
        yield lines.fault("value changed", number, [f"{line}s"])
    elif key == "DependsOn":
        yield lines.fault("order dropped", number, [], lines.end(number))
    elif key in ("DeletionPolicy", "UpdateReplacePolicy"):
        yield lines.fault("protection dropped", number, [f"    {key}: Delete"])


def _property(lines: Lines, number: int, names: list[str]) -> Iterator[Fault]:
    line = lines.lines[number]
    key = _KEY.match(line)
    value = key[4] if key else line.strip().removeprefix("- ")
    end = lines.end(number)
    member = line.strip().startswith("- ")
    if (key or member) and (new := changed_yaml(value)) and end == number + 1:
        yield lines.fault("value changed", number, [line[: -len(value)] + new])
    yield from _redirected(lines, number, names)
    if member:
        yield lines.fault("list item dropped", number, [], end)
    elif re.match(r' +("[^"]+"|[^ "]+):( |$)', line):
        yield lines.fault("property dropped", number, [], end)
    if key:
        yield from _widened(lines, number, key)
    if line.strip() in _ORDERED:
        yield from _moved(lines, number, end)


def _text_line(lines: Lines, number: int, names: list[str]) -> Iterator[Fault]:
    """Yield faults in a line of a text: JSON, YAML or a script."""
    line = lines.lines[number]
    json_value = re.search(r'": "([^"]+)"', line)
    json_number = re.search(r'": (\d+)', line)
    if json_value:
        yield lines.fault("text changed", number, [line.replace(json_value[0], f'": "x{json_value[1]}"', 1)])
    elif json_number:
        yield lines.fault("text changed", number, [line.replace(json_number[0], f'": {int(json_number[1]) + 1}', 1)])
    elif re.search(r"[a-z]", line):
        yield lines.fault("text changed", number, [f"{line}x" if '"' not in line else line.replace('"', '"x', 1)])
    yield from _redirected(lines, number, names)
    following = lines.lines[number + 1] if number + 1 < len(lines.lines) else ""
    choice = r' +\{"Condition": .*\},'
    if re.fullmatch(choice, line) and re.fullmatch(choice, following):
        yield lines.fault("list item moved", number, [following, line], number + 2)


def _redirected(lines: Lines, number: int, names: list[str]) -> Iterator[Fault]:
    line = lines.lines[number]
    for match in _REFERENCE.finditer(line):
        if match[1] in names and (other := rotated(names, match[1])):
            new = f"{line[: match.start(1)]}{other}{line[match.end(1) :]}"
            yield lines.fault("reference redirected", number, [new])
    for match in _ATTRIBUTE.finditer(line):
        new = f"{line[: match.start(2)]}{'Arn' if match[2] != 'Arn' else 'Name'}{line[match.end(2) :]}"
        yield lines.fault("attribute changed", number, [new])
        if other := rotated([name for name in names if name != "Environment"], match[1]):
            new = f"{line[: match.start(1)]}{other}{line[match.end(1) :]}"
            yield lines.fault("reference redirected", number, [new])
    if "!Sub" in line or '"' in line:
        for match in _SUBSTITUTE.finditer(line):
            if match[1] in names and (other := rotated(names, match[1])):
                new = f"{line[: match.start(1)]}{other}{line[match.end(1) :]}"
                yield lines.fault("reference redirected", number, [new])


def _widened(lines: Lines, number: int, key: re.Match[str]) -> Iterator[Fault]:
    line, name, value = lines.lines[number], key[3], key[4]
    if name in ("Action", "Resource") and value != '"*"':
        yield lines.fault("policy widened", number, [line[: -len(value)] + '"*"'])
    if name == "Effect" and value == "Deny":
        yield lines.fault("policy widened", number, [line[: -len(value)] + "Allow"])


def _moved(lines: Lines, number: int, end: int) -> Iterator[Fault]:
    """Yield the list whose first two elements are exchanged."""
    starts = [n for n in range(number + 1, end) if lines.lines[n].startswith(" " * lines.indent(number + 1) + "- ")]
    if len(starts) > 1:
        first, second = starts[0], starts[1]
        third = starts[2] if len(starts) > 2 else end
        moved = [*lines.lines[second:third], *lines.lines[first:second]]
        yield lines.fault("list item moved", first, moved, third)


def _parameter_file(root: Path, path: Path) -> Iterator[Fault]:
    lines = Lines(root, path)
    entries = json.loads(lines.text)
    used = "\n".join(template.read_text(encoding="utf-8") for template in (root / "templates").rglob("*.yaml"))
    for index, entry in enumerate(entries):
        name = entry["ParameterKey"]
        number = next(n for n, line in enumerate(lines.lines) if f'"ParameterKey": "{name}"' in line)
        assert re.search(rf"^  {name}:$", used, re.MULTILINE), "the compiler gives no value that no template takes"
        given = [dict(one) for one in entries]
        given[index]["ParameterValue"] = f"{entry['ParameterValue']}x"
        words = f"{name} = {given[index]['ParameterValue']}"
        yield Fault("parameter changed", lines.file, number + 1, words, json.dumps(given, indent=2))


# Terraform.

_BLOCK = re.compile(
    r'^(resource|data|ephemeral|module|provider|output|variable|terraform|locals)\b(?: "([^"]+)")?(?: "([^"]+)")? \{$'
)
_ASSIGNMENT = re.compile(r'^( *)("[^"]+"|[A-Za-z0-9_-]+)( *= )(.+)$')
_TRAVERSAL = re.compile(r"\b(aws_[a-z0-9_]+)\.([a-z0-9_]+)(\[\"[a-z]+\"\])?\.([a-z_]+)")
_VARIABLE = re.compile(r"\bvar\.([a-z0-9_]+)")
_OUTPUT = re.compile(r"\bmodule\.([a-z0-9_]+)\.([a-z0-9_]+)")
#: Attributes for which CloudFormation has no word, and the change of which changes nothing that is deployed.
_BOOKKEEPING = {
    "password_wo_version": "only a change of the number sends the password again",
    "secret_string_wo_version": "only a change of the number sends the text again",
    "final_snapshot_identifier": "CloudFormation makes up the name of the last snapshot by itself",
    "redeployment": "",
}
#: What makes a way into a network and out of it, beside the network and its subnets themselves.
_WAY_OUT = {"aws_internet_gateway_attachment", "aws_route", "aws_route_table_association", "aws_vpc_endpoint"}
#: Attributes that say what AWS does without them, with the value they have then.
_USUAL = {
    "log_format": ('"Text"', "Lambda: logs are plain text if nothing else is said"),
    "restriction_type": ('"none"', "CloudFront: no country is refused if nothing else is said"),
}


def tf_faults(root: Path) -> Iterator[Fault]:
    """Yield faults in the modules, the programs that call them, and their variables' values below `root`."""
    for path in sorted(root.rglob("*.tf")):
        if path.name in ("main.tf", "outputs.tf", "providers.tf"):
            yield from _module(Lines(root, path), path)
        elif path.name == "variables.tf" and "modules" not in path.parts:
            lines = Lines(root, path)
            for number, line in enumerate(lines.lines):
                found = re.match(r"  default +=( .+)$", line)
                if found and (new := _changed_hcl(found[1].strip())):
                    yield lines.fault("default changed", number, [f"{line[: found.start(1)]} {new}"])
    for path in sorted(root.rglob("*.tfvars")):
        lines = Lines(root, path)
        for number, line in enumerate(lines.lines):
            found = _ASSIGNMENT.match(line)
            if found and (new := _changed_hcl(found[4])):
                yield lines.fault("variable changed", number, [line[: -len(found[4])] + new])


def _changed_hcl(value: str) -> str | None:
    """Return a literal, or a text with expressions, with another value."""
    if value == "[]":
        return '["x"]'
    single = re.fullmatch(r'\[("[^"]*")\](,?)', value)
    if single:
        return f"[{changed(single[1])}]{single[2]}"
    return changed(value)


def _module(lines: Lines, path: Path) -> Iterator[Fault]:
    around = {
        name: (path.parent / name).read_text(encoding="utf-8")
        for name in ("main.tf", "variables.tf", "outputs.tf")
        if (path.parent / name).exists()
    }
    context = _Context(path, around)
    number = 0
    while number < len(lines.lines):
        block = _BLOCK.match(lines.lines[number])
        if block is None:
            number += 1
            continue
        end = (
            next(n for n in range(number + 1, len(lines.lines)) if lines.lines[n] == "}") + 1
            if not lines.lines[number].endswith("{}")
            else number + 1
        )
        if block[1] in ("resource", "data", "ephemeral", "module", "output", "provider"):
            yield from _hcl_block(lines, number, end, block, context)
        number = end


class _Context:
    """What can stand for a name: other resources of a module, its other variables, other modules' outputs."""

    def __init__(self, path: Path, around: dict[str, str]) -> None:
        main = around.get("main.tf", "")
        self.resources = re.findall(r'^resource "([^"]+)" "([^"]+)" \{', main, re.MULTILINE)
        self.loops = {
            f"{kind}.{name}"
            for kind, name in self.resources
            if re.search(rf'resource "{kind}" "{name}" \{{\n(?:  #.*\n|\n)*  for_each', main)
        }
        self.variables = re.findall(r'^variable "([^"]+)"', around.get("variables.tf", ""), re.MULTILINE)
        self.outputs = {f"{module}.{name}" for module, name in _OUTPUT.findall("".join(around.values()))}
        callers = [root / "main.tf" for root in (path.parent.parent.parent, path.parent)]
        callers += [path.parent.parent.parent / name / "main.tf" for name in ("account", "organization")]
        self.calls = "".join(one.read_text(encoding="utf-8") for one in callers if one.exists())
        self.directory = path.parent.parent
        self.module = path.parent.name.replace("-", "_")


def _hcl_block(lines: Lines, number: int, end: int, block: re.Match[str], context: _Context) -> Iterator[Fault]:
    kind = block[1]
    if kind == "resource":
        yield lines.fault("resource missing", number, [], end)
        head = lines.lines[number].replace(f'"{block[3]}"', f'"second_{block[3]}"')
        yield lines.fault(
            "resource extra", number, [head, *lines.lines[number + 1 : end], "", *lines.lines[number:end]], end
        )
    elif kind in ("module", "output"):
        yield lines.fault(f"{kind} missing", number, [], end)
    text = 0
    for at in range(number + 1, end - 1):
        line = lines.lines[at]
        if at < text:
            if line.strip() != "EOT":
                yield lines.fault("text changed", at, [f"{line}x"])
            continue
        if "<<" in line:
            text = next(n for n in range(at, end) if lines.lines[n].strip() == "EOT") + 1
            yield lines.fault("property dropped", at, [], text)
        elif line.strip() and not line.strip().startswith("#"):
            yield from _hcl_line(lines, at, block, context)


def _hcl_line(lines: Lines, at: int, block: re.Match[str], context: _Context) -> Iterator[Fault]:
    line, kind = lines.lines[at], block[1]
    found = _ASSIGNMENT.match(line)
    name = found[2] if found else ""
    closes = lines.end(at) < len(lines.lines) and lines.lines[lines.end(at)].strip() in (
        "}",
        "]",
        "},",
        "],",
        "})",
        "}]",
        "}],",
    )
    opens = re.search(r"[\[{(]$", line) is not None
    end = lines.end(at) + (1 if opens and closes else 0)
    if (kind, name) in (("output", "description"), ("module", "source"), ("resource", "for_each")):
        if name == "for_each":
            yield from _loop(lines, at)
        return
    same = _BOOKKEEPING.get(name, "")
    if found and (new := _changed_hcl(found[4])):
        yield lines.fault("value changed", at, [line[: -len(found[4])] + new], same=same)
    yield from (fault._replace(same=same) for fault in _hcl_redirected(lines, at, context))
    if found and found[4] == '"Deny"':
        yield lines.fault("policy widened", at, [line.replace("Deny", "Allow")])
    if found and name in ("Action", "Resource") and found[4] not in ('"*"', '["*"]'):
        yield lines.fault("policy widened", at, [f'{found[1]}{name}{found[3]}"*"'], end)
    if name == "layers" and "," in line:
        members = line[line.index("[") + 1 : line.rindex("]")].split(", ")
        yield lines.fault("list item moved", at, [f"{found[1] if found else ''}layers = [{', '.join(members[::-1])}]"])
    elif found and re.match(r"\[.+, .+\]$", found[4]) and name != "depends_on":
        _, rest = found[4].split(", ", 1)
        yield lines.fault("list item dropped", at, [f"{found[1]}{name}{found[3]}[{rest}"])
    if found or line.rstrip().endswith("{"):
        yield from _hcl_dropped(lines, at, end, name, block, context)
    elif re.fullmatch(r' *"[^"]+",', line):
        yield lines.fault("list item dropped", at, [])


def _loop(lines: Lines, at: int) -> Iterator[Fault]:
    """Yield the loop without one of its elements."""
    line = lines.lines[at]
    few = re.search(r'toset\(\["[a-z]+", ', line)
    if few:
        yield lines.fault("list item dropped", at, [line.replace(few[0], "toset([")])
    elif line.endswith("{"):
        yield lines.fault("list item dropped", at + 1, [])
        moved = re.search(r"availability_zone = 0", lines.lines[at + 1])
        if moved:
            yield lines.fault("value changed", at + 1, [lines.lines[at + 1].replace(moved[0], "availability_zone = 1")])


def _hcl_dropped(
    lines: Lines, at: int, end: int, name: str, block: re.Match[str], context: _Context
) -> Iterator[Fault]:
    line, kind = lines.lines[at], block[1]
    value = line.partition("= ")[2]
    fault = "property dropped"
    same = ""
    if name in _USUAL and value == _USUAL[name][0]:
        same = _USUAL[name][1]
    elif name in ("password_wo_version", "secret_string_wo_version"):
        same = _BOOKKEEPING[name]
    elif line.strip() in ("restrictions {", "geo_restriction {"):
        same = _USUAL["restriction_type"][1]
    elif name == "depends_on":
        fault = "order dropped"
        if kind == "output" and not re.search(rf"module\.{context.module}\.{block[2]}\b", _inputs(context.calls)):
            same = "no module reads this output, so nothing waits for it"
        elif kind == "output" and _waits_anyway(context, str(block[2])):
            same = "whatever reads this output also waits for another one, which waits for the same"
        elif kind == "output" and _is_way_out(lines, at, end):
            same = "only what stands in a subnet needs the way out of it"
    elif line.strip() == "lifecycle {" or name in ("prevent_destroy", "ignore_changes", "create_before_destroy"):
        fault = "protection dropped"
    yield lines.fault(fault, at, [], end, same=same)


def _is_way_out(lines: Lines, at: int, end: int) -> bool:
    """Whether what an output waits for is the way out of a network, and the output is no subnet of it."""
    start = max(number for number in range(at) if lines.lines[number].startswith("output "))
    value = next(line for line in lines.lines[start:at] if line.startswith("  value "))
    waits = set(re.findall(r"\baws_\w+", "\n".join(lines.lines[at:end])))
    return waits <= _WAY_OUT and "= aws_subnet." not in value


def _waits_anyway(context: _Context, output: str) -> bool:
    """Whether every resource that reads an output reaches, by references, another output of the same module."""
    for name, call in re.findall(r'^module "([^"]+)" \{\n(.*?)^\}', context.calls, re.MULTILINE | re.DOTALL):
        given = dict(re.findall(rf"^  (\w+) *= module\.{context.module}\.(\w+)$", call, re.MULTILINE))
        readers = [variable for variable, value in given.items() if value == output]
        others = [variable for variable, value in given.items() if value != output]
        if readers and not _reaches(context.directory / name.replace("_", "-"), readers[0], others):
            return False
    return True


def _reaches(module: Path, variable: str, others: list[str]) -> bool:
    text = (module / "main.tf").read_text(encoding="utf-8")
    blocks = {
        f"{kind}.{name}": body
        for kind, name, body in re.findall(
            r'^resource "([^"]+)" "([^"]+)" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL
        )
    }
    readers = {name: body for name, body in blocks.items() if re.search(rf"\bvar\.{variable}\b", body)}
    if not readers:
        return False
    for start in readers:
        seen, stack = {start}, [start]
        while stack:
            for name in blocks.keys() - seen:
                if re.search(rf"\b{re.escape(name)}\b", blocks[stack[-1]]):
                    seen.add(name)
                    stack.insert(0, name)
            stack.pop()
        if not any(re.search(rf"\bvar\.{other}\b", blocks[name]) for other in others for name in seen):
            return False
    return True


def _inputs(calls: str) -> str:
    """Return the modules' calls, without the outputs of the program."""
    return "\n".join(line for line in calls.split("\n") if line.startswith("  "))


def _hcl_redirected(lines: Lines, at: int, context: _Context) -> Iterator[Fault]:
    line = lines.lines[at]
    for match in _TRAVERSAL.finditer(line):
        kind, name, key, attribute = match.groups()
        new = f"{line[: match.start(4)]}{'arn' if attribute != 'arn' else 'tags_all'}{line[match.end(4) :]}"
        yield lines.fault("attribute changed", at, [new])
        alike = [
            other for of, other in context.resources if of == kind and (f"{of}.{other}" in context.loops) == bool(key)
        ]
        if other := rotated(alike, name):
            new = f"{line[: match.start(2)]}{other}{line[match.end(2) :]}"
            yield lines.fault("reference redirected", at, [new])
        if key in ('["a"]', '["public"]'):
            new = line.replace(key, '["b"]' if key == '["a"]' else '["private"]', 1)
            yield lines.fault("reference redirected", at, [new])
    for match in _VARIABLE.finditer(line):
        if other := rotated(context.variables, match[1]):
            yield lines.fault("reference redirected", at, [f"{line[: match.start(1)]}{other}{line[match.end(1) :]}"])
    for match in _OUTPUT.finditer(line):
        if other := rotated(sorted(context.outputs), f"{match[1]}.{match[2]}"):
            new = f"{line[: match.start()]}module.{other}{line[match.end() :]}"
            yield lines.fault("reference redirected", at, [new])
