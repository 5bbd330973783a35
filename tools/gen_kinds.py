"""Writes docs/kinds.md from the kinds' models, and spec/lenie.schema.json; with --check only compares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from lenie.compiler.jsonschema import descriptions, first_paragraph, nested, schema, schema_text
from lenie.compiler.kind import Actor, Resource
from lenie.compiler.kinds import kind_class, kind_names
from lenie.compiler.kinds.cloudformation import CloudFormation
from lenie.targets.tf.rows import known_types

ROOT = Path(__file__).parents[1]
#: Fields that every kind has; the guide explains them.
COMMON = ("kind", "publish", "waive")
#: Possible words of a field that are all listed.
_WORDS = 8
HEADING = """\
# Kinds of resource

Generated from the compiler's models by `tools/gen_kinds.py`: do not edit. The fields that every kind has (`kind`,
`publish`, `waive`) and the forms of values are explained in [spec-language.md](spec-language.md).

"""


def page() -> str:
    """Return the text of docs/kinds.md."""
    definitions = schema()["$defs"]
    required = required_fields()
    parts = [HEADING, "| kind | what it is |\n|---|---|\n"]
    parts += [f"| [{name}](#{name}) | {cell(first_paragraph(kind_class(name)))} |\n" for name in kind_names()]
    for name in kind_names():
        parts.append(kind_section(name, kind_class(name), definitions, required.get(name, set())))
    return "".join(parts)


def kind_section(name: str, kind: type[Resource], definitions: dict[str, Any], required: set[str]) -> str:
    """Return the section of one kind."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in (kind.__doc__ or "").split("\n\n"))
    doc = "\n\n".join(text.replace("``", "`") for text in paragraphs if not text.startswith("Source"))
    lines = [f"\n## {name}\n", doc, "", *table(kind, definitions[kind.__name__], definitions, required)]
    for model in nested(kind):
        own = definitions[model.__name__]
        lines += ["", f"**{model.__name__}**: {cell(first_paragraph(model))}", ""]
        lines += table(model, own, definitions, set(own.get("required", [])))
    if kind.ATTRIBUTES:
        names = ", ".join(f"`{attribute}`" for attribute in kind.ATTRIBUTES)
        more = "" if kind.attributes is Resource.attributes else ", and others that depend on its own fields"
        lines += ["", f"Attributes: {names}{more}"]
    elif kind.attributes is not Resource.attributes:
        lines += ["", "Attributes: they depend on the resource's own fields."]
    if kind is CloudFormation:
        known = ", ".join(f"`{type_name.removeprefix('AWS::')}`" for type_name in known_types())
        lines += ["", f"Types that Terraform knows, without `AWS::`: {known}."]
    if kind.GRANTS:
        lines += ["", "| access | allows |", "|---|---|"]
        for verb, grant in kind.GRANTS.items():
            actions = ", ".join(f"`{action}`" for action in (*grant.actions, *grant.unscoped))
            lines.append(f"| `{verb}` | {cell(grant.description or actions)} |")
    if issubclass(kind, Actor):
        lines += ["", "It acts with a role of its own, which allows what its `access` says."]
    return "\n".join(lines) + "\n"


def table(model: type[Any], definition: dict[str, Any], definitions: dict[str, Any], required: set[str]) -> list[str]:
    """Return the rows of a model's own fields."""
    rows = []
    said = descriptions(model)
    for field, own in definition.get("properties", {}).items():
        if field in COMMON and issubclass(model, Resource):
            continue
        need = "required" if field in required else default(own)
        rows.append(f"| `{field}` | {cell(form(own, definitions))} | {need} | {cell(said.get(field, ''))} |")
    return (
        ["| field | form | default | meaning |", "|---|---|---|---|", *rows]
        if rows
        else ["It has no fields of its own."]
    )


def default(own: dict[str, Any]) -> str:
    """Return how the default of a field is written."""
    value = own.get("default")
    if value in (None, "", [], {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict):
        return "see below"
    if f"{value}d" in own.get("enum", ()):
        return f"`{value}d`"
    form = own.get("pattern", "")
    if form.endswith("[smhd]$"):
        unit, letter = next((n, c) for n, c in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")) if value % n == 0)
        return f"`{value // unit}{letter}`"
    if "MB|GB" in form:
        return f"`{value // 1024}GB`" if value % 1024 == 0 else f"`{value}MB`"
    return f"`{value}`"


def form(own: dict[str, Any], definitions: dict[str, Any]) -> str:  # noqa: C901 - one case for each form
    """Return in words what a field takes."""
    if "$ref" in own:
        return str(own["$ref"]).rpartition("/")[2]
    if "allOf" in own:
        return form(own["allOf"][0], definitions)
    if "anyOf" in own:
        branches = [form(branch, definitions) for branch in own["anyOf"] if branch.get("type") != "null"]
        return " or ".join(dict.fromkeys(branches))
    if "const" in own:
        return f"`{own['const']}`"
    if "enum" in own:
        words = [f"`{word}`" for word in own["enum"]]
        return " or ".join(words) if len(words) <= _WORDS else f"{', '.join(words[:_WORDS])}, ... or {words[-1]}"
    pattern = own.get("pattern", "")
    if pattern.endswith("[smhd]$"):
        return "duration"
    if "MB|GB" in pattern:
        return "size"
    if "USD" in pattern:
        return "money"
    if pattern == "^[0-9a-f.:]+/[0-9]+$":
        return "network"
    kind = own.get("type")
    if kind == ["boolean", "string"]:
        return "true, false or a setting"
    if kind == "array":
        return f"list of {form(own.get('items', {}), definitions)}"
    if kind == "object":
        inner = own.get("additionalProperties")
        return f"map to {form(inner, definitions)}" if isinstance(inner, dict) else "map"
    described = str(own.get("description", ""))
    if described.startswith("Name of a "):
        return described.removesuffix(" of this spec").replace("Name of a ", "name of a ")
    if kind == "string" and pattern and "\\$" not in pattern.removesuffix("$"):
        return "text without references"
    plain = {"string": "text", "integer": "number", "number": "number", "boolean": "true or false"}
    return plain.get(str(kind), "data")


def required_fields() -> dict[str, set[str]]:
    """Return the fields that each kind needs, unless the defaults give them."""
    return {
        name: {
            (info.alias or field)
            for field, info in kind_class(name).model_fields.items()
            if info.is_required() and field != "kind"
        }
        for name in kind_names()
    }


def cell(text: str) -> str:
    """Return `text` as it stands in a table's cell."""
    return text.replace("``", "`").replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write or compare both files; return the exit code."""
    status = 0
    for path, text in ((ROOT / "docs" / "kinds.md", page()), (ROOT / "spec" / "lenie.schema.json", schema_text())):
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in sys.argv[1:]:
            print(f"{path.relative_to(ROOT)} is not up to date: run python tools/gen_kinds.py", file=sys.stderr)
            status = 2
        else:
            path.write_text(text, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
