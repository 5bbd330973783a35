"""The search for similar documents among 10 000 embeddings: by the index, and without it, in a real PostgreSQL.

The server is that of the tests. The vectors are random, and the same in every run. A benchmark reports, and never fails
a build.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "lambdas")]

from lambdas.postgres import Server  # noqa: E402
from library.kinds import DIMENSIONS  # noqa: E402
from library.migrations import migrate  # noqa: E402
from library.similar import nearest  # noqa: E402

VECTORS, SEARCHES = 10_000, 40
MODEL = "text-embedding-ada-002"


def fill(server: Server) -> float:
    """Insert the documents and their embeddings; return the seconds that the index takes."""
    ((index,),) = server.execute("SELECT pg_get_indexdef('websites_embeddings_nearest'::regclass)")
    server.execute(
        "DROP INDEX websites_embeddings_nearest",
        "ALTER TABLE websites_embeddings SET (parallel_workers = 2)",
        "INSERT INTO web_documents (url, document_type)"
        f" SELECT 'https://example.com/' || n, 'link' FROM generate_series(1, {VECTORS}) n",
        "SELECT setseed(0.5)",
        "INSERT INTO websites_embeddings (website_id, text, embedding, model)"
        f" SELECT n, n::text, ARRAY(SELECT random() - 0.5 + 0 * n FROM generate_series(1, {DIMENSIONS}))::vector,"
        f" '{MODEL}'"
        f" FROM generate_series(1, {VECTORS}) n",
    )
    start = time.perf_counter()
    server.execute(index, "ANALYZE websites_embeddings, web_documents")
    return time.perf_counter() - start


def search(connection: Any, vectors: list[list[float]]) -> list[float]:
    """Return the seconds that each search takes."""
    found = []
    for vector in vectors:
        start = time.perf_counter()
        with connection, connection.cursor() as cursor:
            assert len(nearest(cursor, vector, MODEL, 3)) == 3
        found.append(time.perf_counter() - start)
    return found


def main() -> None:
    """Print the median time of a search with and without the index."""
    server = Server()
    try:
        connection = server.connect()
        migrate(connection)
        built = fill(server)
        chance = random.Random(1)
        vectors = [[chance.uniform(-1, 1) for _ in range(DIMENSIONS)] for _ in range(SEARCHES)]
        with connection, connection.cursor() as cursor:
            cursor.execute("SET search_path TO lenie, public")
        search(connection, vectors[:5])
        indexed = search(connection, vectors)
        with connection, connection.cursor() as cursor:
            cursor.execute("SET enable_indexscan = off")
        scanned = search(connection, vectors)
        connection.close()
    finally:
        server.close()
    print(f"index of {VECTORS} vectors        {built:7.1f} s to build")
    for name, times in (("by the index", indexed), ("without it", scanned)):
        slowest = sorted(times)[int(len(times) * 0.95)]
        print(f"nearest documents, {name:13} {statistics.median(times) * 1000:7.1f} ms (95 %: {slowest * 1000:.1f} ms)")


if __name__ == "__main__":
    main()
