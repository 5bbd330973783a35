"""Queues bear several consumers and producers at once, and redrive as SQS does.

Replaces in moto 5.2.5 `SQSBackend.receive_message`: two consumers at the same time may get the same message, since
nothing is locked between finding a message and hiding it. `Queue.delete_message`, which builds the list of messages
anew: a message that is sent meanwhile is lost. `Queue.add_message`: a message that goes to the dead-letter queue stays
as received and hidden as it was. `Queue._set_attributes`: a change of any attribute takes the queue's policy away.

Source: "ReceiveMessage", Amazon SQS API Reference; "Using dead-letter queues in Amazon SQS", Amazon SQS Developer
Guide.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from moto.sqs.models import Message, Queue, SQSBackend

from lenie.compiler.local.patching import wrap

#: Seconds between looks for a message, for a consumer that waits.
_LOOK = 0.05


def _receive(receive: Callable[..., list[Message]]) -> Callable[..., list[Message]]:
    def receive_message(
        self: SQSBackend,
        queue_name: str,
        count: int,
        wait_seconds_timeout: int,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> list[Message]:
        deadline = time.monotonic() + int(wait_seconds_timeout or 0)
        while True:
            # It may have been deleted meanwhile.
            with self.get_queue(queue_name)._messages_lock:
                found = receive(self, queue_name, count, 0, visibility_timeout, message_attribute_names)
            if found or time.monotonic() >= deadline:
                return found
            time.sleep(_LOOK)

    return receive_message


def _delete(delete: Callable[..., None]) -> Callable[..., None]:
    def delete_message(self: Queue, receipt_handle: str) -> None:
        with self._messages_lock:
            delete(self, receipt_handle)

    return delete_message


def _add(add: Callable[..., None]) -> Callable[..., None]:
    def add_message(self: Queue, message: Message) -> None:
        if message.approximate_receive_count:
            # From another queue: it keeps the time it was sent, and is received anew.
            message.approximate_receive_count = 0
            message.approximate_first_receive_timestamp = None
            message.visible_at = 0.0
        add(self, message)

    return add_message


def _change(change: Callable[..., Any]) -> Callable[..., Any]:
    def change_message_visibility(self: SQSBackend, queue_name: str, *args: Any, **kwargs: Any) -> Any:
        with self.get_queue(queue_name)._messages_lock:
            return change(self, queue_name, *args, **kwargs)

    return change_message_visibility


def _set(set_: Callable[..., None]) -> Callable[..., None]:
    def _set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        # It is not there yet while the queue is made.
        before = getattr(self, "policy", None)
        set_(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = before

    return _set_attributes


def apply() -> None:
    """Replace what consumers and producers call."""
    wrap(SQSBackend, "receive_message", _receive)
    wrap(SQSBackend, "change_message_visibility", _change)
    wrap(Queue, "delete_message", _delete)
    wrap(Queue, "add_message", _add)
    wrap(Queue, "_set_attributes", _set)
