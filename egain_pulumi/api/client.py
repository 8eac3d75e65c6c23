"""The calls of this API: token, rate limit, and the loop that performs `wire`'s policy.

It speaks collections and ids, and knows no kinds. Credentials and bodies never reach a message.
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
from .outcome import Next, Request
from .paging import pages
from .rate_limit import RateLimit
from .retry import Again, Sleep, repeated
from .settings import Settings
from .token import Token
from .transport import NoReply, Reply, Transport

SLOW_DOWN: Final = (429, 503)
_WORTH_SAYING: Final = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What eGain answered, and when by its own clock (None where it does not say)."""

    payload: dict[str, Any]
    time: datetime | None
    status: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a client asks of the process it runs in; the plugin hands over the host's."""

    sleep: Sleep = time.sleep
    status: Callable[[str], None] = lambda text: None
    """A word for the user while a wait lasts."""
    orphaned: Callable[[], bool] = lambda: False
    """Whether whoever wanted the calls is gone: then none is sent any more."""


class Client:
    """One tenant, one session, one token, for every thread of the process."""

    def __init__(self, settings: Settings, surroundings: Surroundings | None = None) -> None:
        settings.require()
        self.settings = settings
        self._around = surroundings or Surroundings()
        self.sleep = self._around.sleep
        self._base = str(settings.base_url)
        self._limit = RateLimit(settings.requests_per_second, settings.max_concurrency)
        self._line = threading.Lock()
        """Held by the call that waits for a turn; one at a time, so that each sees the latest rate."""
        self._transport = Transport(settings.max_concurrency)
        self._tokens = {settings.scope: Token(settings, self._transport, self.sleep)}

    def operation(self, seconds: float | None = None) -> Operation:
        """Calls that share one deadline: `operationTimeoutSeconds`, or less."""
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
        """One request with its repetitions. Raises ApiError or TransportError when it is over.

        `scope` is for calls that need another one than `egain:scope`: each has a token of its own.
        """
        grant = self._grant(scope or self.settings.scope)
        return repeated(
            self._once,
            grant,
            method,
            path,
            deadline,
            body,
            query,
            deadline=deadline,
            sleep=self.sleep,
        )

    def _grant(self, scope: str) -> Token:
        # Of two threads that make one at once, both get the first: `setdefault` is atomic.
        return self._tokens.get(scope) or self._tokens.setdefault(
            scope, Token(self.settings, self._transport, self.sleep, scope)
        )

    def _once(
        self, grant: Token, method: str, path: str, deadline: float, body: Any, query: Any
    ) -> Answer:
        token = grant.current(deadline)
        for renewed in (False, True):
            request = Request(method, path, str(uuid.uuid4()))
            # First a place, then a turn: a turn is used at once, or a refusal may have ended it.
            with self._limit.slot():
                self._wait_for_turn(request, deadline)
                reply = self._send(request, token, deadline, body, query)
            match outcome.verdict(method, reply.status):
                case Next.DONE:
                    return self._read(request, reply)
                case Next.NEW_TOKEN if not renewed:
                    token = grant.renewed(token, deadline)
                    continue
            error = outcome.refusal(request, reply.status, reply.body, token)
            break
        match outcome.verdict(method, reply.status):
            case Next.AGAIN:
                # After a 429 or 503 the rate limit makes all calls wait.
                raise Again(error, 0.0 if reply.status in SLOW_DOWN else None)
            case Next.IN_DOUBT:
                raise TransportError(str(error), in_doubt=True)
        raise error

    def _wait_for_turn(self, request: Request, deadline: float) -> None:
        if self._around.orphaned():
            text = "the Pulumi CLI is gone; nothing was sent"
            raise TransportError(text, in_doubt=False, reason=Reason.CANCELLED)
        with self._line:
            while (seconds := self._limit.reserve()) > 0:
                if time.monotonic() + seconds > deadline:
                    raise TransportError(
                        f"{request.method} {request.path} was not sent: eGain's quota leaves no "
                        "turn within egain:operationTimeoutSeconds",
                        in_doubt=False,
                        reason=Reason.NO_TURN,
                    )
                if seconds > _WORTH_SAYING:
                    self._around.status(f"waiting {seconds:.0f} s, as eGain asked for fewer calls")
                self.sleep(seconds)
                if not self._limit.is_paused():
                    return

    def _send(self, request: Request, token: str, deadline: float, body: Any, query: Any) -> Reply:
        sent = time.monotonic()
        try:
            reply = self._transport.send(
                request.method,
                f"{self._base}{request.path}",
                seconds=self.settings.seconds_until(deadline),
                token=token,
                json=body,
                query=query,
                headers={"X-Correlation-Id": request.correlation},
            )
        except NoReply as none:
            text = (
                f"{request.method} {self._base}{request.path}: {none.failure.value}: "
                f"{none.reason} (correlation id {request.correlation})"
            )
            doubt = outcome.verdict(request.method, none.failure) is Next.IN_DOUBT
            error = TransportError(text, in_doubt=doubt)
            raise (error if doubt else Again(error, None)) from None
        if reply.status in SLOW_DOWN:
            wait = outcome.asked_wait(reply.headers, datetime.now(UTC))
            self._limit.back_off(sent, wait, outcome.quota(reply.headers))
        else:
            self._limit.speed_up()
        return reply

    def _read(self, request: Request, reply: Reply) -> Answer:
        kind = reply.headers.get("Content-Type", "")
        try:
            found = outcome.payload(request, reply.status, kind, reply.body)
        except TransportError as error:
            if error.in_doubt:
                raise
            raise Again(error, None) from None
        return Answer(found, outcome.moment(reply.headers.get("Date", "")), reply.status)


