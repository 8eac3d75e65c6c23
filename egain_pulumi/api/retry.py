"""Retry a call until its deadline."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

import tenacity

from ..errors import EgainError, TransportError
from .outcome import Outcome, backoff

R = TypeVar("R")
Sleep = Callable[[float], None]


class Retryable(Exception):
    """A failure worth a retry, after `wait` seconds if the server named them.

    `error` is raised instead if no time is left.
    """

    def __init__(self, error: EgainError, wait: float | None = None) -> None:
        self.error, self.wait = error, wait


def attempt_error(outcome: Outcome, error: EgainError, wait: float | None = None) -> Exception:
    """Return what a failed attempt raises: its error, in doubt, or Retryable."""
    match outcome:
        case Outcome.RETRYABLE:
            return Retryable(error, wait)
        case Outcome.IN_DOUBT:
            return TransportError(str(error), in_doubt=True)
    return error


def call_with_retries(call: Callable[[], R], deadline: float, sleep: Sleep) -> R:
    """Return the result of `call`, retrying each Retryable until `deadline` (`time.monotonic`)."""

    def wait(state: tenacity.RetryCallState) -> float:
        failed = state.outcome.exception() if state.outcome else None
        if isinstance(failed, Retryable) and failed.wait is not None:
            return failed.wait
        return backoff(state.attempt_number, random.random())

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Retryable),
        wait=wait,
        stop=lambda state: time.monotonic() + state.upcoming_sleep > deadline,
        sleep=sleep,
        reraise=True,
    )
    try:
        return retrying(call)
    except Retryable as last:
        raise last.error from None
