"""Do one HTTP exchange within its time, whatever the other side does.

The time-outs of `requests` restart with every byte, and look-ups of names and TLS have none. So
the exchange runs in a thread of its own, and the caller waits for its end, its deadline or a
Ctrl-C. One mechanism for all that can drip: nothing inside the libraries has to be trusted. An
exchange that is given up can do no more harm: its socket is shut down, which ends its thread, and
if it has none yet, it may send nothing (`_Watched`).
"""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from requests.adapters import HTTPAdapter

from .limits import LOOK_SECONDS

if TYPE_CHECKING:
    from urllib3 import PoolManager
    from urllib3.connection import HTTPConnection

    _Connection = HTTPConnection
else:
    _Connection = object

R = TypeVar("R")

_GRACE: Final = 0.75
"""Seconds that a call under way still gets after a Ctrl-C: its answer is worth knowing."""
_MOST_INTERIM: Final = 20
"""Interim answers (1xx) that are read past."""
_thread: Final = threading.local()


class GivenUp(Exception):
    """The deadline or a Ctrl-C came before the end."""

    def __init__(self, *, cancelled: bool) -> None:
        super().__init__()
        self.cancelled = cancelled


class Exchange(Generic[R]):
    """One request and its answer."""

    def __init__(self) -> None:
        self.sent = False
        """Whether a byte of the request may have left."""
        self._lock = threading.Lock()
        self._over = False
        self._socket: socket.socket | None = None
        self._done = threading.Event()
        self._result: R | None = None
        self._error: BaseException | None = None

    def run(self, work: Callable[[], R], seconds: float, cancelled: Callable[[], bool]) -> R:
        """Return the result of `work`, or raise its error. Raises GivenUp."""
        threading.Thread(target=self._perform, args=(work,), daemon=True).start()
        try:
            self._wait(seconds, cancelled)
        finally:
            self._end()
        error, self._error = self._error, None
        if error is not None:
            try:
                raise error
            finally:
                del error  # a circle with its frames would keep what was read of the answer
        return self._result  # type: ignore[return-value]  # the result of `work`

    def _perform(self, work: Callable[[], R]) -> None:
        _thread.exchange = self
        with self:
            self._result = work()

    def __enter__(self) -> None:
        """Begin the work."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> bool:
        """End it; keep its error for the thread that waits."""
        self._error = error
        self._done.set()
        return True

    def _wait(self, seconds: float, cancelled: Callable[[], bool]) -> None:
        until, hurry = time.perf_counter() + seconds, False
        while not self._done.wait(min(LOOK_SECONDS, until - time.perf_counter())):
            if not hurry and cancelled():
                until, hurry = min(until, time.perf_counter() + _GRACE), True
            if time.perf_counter() >= until:
                raise GivenUp(cancelled=hurry)

    def _end(self) -> None:
        with self._lock:
            self._over = True
            if self._socket is not None and not self._done.is_set():
                with suppress(OSError):  # closed already
                    # Not the method of a TLS socket: it must not change what the other thread uses.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def begin(self, used: Any, *, request: bool) -> None:
        """Note that bytes are about to leave, of a request or for its tunnel.

        Raises TimeoutError if nobody waits for the answer any more.
        """
        with self._lock:
            if self._over:
                raise TimeoutError
            inner = getattr(used, "socket", used)  # TLS inside the TLS of a proxy
            self._socket = inner if isinstance(inner, socket.socket) else None
            self.sent = self.sent or request


class _Response(http.client.HTTPResponse):
    """Reads past every interim answer; the library knows only 100."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST_INTERIM):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 <= status < 200 or status == http.client.SWITCHING_PROTOCOLS:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise http.client.HTTPException("too many interim answers")


class _Watched(_Connection):
    """A connection that belongs to the exchange of its thread."""

    response_class = _Response
    _connecting = False

    def connect(self) -> None:
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _thread.exchange.begin(self.sock, request=not self._connecting)
        super().send(data)


class Adapter(HTTPAdapter):
    """Makes connections that an exchange can give up."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the manager of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        _watch(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the manager of a proxy's connections."""
        manager = super().proxy_manager_for(*args, **kwargs)
        _watch(manager)
        return manager


def _watch(manager: PoolManager) -> None:
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _watched(pools[scheme]) for scheme in pools}


@cache
def _watched(pool: Any) -> Any:
    """Return a class of connection pools with connections of ours: also for proxies, and SOCKS."""
    if issubclass(pool.ConnectionCls, _Watched):
        return pool
    connection = type(pool.ConnectionCls.__name__, (_Watched, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})
