"""The exception for a refused call, and the error codes in use.

The code is "<HTTP status>-<number>" (contract, ErrorResponse). Numbers below 900 were read on pages
of the vendor (docs/vendor-api.md#error-codes). Numbers from 900 on are this emulator's own: what
the vendor answers there is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from starlette.responses import Response

MISSING = "143"
INVALID = "152"
OUTSIDE_SET = "196"
QUERY_UNKNOWN = "101"
NOT_POSITIVE = "105"
MALFORMED = "108"
UNAUTHORIZED = "104"
FORBIDDEN = "197"
NOT_FOUND = "101"
ENDED = "630"
NOT_ACCEPTABLE = "100"
TOO_MANY = "001"
SERVER = "100"

DUPLICATE = "901"
STALE = "902"
IN_USE = "903"
UNREADABLE = "904"
WRONG_METHOD = "905"
NO_SUCH_PATH = "906"
NOT_BUILT = "907"
SIGNATURE = "908"
FOREIGN = "909"
OUTSIDE_CONTRACT = "999"

Details = tuple[tuple[str, str], ...]


class ApiError(Exception):
    """A refused call.

    `configured` marks a status that a setting selects. It may be missing in the contract (412), so
    `--strict` does not report it. Texts never contain a value of a body: it may be secret.
    """

    def __init__(
        self,
        status: int,
        number: str,
        message: str,
        details: Iterable[tuple[str, str]] = (),
        *,
        headers: Mapping[str, str] | None = None,
        configured: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = f"{status}-{number}"
        self.message = message
        self.details: Details = tuple(details)
        self.headers = dict(headers or {})
        self.configured = configured

    def response(self, *, user_message: bool = False) -> Response:
        """Return the error answer; with `userMessage` if the caller asked for it (contract)."""
        body: dict[str, object] = {"code": self.code, "developerMessage": self.message}
        if self.details:
            body["details"] = [{"key": key, "value": value} for key, value in self.details]
        if user_message:
            body["userMessage"] = USER_MESSAGES.get(self.status, "The request could not be done.")
        return json_response(body, self.status, self.headers)


USER_MESSAGES = {
    400: "Something in the request is not right.",
    401: "Please sign in again.",
    403: "You are not allowed to do this.",
    404: "This object does not exist.",
    409: "Someone else changed or uses this object.",
    429: "Too many requests. Please try again later.",
}


def json_response(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON answer in UTF-8."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(
        text.encode("utf-8"), status, headers=dict(headers or {}), media_type="application/json"
    )
