"""API keys and usage plans: who may call a stage, how fast, and how often.

Source: "Usage plans and API keys for REST APIs in API Gateway" and "Throttle requests to your REST APIs", Amazon API
Gateway Developer Guide.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple


class Caller(NamedTuple):
    """Whom a key belongs to: its id and value; empty where no key was needed."""

    key: str = ""
    value: str = ""


class Refusal(NamedTuple):
    """Why a request is turned away: the type of the gateway's response."""

    kind: str


class Bucket:
    """A token bucket: `burst` requests at once, and `rate` more in each second."""

    def __init__(self, rate: float, burst: int, now: float) -> None:
        """Be full at the time `now`, in seconds."""
        self.rate, self.burst = rate, burst
        self._tokens, self._at = float(burst), now

    def take(self, now: float) -> bool:
        """Return whether a request may pass."""
        self._tokens = min(float(self.burst), self._tokens + (now - self._at) * self.rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Gate:
    """Counts the requests of all keys and stages; safe in threads."""

    def __init__(self) -> None:
        """Have counted nothing."""
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, ...], Bucket] = {}
        self._used: dict[tuple[str, str, str], int] = {}

    def clear(self) -> None:
        """Forget what was counted."""
        with self._lock:
            self._buckets.clear()
            self._used.clear()

    def admit(self, backend: Any, api: str, stage: str, operation: str, value: str) -> Caller | Refusal:
        """Return the caller of a method that needs a key, or why it is turned away.

        Args:
            backend: moto's API Gateway.
            api: id of the API.
            stage: its name.
            operation: ``/path/METHOD``, as plans name methods.
            value: of the key that was sent, or empty.
        """
        key = next((found for found in backend.keys.values() if found.value == value), None) if value else None
        if key is None or not key.enabled:
            return Refusal("INVALID_API_KEY")
        for plan, keys in list(backend.usage_plan_keys.items()):
            found = backend.usage_plans.get(plan)
            if key.id not in keys or found is None:
                continue
            for entry in found.api_stages:
                if (entry.get("apiId"), entry.get("stage")) == (api, stage):
                    refusal = self._count(found, entry, key.id, operation)
                    return refusal or Caller(key.id, value)
        return Refusal("INVALID_API_KEY")

    def throttle(self, settings: Mapping[str, Any], api: str, stage: str, operation: str) -> Refusal | None:
        """Count a request against the limits of its stage."""
        rate, burst = settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")
        if rate is None or burst is None or float(rate) < 0:
            return None
        return None if self._pass((api, stage, operation), float(rate), int(burst)) else Refusal("THROTTLED")

    def _count(self, plan: Any, entry: Mapping[str, Any], key: str, operation: str) -> Refusal | None:
        limits = (entry.get("throttle") or {}).get(operation) or plan.throttle or {}
        own = operation if (entry.get("throttle") or {}).get(operation) else ""
        if limits.get("rateLimit") is not None:
            burst = int(limits.get("burstLimit") or limits["rateLimit"])
            if not self._pass((plan.id, key, own), float(limits["rateLimit"]), burst):
                return Refusal("THROTTLED")
        if plan.quota and plan.quota.get("limit") is not None:
            period = period_of(str(plan.quota.get("period", "MONTH")), datetime.now(UTC))
            counter = (plan.id, key, period)
            with self._lock:
                used = self._used.get(counter, int(plan.quota.get("offset") or 0))
                if used >= int(plan.quota["limit"]):
                    return Refusal("QUOTA_EXCEEDED")
                self._used[counter] = used + 1
        return None

    def _pass(self, name: tuple[str, ...], rate: float, burst: int) -> bool:
        now = time.monotonic()
        with self._lock:
            bucket = self._buckets.get(name)
            if bucket is None or (bucket.rate, bucket.burst) != (rate, burst):
                bucket = self._buckets[name] = Bucket(rate, burst, now)
            return bucket.take(now)


def period_of(period: str, now: datetime) -> str:
    """Return the day, week or month that `now` is in; a week begins on Sunday."""
    if period == "DAY":
        return now.strftime("%Y-%m-%d")
    if period == "WEEK":
        return (now - timedelta(days=(now.weekday() + 1) % 7)).strftime("%Y-%m-%d")
    return now.strftime("%Y-%m")
