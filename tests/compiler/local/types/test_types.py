"""Each resource type: created, read back, changed in place, and deleted, as its case file says.

A case is a template with one resource under test, `Tested`; `update` holds other values of its properties; `read` and
`updated` are calls of services and what their answers have to hold; `gone` are calls that find nothing afterwards.
"""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError
from support_local import Cloud, Json

from lenie.compiler.local.types import types

CASES = Path(__file__).with_name("cases")
#: Maps whose keys are free: documents, settings, variables.
FREE = re.compile(
    r"Document|Body|Definition|Content$|Parameters$|Variables|^Tags$|Policy$|Template$|Secret|Description|Value$|Input"
)


def load() -> dict[str, Json]:
    """Return all cases by name."""
    found = {}
    for path in sorted(CASES.glob("*.yaml")):
        for name, case in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}-{name}"] = case
    return found


CASE = load()


def test_every_type_has_a_case() -> None:
    tested = {case["resources"]["Tested"]["Type"] for case in CASE.values()}
    assert tested == set(types())


def package() -> bytes:
    """A function's or layer's package."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        written.writestr("handler.py", "def lambda_handler(event, context):\n    return event\n")
    return buffer.getvalue()


def prepare(cloud: Cloud, case: Json) -> None:
    """Make what a case needs and CloudFormation does not make."""
    if "package" in case:
        cloud.client("s3").create_bucket(Bucket="code")
        for key in case["package"]:
            cloud.client("s3").put_object(Bucket="code", Key=key, Body=package())
    for call in case.get("before", []):
        getattr(cloud.client(call["service"]), call["operation"])(**call["parameters"])


def template(case: Json, **changes: Any) -> Json:
    """Return the template of a case, with changed properties of the resource under test."""
    made = {"Resources": copy.deepcopy(case["resources"]), "Outputs": {"Ref": {"Value": {"Ref": "Tested"}}}}
    for name, declared in case["resources"].items():
        for attribute in types()[declared["Type"]].returns:
            if name == "Tested" and attribute not in case.get("absent", []):
                key = "Att" + re.sub(r"\W", "", attribute)
                value: Json = {"Fn::GetAtt": [name, attribute]}
                made["Outputs"][key] = {"Value": {"Fn::Join": [",", value]} if attribute == "NameServers" else value}
    properties = made["Resources"]["Tested"].setdefault("Properties", {})
    for name, value in changes.items():
        if value is None:
            properties.pop(name)
        else:
            properties[name] = value
    return made


def filled(value: Any, known: dict[str, str]) -> Any:
    """Replace `${Logical}` and `${Output}` in the parameters of a call."""
    if isinstance(value, dict):
        return {key: filled(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, known) for item in value]
    return re.sub(r"\$\{(\w+)\}", lambda match: known[match[1]], value) if isinstance(value, str) else value


def holds(found: Any, wanted: Any, at: str = "") -> None:
    """Assert that an answer holds what is wanted; lists hold their elements in any order."""
    if isinstance(wanted, dict):
        text = isinstance(found, str)
        found = json.loads(found) if text else found
        for key, value in wanted.items():
            assert key in found, f"{at}.{key} is missing in {found}"
            holds(found[key], value, f"{at}.{key}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), f"{at}: {found} has not the {len(wanted)} elements {wanted}"
        for value in wanted:
            assert any(_holds(item, value) for item in found), f"{at}: {value} is not in {found}"
    else:
        assert found == wanted, f"{at}: {found!r}, and not {wanted!r}"


def _holds(found: Any, wanted: Any) -> bool:
    try:
        holds(found, wanted)
    except AssertionError:
        return False
    return True


def ask(cloud: Cloud, calls: list[Json], known: dict[str, str]) -> None:
    """Make the calls of a case and compare their answers."""
    for call in calls:
        method = getattr(cloud.client(call["service"]), call["operation"])
        holds(method(**filled(call.get("parameters", {}), known)), filled(call["holds"], known), call["operation"])


def known_of(cloud: Cloud, stack: Json) -> dict[str, str]:
    """Return the physical ids and outputs of a stack."""
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    return {**cloud.physical("case"), **outputs}


@pytest.mark.parametrize("name", CASE)
def test_life(cloud: Cloud, name: str) -> None:
    case = CASE[name]
    prepare(cloud, case)
    stack = cloud.create("case", template(case), DisableRollback=True)
    assert stack["StackStatus"] == "CREATE_COMPLETE", cloud.reasons("case")
    known = known_of(cloud, stack)
    ask(cloud, case["read"], known)
    if "update" in case:
        stack = cloud.update("case", template(case, **case["update"]))
        assert stack["StackStatus"] == "UPDATE_COMPLETE", cloud.reasons("case")
        again = known_of(cloud, stack)
        assert (again["Tested"] != known["Tested"]) == case.get("replaced", False)
        known = again
        ask(cloud, case["updated"], known)
        stack = cloud.update("case", template(case))
        assert stack["StackStatus"] == "UPDATE_COMPLETE", cloud.reasons("case")
        known = known_of(cloud, stack)
        ask(cloud, case["read"], known)
    deleted = cloud.delete("case")
    assert deleted["StackStatus"] == "DELETE_COMPLETE", cloud.reasons(deleted["StackId"])
    for call in case.get("gone", []):
        method = getattr(cloud.client(call["service"]), call["operation"])
        if "holds" in call:
            holds(method(**filled(call["parameters"], known)), call["holds"], call["operation"])
        else:
            with pytest.raises(ClientError):
                method(**filled(call["parameters"], known))


def maps(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the places of maps in properties that have a fixed set of keys."""
    if isinstance(value, dict) and not any(key == "Ref" or key.startswith("Fn::") for key in value):
        yield path
        for key, item in value.items():
            if not FREE.search(key):
                yield from maps(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value[:1]):
            yield from maps(item, (*path, index))


@pytest.mark.parametrize("name", CASE)
def test_unknown_property_fails_the_stack(cloud: Cloud, name: str) -> None:
    """In every map that has a fixed set of keys; what was made of the resource until then is taken back."""
    case = CASE[name]
    prepare(cloud, case)
    others = {key: declared for key, declared in case["resources"].items() if key != "Tested"}
    base: Json = {"Resources": others or {"Other": {"Type": "AWS::SNS::Topic"}}}
    assert cloud.create("case", base)["StackStatus"] == "CREATE_COMPLETE", cloud.reasons("case")
    for path in maps(case["resources"]["Tested"].get("Properties", {})):
        seeded = copy.deepcopy(base)
        seeded["Resources"]["Tested"] = copy.deepcopy(case["resources"]["Tested"])
        place = seeded["Resources"]["Tested"].setdefault("Properties", {})
        for key in path:
            place = place[key]
        place["Unheard"] = "x"
        assert cloud.update("case", seeded)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE", path
        assert "unheard" in cloud.reasons("case")[-1].lower(), (path, cloud.reasons("case"))
