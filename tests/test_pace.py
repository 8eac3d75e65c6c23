"""One pace for everybody, against a quota whose clock is the test's own."""

from __future__ import annotations

import math
import threading

import pytest

from egain_pulumi.pace import FIRST_GAP, FIRST_WIDTH, LONGEST_GAP, WIDENING, Pace


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


def test_the_width_begins_small_and_grows_with_each_success() -> None:
    pace = Pace(None, 16, Clock())
    most = inside = 0
    guard, gate = threading.Condition(), threading.Event()

    def call() -> None:
        nonlocal most, inside
        with pace.slot():
            with guard:
                inside += 1
                most = max(most, inside)
                guard.notify_all()
            gate.wait(10)
            with guard:
                inside -= 1

    threads = [threading.Thread(target=call) for _ in range(12)]
    for thread in threads:
        thread.start()
    with guard:
        assert guard.wait_for(lambda: inside == FIRST_WIDTH, 10)
    pace.went_well()
    with guard:
        assert guard.wait_for(lambda: inside == FIRST_WIDTH + WIDENING, 10)
    gate.set()
    for thread in threads:
        thread.join(10)
    assert most == FIRST_WIDTH + WIDENING
