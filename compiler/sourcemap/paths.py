"""Paths as text that can be read back: ``components.vpc.resources.vpc.subnets[0]["kubernetes.io/role/elb"]``."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from lenie.compiler.span import Path

_PLAIN = re.compile(r"[A-Za-z0-9_:/*-]+")
_STEP = re.compile(r'\.?(?P<key>[A-Za-z0-9_:/*-]+)|\[(?P<index>[0-9]{1,9})\]|\[(?P<text>"(?:[^"\\]|\\.)*")\]')


@lru_cache(maxsize=8192)
def encode(path: Path) -> str:
    """Return `path` as text: keys with dots between them, indices and keys with other signs in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step, ensure_ascii=False)}]"
    return text


def decode(text: str) -> Path:
    """Return the path that `encode` wrote as `text`.

    Raises:
        ValueError: if it is no path.
    """
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None or (text[position] == ".") != (bool(steps) and match["key"] is not None):
            raise ValueError(f"{text!r} is no path")
        if match["index"] is not None:
            steps.append(int(match["index"]))
        else:
            steps.append(match["key"] if match["text"] is None else json.loads(match["text"]))
        position = match.end()
    return tuple(steps)
