from __future__ import annotations

from rule_support import findings, spec


def policy(count: int) -> str:
    actions = ", ".join(f'"s3:GetObject{"*" * (number + 1)}"' for number in range(count))
    text = spec(f"guard: {{kind: policy, deny: [{actions}]}}")
    return text.replace("    layer: base\n", "    layer: base\n    scope: organization\n")


def test_a_policy_of_more_than_5120_characters() -> None:
    assert len(findings("E328", policy(100))) == 1


def test_a_small_policy() -> None:
    assert not findings("E328", policy(3))
