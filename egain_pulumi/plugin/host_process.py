"""The plugin host as a process: its threads, and what ends it.

It serves one CLI command. After Ctrl-C, or when the CLI is killed, nothing more may be sent to
eGain. Each workaround says what it relies on and what happens without it, as in `host`.
"""

from __future__ import annotations

import os
import select
import stat
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..errors import Cancelled
from . import host

_cancelled = threading.Event()
_PARENT = os.getppid()
_LOOK_SECONDS = 0.25
_WATCH = "egain-parent-watch"


def sleep(seconds: float) -> None:
    """Wait; raises Cancelled within half a second of a Ctrl-C."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if cancelled():
            raise Cancelled("canceled while waiting for eGain; nothing was sent in the meantime.")
        time.sleep(min(left, _LOOK_SECONDS))


def cancelled() -> bool:
    """Return whether a Ctrl-C was pressed; it ends waits and calls, and nothing more is sent.

    Relies on the servicer's `context`, whose call is then over. Without it: `hear_cancel` alone.
    """
    context = host.servicer().get("context")
    return _cancelled.is_set() or (context is not None and not context.is_active())


def widen(threads: int) -> None:
    """Let the host serve `threads` calls at once; it starts with four threads.

    Relies on the local `server` of the host's `main`. Without it: four, which is slower only.
    Raising the limit alone does not help calls that are queued already, so no-op tasks make the
    executor start its threads.
    """
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None and not (frame.f_code.co_name == "main" and "server" in frame.f_locals):
        frame = frame.f_back
    state = getattr(frame.f_locals["server"], "_state", None) if frame is not None else None
    pool = getattr(state, "thread_pool", None)
    if pool is None or getattr(pool, "_max_workers", threads) >= threads:
        return
    missing = threads - pool._max_workers
    pool._max_workers = threads
    for _ in range(missing):
        pool.submit(time.sleep, 0)


def hear_cancel() -> None:
    """Let a Ctrl-C end the waits: the engine then calls Cancel, which the host answers and forgets.

    Relies on the servicer's class in the host's `__main__`, and on gRPC's
    `experimental_thread_pool`: a method that has one needs none of the host's threads, which may
    all be waiting. Without it: a wait lasts, or ends with the second Ctrl-C.
    """
    servicer = getattr(sys.modules["__main__"], "DynamicResourceProviderServicer", None)
    cancel = getattr(servicer, "Cancel", None)
    if cancel is not None and not hasattr(cancel, "experimental_thread_pool"):
        cancel.experimental_thread_pool = _CancelExecutor(1)


class _CancelExecutor(ThreadPoolExecutor):
    """An executor whose use signals cancellation."""

    def submit(self, *call: Any, **named: Any) -> Any:
        _cancelled.set()
        return super().submit(*call, **named)


def orphaned() -> bool:
    """Return whether the CLI that started this host is gone: queued calls must not be sent.

    Between the two there may be a shell, which outlives the CLI. But the CLI holds the other end
    of our standard input, which closes with it, even when it is killed.
    """
    if os.getppid() != _PARENT:
        return True
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return False
    return bool(select.select([0], [], [], 0)[0]) and not os.read(0, 4096)


def end_with_parent() -> None:
    """End this process within a second of losing the CLI, also while calls are under way."""
    if any(each.name == _WATCH for each in threading.enumerate()):
        return

    def watch() -> None:
        while not orphaned():
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name=_WATCH).start()
