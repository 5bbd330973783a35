"""What `lenie explain CODE` prints for what ``lenie lint`` tells."""

from __future__ import annotations

from lenie.compiler.codes import Page

_PLACE = (
    "The first place is in the spec: the field that made the property, if the tool tells the property and the spec has "
    "a field for it, and else the resource. The other places are in the generated files, one for each target in which "
    "the same was found."
)

PAGES: dict[str, Page] = {
    "E620": Page(
        "A tool found an error in a generated file",
        "`lenie lint` runs cfn-lint, terraform, checkov and the validator of CDK. This is what one of them said, or "
        f"several; the name of the rule stands behind it. {_PLACE} Findings of checkov and cfn-lint can be accepted in "
        "the spec with a reason, under `waive`. The exit code is 2.",
        "documents: {kind: queue}\n",
        'documents: {kind: queue, waive: {CKV_AWS_27: "SQS encrypts it with a key of its own"}}\n',
    ),
    "W621": Page(
        "A tool warns of something in a generated file",
        f"As E620, but the tool itself calls it a warning, or a remark. {_PLACE} The exit code is 2; with remarks "
        "only, it is 0.",
    ),
    "E623": Page(
        "A tool failed",
        "The tool crashed, did not end in time (see `--time-limit`), or printed something that is not what its "
        "documentation says. Its last words are shown. What other tools found is told all the same; but nothing is "
        "known of what this one would have found, so the exit code is 2, or 3 if no tool came to its end.",
    ),
    "E624": Page(
        "A tool that was asked for is missing, or cannot do its work",
        "`--tool` names a tool that is not on this machine; the message says how to get it. Terraform also needs the "
        "provider, which `terraform init` fetches from the registry, or takes from a mirror or a program that is "
        "initialised. The exit code is 3.",
    ),
    "W624": Page(
        "A tool is missing, or could not do all of its work",
        "The others ran. Name the tool with `--tool` to have exit code 3 instead; the message says what is lacking. "
        "Terraform also needs the provider, which `terraform init` fetches from the registry, or takes from a mirror "
        "or a program that is initialised.",
    ),
    "W625": Page(
        "Generated files are not what the spec compiles to",
        "Tools read what is on the disk. Files that are stale, edited by hand, missing or unknown are judged as they "
        "are, but lines of the spec can only be found for what a fresh compile would write at their place. Compile "
        "first, or see with `lenie verify` what the difference means. The exit code is 2.",
    ),
    "E626": Page(
        "There are no generated files",
        "The target's directory is missing or empty, so that no tool has anything to look at. Compile first, or name "
        "the directory with `--out`. The exit code is 2.",
    ),
    "E627": Page(
        "A target's directory holds something that no tool can read",
        "A named pipe, a socket or a device stands there, perhaps at the place of a file. A tool that reads it would "
        "wait for ever, so none is run on this target. The exit code is 2.",
    ),
}
