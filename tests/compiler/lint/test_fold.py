"""What is one fault, and what is not."""

from __future__ import annotations

from lenie.compiler.diagnostics import Severity
from lenie.compiler.lint.finding import Finding, Region
from lenie.compiler.lint.fold import fold
from lenie.compiler.lint.locate import Located
from lenie.compiler.span import Path

OWNER: Path = ("components", "files", "resources", "content")


def found(
    tool: str,
    target: str,
    rule: str,
    *,
    property: Path = (),
    message: str = "it is wrong",
    owner: Path = OWNER,
    type: str = "AWS::S3::Bucket",
    line: int = 1,
) -> Located:
    finding = Finding(tool, target, rule, Severity.ERROR, message, Region("x", line, 0, line, 0), property=property)
    return Located(finding, "files", ("Content",), (type,), owner, owner, None, None)


def sizes(*given: Located) -> list[int]:
    groups = fold(given)
    assert sorted(map(id, given)) == sorted(id(one) for group in groups for one in group), "nothing is lost"
    return sorted(len(group) for group in groups)


def test_a_check_of_two_targets_is_one() -> None:
    assert sizes(found("checkov", "tf", "CKV_AWS_53", line=9), found("checkov", "cfn", "CKV_AWS_53")) == [2]
    (group,) = fold([found("checkov", "tf", "CKV_AWS_53"), found("checkov", "cfn", "CKV_AWS_53")])
    assert [one.finding.target for one in group] == ["cfn", "tf"]


def test_other_checks_and_other_resources_are_others() -> None:
    other = ("components", "files", "resources", "more")
    assert sizes(found("checkov", "tf", "CKV_AWS_53"), found("checkov", "cfn", "CKV_AWS_54")) == [1, 1]
    assert sizes(found("checkov", "tf", "CKV_AWS_53"), found("checkov", "cfn", "CKV_AWS_53", owner=other)) == [1, 1]


def test_the_numbers_of_rules_are_shared_by_cfn_lint_and_cdk() -> None:
    name: Path = ("BucketName",)
    one, other = found("cfn-lint", "cfn", "E3034", property=name), found("cdk", "cdk", "F3034", property=name)
    assert sizes(one, other) == [2]
    assert sizes(one, found("cdk", "cdk", "F3034", property=("Tags",))) == [1, 1]
    assert sizes(one, found("cdk", "cdk", "F3034", property=name, type="AWS::S3::BucketPolicy")) == [1, 1]


def test_one_word_of_each_about_a_property_is_one_fault() -> None:
    name: Path = ("BucketName",)
    first, second = found("cfn-lint", "cfn", "E3012", property=name), found("cdk", "cdk", "F3002", property=name)
    assert sizes(first, second) == [2]
    assert sizes(first, second, found("cdk", "cdk", "W1030", property=name)) == [1, 1, 1]
    assert sizes(found("cfn-lint", "cfn", "E3012"), found("cdk", "cdk", "F3002")) == [1, 1]


def test_two_things_that_a_tool_says_stay_two() -> None:
    name: Path = ("BucketName",)
    first = found("cfn-lint", "cfn", "E3034", property=name, message="1 is too small")
    second = found("cfn-lint", "cfn", "E3034", property=name, message="2 is too small")
    assert sizes(first, second) == [1, 1]


def test_what_has_no_place_in_the_spec_is_told_apart_by_its_place_in_the_file() -> None:
    first, second = (
        found("checkov", "tf", "CKV_AWS_53", owner=(), line=1),
        found("checkov", "tf", "CKV_AWS_53", owner=(), line=2),
    )
    assert sizes(first, second) == [1, 1]
    assert sizes(first, first._replace(types=())) == [2]
