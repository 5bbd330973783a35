"""What ``lenie local up`` and ``status`` print."""

from __future__ import annotations

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
    tried = next((api for api in places.apis if api.key and len(api.routes) == 1), None)
    if tried is not None:
        lines += ["", *_example(tried)]
    return lines


def _example(api: Api) -> list[str]:
    method, _, path = api.routes[0].partition(" ")
    body = """ -d '{"url": "https://example.com/", "type": "link"}'""" if method == "POST" else ""
    return [f"  curl -X {method} -H 'x-api-key: {api.key}' {api.url}{path}{body}"]
