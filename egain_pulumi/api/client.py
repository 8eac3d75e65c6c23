"""The calls of the API, with token, rate limit and retries.

Knows collections and ids, but no kinds. Errors never contain credentials or bodies.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ..errors import Reason, TransportError
from ..text import visible
from . import ids, outcome, waits
from .limits import Deadline, Hooks
from .outcome import Failure, Outcome, Request
from .paging import Pages, Row, list_all
from .rate_limit import RateLimit
from .retry import Retryable, attempt_error, call_with_retries
from .settings import Settings
from .token import Token
from .transport import RequestFailed, Response, Transport

_RATE_LIMITED: Final = (429, 503)
_SILENT_WAIT: Final = 1.0  # seconds; longer waits are shown to the user
READS: Final = 6
"""How often a list that may be incomplete is read; about a quarter of a minute with its pauses."""

Enough = Callable[[list[Row]], bool]
"""Returns whether the rows of an incomplete list are enough for what they are needed for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The payload of a successful answer, and eGain's own time of it if it has one."""

    payload: dict[str, Any]
    time: datetime | None
    status: int


class Client:
    """The connection to one tenant, with its tokens and rate limit; thread-safe."""

    def __init__(self, settings: Settings, hooks: Hooks | None = None) -> None:
        settings.require()
        self.settings = settings
        self._hooks = hooks or Hooks()
        self._base = str(settings.base_url)
        self._limit = RateLimit(settings.requests_per_second, settings.max_concurrency)
        self._turn = threading.Lock()
        """Held by the call that waits for a turn, so that the next one sees the latest rate."""
        self._transport = Transport(settings.max_concurrency, self._hooks.cancelled)
        self._tokens: dict[str, Token] = {}
        self.emulator: str | None = None
        """The id of the emulator's database, once it has answered."""

    def operation(self, seconds: float | None = None) -> Operation:
        """Begin calls that share a deadline: `operationTimeoutSeconds`, or less."""
        return Operation(self, self.deadline(seconds))

    def deadline(self, seconds: float | None = None) -> Deadline:
        """Begin that time alone, for calls outside of collections."""
        longest = self.settings.operation_timeout_seconds
        return Deadline(min(longest, seconds) if seconds else longest, self._hooks)

    def call(
        self,
        method: str,
        path: str,
        deadline: Deadline,
        body: Any = None,
        query: Any = None,
        scope: str | None = None,
    ) -> Answer:
        """Send one request, with retries. Raises ApiError or TransportError.

        `scope` replaces `egain:scope`; each scope has a token of its own.
        """
        scope = scope or self.settings.scope
        # `setdefault` is atomic: if two threads create a token at once, both get the same.
        token = self._tokens.get(scope) or self._tokens.setdefault(
            scope, Token(self.settings, self._transport, scope)
        )
        return call_with_retries(
            lambda: self._attempt(token, method, path, deadline, body, query), deadline
        )

    def _attempt(
        self, token: Token, method: str, path: str, deadline: Deadline, body: Any, query: Any
    ) -> Answer:
        bearer = token.get(deadline)
        call = f"{method} {path}"
        for renewed in (False, True):
            request = Request(method, path, str(uuid.uuid4()), body)
            # The slot first: a turn must be used at once, because a 429 may void it.
            with self._limit.slot(lambda: deadline.check(call)):
                self._wait_for_turn(call, deadline)
                deadline.check(call)
                response = self._send(request, bearer, deadline, query)
            result = outcome.classify(method, response.status)
            if result is Outcome.SUCCESS:
                return self._parse(request, response)
            if result is not Outcome.UNAUTHORIZED or renewed:
                break
            bearer = token.renew(bearer, deadline)
        error = outcome.refusal(request, response.status, response.body, bearer)
        # After a 429 or 503 the rate limit makes all calls wait.
        raise attempt_error(result, error, 0.0 if response.status in _RATE_LIMITED else None)

    def _wait_for_turn(self, call: str, deadline: Deadline) -> None:
        with deadline.hold(self._turn, call):
            while (seconds := self._limit.reserve()) > 0:
                if deadline.passes(seconds):
                    raise deadline.late(call, "the rate limit leaves no turn")
                if seconds > _SILENT_WAIT:
                    self._hooks.show(f"waiting {seconds:.0f} s for the rate limit")
                self._hooks.sleep(seconds)
                if not self._limit.is_paused():
                    return

    def _send(self, request: Request, token: str, deadline: Deadline, query: Any) -> Response:
        sent = time.monotonic()
        try:
            response = self._transport.send(
                request.method,
                f"{self._base}{request.path}",
                seconds=deadline.seconds(self.settings.request_timeout_seconds),
                token=token,
                json=request.body,
                query=query,
                headers={"X-Correlation-Id": request.correlation},
            )
        except RequestFailed as failed:
            text = (
                f"{request.method} {self._base}{request.path}: {failed.failure.value}: "
                f"{failed.reason} (correlation id {request.correlation})"
            )
            final = failed.failure is Failure.UNUSABLE
            step = failed.next_step or self.settings.advice("base_url", final=final)
            result = outcome.classify(request.method, failed.failure)
            raise attempt_error(
                result, TransportError(text, in_doubt=False, next_step=step)
            ) from None
        if self.settings.is_local:
            self.emulator = outcome.emulator_database(response.headers)
        if response.status in _RATE_LIMITED:
            wait = waits.retry_after(response.headers, datetime.now(UTC))
            self._limit.back_off(sent, wait, waits.quota(response.headers))
        else:
            self._limit.speed_up()
        return response

    def _parse(self, request: Request, response: Response) -> Answer:
        content_type = response.headers.get("Content-Type", "")
        try:
            payload = outcome.payload(request, response.status, content_type, response.body)
        except TransportError as error:
            if error.in_doubt:
                raise
            raise Retryable(error) from None
        date = outcome.parse_time(response.headers.get("Date", ""))
        return Answer(payload, date, response.status)


