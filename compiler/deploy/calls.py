"""Calls of AWS that wait out throttling and short failures, and waits that poll with growing pauses."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any, NamedTuple

from lenie.compiler.aws import Account, told

#: Codes after which the same call may succeed. botocore tries again by itself, but gives up after a few attempts.
#: Source: AWS SDKs and Tools Reference Guide, "Retry behavior".
_PASSING = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
        "500",
        "502",
        "503",
        "504",
    }
)


class Interrupted(Exception):
    """The user does not want to wait any longer; what AWS was asked to do goes on there."""


class Pace(NamedTuple):
    """How a wait polls, in seconds."""

    first: float
    #: The longest pause between two looks.
    longest: float
    #: How long throttling and failures of the service are borne.
    patience: float
    growth: float = 1.5

    def pauses(self) -> Iterator[float]:
        """Yield pauses without end, each longer than the one before, up to the longest."""
        pause = self.first
        while True:
            yield pause
            pause = min(pause * self.growth, self.longest)


#: AWS limits the rate of calls of an account; CloudFormation takes seconds for the smallest change.
AWS = Pace(first=1.0, longest=10.0, patience=300.0)
#: An emulator on this machine limits nothing.
LOCAL = Pace(first=0.05, longest=0.5, patience=20.0)


class Calls:
    """Calls of one account, for one deployment, by several threads."""

    def __init__(self, account: Account, pace: Pace | None = None) -> None:
        self.account = account
        self.pace = pace or (LOCAL if account.endpoint else AWS)
        #: Set when the user does not want to wait any longer.
        self.abandoned = Event()

    def __call__(self, service: str, operation: str, **arguments: Any) -> Any:
        """Call `operation` of `service`; what passes by itself is waited out.

        Raises:
            botocore.exceptions.ClientError: what AWS refuses for good, and what does not pass in time.
            botocore.exceptions.BotoCoreError: if AWS cannot be reached for longer than that.
            Interrupted: if the user does not want to wait.
        """
        from botocore.exceptions import ClientError, HTTPClientError
        from botocore.exceptions import ConnectionError as Unreachable

        method: Callable[..., Any] = getattr(self.account.client(service), operation)
        deadline = time.monotonic() + self.pace.patience
        for pause in self.pace.pauses():
            try:
                return method(**arguments)
            except ClientError as error:
                if not _passes(error) or time.monotonic() > deadline:
                    raise
            except (Unreachable, HTTPClientError):
                if time.monotonic() > deadline:
                    raise
            # Several deployments that were throttled together should not come back together.
            self.rest(pause * random.uniform(0.5, 1.5))  # noqa: S311 - nothing secret
        raise AssertionError("pauses have no end")

    def pages(self, service: str, operation: str, key: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        """Yield the entries under `key` of all pages of an answer that ``NextToken`` continues."""
        token: dict[str, str] = {}
        while True:
            answer = self(service, operation, **arguments, **token)
            yield from answer.get(key, ())
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}

    def rest(self, seconds: float) -> None:
        """Wait.

        Raises:
            Interrupted: if the user does not want to.
        """
        if self.abandoned.wait(seconds):
            raise Interrupted

    def told(self, what: str) -> Any:
        """See `aws.told`."""
        return told(what)


def code_of(error: Exception) -> str:
    """Return the code of what AWS answered, or nothing."""
    found = getattr(error, "response", None)
    return str(found.get("Error", {}).get("Code", "")) if isinstance(found, dict) else ""


def words_of(error: Exception) -> str:
    """Return what AWS said, in one line."""
    found = getattr(error, "response", None)
    said = found.get("Error", {}).get("Message", "") if isinstance(found, dict) else str(error)
    return " ".join(str(said).split())


def _passes(error: Exception) -> bool:
    found = getattr(error, "response", {})
    status = found.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(error) in _PASSING or status in (500, 502, 503, 504)
