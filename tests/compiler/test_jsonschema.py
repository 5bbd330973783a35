"""The JSON Schema accepts what the compiler accepts, and finds in an editor what it can."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from lenie.compiler.cli import main
from lenie.compiler.jsonschema import schema, schema_text
from lenie.compiler.kinds import kind_class, kind_names
from lenie.targets.tf.rows import row_of

ROOT = Path(__file__).parents[2]
SCHEMA = schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
REAL: dict[str, Any] = yaml.safe_load((ROOT / "spec" / "lenie.yaml").read_text())
SMALL: dict[str, Any] = yaml.safe_load("""
version: 1
project: lenie
region: us-east-1
layers: [storage]
environments: {dev: {production: false}}
components:
  queues:
    layer: storage
    resources:
      problems: {kind: queue}
      documents: {kind: queue, retention: 14d, dead-letter: {queue: problems, after: 5}, publish: [url]}
      website: {kind: bucket, versioned: "${env.production}", waive: {E324: for a good reason}}
""")


def errors(spec: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(spec)]


def resources(spec: Any) -> Any:
    return spec["components"]["queues"]["resources"]


def test_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_committed_files_are_current() -> None:
    assert (ROOT / "spec" / "lenie.schema.json").read_text(encoding="utf-8") == schema_text()
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "gen_kinds.py", "--check"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def section(kind: str) -> str:
    """Return what docs/kinds.md says about a kind."""
    page = (ROOT / "docs" / "kinds.md").read_text(encoding="utf-8")
    return page.partition(f"\n## {kind}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("table", "| `query` | Read items of a partition |"),
        ("database", "| `connect` | Log in as `app-user`, where there is one |"),
        ("database", "| `class` | text without references | required |  |"),
        ("site", "| `token` | text | required | Field of a secret with the access token of the repository. |"),
        ("function", "| `runtime` | text | required |  |"),
    ],
)
def test_page_of_kinds_tells_what_can_be_written(kind: str, line: str) -> None:
    assert line in section(kind).splitlines()


def test_page_of_kinds_lists_the_types_that_terraform_knows() -> None:
    (line,) = (line for line in section("cloudformation").splitlines() if line.startswith("Types that Terraform knows"))
    listed = re.findall("`([A-Za-z0-9:]+)`", line.partition(": ")[2])
    assert [row_of(f"AWS::{name}") for name in listed].count(None) == 0
    assert {"SQS::Queue", "Lambda::Function", "KMS::Key"} < set(listed)
    assert "CloudWatch::Dashboard" not in listed


def test_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main(["schema"], prog_name="lenie")
    assert json.loads(capsys.readouterr().out) == SCHEMA


def test_real_spec_is_valid() -> None:
    assert errors(REAL) == []
    assert errors(SMALL) == []


MISTAKES: dict[str, Callable[[Any], object]] = {
    "unknown field of the frame": lambda s: s.update(lyers=[]),
    "missing field of the frame": lambda s: s.pop("project"),
    "another version": lambda s: s.update(version=2),
    "unknown kind": lambda s: resources(s).update(x={"kind": "quue"}),
    "no kind": lambda s: resources(s).update(x={"retention": "14d"}),
    "unknown field": lambda s: resources(s)["documents"].update(retension="14d"),
    "field of another kind": lambda s: resources(s)["documents"].update(versioned=True),
    "duration without unit": lambda s: resources(s)["documents"].update(retention=14),
    "wrong word": lambda s: resources(s)["website"].update(purpose="artefacts"),
    "missing nested field": lambda s: resources(s)["documents"]["dead-letter"].pop("after"),
    "bound": lambda s: resources(s)["documents"]["dead-letter"].update(after=0),
    "attribute that does not exist": lambda s: resources(s)["documents"].update(publish=["uri"]),
    "name of a resource": lambda s: resources(s).update(Documents={"kind": "queue"}),
    "unknown default": lambda s: s.update(defaults={"queue": {"retension": "14d"}}),
    "default of an unknown kind": lambda s: s.update(defaults={"quue": {}}),
    "type of a parameter": lambda s: s.update(parameters={"a": {"type": "string", "default": "", "description": "d"}}),
    "scope": lambda s: s["components"]["queues"].update(scope="env"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake(mistake: str) -> None:
    spec = copy.deepcopy(SMALL)
    MISTAKES[mistake](spec)
    assert errors(spec)


def test_required_fields_may_come_from_the_defaults() -> None:
    spec = copy.deepcopy(SMALL)
    function = {"kind": "function", "timeout": "30s", "logs": "7d", "bucket": "website"}
    resources(spec)["add"] = function
    assert errors(spec) == ["'runtime' is a required property"]
    spec["defaults"] = {"function": {"memory": "256MB"}}
    assert errors(spec) == ["'runtime' is a required property"]
    spec["defaults"]["function"]["runtime"] = "python3.13"
    assert errors(spec) == []


@pytest.mark.parametrize("kind", kind_names())
def test_kind(kind: str) -> None:
    definition = SCHEMA["$defs"][kind_class(kind).__name__]
    fields = {info.alias or name for name, info in kind_class(kind).model_fields.items()}
    assert set(definition["properties"]) == fields
    assert definition["additionalProperties"] is False
    assert definition["description"]
