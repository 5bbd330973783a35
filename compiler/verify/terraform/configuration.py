"""A Terraform program without Terraform: modules wired together, resources expanded, in one environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lenie.compiler.verify.terraform.atoms import Generated, Names, Remote, SecretText
from lenie.compiler.verify.terraform.evaluate import Evaluator
from lenie.compiler.verify.terraform.functions import Unsupported
from lenie.compiler.verify.terraform.module import Faults, Files, Instance, Module
from lenie.compiler.verify.terraform.syntax import Attribute, Block, Call, Index, List, Name
from lenie.compiler.verify.values import (
    Atom,
    Document,
    Node,
    Place,
    Pseudo,
    PublicParameter,
    as_text,
    key_of,
    located,
    rewritten,
)

_META = frozenset({"for_each", "count", "depends_on", "provider", "lifecycle"})
#: What runs commands, or says where to connect: nothing that another target could have.
_REFUSED = frozenset({"provisioner", "connection"})
#: Data source -> attribute -> value. Source: the provider's documentation of each data source.
_DATA: dict[str, dict[str, Atom]] = {
    "aws_availability_zones": {"names": Names()},
    "aws_caller_identity": {"account_id": Pseudo("account"), "id": Pseudo("account")},
    "aws_partition": {"partition": Pseudo("partition"), "id": Pseudo("partition"), "dns_suffix": Pseudo("url-suffix")},
    "aws_region": {"id": Pseudo("region"), "name": Pseudo("region"), "region": Pseudo("region")},
}
#: The arguments with which the values above are right. Zones that must be opted into (Local Zones) are none of those
#: that ``Fn::GetAZs`` returns.
_ARGUMENTS: dict[str, Any] = {
    "aws_availability_zones": {
        "state": "available",
        "filter": [{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
    }
}
#: Types of data sources and of ephemeral resources that can be evaluated. Any other may do anything.
DATA_SOURCES = frozenset({*_DATA, "aws_ssm_parameter"})
EPHEMERAL = frozenset({"aws_secretsmanager_secret_version", "aws_secretsmanager_random_password"})
_DEPTH = 60
#: Of one block: more than the compiler writes, and little enough to be made one by one.
_INSTANCES = 1000


class ModuleScope:
    """What names mean in one module, called with `inputs`."""

    def __init__(self, files: Files, module: Module, component: str, inputs: dict[str, Callable[[], Node]]) -> None:
        self.files = files
        self.module = module
        self.component = component
        self.inputs = inputs
        #: Whether a variable with a default has it, whatever is given.
        self.defaults = False
        #: A program means the same in every workspace: its values come from a file.
        self.workspace = "default"
        #: Variable -> expression that gives it, in the scope of the caller.
        self.given: dict[str, Any] = {}
        self.caller: ModuleScope | None = None
        self.children: dict[str, ModuleScope] = {}
        self._known: dict[tuple[str, ...], Node] = {}
        self._open: set[tuple[str, ...]] = set()

    def evaluator(self, names: dict[str, Node] | None = None) -> Evaluator:
        """Return what evaluates expressions here."""
        return Evaluator(self, names or {})

    def traverse(self, root: str, steps: list[tuple[str, Any]], place: Place) -> tuple[Node, int]:
        """See `evaluate.Scope`."""
        keys = [str(key) for _, key in steps]
        if root == "var" and keys:
            return self._once((root, keys[0]), place, lambda: self.variable(keys[0], place)), 1
        if root == "local" and keys:
            expression = self.module.locals.get(keys[0])
            if expression is None:
                raise Unsupported(f'there is no local value "{keys[0]}"', place)
            return self._once((root, keys[0]), place, lambda: self.evaluator().value(expression)), 1
        if root == "module" and len(keys) > 1:
            return self._output(keys[0], keys[1], place), 2
        if root in ("data", "ephemeral") and len(keys) > 2:
            return Node(self._read(root, keys[0], keys[1], keys[2], place), place), 3
        if root == "terraform" and keys[:1] == ["workspace"]:
            return Node(self.workspace, place), 1
        if root in ("each", "count", "self", "path", "terraform", "var", "local", "module", "data", "ephemeral"):
            raise Unsupported(f'"{root}" means nothing here', place)
        return Node(self._resource(root, steps, place), place), len(steps)

    def _once(self, key: tuple[str, ...], place: Place, make: Callable[[], Node]) -> Node:
        if key not in self._known:
            if key in self._open or len(self._open) > _DEPTH:
                raise Unsupported(f'"{".".join(key)}" depends on itself', place)
            self._open.add(key)
            try:
                self._known[key] = make()
            finally:
                self._open.discard(key)
        return self._known[key]

    def variable(self, name: str, place: Place) -> Node:
        """Return the value of a variable: what is given, or its default."""
        block = self.module.of("variable").get((name,))
        if block is None:
            raise Unsupported(f'there is no variable "{name}"', place)
        given = self.inputs.get(name)
        if given is not None and not (self.defaults and "default" in block.attributes):
            found = given()
        elif "default" in block.attributes:
            found = self.evaluator().value(block.attributes["default"])
        else:
            raise Unsupported(f'the variable "{name}" has no value', place)
        return converted(found, block.attributes.get("type"))

    def _output(self, module: str, name: str, place: Place) -> Node:
        child = self.children.get(module)
        block = child.module.of("output").get((name,)) if child else None
        if child is None or block is None or "value" not in block.attributes:
            raise Unsupported(f'there is no output "{name}" of a module "{module}"', place)
        expression, owner = block.attributes["value"], child
        found = self._once(("module", module, name), place, lambda: owner.evaluator().value(expression))
        waits = frozenset((child.component, address) for address in addresses(block))
        return _waiting(found, waits) if waits else found

    def _read(self, kind: str, type_name: str, name: str, attribute: str, place: Place) -> Any:
        block = self.module.of(kind).get((type_name, name))
        if block is None:
            raise Unsupported(f'there is no {kind} "{type_name}.{name}"', place)
        given = {key: value for key, value in block.attributes.items() if key not in _META}
        arguments = {key: self.evaluator().value(value) for key, value in given.items()}
        if kind == "ephemeral":
            return self._ephemeral(block, arguments, attribute, place)
        if type_name == "aws_ssm_parameter" and attribute in ("value", "insecure_value"):
            path = arguments["name"].value if arguments.keys() == {"name"} else None
            if isinstance(path, str):
                return PublicParameter(path)
        found = _DATA.get(type_name, {}).get(attribute)
        wanted = located(_ARGUMENTS.get(type_name, {}), place)
        if found is None or key_of(self._arguments(block)) != key_of(wanted):
            message = f'"{attribute}" of the data source {type_name} is not known, or not with these arguments'
            raise Unsupported(message, place)
        return found

    def _arguments(self, block: Block) -> Node:
        """Return the attributes and blocks of a block as a map."""
        entries = {key: self.evaluator().value(value) for key, value in block.attributes.items()}
        for inner in block.blocks:
            members = entries.setdefault(inner.type, Node([], inner.place)).value
            if isinstance(members, list):
                members.append(self._arguments(inner))
        return Node(entries, block.place)

    def _ephemeral(self, block: Block, arguments: dict[str, Node], attribute: str, place: Place) -> Any:
        match block.labels[0], attribute:
            case "aws_secretsmanager_secret_version", "secret_string" if arguments.keys() == {"secret_id"}:
                return SecretText(arguments["secret_id"].value)
            case "aws_secretsmanager_random_password", "random_password":
                return Generated(tuple((key, node.value) for key, node in sorted(arguments.items())))
        raise Unsupported(f'"{attribute}" of the ephemeral resource {block.labels[0]} is not known', place)

    def _resource(self, type_name: str, steps: list[tuple[str, Any]], place: Place) -> Remote:
        name = steps[0][1] if steps else ""
        block = self.module.of("resource").get((type_name, str(name)))
        if block is None:
            raise Unsupported(f'there is no resource "{type_name}.{name}"', place)
        rest = steps[1:]
        keys = self.keys(block)
        address = f"{type_name}.{name}"
        if keys is not None:
            key = rest[0][1] if rest and rest[0][0] == "index" else None
            if key not in keys:
                raise Unsupported(f'"{address}" has no instance {key!r}', place)
            address += _bracket(key)
            rest = rest[1:]
        if not rest:
            raise Unsupported(f'"{address}" as a whole is not a value that is read here', place)
        attribute = "".join(f"[{key}]" if how == "index" else f".{key}" for how, key in rest).removeprefix(".")
        return Remote(self.component, address, attribute)

    # Instances.

    def _input(self, expression: Any) -> Callable[[], Node]:
        return lambda: self.evaluator().value(expression)

    def keys(self, block: Block) -> dict[Any, Node] | None:
        """Return the keys of a resource's instances with their values; None if there is just one without a key."""
        for name in ("for_each", "count"):
            expression = block.attributes.get(name)
            if expression is None:
                continue
            found = self._once((block.type, *block.labels, name), block.place, self._input(expression)).value
            if name == "count" and isinstance(found, int) and not isinstance(found, bool):
                if not 0 <= found <= _INSTANCES:
                    raise Unsupported(f"{found} is no number of resources that the compiler writes", expression.place)
                return {index: Node(index, block.place) for index in range(found)}
            if name == "for_each" and isinstance(found, dict):
                return dict(found)
            if name == "for_each" and isinstance(found, list) and all(isinstance(item.value, str) for item in found):
                return {item.value: item for item in found}
            raise Unsupported(f"{name} is not known before a deployment", expression.place)
        return None

    def evaluate_all(self, faults: Faults) -> None:
        """Evaluate outputs and local values, also those that nothing reads; what cannot be is a problem."""
        found = [*self.module.locals.values()]
        found += [
            block.attributes["value"] for block in self.module.of("output").values() if "value" in block.attributes
        ]
        for expression in found:
            try:
                self.evaluator().value(expression)
            except Unsupported as error:
                faults.add("E607", error.message, error.place, component=self.component)

    def instances(self, faults: Faults, tags: dict[str, Node]) -> list[Instance]:
        """Return all resources of this module; what cannot be evaluated is a problem."""
        found = []
        for block in self.module.of("resource").values():
            try:
                keys = self.keys(block)
            except Unsupported as error:
                faults.add("E607", error.message, error.place, component=self.component)
                continue
            address = ".".join(block.labels)
            if keys is None:
                found.append(self._instance(block, address, {}, faults, tags))
                continue
            for key, value in keys.items():
                names = {"each": Node({"key": Node(key, block.place), "value": value}, block.place)}
                if "count" in block.attributes:
                    names = {"count": Node({"index": Node(key, block.place)}, block.place)}
                found.append(self._instance(block, address + _bracket(key), names, faults, tags))
        return found

    def _instance(
        self, block: Block, address: str, names: dict[str, Node], faults: Faults, tags: dict[str, Node]
    ) -> Instance:
        lifecycle: dict[str, Any] = {}
        for inner in block.inner("lifecycle"):
            lifecycle |= {name: _words(expression) for name, expression in inner.attributes.items()}
            lifecycle |= {part.type: part for part in inner.blocks}
        attributes = self._body(block, self.evaluator(names), faults)
        depends = addresses(block)
        waits = frozenset(found for one in depends if one.startswith("var.") for found in self.waits(one[4:]))
        kind = block.labels[0]
        return Instance(self.component, address, kind, attributes, block.place, depends, lifecycle, tags, waits)

    def waits(self, variable: str) -> Iterator[tuple[str, str]]:
        """Yield what a variable waits for, whatever its value is: component, and address without a key."""
        for module, name in outputs_in(self.given.get(variable)):
            child = self.caller.children.get(module) if self.caller is not None else None
            block = child.module.of("output").get((name,)) if child is not None else None
            if child is not None and block is not None:
                yield from ((child.component, address) for address in addresses(block))

    def _body(self, block: Block, evaluator: Evaluator, faults: Faults) -> dict[str, Node]:
        found: dict[str, Node] = {}
        outer = block.type == "resource"
        for name, expression in block.attributes.items():
            if outer and name in _META:
                continue
            try:
                value = evaluator.value(expression)
            except Unsupported as error:
                faults.add("E607", error.message, error.place, component=self.component)
                continue
            if value.value is not None:
                found[name] = Node(value.value, block.places[name]) if _scalar(value) else value
        for inner in block.blocks:
            if outer and inner.type == "lifecycle":
                continue
            if inner.type in _REFUSED:
                faults.add("E607", f'"{inner.type}" has no equal elsewhere', inner.place, component=self.component)
                continue
            if inner.type == "dynamic":
                self._dynamic(inner, evaluator, faults, found)
                continue
            members = found.setdefault(inner.type, Node([], inner.place)).value
            if isinstance(members, list):
                members.append(Node(self._body(inner, evaluator, faults), inner.place))
        return found

    def _dynamic(self, block: Block, evaluator: Evaluator, faults: Faults, found: dict[str, Node]) -> None:
        name = block.labels[0] if block.labels else ""
        try:
            source = evaluator.value(block.attributes["for_each"]).value
            entries = list(source.items()) if isinstance(source, dict) else list(enumerate(source))
            content = block.inner("content")[0]
        except (Unsupported, KeyError, IndexError, TypeError):
            faults.add("E607", f'the dynamic block "{name}" is not evaluated', block.place, component=self.component)
            return
        for key, item in entries:
            bound = Node({"key": Node(key, block.place), "value": item}, block.place)
            inner = Evaluator(self, {**evaluator.names, name: bound})
            members = found.setdefault(name, Node([], block.place)).value
            members.append(Node(self._body(content, inner, faults), block.place))


