"""Where parameters, settings and values of other components stem from in the spec."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import (
    AttributeOf,
    EnvironmentName,
    Expression,
    ParameterItem,
    ParameterValue,
    PerEnvironment,
    Pseudo,
)
from lenie.compiler.graph import Graph
from lenie.compiler.pipeline import front
from lenie.compiler.span import Path as SpecPath
from lenie.targets.wiring.stems import Stem, stem_of

SPEC = Path(__file__).parents[3] / "spec" / "lenie.yaml"


@cache
def lenie() -> tuple[Graph, Report]:
    run = front(SPEC)
    assert run.graph is not None
    assert run.tree is not None
    return run.graph, Report(run.tree)


@pytest.mark.parametrize(
    ("value", "environment", "spec"),
    [
        (EnvironmentName(), "", ("environments",)),
        (EnvironmentName(), "qa", ("environments", "qa")),
        (ParameterValue("developer"), "", ("parameters", "developer")),
        (ParameterValue("developer"), "qa", ("parameters", "developer", "default")),
        (ParameterItem("admin-cidrs", 0), "", ("parameters", "admin-cidrs")),
        (ParameterItem("admin-cidrs", 0), "prod", ("parameters", "admin-cidrs", "default", 0)),
        (PerEnvironment("Domain", ()), "prod", ("environments", "prod", "domain")),
        (PerEnvironment("Domain", ()), "", ("environments", "dev", "domain")),
        (PerEnvironment("MadeOfAFlag", ()), "prod", ("environments", "prod")),
        (PerEnvironment("MadeOfAFlag", ()), "", ("environments",)),
        (Pseudo("region"), "", ()),
    ],
)
def test_given(value: Expression, environment: str, spec: SpecPath) -> None:
    graph, report = lenie()
    found = stem_of(graph, report, value, environment)
    assert found == Stem(spec)
    assert not spec or report.tree.node(spec) is not None


def test_a_value_of_a_resource() -> None:
    graph, report = lenie()
    spec = ("components", "vpc", "resources", "vpc")
    assert stem_of(graph, report, AttributeOf("vpc", "Vpc", "Ref")) == Stem(spec, ("vpc", "Vpc"))
