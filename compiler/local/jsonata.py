"""JSONata as Step Functions evaluates it: variables of the state, functions of its own, and results that are JSON.

Source: "Transforming data with JSONata in Step Functions", AWS Step Functions Developer Guide.
"""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from jsonata import Functions, JException, Jsonata, Utils

#: Digests that `$hash` knows.
_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


class QueryError(Exception):
    """An expression that cannot be evaluated, or whose result is no JSON; the message names the expression."""


def evaluate(expression: str, bindings: Mapping[str, Any]) -> Any:
    """Return the value of an expression as plain JSON.

    Args:
        expression: without the brackets that mark it in the definition.
        bindings: JSON values of the variables, by their names without `$`.

    Raises:
        QueryError: if it cannot be evaluated, yields nothing, or yields what is no JSON, such as a function.
    """
    try:
        found = _compiled(expression).evaluate(None, {name: _given(value) for name, value in bindings.items()})
    except (JException, RecursionError, ArithmeticError, ValueError, TypeError, LookupError) as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise QueryError(f"The JSONata expression '{expression}' failed: {words}") from error
    if found is None:
        raise QueryError(f"The JSONata expression '{expression}' returned nothing (undefined).")
    return _plain(found, expression)


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> Jsonata:
    """Return the parsed expression with the functions of Step Functions, which has no `$eval`."""
    compiled = Jsonata(expression)
    # `null` and nothing at all are not the same to Step Functions: only the latter is an error.
    compiled.set_output_convert_nulls(False)
    for name, function in _FUNCTIONS.items():
        compiled.register_lambda(name, function)
    return compiled


def _given(value: Any) -> Any:
    """Return a JSON value as the library takes it, which tells null from nothing."""
    if value is None:
        return Utils.NULL_VALUE
    if isinstance(value, Mapping):
        return {name: _given(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_given(item) for item in value]
    if isinstance(value, datetime):
        # In the context object of an execution.
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


def _plain(value: Any, expression: str) -> Any:
    if value is Utils.NULL_VALUE or value is None:
        return None
    if isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {str(name): _plain(item, expression) for name, item in value.items()}
    if isinstance(value, list | tuple | range) or Utils.is_sequence(value):
        return [_plain(item, expression) for item in value]
    raise QueryError(f"The JSONata expression '{expression}' returned an unsupported result type.")


def _partition(array: list[Any], size: float) -> list[list[Any]]:
    return [list(array[start : start + int(size)]) for start in range(0, len(array), int(size))]


def _range(first: float, last: float, step: float) -> list[float]:
    if not step:
        raise ValueError("the step of $range is 0")
    return [first + number * step for number in range(int((last - first) // step) + 1)]


def _hash(data: Any, algorithm: str) -> str:
    if algorithm not in _ALGORITHMS:
        raise ValueError(f"$hash knows {', '.join(_ALGORITHMS)}, and not {algorithm}")
    text = data if isinstance(data, str) else json.dumps(_plain(data, ""), separators=(",", ":"))
    return hashlib.new(_ALGORITHMS[algorithm], text.encode()).hexdigest()


def _random(seed: Any = None) -> float:
    # A sequence that can be foreseen is what a seed asks for.
    return random.random() if seed is None else random.Random(int(seed)).random()  # noqa: S311


def _uuid() -> str:
    return str(uuid.uuid4())


def _parse(text: str) -> Any:
    return _given(json.loads(text))


def _no_eval(*_: Any) -> None:
    raise ValueError("Step Functions has no $eval; $parse reads JSON")


_FUNCTIONS = {
    "partition": _partition,
    "range": _range,
    "hash": _hash,
    "random": _random,
    "uuid": _uuid,
    "parse": _parse,
    "eval": _no_eval,
}
# Its first use fills tables of the library, which is not safe in several threads at once.
Functions.string({}, None)
