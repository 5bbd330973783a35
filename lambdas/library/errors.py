"""Why a function cannot do what it was asked for, and the HTTP status that says so."""

from __future__ import annotations


class Failure(Exception):
    """Something that the caller is told: the message holds no secret and nothing of a document's text."""

    status = 500


class BadRequest(Failure):
    """What the caller sent is wrong."""

    status = 400


class NotFound(Failure):
    """What the caller named does not exist."""

    status = 404


class Conflict(Failure):
    """What the caller wants contradicts what is stored."""

    status = 409


class UpstreamFailure(Failure):
    """A service that the function relies on failed."""

    status = 502


class DatabaseUnavailable(Failure):
    """It cannot be done now, most often because the database is stopped or out of reach; another attempt may succeed.

    The state machine knows this name, and leaves the message in the queue.
    """

    status = 503


class LoginRefused(Failure):
    """The database runs and does not let the function in, which is a fault of the deployment."""

    status = 500


class MissingSetting(LookupError):
    """A setting is not set, or not to what it must be, which is a fault of the deployment."""


class MalformedMessage(Exception):
    """A message of the queue is not what `url-add` writes; the state machine sets it aside."""


class InsertionFailed(Exception):
    """The database refuses a document; the state machine sets the message aside."""


class ContentUnavailable(Exception):
    """The content that a message points to does not exist; the state machine sets the message aside."""
