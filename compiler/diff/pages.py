"""What ``lenie explain CODE`` prints for the codes of ``lenie diff``."""

from __future__ import annotations

from lenie.compiler.codes import Page

PAGES: dict[str, Page] = {
    "E610": Page(
        "The revision to compare with cannot be read",
        "The spec and its sources as they were are read from git. There is no git on the PATH, the spec is not in a "
        "repository, the revision does not exist in it (a shallow clone, as continuous integration often has, lacks "
        "older ones), or git refuses, which the message tells. The working tree need not be clean, and is never "
        "touched. The exit code is 3.",
        "lenie diff --against mian\n",
        "lenie diff --against main\n",
    ),
    "E611": Page(
        "There is no spec to compare with in the revision",
        "The file did not exist then, or this version of lenie finds an error in it: only two specs that compile can "
        "be compared. The functions' sources must be in the repository, too, since the digests of packages depend on "
        "them. Compare with a later revision. The exit code is 3.",
    ),
    "E612": Page(
        "The change does what --fail-on does not let pass",
        "`--fail-on replace` stops at a resource that is replaced, or may be, or moves to another component: what it "
        "holds, its name and its address may be lost. `--fail-on remove` stops at a removed resource as well, also at "
        "one that its policy keeps; `--fail-on change` at any change. Nothing is wrong with the spec: look at the "
        "comparison, and go on without the option if the change is meant. The exit code is 2.",
    ),
}
