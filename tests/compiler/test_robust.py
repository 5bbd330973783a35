"""Whatever stands in a spec: the compiler compiles it, or says what is wrong with it, and never falls over."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lenie.compiler.pipeline import compile_spec
from lenie.compiler.render import render_json, render_text
from lenie.compiler.summary import sources

ROOT = Path(__file__).parents[2]
REAL = yaml.safe_load((ROOT / "spec" / "lenie.yaml").read_text())
REAL["code"] = str(ROOT / "lambdas")
TEXTS = [
    *("", " ", "x", "-", "*", "a--b", "é✓\u2028", "a" * 300, "true", "anywhere", "GET /x", "{% $x %}", "10.0.0.0/16"),
    *("14d", "0s", "99999999d", "8 USD", "vpc", "vpc.public", "vpc.public-a", "a.b", "documents", "${", "${}", "$${"),
    *("${param.admin-cidrs}", "${param.rds-snapshot}", "${env.production}", "${env.name}", "${aws.region}"),
    *("${documents.url}", "${database.id}", "${app-credentials.openai_api_key}"),
]
LEAF = st.one_of(
    st.sampled_from(TEXTS),
    st.booleans(),
    st.none(),
    st.integers(-2, 3),
    st.just(10**30),
    st.floats(0, 9),
    st.text(max_size=9),
)
VALUE = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(TEXTS[2:]), inner, max_size=3),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all nodes but the root."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += places(item, (*path, key))
    return found


PLACES = places(REAL)


def changed(path: tuple[Any, ...], kind: str, value: Any) -> Any:
    """Return the real spec with one node replaced, removed, given twice or renamed."""
    spec = copy.deepcopy(REAL)
    parent = spec
    for step in path[:-1]:
        parent = parent[step]
    last = path[-1]
    if kind == "replace":
        parent[last] = value
    elif kind == "remove":
        del parent[last]
    elif kind == "double" and isinstance(parent, list):
        parent.append(parent[last])
    elif isinstance(parent, dict):
        parent[str(value)[:40]] = parent.pop(last) if kind == "rename" else parent[last]
    return spec


def compiles_or_tells(directory: Path, data: Any, target: str) -> None:
    """Compile a spec: it must give files, or errors in the user's words at their places."""
    spec = directory / "lenie.yaml"
    # JSON is YAML, but for numbers such as 1e30, which the language refuses as it should.
    spec.write_text(json.dumps(data, ensure_ascii=False))
    run = compile_spec(spec, (target,), shown="lenie.yaml")
    text = render_text(run.diagnostics, sources(run))
    assert run.failed or run.outputs[target]
    assert json.loads(render_json(run.diagnostics)) is not None
    for word in ("pydantic", "validation error", "NoneType", "Traceback"):
        assert word not in text
    for found in run.diagnostics:
        assert found.labels, found


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    path=st.sampled_from(PLACES),
    kind=st.sampled_from(["replace", "replace", "remove", "double", "rename"]),
    value=VALUE,
)
def test_one_change_to_the_real_spec(
    tmp_path_factory: pytest.TempPathFactory, path: tuple[Any, ...], kind: str, value: Any
) -> None:
    compiles_or_tells(tmp_path_factory.mktemp("spec"), changed(path, kind, value), "cfn")


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    path=st.sampled_from([path for path in PLACES if path[0] == "kubernetes" and len(path) > 1]),
    kind=st.sampled_from(["replace", "replace", "remove", "double", "rename"]),
    value=VALUE,
)
def test_one_change_to_a_cluster(
    tmp_path_factory: pytest.TempPathFactory, path: tuple[Any, ...], kind: str, value: Any
) -> None:
    compiles_or_tells(tmp_path_factory.mktemp("spec"), changed(path, kind, value), "eks")
