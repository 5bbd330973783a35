"""EventBridge Scheduler: schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lenie.compiler.expressions import Expression, JsonText, Value, children
from lenie.compiler.span import Path
from lenie.targets.tf.hcl import Argument, Call, Expr
from lenie.targets.tf.row import Items, Made, Nested, Row

if TYPE_CHECKING:
    from lenie.targets.tf.resource import Builder, Schema

#: What Terraform's jsonencode writes as escapes, though JSON does not ask for it.
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def _input(out: Builder, schema: Schema, value: Value, at: Path) -> Items:
    """Yield the input as JSON without escapes: the scheduler looks for ``<aws.scheduler...>`` in the text itself."""
    text: Expr = out.typed("string", value, at)
    if isinstance(value, JsonText):
        for sign, escape in _ESCAPED.items():
            if _has(value.document, sign):
                text = Call("replace", (text, escape, sign))
    yield Argument("input", text)


def _has(value: Value, sign: str) -> bool:
    """Return whether a literal text in `value`, or a key, has the sign."""
    if isinstance(value, str):
        return sign in value
    if isinstance(value, dict):
        return any(sign in key or _has(item, sign) for key, item in value.items())
    items = children(value) if isinstance(value, Expression) else value if isinstance(value, list) else ()
    return any(_has(item, sign) for item in items)


ROWS = {
    "AWS::Scheduler::Schedule": Row(
        "aws_scheduler_schedule",
        {"Target": Nested("target", {"Input": Made(_input, "a text that matters as it stands")})},
        {"Ref": "name", "Arn": "arn"},
    ),
}
