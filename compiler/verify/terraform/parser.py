"""Reads HCL's native syntax, with the line of everything.

Source: HCL Native Syntax Specification (hashicorp/hcl, hclsyntax/spec.md). Directives (``%{if}``) are refused: no
compiler of ours writes them.
"""

from __future__ import annotations

import re
from typing import Any

from lenie.compiler.verify.terraform.syntax import (
    Attribute,
    Block,
    Call,
    Conditional,
    For,
    Index,
    List,
    Literal,
    Map,
    Name,
    Operation,
    Splat,
    SyntaxFault,
)
from lenie.compiler.verify.terraform.texts import LINES, SPACE, WORD, Texts
from lenie.compiler.verify.values import Place

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_OPERATOR = re.compile(r"==|!=|<=|>=|&&|\|\||[<>+\-*/%]")
_LEVELS = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_WORDS = {"true": True, "false": False, "null": None}
_DEPTH = 100
#: Digits of a number: what Terraform computes with has fewer.
_DIGITS = 100


def parse(text: str, file: str) -> Block:
    """Return a file as a block without a type.

    Raises:
        SyntaxFault: with the line, if it is no HCL.
    """
    return _Parser(text.replace("\r\n", "\n").removeprefix("\ufeff"), file).file_body()


class _Parser(Texts):
    # Bodies.

    def file_body(self) -> Block:
        place = self.place()
        found = self.body("", [], place)
        if self.at < len(self.text):
            raise self.fail('there is a "}" too much')
        return found

    def body(self, kind: str, labels: list[str], place: Place) -> Block:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.fail("it is nested too deeply")
        block = Block(kind, labels, {}, {}, [], place)
        while True:
            match = LINES.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at >= len(self.text) or self.text[self.at] == "}":
                self.depth -= 1
                return block
            self.item(block)
            self.skip()
            if self.at < len(self.text) and self.text[self.at] not in "\n}":
                raise self.fail("the line goes on where it should end")

    def item(self, block: Block) -> None:
        """Read an attribute or a block into `block`."""
        place = self.place()
        name = self.word()
        self.skip()
        if self.text.startswith("=", self.at) and not self.text.startswith("==", self.at):
            self.at += 1
            if name in block.attributes:
                raise SyntaxFault(f'this is not HCL: "{name}" is set twice', place)
            block.attributes[name] = self.expression()
            block.places[name] = place
            return
        labels = []
        while not self.take("{"):
            labels.append(self.label())
        block.blocks.append(self.body(name, labels, place))
        self.want("}")

    def label(self) -> str:
        self.skip()
        if self.text.startswith('"', self.at):
            found = self.quoted()
            if isinstance(found, Literal):
                return str(found.value)
            raise self.fail("a label is plain text")
        return self.word()

    # Expressions.

    def expression(self) -> Any:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.fail("it is nested too deeply")
        self.skip()
        place = self.place()
        found = self.operation(1)
        if self.take("?"):
            yes = self.expression()
            self.want(":")
            found = Conditional(found, yes, self.expression(), place)
        self.depth -= 1
        return found

    def operation(self, level: int) -> Any:
        self.skip()
        place = self.place()
        left = self.unary()
        while True:
            self.skip()
            match = _OPERATOR.match(self.text, self.at)
            if match is None or _LEVELS[match[0]] < level:
                return left
            self.at = match.end()
            left = Operation(match[0], left, self.operation(_LEVELS[match[0]] + 1), place)

    def unary(self) -> Any:
        self.skip()
        place = self.place()
        for operator in ("!", "-"):
            if self.text.startswith(operator, self.at) and not self.text.startswith("!=", self.at):
                self.at += 1
                return Operation(operator, None, self.unary(), place)
        return self.steps(self.primary())

    def steps(self, found: Any) -> Any:
        """Read what follows a value: attributes, indices, splats."""
        while True:
            match = SPACE.match(self.text, self.at) if not self.open else LINES.match(self.text, self.at)
            after = match.end() if match else self.at
            place = self.place(after)
            if self.text.startswith("[*]", after) or self.text.startswith(".*", after):
                self.at = after + (3 if self.text[after] == "[" else 2)
                inner = self.steps(None)
                return Splat(found, _unrolled(inner), place)
            if self.text.startswith("[", after):
                self.at = after + 1
                key = self.bracketed("]")
                found = Index(found, key, place)
            elif self.text.startswith(".", after) and not self.text.startswith("..", after):
                self.at = after + 1
                number = _NUMBER.match(self.text, self.at)
                if number:
                    if len(number[0]) > _DIGITS or not number[0].isdecimal():
                        raise self.fail("this is no index")
                    self.at = number.end()
                    found = Index(found, Literal(int(number[0]), place), place)
                else:
                    found = Attribute(found, self.word(), place)
            else:
                return found

    def bracketed(self, end: str) -> Any:
        self.open += 1
        found = self.expression()
        self.want(end)
        self.open -= 1
        return found

    def primary(self) -> Any:
        place, char = self.place(), self.text[self.at : self.at + 1]
        if char == '"':
            return self.quoted()
        if char == "(":
            self.at += 1
            return self.bracketed(")")
        if char == "[":
            return self.list_()
        if char == "{":
            return self.map_()
        if self.text.startswith("<<", self.at):
            return self.heredoc()
        number = _NUMBER.match(self.text, self.at)
        if number:
            if len(number[0]) > _DIGITS:
                raise self.fail("the number is too long")
            self.at = number.end()
            return Literal(float(number[0]) if re.search("[.eE]", number[0]) else int(number[0]), place)
        if not WORD.match(self.text, self.at):
            raise self.fail("a value is missing here")
        name = self.word()
        if name in _WORDS:
            return Literal(_WORDS[name], place)
        if self.take("("):
            return self.call(name, place)
        return Name(name, place)

    def call(self, name: str, place: Place) -> Call:
        self.open += 1
        arguments: list[Any] = []
        expand = False
        while not self.take(")"):
            arguments.append(self.expression())
            expand = self.take("...")
            if not self.take(","):
                self.want(")")
                break
        self.open -= 1
        return Call(name, arguments, expand, place)

    def list_(self) -> Any:
        place = self.place()
        self.at += 1
        self.open += 1
        items: list[Any] = []
        if self.looking_at_for():
            found = self.for_expression(place, "]")
            self.open -= 1
            return found
        while not self.take("]"):
            items.append(self.expression())
            if not self.take(","):
                self.want("]")
                break
        self.open -= 1
        return List(items, place)

    def map_(self) -> Any:
        place = self.place()
        self.at += 1
        self.open += 1
        if self.looking_at_for():
            found = self.for_expression(place, "}")
            self.open -= 1
            return found
        items: list[tuple[Any, Any]] = []
        while not self.take("}"):
            key = self.expression()
            if isinstance(key, Name):
                key = Literal(key.name, key.place)
            if not self.take("="):
                self.want(":")
            # A line ends an entry; its value may not go on in the next line, unless it is in brackets itself.
            self.skip()
            depth, self.open = self.open, 0
            items.append((key, self.expression()))
            self.open = depth
            self.take(",")
        self.open -= 1
        return Map(items, place)

    def looking_at_for(self) -> bool:
        self.skip()
        match = WORD.match(self.text, self.at)
        if match is None or match[0] != "for":
            return False
        following = LINES.match(self.text, match.end())
        # ``{ for = 1 }`` is a map with a key of that name.
        return following is not None and self.text[following.end() : following.end() + 1] not in "=:"

    def for_expression(self, place: Place, end: str) -> For:
        self.word()
        key, value = "", self.word()
        if self.take(","):
            key, value = value, self.word()
        if self.word() != "in":
            raise self.fail('"in" is missing here')
        source = self.expression()
        self.want(":")
        label, body = None, self.expression()
        if end == "}":
            self.want("=>")
            label, body = body, self.expression()
        grouped = self.take("...")
        self.skip()
        condition = None
        if self.text.startswith("if", self.at):
            self.word()
            condition = self.expression()
        self.want(end)
        return For(key, value, source, label, body, condition, grouped, place)


def _unrolled(found: Any) -> list[Any]:
    """Return the steps that were read after a splat, in their order."""
    steps: list[Any] = []
    while found is not None:
        steps.append(found)
        found = found.object
    return steps[::-1]
