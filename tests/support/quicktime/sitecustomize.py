"""A plugin host whose waits take no time, for tests of what waits minutes.

Python imports this by itself where the folder is on `PYTHONPATH` (`Emulator.quick`). A wait of
the provider (`egain_pulumi.plugin.host_process.sleep`) then moves this process's clock and the
emulator's on instead of lasting: quotas, time-outs and late visibility stay in step with each
other. All other waits, the sockets' and the parent watch's, are real.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import urllib.request
from typing import Any, SupportsIndex

_real_monotonic, _real_sleep, _real_time = time.monotonic, time.sleep, time.time
_GRACE = 0.005
"""Real seconds in which a thread that is at work may still begin a shorter wait."""
_lock = threading.Lock()
_waiting: list[float] = []
_offset = 0.0
_ahead = 0.0
"""Seconds by which the emulator's clock was ahead when this process began."""


def _monotonic() -> float:
    return _real_monotonic() + _offset


def _time() -> float:
    """The provider's time of day is the emulator's: a later process goes on where this one was.

    Everybody else's is real: the gRPC library counts its deadlines by it.
    """
    ours = sys._getframe(1).f_globals.get("__name__", "").startswith("egain_pulumi.")
    return _real_time() + (_ahead + _offset if ours else 0.0)


def _sleep(seconds: SupportsIndex | float, /) -> None:
    caller = sys._getframe(1)
    place = caller.f_globals.get("__name__"), caller.f_code.co_name
    if place == ("egain_pulumi.plugin.host_process", "sleep"):
        # The moment, not `seconds`: another thread may have moved the clock since they were told.
        _pass_by(caller.f_locals["until"])
    else:
        _real_sleep(seconds)


def _pass_by(moment: float) -> None:
    """Let both clocks go on to a moment, in turn: whose moment is the earliest moves them."""
    global _offset
    with _lock:
        _waiting.append(moment)
    try:
        while _monotonic() < moment:
            _real_sleep(_GRACE)
            with _lock:
                left = moment - _monotonic()
                if left > 0 and moment == min(_waiting):
                    _advance_emulator(left)
                    _offset += left
    finally:
        with _lock:
            _waiting.remove(moment)


def _advance_emulator(seconds: float) -> None:
    _clock(json.dumps({"advance": seconds}).encode())


def _clock(body: bytes | None = None) -> Any:
    # No proxy of the shell: a call to this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(os.environ["QUICK_CLOCK"], data=body, timeout=10) as answer:
        return json.load(answer)


if "QUICK_CLOCK" in os.environ:
    _ahead = float(_clock()["offset"])
    time.monotonic, time.sleep, time.time = _monotonic, _sleep, _time
