"""A secret stands in the spec, or would be readable where it is used.

What is in the spec is in the repository, in every generated file, and in the history of both, for ever. So a text is
refused if its key says that it is a secret (`DB_PASSWORD`, `API_KEY`, `TOKEN` ...), or if it looks like one: access
keys of AWS, private keys, tokens of GitHub, GitLab, Slack, Stripe, Google and OpenAI, JSON web tokens, passwords in
URLs, and long random texts. A field of a secret in a function's environment is refused, too: Lambda shows the
environment in plain text to everybody who may read the function. The function gets the secret's name, and reads the
secret while it runs.
Sources: AWS Secrets Manager User Guide, "AWS Secrets Manager best practices"; AWS Lambda Developer Guide, "Working with
Lambda environment variables".

Wrong:

    ask:
      kind: function
      environment:
        DB_PASSWORD: correct-horse
        OPENAI_KEY: ${app-credentials.openai_api_key}

Right:

    ask:
      kind: function
      access: {app-credentials: read}
      environment: {APP_CREDENTIALS_SECRET: "${app-credentials.name}"}

Waive it on the resource where a text only looks like a secret; a public value needs a key that does not say `secret`:

    ask: {kind: function, waive: {E316: the long text is a public sample}, ...}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lenie.compiler.expressions import SecretField, walk
from lenie.compiler.load import Node
from lenie.compiler.place import Place
from lenie.compiler.program import Declaration, Program
from lenie.compiler.rules import Finding
from lenie.compiler.rules._secrets import mask, named_secret, secret_in
from lenie.compiler.span import Path
from lenie.compiler.spec import uses
from lenie.compiler.types import Lookup

CODE = "E316"
#: Kinds whose fields keep a secret: CloudFormation reads it during a deployment, and the service never shows it again.
_KEEPING = frozenset({"cloudformation", "database", "secret", "site"})
#: Properties of a raw CloudFormation resource that show what they hold.
_SHOWING = frozenset({"Environment", "UserData", "DefinitionString"})
#: Fields of a resource whose keys are names of other things, not of what they hold.
_NAMING = frozenset({"access", "publish", "waive", "kind", "routes", "fields"})
_HELP = "keep it in a resource of kind secret, and pass the name of the secret: ${NAME.name}"


def check(program: Program, finding: Finding) -> None:
    """Report secrets that are written down, and secrets that would be shown."""
    for path, text in _texts(program.tree.root, ()):
        _check_text(program, path, text, finding)
    for declaration in program.declarations.values():
        for use in uses(declaration.model, declaration.path):
            if isinstance(use.target, Lookup) and _is_shown(program, declaration, use.target, use.path):
                name = use.target.head
                finding(
                    f"{use.target.source} would be readable by everybody who may look at this {declaration.model.kind}",
                    use.path,
                    find=use.target.source,
                    help=f"pass ${{{name}.name}}, grant access: {{{name}: read}}, and read it at run time",
                )


def _texts(node: Node, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text of the spec with its path."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from _texts(child, (*path, key))
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from _texts(child, (*path, index))
    elif isinstance(node.value, str):
        yield path, node.value


def _check_text(program: Program, path: Path, text: str, finding: Finding) -> None:
    found = secret_in(text)
    if found is not None:
        what, secret = found
        finding(f"this looks like {what}: {mask(secret)}", path, find=secret, help=_HELP, secret=True)
        return
    key = _key(program, path)
    # In Amazon States Language a key that ends so holds a path to the value: "TaskToken.$": $$.Task.Token.
    if key and not key.endswith(".$") and named_secret(key) and _is_literal(text):
        finding(f'the value of "{key}" stands in the spec: {mask(text)}', path, help=_HELP, secret=True)


def _key(program: Program, path: Path) -> str:
    """Return the name under which the text at `path` will be known; nothing where it is no value."""
    if path[:1] == ("parameters",):
        return str(path[1]) if len(path) > 2 and path[2] in ("default", "values") else ""
    if path[:1] == ("environments",):
        return str(path[-1])
    if path[:1] == ("components",) and len(path) > 5 and path[2] == "resources":
        return "" if path[4] in _NAMING or _names_attributes(program, path) else _last_key(path[5:])
    if path[:1] == ("components",) and len(path) == 5:
        declaration = program.declarations.get(str(path[3]))
        kind = declaration.model.kind if declaration is not None else ""
        if kind == "parameter" and path[4] == "value":
            return str(path[3])
        return str(path[4]) if kind != "" and _holds_text(declaration, str(path[4])) else ""
    if path[:1] == ("defaults",) and len(path) > 3:
        return "" if path[2] in _NAMING else _last_key(path[3:])
    return ""


def _names_attributes(program: Program, path: Path) -> bool:
    """Whether the keys at `path` are the attributes of a table, whose values are types."""
    declaration = program.declarations.get(str(path[3]))
    return declaration is not None and declaration.model.kind == "table" and path[4] in ("key", "indexes")


def _last_key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _holds_text(declaration: Declaration | None, field: str) -> bool:
    """Whether the field of a resource is text: a field that names another resource (``credentials:``) is not."""
    return declaration is not None and isinstance(getattr(declaration.model, field.replace("-", "_"), None), str)


_LOOKUP = re.compile(r"\$\{[^}]*\}|\{\{resolve:[^}]*\}\}|\{%.*%\}", re.DOTALL)
_SWITCH = frozenset(
    {"true", "false", "yes", "no", "on", "off", "none", "enabled", "disabled", "seconds", "minutes", "hours", "days"}
)


def _is_literal(text: str) -> bool:
    """Whether a value is written down, rather than looked up."""
    return bool(text.strip()) and not _LOOKUP.search(text) and text.lower() not in _SWITCH


def _is_shown(program: Program, declaration: Declaration, lookup: Lookup, path: Path) -> bool:
    """Whether `lookup` is a secret's field, in a place where it can be read later."""
    source = program.declarations.get(lookup.head)
    if source is None or source.model.kind != "secret":
        return False
    value: Any = source.model.attribute(lookup.attribute, Place(program, source))
    if not any(isinstance(expression, SecretField) for expression in walk(value)):
        return False
    return declaration.model.kind not in _KEEPING or any(step in _SHOWING for step in path)