def _scalar(node: Node) -> bool:
    return not isinstance(node.value, (dict, list, Document))


def _bracket(key: Any) -> str:
    return f"[{key}]" if isinstance(key, int) else f'["{key}"]'


def addresses(block: Block) -> list[str]:
    """Return the addresses in ``depends_on``, without the keys of instances."""
    found = block.attributes.get("depends_on")
    names = [_address(item) for item in found.items] if isinstance(found, List) else []
    return [name for name in names if name]


def outputs_in(expression: Any) -> Iterator[tuple[str, str]]:
    """Yield the outputs of modules that an expression reads: module and name."""
    match expression:
        case Attribute(Attribute(Name("module"), module), name):
            yield module, name
        case tuple() | list():
            for inner in expression:
                yield from outputs_in(inner)


def _address(expression: Any) -> str:
    if isinstance(expression, Index):
        return _address(expression.object)
    if isinstance(expression, Attribute):
        return f"{_address(expression.object)}.{expression.name}"
    return expression.name if isinstance(expression, Name) else ""


def _words(expression: Any) -> Any:
    """Return a lifecycle argument: a truth value, or names of attributes."""
    if isinstance(expression, List):
        return [_address(item) for item in expression.items]
    return getattr(expression, "value", None) if not isinstance(expression, (Name, Attribute)) else _address(expression)


