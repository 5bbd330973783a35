"""What ``lenie sync-documents`` does.

Days are read through the table's index, from the day before the one that the database has come to: a document's time is
made by the function that stores it, so one of a neighbouring moment may have come later. What is there already is known
by its URL, and its content is not fetched. Each batch is one transaction together with the bookmark, so a run that is
interrupted is gone on with by the next.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from lenie.compiler.aws import Account
from lenie.compiler.console import EXIT_FINE, EXIT_STALE, Usage, exit_code, show
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError, suggest
from lenie.compiler.migration.connection import Login, connect, require_driver
from lenie.compiler.migration.place import Endpoint, describe
from lenie.compiler.pipeline import front
from lenie.compiler.published import physical_name
from lenie.compiler.summary import sources
from lenie.compiler.synchronisation.project import Library, library, places
from lenie.compiler.synchronisation.source import Content, Source, day_of, days
from lenie.compiler.synchronisation.target import Target

#: Documents of one transaction; of at most 2 MB each.
BATCH = 25
#: Milliseconds to wait for locks.
_LOCKS = 10_000


class Request(NamedTuple):
    """What the command line asks for."""

    spec: str
    environment: str
    #: The first day; empty to go on from the bookmark.
    since: str
    dry_run: bool
    table: str
    bucket: str
    host: str
    port: int
    database: str
    user: str
    ca_file: str
    endpoint: str


class Trouble(NamedTuple):
    """A document that was not taken over as it is, and why."""

    key: str
    url: str
    why: str


class Summary(NamedTuple):
    """What became of the documents. In a dry run, new ones would be taken over."""

    first: date | None
    counts: Counter[str]
    #: Day -> new documents.
    new: Counter[str]
    troubles: list[Trouble]
    #: The first day of older documents that neither this run nor a later one takes over by itself.
    left_out: date | None = None


def run(request: Request, *, as_json: bool) -> int:
    """Do what `request` asks for, and return the exit code: 2 if documents were not taken over as they are."""
    spec = front(Path(request.spec), request.spec)
    found: list[Diagnostic] = [one for one in spec.diagnostics if one.severity is Severity.ERROR]
    summary: Summary | None = None
    if not found:
        try:
            summary = _work(request, spec, silent=as_json)
        except SpecError as error:
            found.append(error.diagnostic)
    status = exit_code(found) if found else EXIT_FINE
    if summary is not None and summary.troubles:
        status = EXIT_STALE
    if as_json:
        _print_json(summary, found, status)
    else:
        if summary is not None:
            _print_text(summary, request.dry_run)
        show(found, sources(spec))
    return status


def _work(request: Request, spec: Any, *, silent: bool) -> Summary:
    graph, program = spec.graph, spec.program
    if request.environment not in graph.environments:
        help = suggest(request.environment, graph.environments, what="environments")
        raise Usage(f'there is no environment "{request.environment}"', help)
    since = _day(request.since) if request.since else None
    table, bucket = places(graph, request.environment, request.table, request.bucket)
    code = library(program.code)
    require_driver()
    account = Account(graph.region, request.endpoint)
    names = (physical_name(account, place, request.environment) for place in (table, bucket))
    source = Source(account, *names)
    described = describe(program)
    user = request.user or described.user
    endpoint = Endpoint(request.host, request.port, user)
    login = Login(endpoint, request.database or described.database, user, request.ca_file, "lenie sync-documents")
    connection = connect(login, graph.region, program.code, lock_timeout=_LOCKS)
    try:
        return synchronise(source, Target(connection, code), code, since, dry_run=request.dry_run, silent=silent)
    finally:
        connection.close()


def synchronise(
    source: Source, target: Target, code: Library, since: date | None, *, dry_run: bool = False, silent: bool = True
) -> Summary:
    """Take over the documents since a day, or since the bookmark; nothing is written in a dry run.

    Raises:
        SpecError: (E911) if AWS refuses, (E913) if the database is lost; what was taken over before stays.
    """
    # A clock that is ahead writes into tomorrow.
    last = datetime.now(UTC).date() + timedelta(days=1)
    reached = day_of(target.bookmark(source.name))
    left_out: date | None = None
    if since is None:
        first = reached - timedelta(days=1) if reached else source.first_day()
        # A key of a day that has not come must not hide the documents of today.
        first = min(first, last - timedelta(days=1)) if first else None
    else:
        oldest = day_of(source.first_key())
        # A day is a question to the table, also one long before there was any document.
        first = max(since, min(oldest, last)) if oldest else since
        known_to = reached or oldest
        left_out = known_to if known_to is not None and known_to < first else None
    summary = Summary(first, Counter(), Counter(), [], left_out)
    if first is None:
        return summary
    with _progress(silent) as bar:
        for day in bar(days(first, last)):
            for page in source.pages(day):
                for start in range(0, len(page), BATCH):
                    _batch(source, target, code, page[start : start + BATCH], summary, day, dry_run=dry_run)
    return summary


def _batch(
    source: Source,
    target: Target,
    code: Library,
    items: list[dict[str, Any]],
    summary: Summary,
    day: date,
    *,
    dry_run: bool,
) -> None:
    """Take over the documents of one transaction."""
    sound = [item for item in items if _sound(item, code, summary)]
    known = target.known([item["url"] for item in sound])
    wanted = {item["url"]: item for item in reversed(sound) if item["url"] not in known}
    summary.counts["known"] += len(sound) - len(wanted)
    # The first document of a URL is the one that stays, as it is in the cloud's database.
    new = [item for item in sound if wanted.get(item["url"]) is item]
    if dry_run:
        _count(summary, day, len(new))
        return
    contents = source.contents([(str(item.get("s3_uuid", "")), _kinds(item, code)) for item in new])
    rows = [_row(item, content, code) for item, content in zip(new, contents, strict=True)]
    last = max((str(item["sk"]) for item in items if day_of(item["sk"])), default="")
    outcomes = target.insert(rows, source.name, last)
    for item, content, outcome in zip(new, contents, outcomes, strict=True):
        if outcome == "known":  # somebody else was faster
            summary.counts["known"] += 1
        elif outcome != "new":
            _trouble(summary, item, outcome)
        else:
            _count(summary, day, 1)
            if content.missing:
                _trouble(summary, item, f"its content is not in S3: {', '.join(content.missing)}")


def _sound(item: dict[str, Any], code: Library, summary: Summary) -> bool:
    """Whether an item describes a document, by the functions' own check."""
    try:
        code.messages.decode(json.dumps(item, default=str))
    except code.errors.MalformedMessage as error:
        _trouble(summary, item, str(error))
        return False
    return True


