"""What CloudFormation knows: stacks, their resources, events and change sets."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from lenie.compiler.local.stacks.parameters import Values
from lenie.compiler.local.stacks.template import Declared, Template

_clock_lock = threading.Lock()
_last = datetime.min.replace(tzinfo=UTC)


def now() -> datetime:
    """Return the time, later than every time that was returned before: events are told in their order."""
    global _last
    with _clock_lock:
        _last = max(datetime.now(UTC), _last + timedelta(microseconds=1))
        return _last


@dataclass
class Resource:
    """A resource of a stack. `properties` are evaluated, but for dynamic references."""

    logical: str
    type: str
    declared: Declared
    physical: str = ""
    #: What `Ref` gives.
    reference: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    status: str = ""
    reason: str = ""
    changed: datetime = field(default_factory=now)

    @property
    def there(self) -> bool:
        """Whether the resource exists."""
        return bool(self.physical) and self.status != "DELETE_COMPLETE"

    @property
    def whole(self) -> bool:
        """Whether the resource exists, and was made to the end."""
        return self.there and self.status != "CREATE_FAILED"


@dataclass(frozen=True)
class Event:
    """What happened to a resource, or to the stack itself."""

    id: str
    time: datetime
    logical: str
    physical: str
    type: str
    status: str
    reason: str
    properties: dict[str, Any] | None
    token: str


@dataclass(frozen=True)
class Wanted:
    """What an operation is to make of a stack."""

    template: Template
    values: Values
    tags: dict[str, str]
    capabilities: tuple[str, ...] = ()
    notifications: tuple[str, ...] = ()
    role: str = ""


@dataclass
class Change:
    """One entry of a change set."""

    action: str
    logical: str
    type: str
    physical: str = ""
    replacement: str = ""
    scope: list[str] = field(default_factory=list)
    details: list[dict[str, Any]] = field(default_factory=list)
    policy: str = ""


@dataclass
class ChangeSet:
    """A change set; its changes are computed when it is made."""

    id: str
    name: str
    kind: str
    wanted: Wanted
    description: str
    on_failure: str
    created: datetime = field(default_factory=now)
    status: str = "CREATE_COMPLETE"
    execution: str = "AVAILABLE"
    reason: str = ""
    changes: list[Change] = field(default_factory=list)


@dataclass
class Stack:
    """A stack. What of it changes while an operation runs is guarded by `lock`."""

    id: str
    name: str
    account: str
    region: str
    partition: str
    wanted: Wanted
    status: str
    reason: str = ""
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None
    termination_protection: bool = False
    disable_rollback: bool = False
    on_failure: str = "ROLLBACK"
    timeout_minutes: int = 0
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    change_set: str = ""
    #: Names of the exports of other stacks that this one uses.
    imports: set[str] = field(default_factory=set)
    cancelled: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def busy(self) -> bool:
        """Whether an operation runs."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def set(self, status: str, reason: str = "", token: str = "") -> None:
        """Change the stack's status, and tell it as an event."""
        with self.lock:
            self.status, self.reason = status, reason
            self._event(self.name, self.id, "AWS::CloudFormation::Stack", status, reason, None, token)

    def mark(self, resource: Resource, status: str, reason: str = "", token: str = "") -> None:
        """Change the status of a resource, and tell it as an event."""
        with self.lock:
            resource.status, resource.reason, resource.changed = status, reason, now()
            properties = resource.properties or resource.declared.properties
            self._event(resource.logical, resource.physical, resource.type, status, reason, properties, token)

    def _event(
        self, logical: str, physical: str, type: str, status: str, reason: str, properties: Any, token: str
    ) -> None:
        id = f"{logical}-{status}-{now().isoformat()}" if physical != self.id else str(uuid.uuid4())
        self.events.append(Event(id, now(), logical, physical, type, status, reason, properties, token))


def new_id(partition: str, region: str, account: str, kind: str, name: str) -> str:
    """Return the ARN of a stack (`kind` is ``stack``) or change set (``changeSet``)."""
    return f"arn:{partition}:cloudformation:{region}:{account}:{kind}/{name}/{uuid.uuid4()}"
