"""Clients that post documents at the same time."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from e2e.system import ADD, System


@dataclass
class Posted:
    """What came of it."""

    seconds: float = 0.0
    urls: set[str] = field(default_factory=set)
    #: Seconds that each request took.
    latencies: list[float] = field(default_factory=list)
    #: Status and body of what was no success.
    failures: list[tuple[int, str]] = field(default_factory=list)


def post_documents(system: System, count: int, clients: int) -> Posted:
    """Post so many documents, each once, from so many clients with a connection each."""
    place, key = urlsplit(system.apis[ADD]["url"]), system.apis[ADD]["key"]
    numbers, lock, posted = iter(range(count)), threading.Lock(), Posted()

    def client() -> None:
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            url = f"https://example.com/load/{number}"
            body = json.dumps({"url": url, "type": "webpage", "text": f"Text {number}"})
            began = time.perf_counter()
            connection.request(
                "POST", f"{place.path}/url_add", body, {"x-api-key": key, "Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            text = answer.read().decode()
            took = time.perf_counter() - began
            with lock:
                posted.latencies.append(took)
                if answer.status == 200 and json.loads(text)["queued"]:
                    posted.urls.add(url)
                else:
                    posted.failures.append((answer.status, text))
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    posted.seconds = time.perf_counter() - began
    return posted
