"""Every code has a page, and every page a code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from lenie.compiler import codes, pages
from lenie.compiler.cli import main
from lenie.compiler.explain import explanations, page, print_page
from lenie.compiler.packaging.requirements import read
from lenie.compiler.rules import rules

ROOT = Path(__file__).parents[2]
LITERAL = re.compile(r"""(?<![\w.])["']([EWN][0-9]{3})["']""")
DOCUMENTATION = ("codes.py", "pages.py")


def used() -> set[str]:
    """Return the codes that stand in the source, outside of the tables of pages."""
    sources = (path for root in ("compiler", "targets") for path in (ROOT / root).rglob("*.py"))
    texts = (path.read_text() for path in sources if path.name not in DOCUMENTATION)
    return {code for text in texts for code in LITERAL.findall(text)}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert sorted(used() - set(explanations())) == [], "codes without a page"
    assert sorted(set(explanations()) - used()) == [], "pages without a code"


def test_no_code_has_two_pages() -> None:
    tables = [set(codes.PAGES), set(pages.PAGES), {module.CODE for module in rules()}]
    assert len(set.union(*tables)) == sum(map(len, tables))
    assert len({module.CODE for module in rules()}) == len(rules())


@pytest.mark.parametrize("code", sorted(explanations()))
def test_page(code: str) -> None:
    found = page(code)
    assert found is not None
    assert 8 < len(found.title) < 120, found.title
    assert "\n" not in found.title
    assert len(found.text) > 80
    assert not re.search(r"\b(pydantic|NoneType|TODO|FIXME)\b", found.text)


#: Codes whose examples are requirements files.
REQUIREMENTS = ("E701", "E704")


@pytest.mark.parametrize("code", REQUIREMENTS)
def test_right_examples_are_requirements(code: str, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(pages.PAGES[code].right)
    assert read(tmp_path / "requirements.txt", "requirements.txt")
    assert pages.PAGES[code].wrong != pages.PAGES[code].right


@pytest.mark.parametrize("code", sorted((codes.PAGES | pages.PAGES).keys() - set(REQUIREMENTS)))
def test_right_examples_are_yaml(code: str) -> None:
    found = (codes.PAGES | pages.PAGES)[code]
    if found.right and not found.right.startswith("lenie"):
        assert isinstance(yaml.safe_load(found.right), dict)
        assert found.wrong != found.right


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    for line in (["explain", "E301"], ["explain", "e301"]):
        with pytest.raises(SystemExit) as exited:
            main.main(line, prog_name="lenie")
        assert exited.value.code == 0
        said = capsys.readouterr().out
        assert said.startswith("E301: A name refers to nothing\n\n")
        assert "Right:" in said
    with pytest.raises(SystemExit):
        main.main(["explain"], prog_name="lenie")
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == list(explanations())


def test_page_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    found = page("E301")
    assert found is not None
    print_page(found, True)
    said = " ".join(capsys.readouterr().out.split())
    assert "E301: A name refers to nothing" in said
    assert "problems-dlq: {kind: queue}" in said
