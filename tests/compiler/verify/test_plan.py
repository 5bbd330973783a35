"""The real `terraform`, against the graph and against our own evaluation of the same files.

The plans are made with the stand-in provider and tokens: whatever is known after apply only is a unique text, so that
every reference is resolved by Terraform itself.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest
from support_plans import Plan, differing, settle
from support_tf import resolved_plan

from lenie.compiler.graph import Graph
from lenie.compiler.verify.compare import ORDER, compare
from lenie.compiler.verify.expected import expected
from lenie.compiler.verify.match import mapped, matched, rename
from lenie.compiler.verify.normal import normalise
from lenie.compiler.verify.program import Program
from lenie.compiler.verify.terraform.convert import Conversion, Vocabulary
from lenie.compiler.verify.terraform.finish import name_root_devices
from lenie.compiler.verify.terraform.module import Instance
from lenie.compiler.verify.terraform.reader import ROOTS, Modules
from lenie.compiler.verify.values import Digest
from lenie.compiler.verify.waivers import waiver
from lenie.compiler.verify.words import message

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("terraform"), pytest.mark.timeout(600)]
ENVIRONMENTS = ("dev", "qa", "prod")
#: Values that Terraform sends and never shows; they are compared as they stand in the files.
NEVER_SHOWN = {"password_wo", "secret_string_wo"}
NEVER_PLANNED = {("Database", "MasterUserPassword"), ("RdsPasswordSecret", "GenerateSecretString")}


@cache
def plans(programs: Path, environment: str, scratch: Path) -> list[Plan]:
    return [Plan(resolved_plan(programs / "tf", environment, scratch, root=root)) for root in ROOTS]


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="session")
def terraform() -> None:
    """Marks what needs `terraform`: see tests/conftest.py."""


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_plan_is_the_graph(environment: str, programs: Path, graph: Graph, scratch: Path) -> None:
    """No attribute of any resource is planned with another value than the graph has."""
    wanted = normalise(expected(graph, environment))
    program = Program(environment)
    instances: list[Instance] = []
    for plan in plans(programs, environment, scratch):
        instances += plan.instances()
        program.components |= plan.program(environment).components
    Conversion(instances, program, Vocabulary(wanted)).run()
    normalise(program)
    rename(program, matched(wanted, program))
    name_root_devices(wanted, program)
    settle(program, mapped)
    settle(wanted, mapped)
    assert program.problems == []
    assert program.components.keys() == wanted.components.keys()
    differences = compare(wanted, program, "tf", list(wanted.components))
    # A plan shows no order, and not what protects a resource: these are compared in the files.
    shown = [one for one in differences if one.code != ORDER and waiver(one) is None]
    assert {(one.resource, str(one.path[0])) for one in shown} == NEVER_PLANNED, [message(one) for one in shown]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_our_evaluation_is_terraforms(environment: str, programs: Path, scratch: Path) -> None:
    """Every attribute of every resource has the value that Terraform gives it."""
    program = Program(environment, outputs={})
    read = Modules(programs / "tf", "tf").instances(environment, program, {})
    assert program.problems == []
    planned = {key: plan for plan in plans(programs, environment, scratch) for key in plan.values}
    assert sorted(planned) == sorted((one.component, one.address) for one in read)
    for one in read:
        key = (one.component, one.address)
        plan = planned[key]
        values = plan.configured(key)
        attributes = {name: node for name, node in one.attributes.items() if name not in NEVER_SHOWN}
        assert {name for name in values if name not in NEVER_SHOWN} == set(attributes), key
        for name, node in attributes.items():
            value = node.value
            if name == "triggers" and isinstance(value, dict):
                digest = value["redeployment"].value
                assert isinstance(digest, Digest)
                text = plan.rendered(digest.value)
                assert values[name] == {"redeployment": hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()}
                continue
            if name == "password_wo_version" and isinstance(value, Digest):
                digest_of = hashlib.sha1(plan.rendered(value.value).encode(), usedforsecurity=False)
                assert values[name] == int(digest_of.hexdigest()[:7], 16)
                continue
            assert not differing(values[name], plan.rendered(node)), (key, name, values[name], node)
