"""Retry a call until its deadline."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

import tenacity

from ..errors import EgainError, TransportError
from .limits import Deadline
from .outcome import Outcome
from .waits import backoff

R = TypeVar("R")


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
            step = error.next_step if isinstance(error, TransportError) else ""
            return TransportError(str(error), in_doubt=True, next_step=step)
    return error


def call_with_retries(call: Callable[[], R], deadline: Deadline) -> R:
    """Return the result of `call`, retrying each Retryable until the deadline."""

    def wait(state: tenacity.RetryCallState) -> float:
        failed = state.outcome.exception() if state.outcome else None
        if isinstance(failed, Retryable) and failed.wait is not None:
            return failed.wait
        return backoff(state.attempt_number, random.random())

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Retryable),
        wait=wait,
        stop=lambda state: deadline.passes(state.upcoming_sleep),
        sleep=deadline.hooks.sleep,
        reraise=True,
    )
    try:
        return retrying(call)
    except Retryable as last:
        raise last.error from None
