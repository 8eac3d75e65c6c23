"""What an answer means, and whether the request is sent again. Pure: no socket, no clock.

The whole policy (docs/rules.md#trying-again):

| outcome                                            | GET, DELETE | PUT      | POST           |
|----------------------------------------------------|-------------|----------|----------------|
| could not connect, 429                             | again       | again    | again          |
| 401                                                | one new token, once, for every method   |
| 5xx, time-out or connection lost after sending,    |             |          |                |
|   unreadable answer                                | again       | in doubt | in doubt       |
| other 3xx and 4xx                                  | no          | no       | no             |

"In doubt" means that the request may have been carried out. After a PUT the caller reads again
before it sends again; after a POST it looks whether the object is there.

Waits: what the server said (`Retry-After` in seconds or as a date, `X-RateLimit-Reset`), else
exponential with jitter. They are bounded by the operation's time-out alone.
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

FIRST_WAIT = 0.5  # seconds
LONGEST_WAIT = 30.0
_ROUNDED = 1.0  # second, by which a wait in whole seconds may be longer than it has to be


class Failure(Enum):
    """How a request ended without an answer."""

    NOT_CONNECTED = "could not connect"
    """Nothing was sent."""
    LOST = "no answer"
    """Timed out or broken off after something was sent."""
    UNREADABLE = "unreadable answer"
    """An answer came, but not one of this API."""


class Next(Enum):
    """What to do about an outcome."""

    DONE = "done"
    AGAIN = "again"
    NEW_TOKEN = "new token"
    IN_DOUBT = "in doubt"
    REFUSED = "refused"


def verdict(method: str, outcome: int | Failure) -> Next:
    """The table above: what a status, or the lack of an answer, means for a method."""
    if outcome is Failure.NOT_CONNECTED or outcome == 429:
        return Next.AGAIN
    if isinstance(outcome, Failure) or outcome >= 500:
        return Next.AGAIN if method in ("GET", "DELETE") else Next.IN_DOUBT
    if outcome == 401:
        return Next.NEW_TOKEN
    return Next.DONE if 200 <= outcome < 300 else Next.REFUSED


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, as far as messages need it. Never a body, never a credential."""

    method: str
    path: str
    correlation: str


def payload(request: Request, status: int, content_type: str, body: bytes) -> dict[str, Any]:
    """The JSON object of a successful answer; nothing for a 204.

    Raises TransportError for anything else than a JSON object: an empty 200, a gateway's HTML,
    broken JSON. Such an answer never means that an object is gone. Nor does any 200 to a DELETE,
    and one to a PUT without the object: somebody else may have given it.
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
        raise _unreadable(request, f"{what} with JSON that cannot be read") from None
    if not isinstance(found, dict):
        raise _unreadable(request, f"{what} with JSON that is no object")
    if request.method == "DELETE":
        raise _unreadable(request, f"{what} instead of 204")
    if request.method == "PUT" and "id" not in found:
        raise _unreadable(request, f"{what} with something that is not the object")
    return found


def _unreadable(request: Request, text: str) -> TransportError:
    doubt = verdict(request.method, Failure.UNREADABLE) is Next.IN_DOUBT
    return TransportError(f"{text} (correlation id {request.correlation})", in_doubt=doubt)


def refusal(request: Request, status: int, body: bytes, token: str = "") -> ApiError:
    """What eGain said no with, in its own code and words where it used them, but for our token."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    keys: list[str] = []
    if isinstance(answer, dict) and "code" in answer:
        code, words = str(answer["code"]), details(answer)
        keys = [key for key, _ in pairs_of(answer)]
    elif 300 <= status < 400:
        code, words = str(status), "answered with a redirect, which is not followed"
    else:
        code, words = str(status), "answered with something that is no answer of this API"
    # A gateway's 404 page is no word of eGain's about an object: only its own error body is.
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


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the server asks to wait, or None. Nonsense is passed over, the past is 0.

    A date is one of the server's own clock: `now` serves only where it does not tell its time.
    `Retry-After` goes before `X-RateLimit-Reset`, unless both mean the same moment: each may be up
    to a second late (whole seconds; a `Date` without fractions), and the earlier one counts.
    """
    now = moment(headers.get("Date", "")) or now
    asked = headers.get("Retry-After", "").strip()
    wait = float(asked) if asked.isascii() and asked.isdecimal() else _until(asked, now)
    reset = _until(headers.get("X-RateLimit-Reset", "").strip(), now)
    if wait is None:
        return reset
    return reset if reset is not None and wait - _ROUNDED < reset < wait else wait


def quota(headers: Mapping[str, str]) -> float | None:
    """Calls a second that the server says it allows, or None. Nonsense is passed over.

    `X-RateLimit-Limit` is in calls a minute (the contract's response TooMany, assumed from a
    sibling API).
    """
    limit = headers.get("X-RateLimit-Limit", "").strip()
    found = int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 10 else 0
    return found / 60 or None


def _until(text: str, now: datetime) -> float | None:
    until = moment(text)
    return None if until is None else max(0.0, (until - now).total_seconds())


def moment(text: str) -> datetime | None:
    """A point in time as HTTP headers (RFC 9110) or this API (ISO 8601) write it, or None."""
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


def own_wait(attempt: int, chance: float) -> float:
    """Seconds to wait before attempt number `attempt + 1`: doubling, between half and all of it.

    `chance` is a random number from 0 to 1: many clients must not come back at once.
    """
    whole = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempt - 1, 10))
    return float(whole * (0.5 + chance / 2))


def pairs_of(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The details of an error as (key, value), as far as they have the contract's shape."""
    listed = answer.get("details")
    return [
        (str(item["key"]), str(item.get("value", "")))
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, Mapping) and "key" in item
    ]


def details(answer: Mapping[str, Any]) -> str:
    """The vendor's message with its details, as one text: `message (key: value; key: value)`."""
    message = answer.get("developerMessage")
    pairs = [f"{key}: {value}" for key, value in pairs_of(answer)]
    text = message if isinstance(message, str) and message else "no message"
    return f"{text} ({'; '.join(pairs)})" if pairs else text
