"""Builds the blocks of one resource: its row applied to its properties, and checked against the provider's schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lenie.compiler.data.tags import TAG_PROPERTY
from lenie.compiler.expressions import Expression, JsonText, ParameterValue, Value, WhenParameter
from lenie.compiler.graph import Resource
from lenie.compiler.span import Path
from lenie.targets.base import attribute
from lenie.targets.tf import row as rows
from lenie.targets.tf.hcl import Argument, Attr, Block, Call, Expr, Raw, Table
from lenie.targets.tf.names import free_name, snake
from lenie.targets.tf.parts import looped, slug
from lenie.targets.tf.row import Field, Fields, Row
from lenie.targets.tf.tags import own_tags, tag_map, tag_places
from lenie.targets.tf.values import Values

#: The body of a resource or of a block in the provider's schema: ``attributes`` and ``blocks``.
Schema = Mapping[str, Any]
#: Called with a code, the property path, the message and the help.
Finding = Callable[[str, Path, str, str], None]


class Builder:
    """Turns one resource into blocks; `address` is that of its main block."""

    def __init__(
        self,
        resource: Resource,
        row: Row,
        name: str,
        schemas: Mapping[str, Schema],
        values: Values,
        finding: Finding,
        waive: Callable[[str, Path, str, str], None],
        taken: set[tuple[str, str]],
    ) -> None:
        """Build `resource` as `row` says; `schemas` has the schema of every resource type in it.

        `waive` is called with a property's name, its path, the reason why it is left to people, and what they do.
        `taken` holds type and name of the blocks that the module has.
        """
        self.resource = resource
        self.row = row
        self.name = name
        self.schemas = schemas
        self.values = values
        self.finding = finding
        self.waive = waive
        self.taken = taken
        #: Arguments whose changes are not this program's.
        self.ignored = list(row.ignore_changes)
        #: The first version of the provider that takes what the resource says, if it is a late one.
        self.requires: tuple[int, ...] = ()
        #: Whether something was reported that leaves arguments out.
        self.failed = False
        self.address = f"{row.type}.{name}"
        #: Resources of their own that belong to this one.
        self.parts: list[Block] = []
        #: Blocks that have to be read or made before: ephemeral resources.
        self.lifecycle: dict[str, Expr] = {}

    def build(self) -> Block:
        """Return the main block; `parts` then holds the others."""
        schema = self.schemas[self.row.type]
        properties, tags = self._untagged()
        body: list[Argument | Block] = list(self.body(schema, self.row.fields, properties, ()))
        given = {item.name for item in body if isinstance(item, Argument)}
        body += [Argument(name, value) for name, value in self.row.constants.items() if name not in given]
        if tags:
            body.append(Argument("tags", tags, (TAG_PROPERTY[self.resource.type][0],)))
        body += self.row.adds(self, self.resource) if self.row.adds is not None else ()
        if self.row.create_first:
            self.lifecycle["create_before_destroy"] = True
        self._retained(body)
        if self.ignored:
            self.lifecycle["ignore_changes"] = [Raw(name) for name in self.ignored]
        if self.lifecycle:
            body.append(Block("lifecycle", (), [Argument(name, value) for name, value in self.lifecycle.items()]))
        self._complete(schema, self.row.type, body)
        return Block("resource", (self.row.type, self.name), [_attributed(item) for item in body])

    def _untagged(self) -> tuple[dict[str, Value], Table]:
        """Return the properties without tags, and the tags that the provider does not add by itself."""
        properties = dict(self.resource.properties)
        name, shape = TAG_PROPERTY.get(self.resource.type, ("", ""))
        if name not in properties or name in self.row.fields:
            return properties, Table({}, {})
        given = properties[name]
        tags = tag_map(properties.pop(name), shape)
        if tags is None:
            self.problem((name,), "these tags cannot be written as a map", "give each of them a Key and a Value")
            return properties, Table({}, {})
        if "tags" not in self.schemas[self.row.type]["attributes"]:
            self.problem((name,), f"{self.row.type} takes no tags", "leave them out")
        own = own_tags(tags, self.values.graph, self.values.component)
        printed = {key: self.values.value(value, (name,)) for key, value in own.items()}
        return properties, Table(printed, {key: [(at, "")] for key, at in tag_places(given, shape, (name,)).items()})

    def _retained(self, body: list[Argument | Block]) -> None:
        policies = {self.resource.deletion_policy, self.resource.update_replace_policy}
        if policies & {"Retain", "RetainExceptOnCreate"}:
            if self.row.keep == "prevent_destroy":
                self.lifecycle["prevent_destroy"] = True
            else:
                body.append(Argument(self.row.keep, True))
        if "Snapshot" in policies and self.row.adds is None:
            self.problem((), f"Terraform takes no snapshot of a {self.row.type} before it is destroyed", "retain it")

    def _complete(self, schema: Schema, owner: str, body: Iterable[Argument | Block]) -> None:
        """Report what the schema does not have, and what it requires and the body does not have, at any depth.

        Functions make arguments and blocks, too: whoever made them, what is printed is valid for the provider.
        """
        if self.failed:
            return
        attributes, blocks = schema["attributes"], schema.get("blocks", {})
        names: set[str] = set()
        for item in body:
            name = item.name if isinstance(item, Argument) else item.labels[0] if item.type == "dynamic" else item.type
            names.add(name)
            if isinstance(item, Block) and name in blocks:
                inner = item.body
                if item.type == "dynamic":
                    inner = next(part.body for part in inner if isinstance(part, Block))
                self._complete(blocks[name]["block"], f"{name} of {owner}", inner)
            elif name not in _META and (isinstance(item, Block) or name not in attributes):
                self.problem((), f"{owner} has no {name}", "deploy this with another target")
        lacking = [name for name, attribute in attributes.items() if attribute.get("required")]
        lacking += [name for name, block in blocks.items() if block.get("min", 0)]
        for name in (name for name in lacking if name not in names):
            self.problem((), f"{owner} needs {name}, which no property gives", "add the property that says it")

    def problem(self, at: Path, message: str, help: str) -> None:
        """Report what Terraform cannot express at property path `at` (E531)."""
        self.failed = True
        self.finding("E531", at, message, help)

    def body(self, schema: Schema, fields: Fields, properties: Mapping[str, Value], at: Path) -> rows.Items:
        """Yield the arguments and blocks for `properties`, which stand at property path `at`."""
        for key, value in properties.items():
            where = (*at, key)
            for item in self.property(schema, fields.get(key, snake(key)), value, where):
                if item.at:
                    yield item
                else:
                    yield Argument(item[0], item[1], where) if isinstance(item, Argument) else item._replace(at=where)

    def property(self, schema: Schema, field: Field, value: Value, at: Path) -> rows.Items:
        """Yield what one property becomes."""
        match field:
            case str():
                return self.named(schema, field, value, at)
            case rows.Nested(name, fields, constants):
                return self.nested(schema, name, value, at, fields, constants)
            case rows.Flat(fields):
                return list(self.body(schema, fields, self.map(value, at), at))
            case rows.Json(name):
                return [Argument(name, self.json(value, at))]
            case rows.Pairs(name, key, item):
                return [Argument(name, self.pairs(value, key, item, at))]
            case rows.Single(name):
                return self.single(schema, name, value, at)
            case rows.Blocks(name, key, item, constants):
                entries = self.map(value, at).items()
                each: list[Value] = [{key: entry, item: inner} for entry, inner in entries]
                blocks = self.nested(schema, name, each, at, {key: key, item: item}, constants)
                named = zip((block for block in blocks if isinstance(block, Block)), entries, strict=True)
                return [_whole(block, (*at, entry)) for block, (entry, _) in named]
            case rows.Made(make):
                return list(make(self, schema, value, at))
            case _:
                self.elsewhere(field, value, at)
                return []

    def elsewhere(self, field: Field, value: Value, at: Path) -> None:
        """Do with a property what adds nothing to the body it stands in."""
        match field:
            case rows.Part():
                self.part(field, value, at)
            case rows.Parts():
                self.several(field, value, at)
            case rows.Refused(reason):
                self.failed = True
                help = "write it in another way, or deploy the component with another target"
                self.finding("E532", at, f"Terraform cannot express {self.property_name(at)}: {reason}", help)
            case rows.Waived(reason, instead):
                self.waive(self.property_name(at), at, reason, instead)
            case _:
                raise TypeError(f"no rule for {type(field).__name__}")

    def property_name(self, at: Path) -> str:
        """Return a property as CloudFormation names it."""
        return ".".join([self.resource.type, *(step for step in at if isinstance(step, str))])

    def named(self, schema: Schema, name: str, value: Value, at: Path) -> rows.Items:
        """Return the argument or the blocks `name`, as the schema has it."""
        attribute = schema["attributes"].get(name)
        if attribute is not None and (attribute.get("optional") or attribute.get("required")):
            return [Argument(name, self.typed(attribute["type"], value, at))]
        if name in schema.get("blocks", {}):
            return self.nested(schema, name, value, at, {}, {})
        missed = f"no argument for {self.property_name(at)}, in {self.row.type} or elsewhere"
        self.problem(at, f"the Terraform target knows {missed}", "leave it out, or deploy this with another target")
        return []

    def nested(
        self, schema: Schema, name: str, value: Value, at: Path, fields: Fields, constants: Mapping[str, Expr]
    ) -> rows.Items:
        """Return the blocks `name` for a map or a list of maps; a dynamic block for one that depends on a parameter."""
        inner = schema["blocks"].get(name)
        if inner is None:
            self.problem(at, f"{self.row.type} has no block {name}", "this is a fault of the compiler's tables")
            return []
        if isinstance(value, WhenParameter):
            content = self.nested(schema, name, value.value, at, fields, constants)
            each = self.values.choice(value, [True], [])
            return [
                Block("dynamic", (name,), [Argument("for_each", each), block._replace(type="content")])
                for block in content
                if isinstance(block, Block)
            ]
        items = value if isinstance(value, list) else [value]
        if inner.get("max") and len(items) > inner["max"]:
            self.problem(at, f"{self.row.type} takes {inner['max']} {name} at most", "leave the others out")
        blocks: list[Argument | Block] = []
        for index, item in enumerate(items):
            here = (*at, index) if isinstance(value, list) else at
            body = list(self.body(inner["block"], fields, self.map(item, here), here))
            given = {argument.name for argument in body if isinstance(argument, Argument)}
            body += [Argument(key, constant) for key, constant in constants.items() if key not in given]
            blocks.append(Block(name, (), body, at=here))
        return blocks

    def single(self, schema: Schema, name: str, value: Value, at: Path) -> rows.Items:
        """Return the argument for the only element of a list."""
        if not isinstance(value, list) or len(value) != 1:
            self.problem(at, f"{self.row.type} takes exactly one {name}", "write a list of one element")
            return []
        return [item._replace(at=(*at, 0)) for item in self.named(schema, name, value[0], (*at, 0))]

    def json(self, value: Value, at: Path) -> Expr:
        """Return a document as JSON text; a text, also one with references in it, is JSON already."""
        if isinstance(value, WhenParameter):
            return self.values.choice(value, self.json(value.value, at), None)
        text = self.values.value(value, at)
        return Call("jsonencode", (text,)) if isinstance(value, dict | list) else text

    def pairs(self, value: Value, key: str, item: str, at: Path) -> Expr:
        """Return a list of names and values as a map; a name twice would be lost."""
        found: dict[str, Expr] = {}
        places: dict[str, list[tuple[Path, str]]] = {}
        for index, entry in enumerate(value if isinstance(value, list) else [value]):
            here = (*at, index)
            pair = self.map(entry, here)
            name = pair.get(key)
            if set(pair) != {key, item} or not isinstance(name, str) or name in found:
                self.problem(here, f"Terraform wants a map here: {key} and {item}, each name once", "write it so")
                continue
            found[name] = self.values.value(pair[item], (*here, item))
            places[name] = [(here, "")]
        return Table(found, places)

    def map(self, value: Value, at: Path) -> dict[str, Value]:
        """Return a value that has to be a map."""
        if isinstance(value, dict):
            return value
        self.problem(at, "Terraform wants this written out as a map, since it becomes blocks", "write the map here")
        return {}

    def typed(self, wanted: Any, value: Value, at: Path) -> Expr:
        """Return a value as the argument's type wants it: CloudFormation takes "20" for 20, and the other way round."""
        if isinstance(value, JsonText) or not isinstance(value, Expression | dict | list):
            return self.scalar(wanted, value, at)
        if isinstance(value, WhenParameter):
            return self.values.choice(value, self.typed(wanted, value.value, at), None)
        if isinstance(value, Expression):
            if wanted in ("number", "bool") and self.values.type_of(value) not in (wanted, ""):
                self.problem(at, f"{self.row.type} wants {_WANTED[wanted]} here", "take one of that type")
            return self.values.value(value, at)
        inner = wanted[1] if isinstance(wanted, list) else None
        shape = wanted[0] if isinstance(wanted, list) else wanted
        if isinstance(value, list) and shape in ("list", "set"):
            plain = not any(isinstance(item, WhenParameter) for item in value)
            if not plain:
                return self.values.value(value, at)
            return [self.typed(inner, item, (*at, index)) for index, item in enumerate(value)]
        if isinstance(value, dict) and shape == "map":
            return {key: self.typed(inner, item, (*at, key)) for key, item in value.items()}
        self.problem(at, f"{self.row.type} wants {_WANTED.get(shape, 'another value')} here", "write it so")
        return None

    def scalar(self, wanted: Any, value: Value, at: Path) -> Expr:
        """Return a scalar converted to a type of the schema."""
        if wanted == "number" and isinstance(value, str):
            try:
                return float(value) if "." in value else int(value)
            except ValueError:
                self.problem(at, "a number is wanted here", "write a number")
                return None
        if wanted == "bool" and value in ("true", "false"):
            return value == "true"
        if wanted == "string" and isinstance(value, bool):
            return "true" if value else "false"
        if wanted == "string" and isinstance(value, int | float):
            return str(value)
        if isinstance(wanted, list) or (wanted == "bool") != isinstance(value, bool):
            shape = wanted[0] if isinstance(wanted, list) else wanted
            self.problem(at, f"{self.row.type} wants {_WANTED.get(shape, 'another value')} here", "write it so")
            return None
        return self.values.value(value, at)

    def part(self, field: rows.Part, value: Value, at: Path) -> None:
        """Add the resource that a map becomes; it exists only with its parameter if it depends on one."""
        head: list[Argument | Block] = []
        if isinstance(value, WhenParameter):
            head.append(Argument("count", self.values.choice(value, 1, 0)))
            value = value.value
        self.add_part(field.type, self.name, field.link, field.fields, self.map(value, at), at, head, field.constants)

    def several(self, field: rows.Parts, value: Value, at: Path) -> None:
        """Add a resource for each element of a list, or one for all that stand for the elements of a parameter."""
        if isinstance(value, WhenParameter) and value.is_set and isinstance(value.value, ParameterValue):
            value = value.value
        if isinstance(value, ParameterValue) and self.values.graph.parameters[value.name].is_list:
            loop = [Argument("for_each", Call("toset", (self.values.variable(value),)))]
            self.add_part(
                field.type, self.name, field.link, {}, {}, at, [*loop, Argument(field.element, Raw("each.value"))]
            )
            return
        if not isinstance(value, list):
            self.problem(at, "Terraform wants a list here", "write a list")
            return
        for (index, *others), item, parameter in looped(value, self.values.graph):
            here = (*at, index)
            if isinstance(item, WhenParameter):
                self.problem(here, "a parameter cannot decide on a single element here", "declare the element always")
                continue
            wanted = slug(item, field.names)
            name = f"{self.name}_{wanted}" if wanted else self.name
            head: list[Argument | Block] = []
            if parameter:
                self.values.loop = parameter
                variable = self.values.variable(ParameterValue(parameter))
                head.append(Argument("for_each", Call("toset", (variable,))))
            properties: dict[str, Value] = {field.element: item} if field.element else self.map(item, here)
            fields = {field.element: field.element} if field.element else field.fields
            self.add_part(field.type, name, field.link, fields, properties, here, head)
            if field.element:
                self.parts[-1] = _whole(self.parts[-1], here)
            self.parts[-1] = self.parts[-1]._replace(alike=tuple((*at, other) for other in others))
            self.values.loop = ""

    def add_part(
        self,
        type: str,
        name: str,
        link: Mapping[str, str],
        fields: Fields,
        properties: Mapping[str, Value],
        at: Path,
        head: Iterable[Argument | Block] = (),
        constants: Mapping[str, Expr] | None = None,
    ) -> None:
        """Add a resource of its own, linked to the main one."""
        schema = self.schemas[type]
        links = [Argument(argument, Attr(self.address, attribute)) for argument, attribute in link.items()]
        body = [*head, *links, *self.body(schema, fields, properties, at)]
        body += [Argument(key, value) for key, value in (constants or {}).items()]
        self._complete(schema, type, body)
        # Where no property is at hand for all of it, it says what its first argument says, or what the target adds.
        about = at or next((item.at[:1] for item in body if item.at), attribute(type))
        self.parts.append(Block("resource", (type, free_name(type, (name,), self.taken)), body, at=about))


def _whole(block: Block, at: Path) -> Block:
    """Return a block all of which says one property."""
    body = [_whole(item, ()) if isinstance(item, Block) else item._replace(at=()) for item in block.body]
    return block._replace(at=at, body=body)


def _attributed(item: Argument | Block) -> Argument | Block:
    """Return what says no property as what the target adds."""
    return item if item.at else item._replace(at=attribute(item.name if isinstance(item, Argument) else item.type))


#: Arguments and blocks that Terraform itself knows.
_META = frozenset({"count", "for_each", "lifecycle", "depends_on"})
_WANTED = {
    "string": "a text",
    "number": "a number",
    "bool": "true or false",
    "map": "a map",
    "list": "a list",
    "set": "a list",
}
