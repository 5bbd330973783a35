"""A route of an API can be called without a key.

The API is the security boundary: behind it, functions trust their caller. So every method but `OPTIONS` (which browsers
send without a key, and which the compiler adds) needs an API key. A key alone is no login: it names the caller, so that
a usage plan can slow it down, and it can be taken back.
Source: Amazon API Gateway Developer Guide, "Usage plans and API keys for REST APIs in API Gateway".

Wrong:

    app:
      kind: api
      routes:
        GET /list: {function: app, key: false}

Right:

    app:
      kind: api
      routes:
        GET /list: app

Waive it where a route is meant for everybody:

    app: {kind: api, waive: {E311: the health check answers without data}, ...}
"""

from __future__ import annotations

from lenie.compiler.kinds.api import Api
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E311"


def check(program: Program, finding: Finding) -> None:
    """Report routes that need no API key."""
    for declaration, api in program.of(Api):
        for route in api.parsed_routes():
            if not route.key:
                finding(
                    f"{route.method} {route.path} can be called by anybody",
                    (*declaration.path, "routes", route.source, "key"),
                    help="leave key out; if the route is meant for everybody, waive E311 with the reason",
                )
