"""Send one HTTP request and return its answer. The only socket.

No retries, no redirects, no answers larger than any of this API. Whatever `requests` and the
libraries below it can raise becomes RequestFailed here (`faults`).
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
from requests.auth import AuthBase

from ..errors import EgainError
from ..names import is_loopback
from ..version import VERSION
from .exchange import Adapter, Exchange
from .faults import RequestFailed, TooLarge, request_failed

__all__ = ["RequestFailed", "Response", "Transport"]

MAX_BODY: Final = 64 * 2**20  # bytes: a page of 75 channels with the largest icons is 38 MB
_MAX_ERROR: Final = 2**16  # bytes that are read of any other answer than a success
_CONNECT_SECONDS: Final = 10.0
_CHUNK: Final = 2**16


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    """The beginning of it, if it is no success."""


class _Authorization(AuthBase):
    """Passed as `auth=` because a netrc entry would silently replace a header."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Session(requests.Session):
    """Looks at no redirect, not even to say where it leads, and needs no proxy for this machine."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        found = super().merge_environment_settings(url, proxies, stream, verify, cert)
        return {**found, "proxies": {}} if is_loopback(str(url)) else found


class Transport:
    """A session with connections for `max_concurrency` calls at once; thread-safe.

    `cancelled` tells of a Ctrl-C, which ends a request soon.
    """

    def __init__(self, max_concurrency: int, cancelled: Callable[[], bool] = lambda: False) -> None:
        self._cancelled = cancelled
        self._session = _Session()
        self._session.headers["User-Agent"] = (
            f"egain-pulumi/{VERSION} pulumi/{importlib.metadata.version('pulumi')}"
        )
        adapter = Adapter(
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
        largest: int = MAX_BODY,
    ) -> Response:
        """Send one request, which may take `seconds` until the last byte of its answer.

        `content` is sent as it is read; an EgainError of it passes through. `largest` is the most
        bytes of a successful answer. Raises RequestFailed.
        """

        def work() -> Response:
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
                return Response(response.status_code, response.headers, _read(response, largest))

        exchange = Exchange[Response]()
        try:
            return exchange.run(work, seconds, self._cancelled)
        except Exception as error:
            if isinstance(error, EgainError):
                raise
            raise request_failed(error, url, sent=exchange.sent) from None


def _read(response: requests.Response, largest: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if not response.ok and len(content) > _MAX_ERROR:
            return bytes(content[:_MAX_ERROR])
        if len(content) > largest:
            raise TooLarge(largest)
    return bytes(content)