class Operation:
    """The five calls of a collection, all within one deadline (`time.monotonic` seconds)."""

    def __init__(self, client: Client, seconds: float) -> None:
        self._client = client
        self._deadline = time.monotonic() + seconds
        self._attempts = 0
        self.server_time: datetime | None = None
        """When the last answer was sent, by eGain's own clock."""

    def create(self, collection: str, body: dict[str, Any]) -> str:
        """POST; the new id. In doubt: TransportError, nothing is sent twice."""
        found = self._call("POST", f"/{collection}", body).get("id")
        if not isinstance(found, str) or not found:
            raise TransportError(f"POST /{collection} answered without an id", in_doubt=True)
        return found

    def get(self, collection: str, id: str) -> dict[str, Any]:
        """GET by id. NotFound is an answer; every other error is none."""
        found = self._call("GET", f"/{collection}/{id}")
        if not found or found.get("id", id) != id:
            raise TransportError(
                f"GET /{collection}/{id} answered with another object, or with none", in_doubt=False
            )
        return found

    def list(self, collection: str, key: str) -> list[dict[str, Any]]:
        """Every object of a collection, page after page; see `paging`."""

        def page(query: dict[str, int] | None) -> dict[str, Any]:
            return self._call("GET", f"/{collection}", query=query)

        return pages(page, collection, key)

    def replace(self, collection: str, id: str, body: dict[str, Any]) -> None:
        """PUT of the whole object. In doubt: TransportError; read before sending again."""
        self._call("PUT", f"/{collection}/{id}", body)

    def delete(self, collection: str, id: str) -> None:
        """DELETE; NotFound when it was not there."""
        self._call("DELETE", f"/{collection}/{id}")

    def pause(self, error: TransportError) -> None:
        """A growing wait before an answer that was lost is looked up."""
        self._attempts += 1
        self.wait(outcome.own_wait(self._attempts, random.random()), error)

    def wait(self, seconds: float, error: TransportError) -> None:
        """Wait, or raise the error where the deadline comes first."""
        if time.monotonic() + seconds > self._deadline:
            raise error
        self._client.sleep(seconds)

    def _call(self, method: str, path: str, body: Any = None, query: Any = None) -> dict[str, Any]:
        answer = self._client.call(method, path, self._deadline, body, query)
        self.server_time = answer.time
        return answer.payload
