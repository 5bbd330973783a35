"""A connection to PostgreSQL whose server is made sure of, and one clear line where there is none."""

from __future__ import annotations

import importlib.util
import ipaddress
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError
from lenie.compiler.migration.place import Endpoint
from lenie.compiler.sources import LIBRARY

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

_CONNECT = 10


class Login(NamedTuple):
    """How a database is entered; what is empty is left to libpq."""

    endpoint: Endpoint
    database: str
    user: str
    #: Root certificates; those of Amazon RDS if empty.
    ca_file: str
    #: What the server's list of sessions calls this one.
    application: str


def require_driver() -> None:
    """Make sure that psycopg2 is installed.

    Raises:
        SpecError: (E913) if it is not.
    """
    if importlib.util.find_spec("psycopg2") is None:
        message = "the driver of PostgreSQL is not installed"
        raise _error(message, f"{sys.executable} -m pip install psycopg2-binary")


def connect(login: Login, region: str, code: Path, *, lock_timeout: int) -> Connection:
    """Return a connection; `lock_timeout` is in milliseconds, `code` is the directory of the project's functions.

    Raises:
        SpecError: (E913) if there is no way in, or nothing to check the server's certificate with.
    """
    import psycopg2

    endpoint = login.endpoint
    options: dict[str, Any] = {
        "host": endpoint.host,
        "port": endpoint.port,
        "dbname": login.database,
        "user": login.user or endpoint.user or None,
        "password": endpoint.password or None,
        "hostaddr": endpoint.address or None,
        "connect_timeout": _CONNECT,
        "application_name": login.application,
        "options": f"-c lock_timeout={lock_timeout}",
        **_tls(login, region, code),
    }
    try:
        connection: Connection = psycopg2.connect(**{n: value for n, value in options.items() if value is not None})
    except psycopg2.OperationalError as error:
        where = f"{endpoint.host}:{endpoint.port}" if not endpoint.address else f"{endpoint.host}, through the tunnel"
        raise _error(f"cannot connect to {where}: {words(error)}", _advice(str(error))) from None
    return connection


def words(error: Exception) -> str:
    """Return what PostgreSQL or libpq says, in one line."""
    lines = [" ".join(line.split()) for line in str(error).splitlines() if line.strip()]
    return "; ".join(lines[:2])[:400] or type(error).__name__


def _tls(login: Login, region: str, code: Path) -> dict[str, str]:
    """Return how the server is made sure of: by its certificate, except on this machine itself."""
    if login.ca_file:
        return {"sslmode": "verify-full", "sslrootcert": login.ca_file}
    if _is_local(login.endpoint.host):
        return {"sslmode": "prefer"}
    bundle = code / LIBRARY / f"rds_{region.replace('-', '_')}.pem"
    if not bundle.is_file():
        message = f"there are no root certificates of {region}: {bundle} does not exist"
        raise _error(message, "download the region's bundle of Amazon RDS, and name it with --ca-file")
    return {"sslmode": "verify-full", "sslrootcert": str(bundle)}


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or host.startswith("/") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _advice(text: str) -> str:
    if "password authentication failed" in text or "no password supplied" in text:
        return "set PGPASSWORD, or a line of ~/.pgpass, to the password of the owner of the database"
    if re.search(r'(?:role|database) ".*" does not exist', text):
        return "--user names the owner of the database, --database the database itself; createdb makes one"
    if "certificate" in text or "SSL" in text:
        return "the server must show a certificate of its name; --ca-file names the roots that it is checked against"
    return "check that the database runs, and that this machine may reach it; --via goes through an instance"


def _error(message: str, help: str) -> SpecError:
    return SpecError(Diagnostic("E913", Severity.ERROR, message, (), help))
