"""`rds-status`: the state of the database instance `DB_ID`, a string such as "available"."""

# ---- shared: edit lambdas/simple_functions.py and run `python tools/copy_simple.py` ----
import json
import logging
import os
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

HEADERS = {
    "Content-Type": "application/json",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "POST,OPTIONS",
}
#: Codes of AWS for what does not exist, and for what this function may not do.
MISSING = ("DBInstanceNotFound", "InvalidInstanceID", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")
DENIED = ("AccessDenied", "UnauthorizedOperation", "InvalidClientTokenId", "ExpiredToken")


class WrongState(Exception):
    """What was asked is not possible in the state that the argument names."""


@cache
def client(service: str) -> Any:
    """Return the client of an AWS service, made once; two calls give up before API Gateway does (29 s)."""
    times = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 2})
    return boto3.client(service, config=times)


def answer(work: Callable[[], Any]) -> dict[str, Any]:
    """Return what `work` returns, or why it could not, as a response of API Gateway."""
    try:
        status, body = 200, work()
    except WrongState as error:
        status, body = 409, {"message": f"Not possible in state {error}", "status": str(error)}
    except ClientError as error:
        status, body = _refused(error.response.get("Error", {}).get("Code", ""))
    except BotoCoreError as error:
        status, body = 502, {"message": "AWS did not answer", "error": type(error).__name__}
    except Exception as error:
        logging.getLogger().exception("The function failed")
        status, body = 500, {"message": "Internal error", "error": type(error).__name__}
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body)}


def _refused(code: str) -> tuple[int, dict[str, str]]:
    logging.getLogger().error("AWS refused: %s", code)
    if code.startswith(MISSING):
        return 404, {"message": "Not found", "error": code}
    if code.startswith(DENIED):
        return 500, {"message": "The function lacks a permission", "error": code}
    return 502, {"message": "AWS refused", "error": code}


def setting(name: str) -> str:
    """Return a setting from the environment."""
    if not os.environ.get(name):
        raise LookupError(f"{name} is not set")
    return os.environ[name]


# ---- end of the shared block ----


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the state of the database."""
    return answer(status)


def status() -> str:
    """Return the instance's state."""
    found = client("rds").describe_db_instances(DBInstanceIdentifier=setting("DB_ID"))
    return str(found["DBInstances"][0]["DBInstanceStatus"])
