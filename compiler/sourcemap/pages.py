"""What ``lenie explain CODE`` prints for the codes of ``lenie explain PLACE``."""

from __future__ import annotations

from lenie.compiler.codes import Page

PAGES: dict[str, Page] = {
    "E613": Page(
        "There is no source map",
        "`lenie-compile` writes `sourcemap.json` beside the files of every target. It is missing, or may not be read, "
        "so nobody can tell what a line stems from. The exit code is 2.",
        "rm generated/tf/sourcemap.json; lenie explain generated/tf/main.tf:4\n",
        "lenie-compile --target tf; lenie explain generated/tf/main.tf:4\n",
    ),
    "E614": Page(
        "A source map cannot be understood",
        "The file is no JSON, has another format, or holds something that the compiler would not write: it was edited "
        "or merged by hand, or another version of the compiler wrote it. The message tells what is wrong. Write it "
        "again. The exit code is 2.",
    ),
    "E615": Page(
        "A generated file is not the one that was mapped",
        "Its content has another digest than the source map says: it was edited since the compile, or it is gone. Its "
        "lines may stand anywhere, so nothing is told about them. `lenie-compile --check` shows what was edited, and "
        "`lenie-compile` writes the file again. The exit code is 2.",
    ),
    "E616": Page(
        "The spec has changed since the compile",
        "What the spec says of a component, of parameters or of environments is not what the files were made of. What "
        "is shown is true of the files as they are; the places in the spec are those of then, looked up in the spec "
        "of now. Comments, empty lines and other components do not count. The exit code is 2.",
        "lenie explain generated/tf/modules/vpc/main.tf:42  # after an edit of the component in the spec\n",
        "lenie-compile; lenie explain generated/tf/modules/vpc/main.tf:42\n",
    ),
}
