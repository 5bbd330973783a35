"""``lenie lint``: what other tools say about the generated files, told at the line of the spec.

Each tool has a module that runs it and reads what it prints; `locate` finds the place in the spec, `fold` makes one
diagnostic of what several tools say about the same (ADR 21).
"""

#: Tools by their names, in the order in which they are started: those that take longest first. Each module has `TOOL`.
TOOLS: dict[str, str] = {
    "cdk": f"{__name__}.cdk",
    "checkov": f"{__name__}.checkov",
    "cfn-lint": f"{__name__}.cfnlint",
    "terraform": f"{__name__}.terraform",
}