def _waiting(node: Node, waits: frozenset[tuple[str, str]]) -> Node:
    """Return a value whose references also wait for `waits`."""

    def change(atom: Atom) -> Any:
        if isinstance(atom, Remote):
            return Remote(atom.component, atom.address, atom.attribute, atom.waits | waits)
        return atom

    if isinstance(node.value, dict):
        return Node({key: _waiting(item, waits) for key, item in node.value.items()}, node.place)
    if isinstance(node.value, list):
        return Node([_waiting(item, waits) for item in node.value], node.place)
    return Node(rewritten(node.value, change), node.place)


def converted(node: Node, kind: Any) -> Node:
    """Return a value converted to a variable's type, as far as that changes scalars."""
    value = node.value
    if isinstance(kind, Call) and kind.arguments and kind.function in ("list", "set", "map", "optional"):
        if isinstance(value, list):
            return Node([converted(item, kind.arguments[0]) for item in value], node.place)
        if isinstance(value, dict) and kind.function == "map":
            return Node({key: converted(item, kind.arguments[0]) for key, item in value.items()}, node.place)
        return node
    name = kind.name if isinstance(kind, Name) else ""
    if name == "string" and isinstance(value, (bool, int, float)):
        return Node(as_text(value), node.place)
    if name == "bool" and value in ("true", "false"):
        return Node(value == "true", node.place)
    if name == "number" and isinstance(value, str):
        try:
            return Node(float(value) if "." in value else int(value), node.place)
        except ValueError:
            raise Unsupported(f'"{value}" is not a number', node.place) from None
    return node
