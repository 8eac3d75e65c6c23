"""Parse answers and classify outcomes: which requests are retried. Pure: no socket, no clock.

The whole policy (docs/rules.md#trying-again):

| result                                             | GET, DELETE | PUT      | POST           |
|----------------------------------------------------|-------------|----------|----------------|
| could not connect, 429                             | retry       | retry    | retry          |
| 401                                                | retry once with a new token             |
| 5xx, timeout or connection lost after sending,     |             |          |                |
|   unreadable answer                                | retry       | in doubt | in doubt       |
| other 3xx and 4xx                                  | refused     | refused  | refused        |

"In doubt" means that eGain may have carried the request out. After a PUT the caller reads the
object before it sends again; after a POST it looks for the object.

Waits are what the server asks for (`Retry-After` in seconds or as a date, `X-RateLimit-Reset`),
otherwise exponential with jitter. Only the operation's deadline limits them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

from ..errors import ApiError, NotFound, TransportError
from ..text import without
from .ids import is_id

_FIRST_WAIT = 0.5  # seconds
_MAX_WAIT = 30.0
_ROUNDING = 1.0  # seconds by which a wait in whole seconds may be too long


class Failure(Enum):
    """How a request failed without a usable answer."""

    NOT_CONNECTED = "could not connect"
    """Nothing was sent."""
    LOST = "no answer"
    """Timed out or disconnected after something was sent."""
    UNREADABLE = "unreadable answer"
    """The answer is not one of this API."""


class Outcome(Enum):
    """What the result of a request means for the next step."""

    SUCCESS = "success"
    RETRYABLE = "retryable"
    UNAUTHORIZED = "unauthorized"
    """Retryable once, with a new token."""
    IN_DOUBT = "in doubt"
    REFUSED = "refused"


def classify(method: str, result: int | Failure) -> Outcome:
    """Return the outcome of a request by the table above; `result` is a status or a failure."""
    if result is Failure.NOT_CONNECTED or result == 429:
        return Outcome.RETRYABLE
    if isinstance(result, Failure) or result >= 500:
        return Outcome.RETRYABLE if method in ("GET", "DELETE") else Outcome.IN_DOUBT
    if result == 401:
        return Outcome.UNAUTHORIZED
    return Outcome.SUCCESS if 200 <= result < 300 else Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class Request:
    """A request as errors name it: without body and credentials."""

    method: str
    path: str
    correlation: str


def payload(request: Request, status: int, content_type: str, body: bytes) -> dict[str, Any]:
    """Return the JSON object of a successful answer; an empty one for a 204.

    Raises TransportError for anything but a JSON object (an empty 200, a gateway's HTML, malformed
    JSON), for any 200 to a DELETE, and for a 200 to a PUT without the object. They may come from a
    gateway, and never mean that an object is gone.
    """
    if status == 204:
        return {}
    what = f"{request.method} {request.path} answered {status}"
    if "json" not in content_type.lower():
        kind = content_type.split(";")[0].strip() or "no content type"
        raise _unreadable(request, f"{what} with {kind} instead of JSON")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise _unreadable(request, f"{what} with malformed JSON") from None
    if not isinstance(found, dict):
        raise _unreadable(request, f"{what} with JSON that is not an object")
    if request.method == "DELETE":
        raise _unreadable(request, f"{what} instead of 204")
    if request.method == "PUT" and "id" not in found:
        raise _unreadable(request, f"{what} without the object")
    return found


def _unreadable(request: Request, text: str) -> TransportError:
    in_doubt = classify(request.method, Failure.UNREADABLE) is Outcome.IN_DOUBT
    return TransportError(f"{text} (correlation id {request.correlation})", in_doubt=in_doubt)


def refusal(request: Request, status: int, body: bytes, token: str = "") -> ApiError:
    """Return the error of a status of 300 or more, in eGain's code and words, without our token."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    keys: list[str] = []
    if isinstance(answer, dict) and "code" in answer:
        code, words = str(answer["code"]), message(answer)
        keys = [key for key, _ in details(answer)]
    elif 300 <= status < 400:
        code, words = str(status), "answered with a redirect, which is not followed"
    else:
        code, words = str(status), "the answer is not in eGain's error format"
    # A gateway's 404 page says nothing about an object; eGain's own error body does.
    missing = status == 404 and code.startswith("404-")
    return (NotFound if missing else ApiError)(
        method=request.method,
        path=request.path,
        status=status,
        code=without(code, [token]),
        words=without(words, [token]),
        correlation=request.correlation,
        keys=keys,
    )


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that the server asks to wait, or None; 0 for a time in the past.

    A date is by the server's clock: `now` applies only to answers without `Date`. Malformed values
    are ignored. `Retry-After` takes precedence over `X-RateLimit-Reset`. If both mean the same
    time, the earlier one applies: each may be late by a second, because `Retry-After` and `Date`
    have whole seconds.
    """
    now = parse_time(headers.get("Date", "")) or now
    asked = headers.get("Retry-After", "").strip()
    wait = float(asked) if asked.isascii() and asked.isdecimal() else _until(asked, now)
    reset = _until(headers.get("X-RateLimit-Reset", "").strip(), now)
    if wait is None:
        return reset
    return reset if reset is not None and wait - _ROUNDING < reset < wait else wait


def quota(headers: Mapping[str, str]) -> float | None:
    """Return the calls a second that the server advertises, or None. Malformed values are ignored.

    `X-RateLimit-Limit` is in calls a minute (the contract's response TooMany, assumed from a
    sibling API).
    """
    limit = headers.get("X-RateLimit-Limit", "").strip()
    found = int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 10 else 0
    return found / 60 or None


def emulator_database(headers: Mapping[str, str]) -> str | None:
    """Return the id of the emulator's database, which its answers name; None for a tenant."""
    found = headers.get("X-Emulator-Database")
    return found if is_id(found) else None


def _until(text: str, now: datetime) -> float | None:
    until = parse_time(text)
    return None if until is None else max(0.0, (until - now).total_seconds())


def parse_time(text: str) -> datetime | None:
    """Return the time that an HTTP header (RFC 9110) or this API (ISO 8601) has, or None."""
    if not text:
        return None
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = parse(text)
            found = found if found.tzinfo else found.replace(tzinfo=UTC)
            return found.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def backoff(attempt: int, jitter: float) -> float:
    """Return the seconds to wait after failed attempt number `attempt`: exponential with jitter.

    `jitter`, a random number from 0 to 1, spreads the retries of many clients.
    """
    wait = min(_MAX_WAIT, _FIRST_WAIT * 2 ** min(attempt - 1, 10))
    return float(wait * (0.5 + jitter / 2))


def details(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the details of an error as (key, value). Malformed ones are left out."""
    listed = answer.get("details")
    return [
        (str(item["key"]), str(item.get("value", "")))
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, Mapping) and "key" in item
    ]


def message(answer: Mapping[str, Any]) -> str:
    """Return the vendor's message with its details: `message (key: value; key: value)`."""
    own = answer.get("developerMessage")
    text = own if isinstance(own, str) and own else "no message"
    pairs = "; ".join(f"{key}: {value}" for key, value in details(answer))
    return f"{text} ({pairs})" if pairs else text
