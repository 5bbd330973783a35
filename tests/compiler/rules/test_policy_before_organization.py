from __future__ import annotations

import pytest
from rule_support import FRAME, findings, marked, waived

ORGANIZATION = "  company: {layer: base, scope: organization, resources: {company: {kind: organization}}}\n"


def policies(more: str = "", layer: str = "base", policy: str = "") -> str:
    stay = f"{{kind: policy, deny: ['organizations:LeaveOrganization']{policy}}}"
    return f"  policies: {{layer: {layer}, scope: organization{more}, resources: {{stay: {stay}}}}}\n"


def spec(*components: str) -> str:
    return FRAME.replace("layers: [base]", "layers: [base, late]") + "components:\n" + "".join(components)


def test_in_one_component() -> None:
    both = "{company: {kind: organization}, stay: {kind: policy, deny: ['organizations:LeaveOrganization']}}"
    text = spec(f"  company: {{layer: base, scope: organization, resources: {both}}}\n")
    [found] = findings("E353", text)
    assert found.message.endswith("with its policy type enabled, and stands in its component")
    assert (marked(text, found), marked(text, found, 1)) == ("stay", "company")
    assert found.help == "move it to a component with after: [company]"


def test_a_component_that_does_not_wait() -> None:
    [found] = findings("E353", spec(ORGANIZATION, policies()))
    assert found.message.endswith('"policies" does not wait for "company"')
    assert found.help == "write after: [company]"


BETWEEN = "  between: {layer: base, scope: organization, after: [company], resources: {note: {kind: parameter, %s}}}\n"


@pytest.mark.parametrize(
    "components",
    [
        (ORGANIZATION, policies(", after: [company]")),
        (ORGANIZATION, policies(layer="late")),
        (ORGANIZATION, BETWEEN % "path: a, value: b", policies(", after: [between]")),
        (policies(),),
    ],
)
def test_after_it(components: tuple[str, ...]) -> None:
    assert not findings("E353", spec(*components))


def test_a_value_that_is_read_is_an_order() -> None:
    note = "{kind: parameter, path: a, value: '${company.id}'}"
    root = f"  root: {{layer: base, scope: organization, resources: {{note: {note}}}}}\n"
    assert not findings("E353", spec(ORGANIZATION, root, policies(", after: [root]")))


def test_it_can_be_waived() -> None:
    text = spec(ORGANIZATION, policies(policy=", waive: {E353: the type is enabled by hand}"))
    assert not findings("E353", text)
    assert len(waived("E353", text)) == 1
