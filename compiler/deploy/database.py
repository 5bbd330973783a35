"""A stopped database is started before a change that needs it: RDS changes and deletes no stopped one.

Source: Amazon RDS User Guide, "Stopping an Amazon RDS DB instance temporarily" (limitations).
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from lenie.compiler.deploy.calls import Calls, code_of
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError

TYPE = "AWS::RDS::DBInstance"
#: Seconds until a database that is started must be available; it usually takes minutes.
PATIENCE = 1800.0


def started(calls: Calls, identifiers: Iterable[str]) -> tuple[str, ...]:
    """Make sure that databases are available, and return what was done, for the user.

    Raises:
        SpecError: (E669) if one does not become available in time.
        botocore.exceptions.ClientError: if RDS refuses.
    """
    begun = [identifier for identifier in identifiers if _start(calls, identifier)]
    return tuple(f"the database {one} was stopped; it was started for this, and runs now" for one in begun)


def _start(calls: Calls, identifier: str) -> bool:
    """Return whether the database had to be started; wait for it if so."""
    from botocore.exceptions import ClientError

    begun = False
    deadline = time.monotonic() + PATIENCE
    for pause in calls.pace.pauses():
        status = _status(calls, identifier)
        if status not in ("stopped", "stopping", "starting"):
            return begun
        if status == "stopped":
            try:
                calls("rds", "start_db_instance", DBInstanceIdentifier=identifier)
                begun = True
            except ClientError as error:
                # Somebody was faster.
                if not code_of(error).startswith("InvalidDBInstanceState"):
                    raise
        if time.monotonic() > deadline:
            message = f"the database {identifier} is {status} after {PATIENCE / 60:.0f} minutes"
            help = "see in the console of RDS why, and run the command again"
            raise SpecError(Diagnostic("E669", Severity.ERROR, message, (), help))
        calls.rest(pause)
    raise AssertionError("pauses have no end")


def _status(calls: Calls, identifier: str) -> str:
    from botocore.exceptions import ClientError

    try:
        found = calls("rds", "describe_db_instances", DBInstanceIdentifier=identifier)["DBInstances"]
    except ClientError as error:
        if code_of(error).startswith("DBInstanceNotFound"):
            return ""
        raise
    return str(found[0].get("DBInstanceStatus", "")) if found else ""
