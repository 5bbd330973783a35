"""What `lenie explain CODE` prints for the codes of a whole pass; a rule documents its code in its own module."""

from __future__ import annotations

import textwrap
from typing import NamedTuple


class Page(NamedTuple):
    """The page of one code: why it is an error, YAML that shows it, and YAML that does not."""

    title: str
    why: str
    wrong: str = ""
    right: str = ""

    @property
    def text(self) -> str:
        """The page without its title."""
        parts = ["\n".join(textwrap.wrap(self.why, 100))]
        for heading, example in (("Wrong:", self.wrong), ("Right:", self.right)):
            if example:
                parts.append(f"{heading}\n\n{textwrap.indent(example, '    ').rstrip()}")
        return "\n\n".join(parts)


PAGES: dict[str, Page] = {
    "E101": Page(
        "The spec file cannot be read",
        "The file is missing, is a directory, or may not be read by you. Nothing is wrong with the spec itself, so "
        "the exit code is 3 and not 1.",
    ),
    "E102": Page(
        "The file is not UTF-8",
        "YAML is Unicode text, and this compiler reads it as UTF-8, with or without a byte order mark. Editors on "
        "Windows sometimes save UTF-16 or a national code page: save the file as UTF-8.",
    ),
    "E103": Page(
        "The file is not valid YAML",
        "A quote or a bracket is not closed, the indentation does not fit, or text that holds characters with a "
        "meaning in YAML stands without quotes. The most frequent case is an expression inside braces or brackets, "
        "where its own braces would end the mapping.",
        "resources:\n  add: {kind: function, bucket: ${website.name}}\n",
        'resources:\n  add: {kind: function, bucket: "${website.name}"}\n',
    ),
    "E104": Page(
        "A tab is used as indentation",
        "YAML allows only spaces there, because the width of a tab is a setting of each editor.",
        "components:\n\tvpc: {layer: networking}\n",
        "components:\n  vpc: {layer: networking}\n",
    ),
    "E105": Page(
        "A key is written twice",
        "Most readers of YAML silently keep the last value, so a resource or a setting would be lost.",
        "resources:\n  documents: {kind: queue}\n  documents: {kind: topic}\n",
        "resources:\n  documents: {kind: queue}\n  documents-topic: {kind: topic}\n",
    ),
    "E106": Page(
        "Anchors, aliases and merge keys are not part of the language",
        "They make text in one place change the meaning of another, a merged value has no place of its own that an "
        "error could point at, and a few lines of them can expand to gigabytes. What resources of a kind share is "
        "written once under `defaults:`.",
        "resources:\n  first: &queue {kind: queue, retention: 14d}\n  second: *queue\n",
        "defaults:\n  queue: {retention: 14d}\nresources:\n  first: {kind: queue}\n  second: {kind: queue}\n",
    ),
    "E107": Page(
        "A value does not mean the same to every reader of YAML",
        "YAML 1.1 reads yes, on and 12:30:45 as a truth value and a number, YAML 1.2 as text; 022 is 18 to the one "
        "and 22 to the other; 3.10 is the number 3.1 to both, and an account id loses its leading zeros. So what "
        "is not text is written in one way only: true, false, null, 42, 0.5. Everything that could be taken for "
        "one of them needs quotes.",
        "environment: {DEBUG: yes, ACCOUNT: 000123456789, VERSION: 3.10}\n",
        'environment: {DEBUG: "yes", ACCOUNT: "000123456789", VERSION: "3.10"}\n',
    ),
    "E108": Page(
        "Tags are not part of the language",
        "A word that starts with ! is a type in YAML. CloudFormation's short functions, such as !Ref, are tags: "
        "here a reference is an expression.",
        "environment:\n  BUCKET_NAME: !Ref website\n",
        "environment:\n  BUCKET_NAME: ${website.name}\n",
    ),
    "E109": Page(
        "The spec is empty, or is not a mapping",
        "The file holds one mapping, with the keys version, project, region, components and others.",
        "- version: 1\n",
        "version: 1\n",
    ),
    "E110": Page(
        "The file is too large, or nested too deeply",
        "A spec has at most 2 MB and 100 levels. A file beyond that is not a spec, and would only take long to refuse.",
        "a: " + "[" * 100 + "]" * 100 + "\n",
        "a: [[]]\n",
    ),
    "E111": Page(
        "The file holds more than one document",
        "A line with --- starts another YAML document. The spec is one document, and a second one would be ignored.",
        "version: 1\n---\nproject: lenie\n",
        "version: 1\nproject: lenie\n",
    ),
}
