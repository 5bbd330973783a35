"""Stacks that `cdk deploy` cannot send: a template above 51 200 bytes has to come from a bucket."""

from __future__ import annotations

from lenie.compiler.diagnostics import Report
from lenie.compiler.graph import Graph
from lenie.targets.cdk.stack import Stack
from lenie.targets.wiring.names import assign_names
from lenie.targets.wiring.stack import MAX_DIRECT_BYTES

#: The estimate is within a tenth of the size, for stacks of every kind.
_NEAR = 0.88
_CLOSING = frozenset(")]}")


def check_size(graph: Graph, stack: Stack, report: Report) -> None:
    """Report W515 if the template of `stack` is too large to be sent; the command line of CDK sends it as YAML."""
    if _estimate(stack) < _NEAR * MAX_DIRECT_BYTES:
        return
    # It may be. What the CloudFormation target writes is the same template, with parameters and comments.
    from lenie.targets.cfn.template import build_template

    template = build_template(graph, stack.component, assign_names(graph), Report(report.tree))
    if template.bytes > MAX_DIRECT_BYTES:
        name = stack.component.name
        report.add(
            "W515",
            f'the template of "{name}" has about {template.bytes} bytes: above {MAX_DIRECT_BYTES} it needs a bucket',
            stack.component.path,
            key=True,
            help="run `cdk bootstrap` once for the account and region, or divide the component",
        )


def _estimate(stack: Stack) -> int:
    """Return about how many bytes the template has as YAML, judged by its code."""
    total = sum(len(line) + 10 for line in stack.constants)
    for line in stack.body:
        code = line.lstrip()
        if code[:1] not in _CLOSING:
            # YAML is indented half as deep, and has no quotes around keys, and no commas.
            total += len(code) + (len(line) - len(code) - 8) // 2 - (5 if '": ' in code else 3)
    return total
