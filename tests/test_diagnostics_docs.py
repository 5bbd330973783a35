from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from lenie.compiler.explain import explanations
from lenie.compiler.rules import rules

ROOT = Path(__file__).resolve().parent.parent
RULES = {str(module.CODE): module for module in rules()}


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gen_docs", ROOT / "tools" / "gen_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_current(generator: ModuleType) -> None:
    current = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    assert current == generator.render(), "run python tools/gen_docs.py"


def test_every_code_has_its_page(generator: ModuleType) -> None:
    text = generator.render()
    for code in explanations():
        assert f"\n### {code}\n" in text


def test_codes_of_rules_are_unique_and_of_their_pass() -> None:
    assert len(RULES) == len(rules())
    assert all(re.fullmatch(r"[EW]3[1-9][0-9]", code) for code in RULES)


@pytest.mark.parametrize("code", RULES)
def test_the_page_of_a_rule_is_complete(code: str) -> None:
    """A page has a title, a reason with its source, and examples of what is wrong and what is right."""
    page = RULES[code].__doc__ or ""
    title, blank, _ = page.split("\n", 2)
    assert title.endswith(".")
    assert not blank
    for part in ("Source", "Wrong:", "Right:"):
        assert part in page, part


def test_every_code_that_the_compiler_reports_has_a_page() -> None:
    reported = set()
    for file in (ROOT / "compiler").rglob("*.py"):
        reported |= set(re.findall(r'"([EWN][1-9][0-9]{2})"', file.read_text(encoding="utf-8")))
    assert reported - set(explanations()) == set()
