"""The rate limit against a quota, both on a clock that the test sets."""

from __future__ import annotations

import math
import threading

import pytest

from egain_pulumi.api.rate_limit import (
    INITIAL_INTERVAL,
    MAX_INTERVAL,
    SLOW_START,
    SLOW_START_SLOTS,
    RateLimit,
)


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Quota:
    """A token bucket, as the vendor's sibling API describes its rates."""

    def __init__(self, clock: Clock, per_second: float, burst: float) -> None:
        self._clock, self._rate, self._burst = clock, per_second, burst
        self._tokens, self._at = burst, clock.now

    def refuses(self) -> float | None:
        """Return the seconds to wait (`Retry-After`), or None if the call is accepted."""
        passed = self._clock.now - self._at
        self._tokens, self._at = min(self._burst, self._tokens + passed * self._rate), self._at
        self._at = self._clock.now
        if self._tokens >= 1:
            self._tokens -= 1
            return None
        return (1 - self._tokens) / self._rate


def run(limit: RateLimit, quota: Quota, clock: Clock, says: str, named: float, calls: int) -> int:
    """Make calls one after the other. Returns how many were refused."""
    done = refused = 0
    while done < calls:
        clock.now += limit.reserve()
        wait = quota.refuses()
        if wait is None:
            done += 1
            limit.speed_up()
            continue
        refused += 1
        match says:
            case "how long":
                limit.back_off(clock.now, wait)
            case "its quota":
                limit.back_off(clock.now, math.ceil(wait), named)
            case _:
                limit.back_off(clock.now, None)
    return refused


@pytest.mark.parametrize("per_second", [0.5, 1, 10])
@pytest.mark.parametrize(
    ("says", "waste"), [("its quota", 1.1), ("how long", 1.15), ("nothing", 1.7)]
)
def test_a_small_quota_costs_few_refusals_and_little_time(
    per_second: float, says: str, waste: float
) -> None:
    clock = Clock()
    quota, limit = Quota(clock, per_second, 2), RateLimit(None, 16, clock)
    refused = run(limit, quota, clock, says, per_second, calls=100)
    assert refused / (100 + refused) < 0.15
    assert clock.now < waste * (100 - 2) / per_second


@pytest.mark.parametrize("named", [0.1, 10])
def test_a_wrongly_advertised_quota_is_detected(named: float) -> None:
    clock = Clock()
    quota, limit = Quota(clock, 1, 2), RateLimit(None, 16, clock)
    run(limit, quota, clock, "its quota", named, calls=200)
    begun = clock.now
    refused = run(limit, quota, clock, "its quota", named, calls=200)
    assert refused / (200 + refused) < 0.15
    assert clock.now - begun < 1.7 * 200


def test_an_advertised_quota_is_not_exceeded_within_its_minute() -> None:
    clock = Clock()
    quota, limit = Quota(clock, 2, 2), RateLimit(None, 16, clock)
    assert run(limit, quota, clock, "its quota", 2, calls=100) == 1


def test_a_configured_limit_holds_from_the_first_call() -> None:
    clock = Clock()
    limit = RateLimit(2, 16, clock)
    assert [limit.reserve() for _ in range(4)] == [0, 0.5, 1.0, 1.5]
    limit.speed_up()
    clock.now = 10
    assert [limit.reserve(), limit.reserve()] == [0, 0.5]


def test_no_call_waits_before_the_first_429() -> None:
    limit = RateLimit(None, 16, Clock())
    assert [limit.reserve() for _ in range(100)] == [0] * 100


def test_a_429_pauses_all_calls_for_as_long_as_it_says() -> None:
    clock = Clock()
    limit = RateLimit(None, 16, clock)
    limit.back_off(0, 7)
    assert limit.reserve() == 7


def test_several_429s_of_calls_in_flight_together_count_once() -> None:
    clock = Clock()
    together, alone = RateLimit(None, 16, clock), RateLimit(None, 16, clock)
    for _ in range(4):
        together.back_off(0, 2)
    alone.back_off(0, 2)
    clock.now = 2
    assert [together.reserve() for _ in range(3)] == [alone.reserve() for _ in range(3)]


def test_a_late_429_of_an_earlier_call_does_not_slow_down_again() -> None:
    clock = Clock()
    limit = RateLimit(None, 16, clock)
    limit.back_off(0, 0.1, 10)
    clock.now = 0.5
    limit.back_off(0.05, 0, 10)
    first, second = limit.reserve(), limit.reserve()
    assert second - first == pytest.approx(1 / 10)


def test_without_a_named_wait_the_interval_doubles_up_to_a_maximum() -> None:
    clock = Clock()
    limit = RateLimit(None, 16, clock)
    waits = []
    for _ in range(8):
        limit.back_off(clock.now, None)
        waits.append(limit.reserve())
        clock.now += waits[-1] + MAX_INTERVAL
    assert waits[0] == INITIAL_INTERVAL
    assert waits == sorted(waits)
    assert waits[-1] == MAX_INTERVAL


class Calls:
    """Threads that each want one slot; `answer` ends calls that have one."""

    def __init__(self, limit: RateLimit, many: int) -> None:
        self._limit = limit
        self._guard = threading.Condition()
        self._sent = self._answers = 0
        self._answered = 0
        self._threads = [threading.Thread(target=self._call) for _ in range(many)]
        for thread in self._threads:
            thread.start()

    def _call(self) -> None:
        with self._limit.slot(lambda: None):
            with self._guard:
                self._sent += 1
                self._guard.notify_all()
                self._guard.wait_for(lambda: self._answers > 0, 10)
                self._answers -= 1
            self._limit.speed_up()
        with self._guard:
            self._answered += 1
            self._guard.notify_all()

    def answer(self, many: int) -> None:
        with self._guard:
            done = self._answered + many
            self._answers += many
            self._guard.notify_all()
            assert self._guard.wait_for(lambda: self._answered == done, 10)

    def sent(self, many: int) -> bool:
        """Return whether this many calls were sent, and no more a moment later."""
        with self._guard:
            reached = self._guard.wait_for(lambda: self._sent >= many, 10)
            more = self._guard.wait_for(lambda: self._sent > many, 0.05)
            return reached and not more

    def end(self) -> None:
        self.answer(len(self._threads) - self._answered)
        for thread in self._threads:
            thread.join(10)


def test_all_slots_open_after_the_slow_start() -> None:
    calls = Calls(RateLimit(None, 16, Clock()), 40)
    assert calls.sent(SLOW_START)
    calls.answer(SLOW_START - SLOW_START_SLOTS)
    assert calls.sent(SLOW_START)
    calls.answer(SLOW_START_SLOTS)
    assert calls.sent(SLOW_START + 16)
    calls.end()


def test_a_slow_first_call_does_not_block_the_others() -> None:
    calls = Calls(RateLimit(None, 16, Clock()), 40)
    assert calls.sent(SLOW_START)
    calls.answer(SLOW_START - 1)
    assert calls.sent(SLOW_START + SLOW_START_SLOTS - 1)
    calls.answer(1)
    assert calls.sent(SLOW_START + 16)
    calls.end()


@pytest.mark.parametrize("most", [1, 2])
def test_a_small_max_concurrency_is_used_from_the_start_and_never_exceeded(most: int) -> None:
    calls = Calls(RateLimit(None, most, Clock()), 12)
    for done in range(8):
        assert calls.sent(most + done)
        calls.answer(1)
    calls.end()
