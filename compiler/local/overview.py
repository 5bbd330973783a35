"""What ``lenie local up`` and ``status`` print."""

from __future__ import annotations

from collections.abc import Iterable

from lenie.compiler.local.places import Api, Places
from lenie.compiler.local.session import Session


def overview(session: Session, places: Places, words: str = "") -> list[str]:
    """Return the lines that tell where everything is, and how to begin."""
    state = words or f"runs since {session.since}{'' if session.ready else ', and not all is deployed'}"
    lines = [f"{session.environment} on this machine: {state} (process {session.pid})", ""]
    rows = [("AWS", session.url, "AWS_ENDPOINT_URL; any credentials")]
    rows += [(api.name, api.url, f"x-api-key: {api.key}" if api.key else "no key") for api in places.apis]
    rows += [(database.name, database.url, database.state) for database in places.databases]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines += [f"  {name:{widths[0]}}  {url:{widths[1]}}  {rest}".rstrip() for name, url, rest in rows]
    lines.append("")
    if places.databases:
        lines.append(f"  certificates of databases: {places.databases[0].authority}")
    for queue in places.queues:
        delayed = f", {queue.delayed} delayed for some seconds" if queue.delayed else ""
        lines.append(f"  queue {queue.name}: {queue.waiting} waiting, {queue.in_flight} in work{delayed}")
    for name in places.schedules:
        lines.append(f"  schedule {name}: lenie local fire {name} --wait")
    share = "as long as on AWS" if session.scale == 1 else f"{session.scale:g} of their time on AWS"
    lines.append(f"  waits last {share}")
    example = _example(places.apis)
    return [*lines, "", f"  {example}"] if example else lines


def _example(apis: Iterable[Api]) -> str:
    """Return a call to begin with; nothing if there is none that surely fits.

    What is only read comes first. Nobody knows here which body a route takes, nor what stands for a part of its path.
    """
    for wanted in ("GET", "POST"):
        for api in apis:
            for route in api.routes:
                method, _, path = route.partition(" ")
                if method == wanted and "{" not in path:
                    words = ["curl", *(["-X POST"] if method == "POST" else [])]
                    words += [f"-H 'x-api-key: {api.key}'"] if api.key else []
                    return " ".join([*words, f"{api.url}{path}"])
    return ""
