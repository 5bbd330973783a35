"""The command: what is told of every kind of finding, in every format, and its exit codes."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lenie.compiler.cli import main
from lenie.compiler.compiling import compile_command
from lenie.compiler.explain import explanations
from lenie.compiler.graph import Graph
from lenie.compiler.pipeline import front
from lenie.compiler.verify.verification import Verification

HERE = Path(__file__).resolve().parent
SPEC = HERE.parents[1] / "cases" / "messages" / "spec.yaml"
#: Of the small spec.
QUEUE = "cfn/templates/1-application/01-documents.yaml"
MODULE = "tf/modules/documents/main.tf"


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()  # a command turns it off, and leaves its objects to the end of the process
    gc.unfreeze()


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of which everything is compiled."""
    root = tmp_path_factory.mktemp("project")
    (root / "spec").mkdir()
    shutil.copy(SPEC, root / "spec" / "lenie.yaml")
    for arguments in (["--target", "cfn"], ["--target", "tf", "--scope", "all"], ["--target", "cdk"]):
        out = ["--out", str(root / "generated"), "--spec", str(root / "spec" / "lenie.yaml")]
        with pytest.raises(SystemExit) as exited:
            compile_command.main([*arguments, *out], prog_name="lenie-compile")
        assert exited.value.code == 0
    gc.enable()
    gc.unfreeze()
    return root


