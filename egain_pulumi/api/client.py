"""The calls of the API, with token, rate limit and retries.

Knows collections and ids, but no kinds. Errors never contain credentials or bodies.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ..errors import Reason, TransportError
from . import outcome
from .outcome import Outcome, Request
from .paging import Pages, Row, list_all
from .rate_limit import RateLimit
from .retry import Retryable, Sleep, attempt_error, call_with_retries
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


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a client needs of its process; the plugin passes those of Pulumi's plugin host."""

    sleep: Sleep = time.sleep
    show: Callable[[str], None] = lambda text: None
    """Show a status to the user during a wait."""
    orphaned: Callable[[], bool] = lambda: False
    """Return whether the caller has exited. Then no call is sent any more."""


class Client:
    """The connection to one tenant, with its tokens and rate limit; thread-safe."""

    def __init__(self, settings: Settings, hooks: Hooks | None = None) -> None:
        settings.require()
        self.settings = settings
        self._hooks = hooks or Hooks()
        self.sleep = self._hooks.sleep
        self._base = str(settings.base_url)
        self._limit = RateLimit(settings.requests_per_second, settings.max_concurrency)
        self._turn = threading.Lock()
        """Held by the call that waits for a turn, so that the next one sees the latest rate."""
        self._transport = Transport(settings.max_concurrency)
        self._tokens: dict[str, Token] = {}
        self.emulator: str | None = None
        """The id of the emulator's database, once it has answered."""

    def operation(self, seconds: float | None = None) -> Operation:
        """Begin calls that share a deadline: `operationTimeoutSeconds`, or less."""
        longest = self.settings.operation_timeout_seconds
        return Operation(self, min(longest, seconds) if seconds else longest)

    def call(
        self,
        method: str,
        path: str,
        deadline: float,
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
            scope, Token(self.settings, self._transport, self.sleep, scope)
        )
        return call_with_retries(
            lambda: self._attempt(token, method, path, deadline, body, query), deadline, self.sleep
        )

    def _attempt(
        self, token: Token, method: str, path: str, deadline: float, body: Any, query: Any
    ) -> Answer:
        bearer = token.get(deadline)
        for renewed in (False, True):
            request = Request(method, path, str(uuid.uuid4()))
            # The slot first: a turn must be used at once, because a 429 may void it.
            with self._limit.slot():
                self._wait_for_turn(request, deadline)
                response = self._send(request, bearer, deadline, body, query)
            result = outcome.classify(method, response.status)
            if result is Outcome.SUCCESS:
                return self._parse(request, response)
            if result is not Outcome.UNAUTHORIZED or renewed:
                break
            bearer = token.renew(bearer, deadline)
        error = outcome.refusal(request, response.status, response.body, bearer)
        # After a 429 or 503 the rate limit makes all calls wait.
        raise attempt_error(result, error, 0.0 if response.status in _RATE_LIMITED else None)

    def _wait_for_turn(self, request: Request, deadline: float) -> None:
        if self._hooks.orphaned():
            text = "the Pulumi CLI has exited; nothing was sent"
            raise TransportError(text, in_doubt=False, reason=Reason.CANCELLED)
        with self._turn:
            while (seconds := self._limit.reserve()) > 0:
                if time.monotonic() + seconds > deadline:
                    raise TransportError(
                        f"{request.method} {request.path} was not sent: the rate limit leaves no "
                        "turn within egain:operationTimeoutSeconds",
                        in_doubt=False,
                        reason=Reason.NO_TURN,
                    )
                if seconds > _SILENT_WAIT:
                    self._hooks.show(f"waiting {seconds:.0f} s for the rate limit")
                self.sleep(seconds)
                if not self._limit.is_paused():
                    return

    def _send(
        self, request: Request, token: str, deadline: float, body: Any, query: Any
    ) -> Response:
        sent = time.monotonic()
        try:
            response = self._transport.send(
                request.method,
                f"{self._base}{request.path}",
                seconds=self.settings.seconds_until(deadline),
                token=token,
                json=body,
                query=query,
                headers={"X-Correlation-Id": request.correlation},
            )
        except RequestFailed as failed:
            text = (
                f"{request.method} {self._base}{request.path}: {failed.failure.value}: "
                f"{failed.reason} (correlation id {request.correlation})"
            )
            result = outcome.classify(request.method, failed.failure)
            raise attempt_error(result, TransportError(text, in_doubt=False)) from None
        if self.settings.is_local:
            self.emulator = outcome.emulator_database(response.headers)
        if response.status in _RATE_LIMITED:
            wait = outcome.retry_after(response.headers, datetime.now(UTC))
            self._limit.back_off(sent, wait, outcome.quota(response.headers))
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

    def __init__(self, client: Client, seconds: float) -> None:
        self._client = client
        self._deadline = time.monotonic() + seconds
        self._attempts = 0
        self.server_time: datetime | None = None
        """The time of the last answer, by eGain's clock."""

    def create(self, collection: str, body: dict[str, Any]) -> str:
        """POST an object; return its id. TransportError in doubt: it may have been created."""
        found = self._call("POST", f"/{collection}", body).get("id")
        if not isinstance(found, str) or not found:
            raise TransportError(f"POST /{collection} answered without an id", in_doubt=True)
        return found

    def get(self, collection: str, id: str) -> dict[str, Any]:
        """GET an object by id.

        Raises NotFound if the object does not exist; no other error says whether it does.
        """
        found = self._call("GET", f"/{collection}/{id}")
        if not found or found.get("id", id) != id:
            raise TransportError(
                f"GET /{collection}/{id} answered with another object, or with none", in_doubt=False
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
            self.wait(outcome.backoff(attempt, random.random()), pages.problem)
        return pages

    def replace(self, collection: str, id: str, body: dict[str, Any]) -> None:
        """PUT a whole object. TransportError in doubt: read before you send it again."""
        self._call("PUT", f"/{collection}/{id}", body)

    def delete(self, collection: str, id: str) -> None:
        """DELETE an object. Raises NotFound if it does not exist."""
        self._call("DELETE", f"/{collection}/{id}")

    def back_off(self, error: TransportError) -> None:
        """Wait, longer each time, before looking up an object after a lost answer."""
        self._attempts += 1
        self.wait(outcome.backoff(self._attempts, random.random()), error)

    @property
    def seconds_left(self) -> float:
        """The seconds until the deadline; 0 after it."""
        return max(0.0, self._deadline - time.monotonic())

    def wait(self, seconds: float, error: TransportError) -> None:
        """Wait, or raise the error if the deadline comes first."""
        if time.monotonic() + seconds > self._deadline:
            raise error
        self._client.sleep(seconds)

    def _call(self, method: str, path: str, body: Any = None, query: Any = None) -> dict[str, Any]:
        answer = self._client.call(method, path, self._deadline, body, query)
        self.server_time = answer.time
        return answer.payload
