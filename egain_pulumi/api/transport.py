"""The only socket: one request out, one answer in, or the way in which none came.

It repeats nothing, follows no redirect, and reads no more than any answer of this API has.
"""

from __future__ import annotations

import importlib.metadata
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import MaxRetryError, NewConnectionError

from ..version import VERSION
from .outcome import Failure

LARGEST_BODY: Final = 64 * 2**20  # bytes: a page of 75 channels with the largest icons is 38 MB
_CONNECT_SECONDS: Final = 10.0
_CHUNK: Final = 2**16


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whatever it says."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoReply(Exception):
    """No answer, or too much of one.

    `code` is for programs; `reason` is for people, and free of credentials.
    """

    def __init__(self, failure: Failure, code: str, reason: str) -> None:
        super().__init__(reason)
        self.failure, self.code, self.reason = failure, code, reason


class _Authorization(AuthBase):
    """As `auth=` rather than as a header: a netrc entry would replace a header silently."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _TooLarge(Exception):
    pass


class Transport:
    """A session with connections for `width` calls at once; thread-safe."""

    def __init__(self, width: int) -> None:
        self._session = requests.Session()
        self._session.headers["User-Agent"] = (
            f"egain-pulumi/{VERSION} pulumi/{importlib.metadata.version('pulumi')}"
        )
        adapter = HTTPAdapter(
            pool_connections=2, pool_maxsize=width, max_retries=0, pool_block=True
        )
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def send(
        self,
        method: str,
        url: str,
        *,
        seconds: float,
        token: str | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        content: Iterable[bytes] | None = None,
    ) -> Reply:
        """One request; `seconds` bound it from the first byte out to the last one in.

        `content` is sent as it is read; whatever it raises, but an OSError, comes out here.
        Raises NoReply.
        """
        ends = time.monotonic() + seconds
        try:
            with self._session.request(
                method,
                url,
                json=json,
                data=form if content is None else content,
                params=query,
                auth=_Authorization(token),
                headers={"Accept": "application/json", **(headers or {})},
                timeout=(min(_CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                return Reply(response.status_code, response.headers, _limited(response, ends))
        except (requests.RequestException, _TooLarge) as error:
            raise NoReply(*_reason(error)) from None


def _limited(response: requests.Response, ends: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > LARGEST_BODY:
            raise _TooLarge
        # The time-out of `requests` starts anew with every byte; a slow drip must end as well.
        if time.monotonic() > ends:
            raise requests.ReadTimeout
    return bytes(content)


def _reason(error: Exception) -> tuple[Failure, str, str]:
    match error:
        case _TooLarge():
            return Failure.UNREADABLE, "answer_too_large", f"more than {LARGEST_BODY // 2**20} MiB"
        case requests.ConnectTimeout():
            return Failure.NOT_CONNECTED, "timeout", "connecting timed out"
        case requests.Timeout():
            return Failure.LOST, "timeout", "it timed out"
        case requests.exceptions.SSLError():
            # Only an untrusted certificate ends a connection before anything is sent over it.
            if _caused_by(error, ssl.SSLCertVerificationError):
                return (
                    Failure.NOT_CONNECTED,
                    "certificate_invalid",
                    "its TLS certificate is not trusted",
                )
            return Failure.LOST, "connection_lost", "the TLS connection broke off"
        case requests.exceptions.ProxyError():
            return Failure.NOT_CONNECTED, "proxy_refused", "the proxy refused"
        case requests.ConnectionError() if _never_sent(error):
            return Failure.NOT_CONNECTED, "connection_refused", "nobody listens there"
        case requests.ConnectionError() | requests.exceptions.ChunkedEncodingError():
            return Failure.LOST, "connection_lost", "the connection broke off"
        case _:
            # Only the type: the text of a foreign exception may quote an address with a secret.
            return Failure.UNREADABLE, "unknown", type(error).__name__


def _caused_by(error: BaseException, kind: type[Exception]) -> bool:
    """Whether an exception has a cause of this kind, through urllib3's wrapping."""
    seen: list[object] = [error]
    for each in seen:
        if isinstance(each, kind):
            return True
        if isinstance(each, BaseException):
            inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
            seen += [i for i in inner if isinstance(i, BaseException) and i not in seen]
    return False


def _never_sent(error: requests.ConnectionError) -> bool:
    """Whether the connection was not even made (urllib3 wraps the reason in a retry error)."""
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
