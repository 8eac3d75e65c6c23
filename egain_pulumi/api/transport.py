"""Send one HTTP request and return its answer. The only socket.

No retries, no redirects, no answers larger than any of this API.
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

_MAX_BODY: Final = 64 * 2**20  # bytes: a page of 75 channels with the largest icons is 38 MB
_CONNECT_SECONDS: Final = 10.0
_CHUNK: Final = 2**16


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class RequestFailed(Exception):
    """A request got no answer, or one that is too large.

    `code` is for programs; `reason` is for people and contains no credentials.
    """

    def __init__(self, failure: Failure, code: str, reason: str) -> None:
        super().__init__(reason)
        self.failure, self.code, self.reason = failure, code, reason


class _Authorization(AuthBase):
    """Passed as `auth=` because a netrc entry would silently replace a header."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _TooLarge(Exception):
    pass


class Transport:
    """A session with connections for `max_concurrency` calls at once; thread-safe."""

    def __init__(self, max_concurrency: int) -> None:
        self._session = requests.Session()
        self._session.headers["User-Agent"] = (
            f"egain-pulumi/{VERSION} pulumi/{importlib.metadata.version('pulumi')}"
        )
        adapter = HTTPAdapter(
            pool_connections=2, pool_maxsize=max_concurrency, max_retries=0, pool_block=True
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
    ) -> Response:
        """Send one request, which may take `seconds` until the last byte of its answer.

        `content` is sent as it is read; its exceptions pass through, except an OSError.
        Raises RequestFailed.
        """
        deadline = time.monotonic() + seconds
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
                return Response(response.status_code, response.headers, _read(response, deadline))
        except (requests.RequestException, _TooLarge) as error:
            raise _request_failed(error) from None


def _read(response: requests.Response, deadline: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > _MAX_BODY:
            raise _TooLarge
        # The timeout of `requests` restarts with every byte: it does not end a slow drip.
        if time.monotonic() > deadline:
            raise requests.ReadTimeout
    return bytes(content)


def _request_failed(error: Exception) -> RequestFailed:
    match error:
        case _TooLarge():
            reason = f"the answer is larger than {_MAX_BODY // 2**20} MiB"
            return RequestFailed(Failure.UNREADABLE, "answer_too_large", reason)
        case requests.ConnectTimeout():
            return RequestFailed(Failure.NOT_CONNECTED, "timeout", "connecting timed out")
        case requests.Timeout():
            return RequestFailed(Failure.LOST, "timeout", "the request timed out")
        case requests.exceptions.SSLError():
            # Only an untrusted certificate ends a connection before anything is sent.
            if _caused_by(error, ssl.SSLCertVerificationError):
                reason = "its TLS certificate is not trusted"
                return RequestFailed(Failure.NOT_CONNECTED, "certificate_invalid", reason)
            return RequestFailed(Failure.LOST, "connection_lost", "the TLS connection was lost")
        case requests.exceptions.ProxyError():
            reason = "the proxy refused the connection"
            return RequestFailed(Failure.NOT_CONNECTED, "proxy_refused", reason)
        case requests.ConnectionError() if _never_sent(error):
            reason = "connection refused or host unknown"
            return RequestFailed(Failure.NOT_CONNECTED, "connection_refused", reason)
        case requests.ConnectionError() | requests.exceptions.ChunkedEncodingError():
            return RequestFailed(Failure.LOST, "connection_lost", "the connection was lost")
        case _:
            # Only the type: the text of a foreign exception may quote an address with a secret.
            return RequestFailed(Failure.UNREADABLE, "unknown", type(error).__name__)


def _caused_by(error: BaseException, kind: type[Exception]) -> bool:
    """Return whether an exception has a cause of this kind inside urllib3's wrapping."""
    seen: list[object] = [error]
    for each in seen:
        if isinstance(each, kind):
            return True
        if isinstance(each, BaseException):
            inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
            seen += [i for i in inner if isinstance(i, BaseException) and i not in seen]
    return False


def _never_sent(error: requests.ConnectionError) -> bool:
    """Return whether no connection was made (urllib3 wraps the reason in a retry error)."""
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
