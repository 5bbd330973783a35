"""YAML and JSON files with the line of every value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from lenie.compiler.verify.values import Place

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
#: CloudFormation refuses deeper templates; and an alias to its own parent would never end.
_DEPTH = 100
#: Source: CloudFormation User Guide, CloudFormation template formats: aliases are not supported.
_ALIAS = "CloudFormation knows no aliases"
_CONSTRUCTOR = yaml.constructor.SafeConstructor()


class Unreadable(Exception):
    """A file that cannot be read as what it should be."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class Item:
    """A YAML node: `tag` is the function of a short form, or nothing; `value` is a scalar, a list or a map of items."""

    __slots__ = ("keys", "place", "tag", "value")

    def __init__(self, tag: str, value: Any, place: Place, keys: dict[str, Place] | None = None) -> None:
        self.tag = tag
        self.value = value
        self.place = place
        #: Of a map: the place of each key.
        self.keys = keys or {}

    def get(self, key: str) -> Item | None:
        """Return the value of `key`, if this is a map that has it."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found if isinstance(found, Item) else None

    def entries(self) -> dict[str, Item]:
        """Return the entries of a map; nothing else has any."""
        return self.value if isinstance(self.value, dict) and not self.tag else {}

    def plain(self) -> Any:
        """Return the data without places; functions are lost."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


def read_text(path: Path, shown: str) -> str:
    """Return the text of a file.

    Raises:
        Unreadable: if it is not there, may not be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("the file is not UTF-8", Place(shown, 1)) from None
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}", Place(shown, 1)) from None


def load(text: str, shown: str) -> Item:
    """Return the YAML (or JSON) in `text`.

    Raises:
        Unreadable: with the line, if it is not YAML, holds a key twice, or is nested too deeply.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        words = getattr(error, "problem", None) or "a character is not allowed"
        raise Unreadable(f"this is not YAML: {words}", Place(shown, mark.line + 1 if mark else 1)) from None
    except RecursionError:
        raise Unreadable("the file is nested too deeply", Place(shown, 1)) from None
    if node is None:
        raise Unreadable("the file is empty", Place(shown, 1))
    return _item(node, shown, 0, set())


def _item(node: yaml.Node, shown: str, depth: int, seen: set[int]) -> Item:
    place = Place(shown, node.start_mark.line + 1)
    if id(node) in seen:
        raise Unreadable(_ALIAS, place)
    seen.add(id(node))
    if depth > _DEPTH:
        raise Unreadable("the file is nested too deeply", place)
    tag = node.tag[1:] if node.tag.startswith("!") else ""
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Item] = {}
        keys: dict[str, Place] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise Unreadable("a key is a word", Place(shown, key_node.start_mark.line + 1))
            key = str(key_node.value)
            keys[key] = Place(shown, key_node.start_mark.line + 1)
            if key in entries:
                raise Unreadable(f'the key "{key}" stands twice', keys[key])
            entries[key] = _item(value_node, shown, depth + 1, seen)
        return Item(tag, entries, place, keys)
    if isinstance(node, yaml.SequenceNode):
        return Item(tag, [_item(inner, shown, depth + 1, seen) for inner in node.value], place)
    assert isinstance(node, yaml.ScalarNode)
    return Item(tag, node.value if tag else _scalar(node, place), place)


def _scalar(node: yaml.ScalarNode, place: Place) -> Any:
    """Return a scalar as YAML 1.1 reads it; a date is text to CloudFormation."""
    kind = node.tag.removeprefix(_TAG)
    try:
        match kind:
            case "int":
                return _CONSTRUCTOR.construct_yaml_int(node)
            case "float":
                return _CONSTRUCTOR.construct_yaml_float(node)
            case "bool":
                return _CONSTRUCTOR.construct_yaml_bool(node)
            case "null":
                return None
    except (ValueError, KeyError):
        raise Unreadable(f'"{node.value}" is not of the type {kind}', place) from None
    return node.value
