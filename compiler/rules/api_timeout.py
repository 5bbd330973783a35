"""A function behind an API may run for longer than the API waits.

API Gateway waits 29 seconds for an integration, then it answers 504 to its caller. A function that runs longer goes on,
is paid for, and its answer is lost; a caller that tries again starts the work a second time. Long work belongs into a
queue or a workflow.
Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running a REST API in API Gateway" (integration
timeout of a regional API: 29 seconds unless AWS raised it for the account).

Wrong:

    add: {kind: function, timeout: 60s, ...}
    app: {kind: api, routes: {POST /add: add}}

Right:

    add: {kind: function, timeout: 29s, ...}
    app: {kind: api, routes: {POST /add: add}}

Waive it on the function, where another caller needs the longer time:

    add: {kind: function, timeout: 60s, waive: {E312: the workflow calls it with large batches}, ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.api import Api
from lenie.compiler.kinds.function import Function
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E312"
#: Seconds that API Gateway waits for an integration.
LIMIT = 29


def check(program: Program, finding: Finding) -> None:
    """Report functions that an API calls and that may run longer than it waits; once for each function."""
    told: set[str] = set()
    for declaration, api in program.of(Api):
        for route in api.parsed_routes():
            found = program.find(route.function.name, Function)
            if found is None or found[1].timeout <= LIMIT or found[0].name in told:
                continue
            function, model = found
            told.add(function.name)
            finding(
                f'"{function.name}" may run for {model.timeout} s, and API Gateway waits {LIMIT} s for it',
                (*function.path, "timeout"),
                help=f"write timeout: {LIMIT}s, or hand the work to a queue or a workflow",
                also=[((*declaration.path, "routes", route.source), "called here")],
            )
