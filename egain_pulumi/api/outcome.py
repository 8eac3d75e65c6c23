"""Parse answers and classify outcomes: which requests are retried. Pure: no socket, no clock.

The whole policy (docs/rules.md#trying-again):

| result                                             | GET, DELETE | PUT      | POST           |
|----------------------------------------------------|-------------|----------|----------------|
| could not connect, 429                             | retry       | retry    | retry          |
| 401                                                | retry once with a new token             |
| 5xx, timeout or connection lost after sending,     |             |          |                |
|   unreadable answer                                | retry       | in doubt | in doubt       |
| 3xx, never followed                                | refused     | refused  | in doubt       |
| other 4xx                                          | refused     | refused  | refused        |
| cannot connect: a certificate, or a setting here   | refused     | refused  | refused        |

"In doubt" means that eGain may have carried the request out (a 303 to a POST says so). After a PUT
the caller reads the object before it sends again; after a POST it looks for the object. Interim
answers (1xx) are read past.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

from ..errors import ApiError, NotFound, TransportError
from ..redaction import redact
from .ids import is_id

_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
_CODE = re.compile(r"[\w.:-]{1,40}", re.ASCII)


class Failure(Enum):
    """How a request failed without a usable answer."""

    NOT_CONNECTED = "could not connect"
    """Nothing was sent."""
    UNUSABLE = "cannot connect"
    """Nothing was sent, and nothing will be until a person changes something."""
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
    if result is Failure.UNUSABLE:
        return Outcome.REFUSED
    if isinstance(result, Failure) or result >= 500 or result < 200:
        return Outcome.RETRYABLE if method in ("GET", "DELETE") else Outcome.IN_DOUBT
    if result == 401:
        return Outcome.UNAUTHORIZED
    if method == "POST" and 300 <= result < 400:
        return Outcome.IN_DOUBT
    return Outcome.SUCCESS if 200 <= result < 300 else Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class Request:
    """A request as errors name it: without body and credentials."""

    method: str
    path: str
    correlation: str
    body: Any = field(default=None, repr=False)


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
        raise _unreadable(request, f"{what} with {_kind(content_type)} instead of JSON")
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


def _kind(content_type: str) -> str:
    kind = content_type.split(";")[0].strip()
    if not kind:
        return "no content type"
    return kind if _TYPE.fullmatch(kind) else "an odd content type"


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
    if isinstance(answer, dict) and _CODE.fullmatch(text_of(answer.get("code"))):
        code, words = text_of(answer["code"]), message(answer)
        keys = [key for key, _ in details(answer)]
    elif status == 413:
        code, words = str(status), f"the request is too large{_extent(request.body)}"
    elif 300 <= status < 400:
        code, words = str(status), "answered with a redirect, which is not followed"
    else:
        code, words = str(status), "the answer is not in eGain's error format"
    # A gateway's 404 page says nothing about an object; eGain's own error body does.
    missing = status == 404 and code.startswith("404-")
    error = (NotFound if missing else ApiError)(
        method=request.method,
        path=request.path,
        status=status,
        code=redact(code, [token]),
        words=words,
        correlation=request.correlation,
        keys=keys,
    )
    error.words = redact(error.words, [token])
    return error


def emulator_database(headers: Mapping[str, str]) -> str | None:
    """Return the id of the emulator's database, which its answers name; None for a tenant."""
    found = headers.get("X-Emulator-Database")
    return found if is_id(found) else None


def _extent(body: Any) -> str:
    """Return how large a body is, and which attribute makes it so."""
    if not isinstance(body, Mapping) or not body:
        return ""
    sizes = {key: len(json.dumps(value)) for key, value in body.items()}
    largest = max(sizes, key=sizes.__getitem__)
    return f": {sum(sizes.values()):,} bytes, most of them in {largest}"


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


def details(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the details of an error as (key, value). Malformed ones are left out."""
    listed = answer.get("details")
    return [
        (text_of(item["key"]), text_of(item.get("value")))
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, Mapping) and "key" in item
    ]


def text_of(value: Any) -> str:
    """Return a text or number of an answer as text; of anything else, nothing."""
    return str(value) if isinstance(value, str | int | float) else ""


def message(answer: Mapping[str, Any]) -> str:
    """Return the vendor's message with its details: `message (key: value; key: value)`."""
    own = answer.get("developerMessage")
    text = own if isinstance(own, str) and own else "no message"
    pairs = "; ".join(f"{key}: {value}" for key, value in details(answer))
    return f"{text} ({pairs})" if pairs else text
