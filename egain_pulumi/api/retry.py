"""Performs what `wire` decided: the loop around one request, bounded by a deadline alone."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

import tenacity

from . import outcome

R = TypeVar("R")
Sleep = Callable[[float], None]


class Again(Exception):
    """Try once more, after `wait` seconds if the server named them. `error` is what to raise
    when there is no time left for it."""

    def __init__(self, error: Exception, wait: float | None) -> None:
        self.error, self.wait = error, wait


def repeated(call: Callable[..., R], *args: Any, deadline: float, sleep: Sleep) -> R:
    """The result of `call`, tried again for every Again until `deadline` (`time.monotonic`)."""

    def wait(state: tenacity.RetryCallState) -> float:
        failed = state.outcome.exception() if state.outcome else None
        if isinstance(failed, Again) and failed.wait is not None:
            return failed.wait
        return outcome.own_wait(state.attempt_number, random.random())

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Again),
        wait=wait,
        stop=lambda state: time.monotonic() + state.upcoming_sleep > deadline,
        sleep=sleep,
        reraise=True,
    )
    try:
        return retrying(call, *args)
    except Again as last:
        raise last.error from None
