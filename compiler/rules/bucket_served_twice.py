"""Two CDNs serve one bucket.

A bucket has one policy, and that of a served bucket names the one distribution that may read it. A second CDN would
overwrite the policy of the first one, which then answers every request with 403.
Source: Amazon S3 API Reference, "PutBucketPolicy" (the new policy replaces the old one).

Wrong:

    charts:   {kind: cdn, origin: helm, ...}
    packages: {kind: cdn, origin: helm, ...}

Right: a bucket for each CDN.

    charts:   {kind: cdn, origin: helm, ...}
    packages: {kind: cdn, origin: packages-content, ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.cdn import Cdn
from lenie.compiler.program import Declaration, Program
from lenie.compiler.rules import Finding

CODE = "E335"


def check(program: Program, finding: Finding) -> None:
    """Report every CDN over a bucket but the first."""
    first: dict[str, Declaration] = {}
    for declaration, cdn in program.of(Cdn):
        other = first.setdefault(cdn.origin.name, declaration)
        if other is not declaration:
            finding(
                f'"{cdn.origin.name}" is served by "{other.name}" already',
                declaration.at("origin"),
                also=[(other.at("origin"), "the first one")],
                help="give each cdn a bucket of its own",
            )
