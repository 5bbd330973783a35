"""What a layer's requirements.txt may say, and how it is told what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from lenie.compiler.diagnostics import SpecError
from lenie.compiler.packaging.requirements import Pin, read

HASH = "sha256:" + "0123456789abcdef" * 4


def pins(tmp_path: Path, text: str) -> list[Pin]:
    (tmp_path / "r.txt").write_bytes(text.encode())
    return read(tmp_path / "r.txt", "lambdas/r.txt")


def fault(tmp_path: Path, text: str) -> tuple[str, int, str]:
    with pytest.raises(SpecError) as caught:
        pins(tmp_path, text)
    found = caught.value.diagnostic
    assert found.code == "E701"
    assert found.labels[0].span.file == "lambdas/r.txt"
    assert found.help
    return found.message, found.labels[0].span.line, found.help


def test_pins(tmp_path: Path) -> None:
    text = "\ufeff# first\nRequests==2.34.2  # why\r\n\nTyping_Extensions == 4.16.0\n"
    text += "lxml[html_clean]==6.1.3; python_version > '3'\n"
    found = pins(tmp_path, text)
    assert [(pin.name, pin.version, pin.line) for pin in found] == [
        ("requests", "2.34.2", 2),
        ("typing-extensions", "4.16.0", 4),
        ("lxml", "6.1.3", 5),
    ]
    assert found[2].extras == {"html_clean"}
    assert str(found[2].marker) == 'python_version > "3"'
    assert not any(pin.hashes for pin in found)
    assert pins(tmp_path, f"a==1 \\\n  --hash={HASH} \\\n  --hash={HASH}\nb==1.0.post1 --hash={HASH}")[0].hashes == (
        HASH,
        HASH,
    )


def test_a_package_may_stand_twice_with_other_markers(tmp_path: Path) -> None:
    assert len(pins(tmp_path, "a==1; python_version < '3'\na==2; python_version >= '3'\n")) == 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a==1\nrequests>=2\n", 2, '"requests" is not pinned'),
        ("requests\n", 1, '"requests" is not pinned'),
        ("requests==2.*\n", 1, '"requests" is not pinned'),
        ("requests==2,!=3\n", 1, '"requests" is not pinned'),
        ("requests===2\n", 1, '"requests" is not pinned'),
        ("-r other.txt\n", 1, "the option -r is not possible here"),
        ("--no-binary :all:\n", 1, "the option --no-binary is not possible here"),
        ("-e .\n", 1, "the option -e is not possible here"),
        ("a==1 --config-settings=x\n", 1, "the option --config-settings=x is not possible here"),
        ("a==1 --hash=md5:0123\n", 1, "the option --hash=md5:0123 is not possible here"),
        ("a @ https://example.com/a-1.whl\n", 1, '"a" comes from an address'),
        ("./a-1.whl\n", 1, '"./a-1.whl" is not a requirement'),
        ("a = 1\n", 1, '"a = 1" is not a requirement'),
        ("a==1\nb==1\nA==2\n", 3, '"a" stands in line 1, too'),
        (f"a==1 --hash={HASH}\nb==2\n", 2, '"b" has no hash, and other packages have'),
    ],
)
def test_faults(tmp_path: Path, text: str, line: int, words: str) -> None:
    message, number, _ = fault(tmp_path, text)
    assert message.startswith(words)
    assert number == line


def test_an_empty_file_pins_nothing(tmp_path: Path) -> None:
    assert pins(tmp_path, "# nothing\n\n") == []
