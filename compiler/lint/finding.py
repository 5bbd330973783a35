"""What a tool says about a generated file, in words that all tools share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lenie.compiler.diagnostics import Severity
from lenie.compiler.span import Path


class Region(NamedTuple):
    """A region of a generated file, counted from 1; `column` 0 stands for whole lines, and `line` 0 for no place."""

    #: Path below the target's directory.
    path: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0


class Finding(NamedTuple):
    """One finding of one tool about the files of one target."""

    tool: str
    target: str
    #: The tool's name for what it checks: ``E3012``, ``CKV_AWS_53``; empty if it has none.
    rule: str
    severity: Severity
    message: str
    region: Region = Region()
    component: str = ""
    #: Of the resource, where the tool tells it; else it follows from the region.
    logical_id: str = ""
    #: Path of the property, by CloudFormation's names.
    property: Path = ()
    #: Name of the attribute or block in Terraform, if that is what the tool tells.
    attribute: str = ""
    #: Environments that it was found in, for a tool that looks at each on its own.
    environments: tuple[str, ...] = ()
    #: Page of the rule.
    url: str = ""
    #: Why it is accepted where it was found, if it is.
    accepted: str | None = None


@dataclass(slots=True)
class Result:
    """What running a tool on a target gave."""

    findings: list[Finding] = field(default_factory=list)
    #: A part of its work that it could not do, with what helps: message, help.
    undone: list[tuple[str, str]] = field(default_factory=list)


class Missing(Exception):
    """A tool is not there; `help` says how to get it."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Failed(Exception):
    """A tool crashed, did not end, or printed something that it should not; `words` are its last ones, if there are."""

    def __init__(self, message: str, words: str = "", *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help or (f"it says: {words}" if words else "")