def _kinds(item: dict[str, Any], code: Library) -> list[str]:
    """Return the suffixes of a document's objects; all that there can be where the item does not say."""
    if item.get("s3_uuid") is None:
        return []
    return [str(kind) for kind in item.get("s3_content") or code.messages.CONTENT]


def _row(item: dict[str, Any], content: Content, code: Library) -> dict[str, Any]:
    row: dict[str, Any] = code.intake.row(item, content.texts)
    if content.missing and (item.get("s3_content") or not content.texts):
        row |= {
            "document_state": "ERROR",
            "document_state_error": f"The content is not in S3: {', '.join(content.missing)}",
        }
    elif content.missing:
        content.missing.clear()
    return row


def _count(summary: Summary, day: date, number: int) -> None:
    if number:
        summary.counts["new"] += number
        summary.new[day.isoformat()] += number


def _trouble(summary: Summary, item: dict[str, Any], why: str) -> None:
    summary.troubles.append(Trouble(str(item.get("sk", "")), str(item.get("url", "")), why))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Usage(f'"{text}" is no date', "such as 2026-11-01") from None
    if day > datetime.now(UTC).date() + timedelta(days=1):
        raise Usage(f"{text} is in the future", "name the first day whose documents are wanted")
    return day


@contextmanager
def _progress(silent: bool) -> Iterator[Any]:
    """Yield what shows the days as a bar on a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if silent or not console.is_terminal:
        yield iter
        return
    yield lambda found: track(found, "days", console=console, transient=True)


def _print_text(summary: Summary, dry_run: bool) -> None:
    would = "would be taken over" if dry_run else "taken over"
    for day, number in sorted(summary.new.items()):
        print(f"{day}  {number} new")
    since = f" since {summary.first}" if summary.first else ""
    print(f"{summary.counts['new']} {would}, {summary.counts['known']} known{since}")
    for key, url, why in summary.troubles:
        print(f"{key}  {url}: {why}")
    if summary.left_out is not None and summary.first is not None:
        until = summary.first - timedelta(days=1)
        print(f"older ones, until {until}, are not looked for later: --since {summary.left_out} takes them over")


def _print_json(summary: Summary | None, found: list[Diagnostic], status: int) -> None:
    from lenie.compiler.render import render_json

    data = {"exit_code": status, "diagnostics": json.loads(render_json(found))}
    if summary is not None:
        data |= {
            "since": summary.first.isoformat() if summary.first else None,
            "left_out_since": summary.left_out.isoformat() if summary.left_out else None,
            "new": summary.counts["new"],
            "known": summary.counts["known"],
            "days": dict(sorted(summary.new.items())),
            "troubles": [trouble._asdict() for trouble in summary.troubles],
        }
    print(json.dumps(data, indent=2))
