"""The calls of the API, with token, rate limit and retries.

Knows collections and ids, but no kinds. Errors never contain credentials or bodies.
"""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ..errors import TransportError
from . import outcome, waits
from .limits import Deadline, Hooks
from .operation import Operation
from .outcome import Failure, Outcome, Request
from .rate_limit import RateLimit
from .retry import Retryable, attempt_error, call_with_retries
from .settings import Settings
from .token import Token
from .transport import RequestFailed, Response, Transport

_RATE_LIMITED: Final = (429, 503)
_SILENT_WAIT: Final = 1.0  # seconds; longer waits are shown to the user


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
