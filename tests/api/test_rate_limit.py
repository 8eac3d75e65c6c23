"""One pace for everybody, against a quota whose clock is the test's own."""

from __future__ import annotations

import math
import threading

import pytest

from egain_pulumi.api.rate_limit import AT_LEAST, FIRST_CALLS, FIRST_GAP, LONGEST_GAP, Pace


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Quota:
    """A bucket of tokens, as the vendor's sibling API describes its rates."""

    def __init__(self, clock: Clock, per_second: float, burst: float) -> None:
        self._clock, self._rate, self._burst = clock, per_second, burst
        self._tokens, self._at = burst, clock.now

    def refuses(self) -> float | None:
        """Seconds to wait (`Retry-After`), or None: the call is taken."""
        passed = self._clock.now - self._at
        self._tokens, self._at = min(self._burst, self._tokens + passed * self._rate), self._at
        self._at = self._clock.now
        if self._tokens >= 1:
            self._tokens -= 1
            return None
        return (1 - self._tokens) / self._rate


def run(pace: Pace, quota: Quota, clock: Clock, says: str, named: float, calls: int) -> int:
    """So many calls, one after the other; how many times they were refused."""
    done = refused = 0
    while done < calls:
        clock.now += pace.wait()
        wait = quota.refuses()
        if wait is None:
            done += 1
            pace.went_well()
            continue
        refused += 1
        match says:
            case "how long":
                pace.refused(clock.now, wait)
            case "its quota":
                pace.refused(clock.now, math.ceil(wait), named)
            case _:
                pace.refused(clock.now, None)
    return refused


@pytest.mark.parametrize("per_second", [0.5, 1, 10])
@pytest.mark.parametrize(
    ("says", "waste"), [("its quota", 1.1), ("how long", 1.15), ("nothing", 1.7)]
)
def test_a_small_quota_is_met_with_few_refusals_and_little_waste(
    per_second: float, says: str, waste: float
) -> None:
    clock = Clock()
    quota, pace = Quota(clock, per_second, 2), Pace(None, 16, clock)
    refused = run(pace, quota, clock, says, per_second, calls=100)
    assert refused / (100 + refused) < 0.15
    assert clock.now < waste * (100 - 2) / per_second


@pytest.mark.parametrize("named", [0.1, 10])
def test_a_quota_that_was_named_wrongly_is_found_out(named: float) -> None:
    clock = Clock()
    quota, pace = Quota(clock, 1, 2), Pace(None, 16, clock)
    run(pace, quota, clock, "its quota", named, calls=200)
    begun = clock.now
    refused = run(pace, quota, clock, "its quota", named, calls=200)
    assert refused / (200 + refused) < 0.15
    assert clock.now - begun < 1.7 * 200


def test_a_quota_that_was_named_is_not_tried_within_its_minute() -> None:
    clock = Clock()
    quota, pace = Quota(clock, 2, 2), Pace(None, 16, clock)
    assert run(pace, quota, clock, "its quota", 2, calls=100) == 1


def test_a_ceiling_is_kept_from_the_first_call() -> None:
    clock = Clock()
    pace = Pace(2, 16, clock)
    assert [pace.wait() for _ in range(4)] == [0, 0.5, 1.0, 1.5]
    pace.went_well()
    clock.now = 10
    assert [pace.wait(), pace.wait()] == [0, 0.5]


def test_nobody_waits_before_eGain_asks_for_it() -> None:
    pace = Pace(None, 16, Clock())
    assert [pace.wait() for _ in range(100)] == [0] * 100


def test_a_refusal_holds_everybody_for_as_long_as_it_says() -> None:
    clock = Clock()
    pace = Pace(None, 16, clock)
    pace.refused(0, 7)
    assert pace.wait() == 7


def test_refusals_of_calls_that_were_under_way_together_slow_down_once() -> None:
    clock = Clock()
    together, alone = Pace(None, 16, clock), Pace(None, 16, clock)
    for _ in range(4):
        together.refused(0, 2)
    alone.refused(0, 2)
    clock.now = 2
    assert [together.wait() for _ in range(3)] == [alone.wait() for _ in range(3)]


def test_a_refusal_of_a_call_that_was_under_way_before_comes_late_and_changes_no_pace() -> None:
    clock = Clock()
    pace = Pace(None, 16, clock)
    pace.refused(0, 0.1, 10)
    clock.now = 0.5
    pace.refused(0.05, 0, 10)
    first, second = pace.wait(), pace.wait()
    assert second - first == pytest.approx(1 / 10)


def test_without_a_word_of_how_long_the_wait_doubles_up_to_a_bound() -> None:
    clock = Clock()
    pace = Pace(None, 16, clock)
    waits = []
    for _ in range(8):
        pace.refused(clock.now, None)
        waits.append(pace.wait())
        clock.now += waits[-1] + LONGEST_GAP
    assert waits[0] == FIRST_GAP
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_GAP


class Calls:
    """Threads that each want one place; `answer` ends one of them that has it."""

    def __init__(self, pace: Pace, many: int) -> None:
        self._pace = pace
        self._guard = threading.Condition()
        self._sent = self._answers = 0
        self._answered = 0
        self._threads = [threading.Thread(target=self._call) for _ in range(many)]
        for thread in self._threads:
            thread.start()

    def _call(self) -> None:
        with self._pace.slot():
            with self._guard:
                self._sent += 1
                self._guard.notify_all()
                self._guard.wait_for(lambda: self._answers > 0, 10)
                self._answers -= 1
            self._pace.went_well()
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
        """Whether this many calls went out, and a moment later no more."""
        with self._guard:
            reached = self._guard.wait_for(lambda: self._sent >= many, 10)
            more = self._guard.wait_for(lambda: self._sent > many, 0.05)
            return reached and not more

    def end(self) -> None:
        self.answer(len(self._threads) - self._answered)
        for thread in self._threads:
            thread.join(10)


def test_all_places_are_open_once_the_first_calls_went_well() -> None:
    calls = Calls(Pace(None, 16, Clock()), 40)
    assert calls.sent(FIRST_CALLS)
    calls.answer(FIRST_CALLS - AT_LEAST)
    assert calls.sent(FIRST_CALLS)
    calls.answer(AT_LEAST)
    assert calls.sent(FIRST_CALLS + 16)
    calls.end()


def test_a_slow_first_call_does_not_hold_up_the_others() -> None:
    calls = Calls(Pace(None, 16, Clock()), 40)
    assert calls.sent(FIRST_CALLS)
    calls.answer(FIRST_CALLS - 1)
    assert calls.sent(FIRST_CALLS + AT_LEAST - 1)
    calls.answer(1)
    assert calls.sent(FIRST_CALLS + 16)
    calls.end()


@pytest.mark.parametrize("width", [1, 2])
def test_a_small_width_is_full_from_the_beginning_and_never_exceeded(width: int) -> None:
    calls = Calls(Pace(None, width, Clock()), 12)
    for done in range(8):
        assert calls.sent(width + done)
        calls.answer(1)
    calls.end()
