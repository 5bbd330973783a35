"""What CloudFormation answers to a request that it does not accept, in the wording of the service."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class Refused(ServiceException):
    """The request is not accepted: `ValidationError`, unless a subclass says otherwise.

    Source: CloudFormation API Reference, Common Errors, and the errors of each action.
    """

    code = "ValidationError"


class AlreadyExists(Refused):
    """A stack or change set of that name exists."""

    code = "AlreadyExistsException"


class InsufficientCapabilities(Refused):
    """The template makes IAM resources, and the request does not acknowledge it."""

    code = "InsufficientCapabilitiesException"


class ChangeSetNotFound(Refused):
    """There is no such change set."""

    code = "ChangeSetNotFound"


class InvalidChangeSetStatus(Refused):
    """The change set cannot be executed or deleted as it is."""

    code = "InvalidChangeSetStatus"


class NotEmulated(Refused):
    """AWS would do it; the emulator says that it does not, and does not pretend."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The emulator does not support {what}")


class Failed(Exception):
    """A resource could not be created, changed or deleted; the text is the reason in the stack's events."""
