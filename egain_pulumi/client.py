"""The only socket: session, token, time-outs, and the retry loop that performs `wire`'s policy.

It speaks collections and ids, and knows no nouns. Credentials and bodies never reach a message.
"""

from __future__ import annotations

import importlib.metadata
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from . import wire
from .errors import TransportError
from .pace import Pace
from .paging import pages
from .retry import Again, Sleep, repeated
from .settings import Settings
from .token import Token
from .version import VERSION
from .wire import Failure, Next, Request, own_wait

LARGEST_BODY: Final = 64 * 2**20  # bytes: a page of 75 channels with the largest icons is 38 MB
_CONNECT_SECONDS: Final = 10.0
SLOW_DOWN: Final = (429, 503)
_WORTH_SAYING: Final = 1.0  # seconds
_CHUNK: Final = 2**16


class _Bearer(AuthBase):
    """As `auth=` rather than as a header: a netrc entry would replace a header silently."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(frozen=True, slots=True)
class Answer:
    """What eGain answered, and when by its own clock (None where it does not say)."""

    payload: dict[str, Any]
    time: datetime | None


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
        self._around = surroundings or Surroundings()
        sleep = self._around.sleep
        self.settings = settings
        self._base = str(settings.base_url)
        self.sleep = sleep
        self._pace = Pace(settings.requests_per_second, settings.max_concurrency)
        self._session = session(settings.max_concurrency)
        self._token = Token(settings, self._session, sleep)

    def operation(self, seconds: float | None = None) -> Operation:
        """Calls that share one deadline: `operationTimeoutSeconds`, or less."""
        longest = self.settings.operation_timeout_seconds
        return Operation(self, min(longest, seconds) if seconds else longest)

    def call(
        self, method: str, path: str, deadline: float, body: Any = None, query: Any = None
    ) -> Answer:
        """One request with its repetitions. Raises ApiError or TransportError when it is over."""
        return repeated(
            self._once, method, path, deadline, body, query, deadline=deadline, sleep=self.sleep
        )

    def _once(self, method: str, path: str, deadline: float, body: Any, query: Any) -> Answer:
        token = self._token.current(deadline)
        for renewed in (False, True):
            request = Request(method, path, str(uuid.uuid4()))
            self._wait_for_turn(request, deadline)
            status, headers, content = self._send(request, token, deadline, body, query)
            match wire.verdict(method, status):
                case Next.DONE:
                    return self._read(request, status, headers, content)
                case Next.NEW_TOKEN if not renewed:
                    token = self._token.renewed(token, deadline)
                    continue
            error = wire.refusal(request, status, headers, content)
            break
        match wire.verdict(method, status):
            case Next.AGAIN if status in SLOW_DOWN:
                raise Again(error, 0.0)  # everybody's wait is in the pace
            case Next.AGAIN:
                raise Again(error, None)
            case Next.IN_DOUBT:
                raise TransportError(str(error), in_doubt=True)
        raise error

    def _wait_for_turn(self, request: Request, deadline: float) -> None:
        if self._around.orphaned():
            raise TransportError("the Pulumi CLI is gone; nothing was sent", in_doubt=False)
        seconds = self._pace.wait()
        if time.monotonic() + seconds > deadline:
            raise TransportError(
                f"{request.method} {request.path} was not sent: eGain's quota leaves no turn "
                "within operationTimeoutSeconds",
                in_doubt=False,
            )
        if seconds > _WORTH_SAYING:
            self._around.status(f"waiting {seconds:.0f} s, as eGain asked for fewer calls")
        if seconds > 0:
            self.sleep(seconds)

    def _read(self, request: Request, status: int, headers: Any, content: bytes) -> Answer:
        try:
            found = wire.payload(request, status, headers.get("Content-Type", ""), content)
            return Answer(found, wire.moment(headers.get("Date", "")))
        except TransportError as error:
            if error.in_doubt:
                raise
            raise Again(error, None) from None

    def _send(
        self, request: Request, token: str, deadline: float, body: Any, query: Any
    ) -> tuple[int, Any, bytes]:
        seconds = min(self.settings.request_timeout_seconds, max(0.1, deadline - time.monotonic()))
        ends = time.monotonic() + seconds
        failure, reason = Failure.LOST, "timed out"
        with self._pace.slot():
            try:
                with self._session.request(
                    request.method,
                    f"{self._base}{request.path}",
                    json=body,
                    params=query,
                    auth=_Bearer(token),
                    headers={"Accept": "application/json", "X-Correlation-Id": request.correlation},
                    timeout=(min(_CONNECT_SECONDS, seconds), seconds),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    content = _limited(response, ends)
                    self._keep_pace(response)
                    return response.status_code, response.headers, content
            except requests.Timeout as error:
                if isinstance(error, requests.ConnectTimeout):
                    failure, reason = Failure.NOT_CONNECTED, "connecting timed out"
            except requests.exceptions.SSLError:
                failure, reason = Failure.NOT_CONNECTED, "the TLS certificate is not trusted"
            except requests.exceptions.ProxyError:
                failure, reason = Failure.NOT_CONNECTED, "the proxy refused"
            except requests.ConnectionError as error:
                if _never_sent(error):
                    failure, reason = Failure.NOT_CONNECTED, "nobody listens there"
                else:
                    reason = "the connection broke off"
            except (requests.RequestException, TooLarge) as error:
                failure, reason = Failure.UNREADABLE, type(error).__name__
        raise self._failed(request, failure, reason)

    def _keep_pace(self, response: requests.Response) -> None:
        if response.status_code in SLOW_DOWN:
            self._pace.refused(wire.asked_wait(response.headers, datetime.now(UTC)))
        else:
            self._pace.went_well()

    def _failed(self, request: Request, failure: Failure, reason: str) -> Exception:
        text = (
            f"{request.method} {self._base}{request.path}: {failure.value}: {reason} "
            f"(correlation id {request.correlation})"
        )
        doubt = wire.verdict(request.method, failure) is Next.IN_DOUBT
        error = TransportError(text, in_doubt=doubt)
        return error if doubt else Again(error, None)


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
        return self._call("GET", f"/{collection}/{id}")

    def list(self, collection: str, key: str) -> list[dict[str, Any]]:
        """Every object of a collection, page after page; see `paging`."""

        def page(query: dict[str, int] | None) -> dict[str, Any]:
            return self._call("GET", f"/{collection}", query=query)

        return pages(page, collection, key)

    def replace(self, collection: str, id: str, body: dict[str, Any]) -> None:
        """PUT of the whole object. In doubt: TransportError; read before sending again."""
        self._call("PUT", f"/{collection}/{id}", body)

    def pause(self, error: TransportError) -> None:
        """A growing wait before an answer that was lost is looked up."""
        self._attempts += 1
        self.wait(own_wait(self._attempts, random.random()), error)

    def wait(self, seconds: float, error: TransportError) -> None:
        """Wait, or raise the error where the deadline comes first."""
        if time.monotonic() + seconds > self._deadline:
            raise error
        self._client.sleep(seconds)

    def delete(self, collection: str, id: str) -> None:
        """DELETE; NotFound when it was not there."""
        self._call("DELETE", f"/{collection}/{id}")

    def _call(self, method: str, path: str, body: Any = None, query: Any = None) -> dict[str, Any]:
        answer = self._client.call(method, path, self._deadline, body, query)
        self.server_time = answer.time
        return answer.payload


class TooLarge(Exception):
    """More bytes than any answer of this API has."""


def session(width: int) -> requests.Session:
    """A session whose pool is as wide as the concurrency, and that never repeats by itself."""
    made = requests.Session()
    made.headers["User-Agent"] = (
        f"egain-pulumi/{VERSION} pulumi/{importlib.metadata.version('pulumi')}"
    )
    adapter = HTTPAdapter(pool_connections=2, pool_maxsize=width, max_retries=0, pool_block=True)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


def _limited(response: requests.Response, ends: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > LARGEST_BODY:
            raise TooLarge(f"more than {LARGEST_BODY // 2**20} MiB")
        # The time-out of `requests` starts anew with every byte; a slow drip must end as well.
        if time.monotonic() > ends:
            raise requests.ReadTimeout
    return bytes(content)


def _never_sent(error: requests.ConnectionError) -> bool:
    """Whether the connection was not even made (urllib3 wraps the reason in a retry error)."""
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