class Operation:
    """The calls of one operation on collections, within one deadline."""

    def __init__(self, client: Client, deadline: Deadline) -> None:
        self._client, self._deadline = client, deadline
        self._attempts = 0
        self.server_time: datetime | None = None
        """The time of the last answer, by eGain's clock."""

    def create(self, collection: str, body: dict[str, Any]) -> str:
        """POST an object; return its id. TransportError in doubt: it may have been created."""
        found = self._call("POST", f"/{collection}", body).get("id")
        if not ids.is_id(found):
            text = "without an id" if not found else "with an id that cannot be one"
            raise TransportError(f"POST /{collection} answered {text}", in_doubt=True)
        return found

    def get(self, collection: str, id: str) -> dict[str, Any]:
        """GET an object by id.

        Raises NotFound if the object does not exist; no other error says whether it does.
        """
        path = _path(collection, id)
        found = self._call("GET", path)
        if not found or found.get("id", id) != id:
            raise TransportError(
                f"GET {path} answered with another object, or with none", in_doubt=False
            )
        return found

    def list(self, collection: str, key: str, enough: Enough | None = None) -> Pages:
        """GET all objects of a collection, page by page; see `paging`.

        Somebody may change the tenant meanwhile: a list that may be incomplete is read again, a few
        times, with growing pauses. With `enough`, rows that it accepts need not be complete; the
        result says whether they are. Raises TransportError if the list does not become complete.
        """
        for attempt in range(1, READS + 1):
            pages = list_all(
                lambda query: self._call("GET", f"/{collection}", query=query), collection, key
            )
            if pages.problem is None or (enough is not None and enough(pages.rows)):
                break
            if attempt == READS:
                raise pages.problem
            self.wait(waits.backoff(attempt, random.random()), pages.problem)
        return pages

    def replace(self, collection: str, id: str, body: dict[str, Any]) -> None:
        """PUT a whole object. TransportError in doubt: read before you send it again."""
        self._call("PUT", _path(collection, id), body)

    def delete(self, collection: str, id: str) -> None:
        """DELETE an object. Raises NotFound if it does not exist."""
        self._call("DELETE", _path(collection, id))

    def back_off(self, error: TransportError) -> None:
        """Wait, longer each time, before looking up an object after a lost answer."""
        self._attempts += 1
        self.wait(waits.backoff(self._attempts, random.random()), error)

    def wait(self, seconds: float, error: TransportError) -> None:
        """Wait, or raise the error if the deadline comes first."""
        if self._deadline.passes(seconds):
            raise error
        self._deadline.hooks.sleep(seconds)

    def hold(self, lock: threading.Lock) -> AbstractContextManager[None]:
        """Hold a lock that another operation may hold during its calls, within the deadline."""
        return self._deadline.hold(lock, "a call that waited for a list of another operation")

    def _call(self, method: str, path: str, body: Any = None, query: Any = None) -> dict[str, Any]:
        answer = self._client.call(method, path, self._deadline, body, query)
        self.server_time = answer.time
        return answer.payload


def _path(collection: str, id: str) -> str:
    if not ids.is_id(id):
        raise TransportError(
            f'"{visible(id)}" cannot be an id of eGain; nothing was sent',
            in_doubt=False,
            reason=Reason.MALFORMED,
        )
    return f"/{collection}/{ids.segment(id)}"
