"""Every kind of fault in a spec, and what the user is told: tests/errors/<code>-<slug>/spec.yaml and expected.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from lenie.compiler.diagnostics import Severity
from lenie.compiler.explain import explanations
from lenie.compiler.pipeline import compile_spec
from lenie.compiler.render import render_text
from lenie.compiler.summary import sources

ERRORS = Path(__file__).parent / "errors"
CASES = sorted(path.name for path in ERRORS.iterdir() if path.is_dir())
#: Codes that no spec can show, with the tests that do.
ELSEWHERE = {
    "E504": "faults of a library: tests/targets/cfn",
    "E510": "a very large component: tests/targets/cfn",
    "E511": "a very large component: tests/targets/cfn",
    "E512": "a very large component: tests/targets/cfn",
    "W513": "a large component: tests/targets/cfn",
    "E514": "a very large component: tests/targets/cfn",
    "W515": "a large component: tests/targets/cdk",
    "E601": "what is generated: tests/compiler/verify/test_command.py",
    "E602": "what is generated: tests/compiler/verify/test_command.py",
    "E603": "what is generated: tests/compiler/verify/test_command.py",
    "E604": "what is generated: tests/compiler/verify/test_command.py",
    "E605": "what is generated: tests/compiler/verify/test_command.py",
    "E606": "what is generated: tests/compiler/verify/test_command.py",
    "E607": "what is generated: tests/compiler/verify/test_command.py",
    "W608": "what is generated: tests/compiler/verify/test_command.py",
    "E610": "git: tests/compiler/diff/test_revision.py",
    "E611": "git: tests/compiler/diff/test_revision.py",
    "E612": "a change of a spec: tests/compiler/diff/test_command.py",
    "E613": "a source map: tests/compiler/sourcemap",
    "E614": "a source map: tests/compiler/sourcemap",
    "E615": "what is generated: tests/compiler/sourcemap",
    "E616": "what is generated: tests/compiler/sourcemap",
    "E620": "tools: tests/compiler/lint",
    "W621": "tools: tests/compiler/lint",
    "E623": "tools: tests/compiler/lint",
    "E624": "tools: tests/compiler/lint",
    "W624": "tools: tests/compiler/lint",
    "W625": "tools: tests/compiler/lint",
    "E626": "tools: tests/compiler/lint",
    "E627": "tools: tests/compiler/lint",
    "E650": "the command line: tests/compiler/deploy/test_command.py",
    "E651": "AWS: tests/compiler/deploy/test_engine.py",
    "E652": "AWS: tests/compiler/deploy/test_engine.py",
    "E653": "AWS: tests/compiler/deploy/test_engine.py",
    "E654": "a large component: tests/compiler/deploy/test_engine.py",
    "E656": "a missing tool: tests/compiler/deploy/test_cdk.py",
    "E657": "a missing tool: tests/compiler/deploy/test_terraform.py",
    "E660": "AWS: tests/compiler/deploy/test_engine.py",
    "E661": "AWS: tests/compiler/deploy/test_converge.py",
    "E662": "AWS: tests/compiler/deploy/test_engine.py",
    "E664": "AWS: tests/compiler/deploy/test_engine.py",
    "E665": "terraform: tests/compiler/deploy/test_terraform.py",
    "E667": "cdk: tests/compiler/deploy/test_cdk.py",
    "E668": "AWS: tests/compiler/deploy/test_converge.py",
    "E669": "AWS: tests/compiler/deploy/test_surroundings.py",
    "E701": "a requirements file: tests/compiler/packaging/test_requirements.py",
    "E702": "sources: tests/compiler/packaging/test_command.py",
    "E703": "built packages: tests/compiler/packaging/test_limits.py",
    "E704": "installed packages: tests/compiler/packaging/test_wheels.py",
    "E901": "the command line: tests/compiler/test_cli.py",
    "E902": "the file system: tests/compiler/test_cli.py",
    "E903": "the file system: tests/compiler/test_output.py",
    "E904": "two processes: tests/compiler/test_output.py",
    "E640": "a missing package: tests/compiler/local/test_lifecycle.py",
    "E641": "the emulator: tests/compiler/local/test_session.py",
    "E642": "the emulator: tests/compiler/local/test_session.py",
    "E643": "the emulator: tests/compiler/local/test_session.py",
    "E644": "the emulator: tests/compiler/local/test_lifecycle.py",
    "E645": "the emulator: tests/compiler/local/test_lifecycle.py",
    "E905": "what is generated: tests/compiler/test_cli.py",
    "W906": "what is generated: tests/compiler/test_output.py",
    "W907": "what is generated: tests/compiler/test_output.py",
    "W909": "what is generated: tests/compiler/test_left_over.py",
    "E908": "faults of the compiler: tests/compiler/test_cli.py",
    "E910": "pip: tests/compiler/packaging/test_wheels.py",
    "E911": "AWS: tests/compiler/packaging/test_upload.py",
    "E912": "a bucket: tests/compiler/packaging/test_upload.py",
    "E913": "a database: tests/compiler/migration",
    "E914": "a database: tests/compiler/migration",
    "E916": "a missing tool: tests/compiler/verify/test_command.py",
    "W916": "a missing tool: tests/compiler/verify/test_command.py",
    "E915": "a tunnel: tests/compiler/migration",
    "E920": "AWS: tests/compiler/operations/test_dns.py",
    "E921": "AWS: tests/compiler/operations/test_dns.py",
}


@pytest.mark.parametrize("name", CASES)
def test_error(name: str, accept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ERRORS / name)
    code = name.partition("-")[0]
    # The targets have their say last, so only their own cases need one.
    of_target = {"3": ("tf",), "4": ("eks",)}
    targets = () if code[1] != "5" else of_target.get(code[2], ("cfn", "cdk"))
    run = compile_spec(Path("spec.yaml"), targets, scope="all", shown="spec.yaml")
    shown = [found for found in run.diagnostics if found.severity is not Severity.NOTE]
    text = render_text(shown, sources(run)) + "\n"
    assert code in {found.code for found in shown}, text
    expected = ERRORS / name / "expected.txt"
    if accept:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_only_the_users_words(name: str) -> None:
    text = (ERRORS / name / "expected.txt").read_text(encoding="utf-8")
    told = [line for line in text.splitlines() if line.startswith(("error", "warning")) or " = help" in line]
    for word in ("pydantic", "NoneType", "dict[", "literal_error", "Traceback", "validation error", "ExtraForbidden"):
        assert not [line for line in told if word in line]


def test_every_code_has_a_case() -> None:
    covered = {name.partition("-")[0] for name in CASES}
    known, told = set(explanations()), covered | set(ELSEWHERE)
    assert sorted(known - told) == [], "codes without a case"
    assert sorted(told - known) == [], "cases of codes that do not exist"
    assert sorted(covered & set(ELSEWHERE)) == []