@pytest.fixture
def project(compiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the working directory."""
    shutil.copytree(compiled, tmp_path / "p")
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


class Run:
    """What ``lenie verify`` did."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exited:
            main.main(["verify", *arguments], prog_name="lenie")
        self.code = exited.value.code
        self.out, self.err = capsys.readouterr()


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(generated: Path) -> None:
        path = generated / file
        text = path.read_text(encoding="utf-8")
        assert old in text, text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def cut(file: str, pattern: str) -> Callable[[Path], None]:
    def edit(generated: Path) -> None:
        path = generated / file
        text, count = re.subn(pattern, "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        assert count == 1
        path.write_text(text, encoding="utf-8")

    return edit


def removed(file: str) -> Callable[[Path], None]:
    def edit(generated: Path) -> None:
        path = generated / file
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return edit


def written(file: str, content: bytes) -> Callable[[Path], None]:
    def edit(generated: Path) -> None:
        (generated / file).parent.mkdir(parents=True, exist_ok=True)
        (generated / file).write_bytes(content)

    return edit


#: Name, which begins with the code -> target, and what is done to its files.
CASES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "E601-cfn-value": ("cfn", replaced(QUEUE, "VisibilityTimeout: 360", "VisibilityTimeout: 30")),
    "E601-cfn-reference": ("cfn", replaced(QUEUE, "Resource: !GetAtt DocumentsQueue.Arn", "Resource: '*'")),
    "E601-cfn-parameter": ("cfn", replaced("cfn/parameters/prod.json", '"two@example.com"', '"three@example.com"')),
    "E601-cfn-manifest": ("cfn", replaced("cfn/manifest.json", "demo-dev-documents", "demo-dev-document")),
    "E601-tf-value": ("tf", replaced(MODULE, "visibility_timeout_seconds = 360", "visibility_timeout_seconds = 30")),
    "E601-tf-region": ("tf", replaced("tf/providers.tf", "us-east-1", "us-east-2")),
    "E602-tf-resource": ("tf", cut(MODULE, r'resource "aws_sns_topic_policy".*?^\}')),
    "E602-cfn-resource": ("cfn", replaced(QUEUE, "  DocumentsQueuePolicy:", "  Policy:")),
    "E603-tf-resource": ("tf", written("tf/modules/documents/more.tf", b'resource "aws_sqs_queue" "more" {}\n')),
    "E604-cfn-order": ("cfn", replaced("cfn/manifest.json", '"depends_on": ["errors"]', '"depends_on": []')),
    "E604-cfn-protection": (
        "cfn",
        replaced(QUEUE, "Type: AWS::SQS::Queue", "Type: AWS::SQS::Queue\n    DeletionPolicy: Retain"),
    ),
    "E605-cfn-missing": ("cfn", removed(QUEUE)),
    "E605-cfn-foreign": ("cfn", written("cfn/templates/9-more/01-more.yaml", b"Resources: {}\n")),
    "E605-tf-all-missing": ("tf", removed("tf")),
    "E605-tf-module-missing": ("tf", removed("tf/modules/documents")),
    "E605-tf-more-variables": ("tf", written("tf/terraform.tfvars", b'environment = "dev"\n')),
    "E606-cfn-no-yaml": ("cfn", replaced(QUEUE, "Resources:", "Resources: [")),
    "E606-cfn-latin1": ("cfn", written(QUEUE, b"Description: \xe9\n")),
    "E606-tf-no-hcl": ("tf", replaced(MODULE, "360", "360 360")),
    "E607-cfn-function": ("cfn", replaced(QUEUE, "VisibilityTimeout: 360", "VisibilityTimeout: !ImportValue x")),
    "E607-tf-type": ("tf", written("tf/modules/documents/more.tf", b'resource "aws_glue_job" "more" {}\n')),
    "W608-cfn-comment": ("cfn", replaced(QUEUE, "Resources:", "# A comment.\nResources:")),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_told(name: str, project: Path, capsys: pytest.CaptureFixture[str], accept: bool) -> None:
    target, edit = CASES[name]
    edit(project / "generated")
    run = Run(capsys, "--target", target)
    code = name.partition("-")[0]
    assert f"[{code}]" in run.err, run.err
    assert run.code == (0 if code.startswith("W") else 2)
    told = re.sub(r"in \d+\.\d s$", "in N s", f"{run.err}---\n{run.out}", flags=re.MULTILINE)
    expected = HERE / "expected" / f"{name}.txt"
    if accept:
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(told, encoding="utf-8")
    assert told == expected.read_text(encoding="utf-8")
    for word in ("Traceback", "Node(", "Reference(", "lenie.compiler", "None"):
        assert word not in told


def test_every_code_has_a_case() -> None:
    # E610 and those after it are of `lenie diff`.
    codes = {code for code in explanations() if code[1:3] == "60"}
    assert codes == {name.partition("-")[0] for name in CASES}
    assert {path.stem for path in (HERE / "expected").iterdir()} == set(CASES)


def test_nothing_to_tell(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "--target", "tf")
    assert (run.code, run.err) == (0, "")
    table = run.out.splitlines()
    assert table[:3] == ["component  tf", "errors     4 equal", "documents  6 equal"]
    assert re.fullmatch(r"tf in dev, prod: 10 resources with 67 values compared, no difference, .*", table[-1])


def test_one_environment(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced("cfn/parameters/prod.json", '"two@example.com"', '"three@example.com"')(project / "generated")
    assert Run(capsys, "--target", "cfn", "--env", "dev").code == 0
    run = Run(capsys, "--target", "cfn", "--env", "prod")
    assert run.code == 2
    assert "cfn in prod: " in run.out


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    CASES["E601-cfn-value"][1](project / "generated")
    run = Run(capsys, "--target", "cfn", "--format", "json")
    report = json.loads(run.out)
    assert run.err == ""
    assert (run.code, report["exit_code"], report["environments"][:2]) == (2, 2, ["dev", "prod"])
    (target,) = report["targets"]
    (found,) = target["differences"]
    assert found["property"] == "VisibilityTimeout"
    assert (found["expected"], found["actual"]) == ("360", "30")
    assert found["environments"] == ["dev", "prod", "dev with defaults", "dev with other parameters"]
    line = (project / found["place"]["file"]).read_text().splitlines()[found["place"]["line"] - 1]
    assert line.strip() == "VisibilityTimeout: 30"
    assert (found["spec"]["file"], found["spec"]["line"]) == ("spec/lenie.yaml", line_of("visibility: 360s"))
    assert [one["result"] for one in target["components"]] == ["4 equal", "1 differ"]
    assert target["edited"] == [found["place"]]


def line_of(words: str) -> int:
    return next(n for n, line in enumerate(SPEC.read_text().splitlines(), start=1) if words in line)


def test_sarif(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    CASES["E601-cfn-value"][1](project / "generated")
    run = Run(capsys, "--target", "cfn", "--format", "sarif")
    log = json.loads(run.out)
    assert (run.code, run.err, log["version"]) == (2, "", "2.1.0")
    (part,) = log["runs"]
    assert [rule["id"] for rule in part["tool"]["driver"]["rules"]] == ["E601"]
    (result,) = part["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("E601", 0, "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"generated/{QUEUE}"
    assert place["region"]["startLine"] == place["region"]["endLine"]
    related = result["relatedLocations"][0]["physicalLocation"]
    assert related["artifactLocation"]["uri"] == "spec/lenie.yaml"


def test_github(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    CASES["E601-cfn-value"][1](project / "generated")
    run = Run(capsys, "--target", "cfn", "--format", "github")
    assert (run.code, run.err) == (2, "")
    (line,) = run.out.splitlines()
    assert re.match(
        rf"::error file=generated/{QUEUE},line=\d+,endLine=\d+,title=E601::cfn: VisibilityTimeout of ", line
    )
    assert "%0A" in line


@pytest.mark.parametrize("style", ["json", "sarif", "github"])
def test_formats_without_findings(project: Path, capsys: pytest.CaptureFixture[str], style: str) -> None:
    run = Run(capsys, "--target", "cfn", "--format", style)
    assert (run.code, run.err) == (0, "")
    assert run.out == "" if style == "github" else json.loads(run.out)


@pytest.mark.parametrize("style", ["text", "json", "sarif", "github"])
def test_a_spec_with_errors(project: Path, capsys: pytest.CaptureFixture[str], style: str) -> None:
    (project / "spec" / "lenie.yaml").write_text("version: 2\n")
    run = Run(capsys, "--format", style)
    assert run.code == 1
    assert "E20" in run.out + run.err
    if style != "text":
        assert run.err == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--target", "nothing"], 'there is no target "nothing"'),
        (["--env", "nothing", "--target", "cfn"], 'there is no environment "nothing"'),
        (["--format", "xml"], '"xml" is not possible for --format'),
        (["--out", ""], "--out is empty"),
        (["--spec", "missing.yaml"], "missing.yaml"),
    ],
)
def test_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    run = Run(capsys, *arguments)
    assert run.code == 3
    assert words in run.err


def test_a_missing_tool(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for by name, it is an error; else a warning, and the other targets are verified."""
    run = Run(capsys, "--target", "cdk", "--cdk-python", "nowhere/python")
    assert run.code == 3
    assert "error[E916]: cdk: not verified: no Python with aws-cdk-lib (looked for it at nowhere/python)" in run.err
    assert "generated/cdk/requirements.txt" in run.err
    run = Run(capsys, "--cdk-python", "nowhere/python")
    assert run.code == 0
    assert "warning[W916]" in run.err
    assert "cfn, tf in dev, prod: 20 resources" in run.out
    report = json.loads(Run(capsys, "--cdk-python", "nowhere/python", "--format", "json").out)
    assert [one["target"] for one in report["not_verified"]] == ["cdk"]


def test_a_difference_counts_more_than_a_missing_tool(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    CASES["E601-cfn-value"][1](project / "generated")
    assert Run(capsys, "--cdk-python", "nowhere/python").code == 2


def test_a_missing_app_needs_no_tool(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    removed("cdk")(project / "generated")
    run = Run(capsys, "--target", "cdk", "--cdk-python", "nowhere/python")
    assert run.code == 2
    assert '"generated/cdk/app.py" is missing' in run.err


@pytest.mark.slow
def test_an_app_that_cannot_be_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    python = HERE.parents[2] / ".venv-cdk" / "bin" / "python"
    replaced("cdk/stacks/documents.py", "super().__init__(", "raise ValueError('broken')\n        super().__init__(")(
        project / "generated"
    )
    run = Run(capsys, "--target", "cdk", "--cdk-python", str(python))
    assert run.code == 2
    assert "error[E606]: cdk: the app cannot be synthesised: ValueError: broken" in run.err
    assert "generated/cdk/stacks/documents.py:" in run.err
    assert "Traceback" not in run.err


# Whatever stands in generated/: a finding, and no traceback.


@pytest.fixture(scope="module")
def small(compiled: Path) -> Graph:
    graph = front(compiled / "spec" / "lenie.yaml").graph
    assert graph is not None
    return graph


FILES = [QUEUE, "cfn/manifest.json", "cfn/parameters/dev.json", MODULE, "tf/main.tf", "tf/environments/dev.tfvars"]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(FILES),
    start=st.floats(0, 1),
    length=st.integers(0, 60),
    text=st.one_of(st.text(max_size=8), st.sampled_from(list("{}[]()\"'!&*#|>-:=,$\n\t\\<"))),
)
def test_damaged_files_are_told(
    compiled: Path, small: Graph, tmp_path: Path, file: str, start: float, length: int, text: str
) -> None:
    target = file.partition("/")[0]
    root = tmp_path / "damaged"
    if not root.exists():
        shutil.copytree(compiled / "generated", root)
    path = root / file
    before = path.read_text(encoding="utf-8")
    at = int(start * len(before))
    path.write_text(before[:at] + text + before[at + length :], encoding="utf-8", errors="surrogatepass")
    try:
        Verification(small, small.environments).target(target, root / target, target)
    finally:
        path.write_text(before, encoding="utf-8")


@pytest.mark.parametrize("target", ["cfn", "tf"])
@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"\xef\xbb\xbf", b"[]", b"{}", b"null", b"1", b'"x"', b"- a\n"])
def test_files_of_another_kind_are_told(
    target: str, content: bytes, compiled: Path, small: Graph, tmp_path: Path
) -> None:
    for file in FILES:
        if not file.startswith(target):
            continue
        root = tmp_path / file.replace("/", "-")
        shutil.copytree(compiled / "generated" / target, root)
        (root / file.partition("/")[2]).write_bytes(content)
        verdict = Verification(small, small.environments).target(target, root, target)
        assert verdict.differences or verdict.problems, file


def test_directories_in_the_place_of_files(compiled: Path, small: Graph, tmp_path: Path) -> None:
    for file in FILES:
        target, _, inner = file.partition("/")
        root = tmp_path / file.replace("/", "-")
        shutil.copytree(compiled / "generated" / target, root)
        (root / inner).unlink()
        (root / inner).mkdir()
        verdict = Verification(small, small.environments).target(target, root, target)
        assert verdict.differences or verdict.problems, file


@pytest.mark.parametrize("file", [*FILES, "cdk/stacks/documents.py"])
@pytest.mark.parametrize("how", ["pipe", "device"])
def test_what_is_no_file_is_told_and_never_read(
    file: str, how: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "generated" / file
    path.unlink()
    if how == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    run = Run(capsys, "--target", file.partition("/")[0])
    assert run.code == 2
    assert run.err.count("error[") == 1
    assert "this is neither a file nor a directory" in run.err
    assert f"--> generated/{file}:1:1" in run.err


@pytest.mark.parametrize("content", [b"\xff", b"<<<<<<< one\n", None])
def test_values_that_cannot_be_read_are_told_once(
    content: bytes | None, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What follows from them, that variables have no value, is not told as well."""
    for name in ("dev", "prod"):
        path = project / "generated/tf/environments" / f"{name}.tfvars"
        path.unlink()
        if content is not None:
            path.write_bytes(content)
    run = Run(capsys, "--target", "tf")
    assert run.code == 2
    assert run.err.count("error[") == 2, run.err
    assert "dev.tfvars" in run.err
    assert "prod.tfvars" in run.err


def test_the_line_of_an_edit_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(MODULE, "  visibility_timeout", "  # More.\n  visibility_timeout")(project / "generated")
    run = Run(capsys, "--target", "tf")
    assert run.code == 0
    lines = (project / "generated" / MODULE).read_text(encoding="utf-8").splitlines()
    assert f"generated/{MODULE}:{lines.index('  # More.') + 1}:3" in run.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--target", "cfn", "--target", "tf"), "cfn, tf in dev, prod: "),
        (("--target", "tf,cfn"), "cfn, tf in dev, prod: "),
        (("--target", "tf", "--target", "cfn,tf", "--env", "dev"), "cfn, tf in dev: "),
        (("--target", "tf", "--env", "prod", "--env", "dev"), "tf in dev, prod: "),
        (("--target", "tf", "--env", "prod,prod"), "tf in prod: "),
    ],
)
def test_several_targets_and_environments(
    arguments: tuple[str, ...], told: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(capsys, *arguments)
    assert run.code == 0
    assert run.out.splitlines()[-1].startswith(told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--target", "cfn,"), "--target names nothing in one place"),
        (("--target", "cfn", "--target", "tff"), 'there is no target "tff"'),
        (("--env", "dev,stage"), 'there is no environment "stage"'),
        (("--env", ""), "--env names nothing in one place"),
    ],
)
def test_wrong_targets_and_environments(
    arguments: tuple[str, ...], told: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(capsys, *arguments)
    assert run.code == 3
    assert told in run.err


def test_values_are_told_in_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run: Any = Run(capsys, "--target", "cfn")
    assert run.code == 0
    replaced(QUEUE, "- !Ref DocumentsQueue\n", "- !GetAtt DocumentsQueue.Arn\n")(project / "generated")
    run = Run(capsys, "--target", "cfn")
    assert "${documents.DocumentsQueue.Arn}" in run.err
    assert "${documents.DocumentsQueue.Ref}" in run.err
