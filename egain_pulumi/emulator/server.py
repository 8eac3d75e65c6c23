"""The process: builds the application, listens on loopback, prints its URL, ends on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import uvicorn

from .api import Api
from .clock import Clock
from .contract.answer_check import Checker
from .contract.document import DEFAULT_PATH, Contract
from .control.routes import Control
from .faults.registry import Faults
from .gateway import Gateway
from .messaging.endpoints import Messaging
from .request_log import RequestLog
from .rules import NOUNS, Noun
from .settings import Settings
from .store import MEMORY, Store, StoreError
from .tenant import Tenant
from .tokens import Tokens
from .wire import Protocol

HOST = "127.0.0.1"
COULD_NOT_RUN = 2
GRACE = 0.4  # seconds for answers in flight when the process has to end


class StartError(Exception):
    """The emulator cannot start; the text is one line for the user."""


def build(
    store: Store,
    *,
    latency: float = 0.0,
    strict: bool = False,
    contract: Path = DEFAULT_PATH,
    nouns: Sequence[Noun] = NOUNS,
    origin: str = "",
    deliver_outside: bool = False,
) -> Gateway:
    """Return the application over an open store; `origin` is its own URL."""
    rules = Contract.load(contract)
    clock = Clock()
    bodies = {noun.collection: rules.operations["POST", noun.path].body for noun in nouns}
    shapes = {name: rules.shape(pointer) for name, pointer in bodies.items() if pointer}
    tenant = Tenant(store, clock, nouns, shapes)
    checker = Checker(rules, tenant.edited, strict=strict)
    started = Settings().apply({"latency": latency})
    messaging = Messaging(tenant, checker, started, origin=origin, outside=deliver_outside)
    api = Api(rules, nouns, tenant, Tokens(clock, rules.scopes), checker, messaging)
    gateway = Gateway(api, clock, Faults(), RequestLog(), started)
    gateway.control = Control(gateway, strict=strict).app
    return gateway


def serve(
    *,
    port: int = 8780,
    db: str = MEMORY,
    latency: float = 0.0,
    strict: bool = False,
    contract: Path = DEFAULT_PATH,
    nouns: Sequence[Noun] = NOUNS,
    deliver_outside: bool = False,
) -> int:
    """Run until SIGTERM or SIGINT; return the exit code.

    port     on 127.0.0.1; 0 picks a free one. The URL is printed as the only line on stdout, once
             the emulator accepts calls.
    db       SQLite file, created if missing, or ":memory:"
    latency  seconds of real time by which each answer is delayed
    strict   check each answer against the contract
    deliver_outside
             also call callbacks and token endpoints on other machines (https only)

    If the port is in use or the database cannot be used: 2, with one line on stderr.
    """
    try:
        listener = _listen(port)
        with listener, _open(db) as store:
            gateway = build(
                store,
                latency=latency,
                strict=strict,
                contract=contract,
                nouns=nouns,
                origin=_url(listener),
                deliver_outside=deliver_outside,
            )
            asyncio.run(_run(gateway, listener))
    except (StartError, StoreError, ValueError) as problem:
        sys.stderr.write(f"emulator: {problem}\n")
        return COULD_NOT_RUN
    except sqlite3.DatabaseError as problem:
        sys.stderr.write(f"emulator: database {db} is damaged ({problem}); delete it\n")
        return COULD_NOT_RUN
    return 0


@contextlib.contextmanager
def _open(path: str) -> Iterator[Store]:
    store = Store(path)
    try:
        yield store
    finally:
        store.close()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # asyncio turns Nagle off only if the protocol is named, which saves 40 ms per answer. A restart
    # must not wait until the kernel forgets the connections of the last run.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(256)
    except (OSError, OverflowError) as problem:
        listener.close()
        if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE:
            raise StartError(f"port {port} is in use; choose another with --port") from None
        raise StartError(f"port {port} cannot be used: {problem}") from None
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Prints its URL. `_run` handles signals: uvicorn would be killed by them instead of ending."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(_url((sockets or [])[0]) + "\n")
        sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let answers finish for a moment, then close the connections of the rest."""
        for server in self.servers:
            server.close()
        until = asyncio.get_running_loop().time() + GRACE
        while self.server_state.tasks and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.02)
        if self.server_state.tasks:
            for transport in list(Protocol.transports.values()):
                transport.abort()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _run(gateway: Gateway, listener: socket.socket) -> None:
    Protocol.database = gateway.api.tenant.store.database
    server = _Server(
        uvicorn.Config(
            gateway,
            http=Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            date_header=False,
            server_header=False,
            # Longer than clients keep idle connections: a call must not reuse a closing one.
            timeout_keep_alive=120,
            timeout_graceful_shutdown=0,
        )
    )

    def stop() -> None:
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    await server.serve([listener])
