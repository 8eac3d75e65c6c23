"""One pace for everybody, against a quota whose clock is the test's own."""

from __future__ import annotations

import threading

import pytest

from egain_pulumi.pace import FIRST_GAP, FIRST_WIDTH, LONGEST_GAP, Pace


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


@pytest.mark.parametrize("per_second", [0.5, 1, 10])
@pytest.mark.parametrize("says_how_long", [True, False])
def test_a_small_quota_is_met_with_few_refusals_and_little_waste(
    per_second: float, says_how_long: bool
) -> None:
    clock = Clock()
    quota, pace = Quota(clock, per_second, 2), Pace(None, 16, clock)
    done = refused = 0
    while done < 100:
        clock.now += pace.wait()
        wait = quota.refuses()
        if wait is None:
            done += 1
            pace.went_well()
        else:
            refused += 1
            pace.refused(wait if says_how_long else None)
    assert refused / (done + refused) < 0.15
    ideal = (100 - 2) / per_second
    assert clock.now < (1.15 if says_how_long else 1.7) * ideal


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
    pace.refused(7)
    assert pace.wait() == 7


def test_refusals_of_calls_that_were_under_way_together_slow_down_once() -> None:
    clock = Clock()
    together, alone = Pace(None, 16, clock), Pace(None, 16, clock)
    for _ in range(4):
        together.refused(2)
    alone.refused(2)
    clock.now = 2
    assert [together.wait() for _ in range(3)] == [alone.wait() for _ in range(3)]


def test_without_a_word_of_how_long_the_wait_doubles_up_to_a_bound() -> None:
    clock = Clock()
    pace = Pace(None, 16, clock)
    waits = []
    for _ in range(8):
        pace.refused(None)
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

    threads = [threading.Thread(target=call) for _ in range(10)]
    for thread in threads:
        thread.start()
    with guard:
        assert guard.wait_for(lambda: inside == FIRST_WIDTH, 10)
    pace.went_well()
    with guard:
        assert guard.wait_for(lambda: inside == FIRST_WIDTH + 1, 10)
    gate.set()
    for thread in threads:
        thread.join(10)
    assert most == FIRST_WIDTH + 1
