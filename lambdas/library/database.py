"""The connection to PostgreSQL: TLS that is verified, a token of IAM as password, one connection in a container."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import psycopg2
from botocore.exceptions import BotoCoreError

from library.errors import DatabaseUnavailable, LoginRefused, MissingSetting
from library.logs import describe, logger
from library.migrations import SCHEMA
from library.settings import client, setting

if TYPE_CHECKING:
    from psycopg2 import extensions

Result = TypeVar("Result")

#: Root certificates of the region; POSTGRESQL_SSLROOTCERT names others.
CERTIFICATES = Path(__file__).with_name("rds_us_east_1.pem")
#: Seconds to wait for a connection (twice at worst), and milliseconds for a statement: API Gateway waits for 29 s.
_CONNECT, _STATEMENT = 5, 10_000
#: What libpq says of a server that answers, and lets nobody in: it is not stopped, and waiting does not help.
_REFUSALS = (
    "authentication failed",
    "no pg_hba.conf entry",
    "does not exist",
    "is not permitted to log in",
    "permission denied",
    "certificate verify failed",
    "does not match host name",
    "root certificate file",
    "does not support SSL",
)
_held: list[extensions.connection] = []


def connect() -> extensions.connection:
    """Return a new connection.

    Source: "Connecting to your DB instance using IAM authentication and the AWS SDK for Python", Amazon RDS User Guide.

    Raises:
        DatabaseUnavailable: if there is none to be had, as when the database is stopped.
        LoginRefused: if the database does not let the function in.
        MissingSetting: if a setting is missing or wrong.
    """
    host, port, user = setting("POSTGRESQL_HOST"), _port(), setting("POSTGRESQL_USER")
    try:
        token = client("rds").generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user)
    except BotoCoreError as error:
        raise DatabaseUnavailable("There is no token for the database") from error
    try:
        return psycopg2.connect(
            host=host,
            port=port,
            dbname=setting("POSTGRESQL_DATABASE"),
            user=user,
            password=token,
            sslmode="verify-full",
            sslrootcert=_certificates(),
            connect_timeout=_CONNECT,
            tcp_user_timeout=10_000,
            application_name="lenie",
            options=f"-c search_path={SCHEMA},public -c statement_timeout={_STATEMENT}",
        )
    except psycopg2.OperationalError as error:
        if any(words in str(error) for words in _REFUSALS):
            raise LoginRefused("The database does not let the function in") from error
        raise DatabaseUnavailable("The database is stopped or out of reach") from error


def _port() -> int:
    text = setting("POSTGRESQL_PORT")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise MissingSetting("POSTGRESQL_PORT is no port")
    return int(text)


def _certificates() -> str:
    try:
        return setting("POSTGRESQL_SSLROOTCERT")
    except MissingSetting:
        return str(CERTIFICATES)


def transaction(work: Callable[[extensions.cursor], Result]) -> Result:
    """Return the result of `work` in a transaction; when the connection was lost, of another attempt on a new one.

    `work` must bear to be repeated: the answer to a commit may be what was lost.

    Raises:
        DatabaseUnavailable: if the connection is lost again, there is none, or a statement takes too long.
    """
    for attempt in (1, 2):
        connection = _held[0] if _held else _hold(connect())
        try:
            with connection, connection.cursor() as cursor:
                return work(cursor)
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            # A statement that took too long leaves the connection as it was.
            if not connection.closed:
                if isinstance(error, psycopg2.errors.QueryCanceled):
                    raise DatabaseUnavailable("The database did not answer in time") from error
                raise
            release()
            logger.warning("The connection was lost", extra={"attempt": attempt, **describe(error)})
            lost = error
    raise DatabaseUnavailable("The connection to the database was lost") from lost


def _hold(connection: extensions.connection) -> extensions.connection:
    _held[:] = [connection]
    return connection


def release() -> None:
    """Close the connection that is held, if there is one."""
    while _held:
        _held.pop().close()
