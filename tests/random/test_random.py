"""Random programs: a few with a fixed seed, and as many as time allows with new ones."""

from __future__ import annotations

import os
import random
import time
import traceback
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.random.figures import Figures
from tests.random.program import RandomProgram
from tests.random.steps import Step, programs
from tests.random.warm import Nursery
from tests.support.emulator import Emulator

pytestmark = pytest.mark.host
SETTINGS = settings(
    max_examples=50,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)


class Runner:
    """Runs one program after the other against the same emulator."""

    def __init__(self, emulator: Emulator, nursery: Nursery) -> None:
        self._emulator, self._nursery = emulator, nursery
        self.figures = Figures()

    def run(self, steps: list[Step]) -> None:
        """One program to its end; raises AssertionError where something does not hold."""
        program = RandomProgram(self._emulator, self._nursery, self.figures)
        try:
            for step in steps:
                step.perform(program)
            program.end()
        except Exception as error:
            error.add_note("".join(f"    {step}\n" for step in steps))
            raise
        finally:
            program.close()


@pytest.fixture
def runner(emulator: Emulator) -> Iterator[Runner]:
    """With hosts that start quickly."""
    nursery = Nursery(emulator.quick)
    yield Runner(emulator, nursery)
    nursery.stop()


def drawn(run: Callable[[list[Step]], None]) -> Callable[[], None]:
    """As many programs as the settings say, each run from nothing."""
    return given(steps=programs())(lambda steps: run(steps))


def test_random_programs_lose_nothing_make_nothing_twice_and_show_no_secret(runner: Runner) -> None:
    settings(SETTINGS, derandomize=True, max_examples=20)(drawn(runner.run))()
    figures = runner.figures
    figures.save("test")
    # A run in which nothing went wrong would prove nothing.
    assert sum(figures.faults.values()) > 40
    assert sum(figures.kills.values()) > 5
    assert len(figures.questions) > 3


@pytest.mark.soak
def test_random_programs_for_as_long_as_is_wanted(
    runner: Runner, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every failure is printed with its seed and its minimal program; the run goes on.

    `SOAK_SEED` runs one round of one's own, such as one that has failed.
    """
    ends = time.monotonic() + 60 * float(os.environ.get("SOAK_MINUTES", "30"))
    wanted = os.environ.get("SOAK_SEED")
    while time.monotonic() < ends:
        number = int(wanted) if wanted else random.SystemRandom().randrange(2**32)
        failed = attempt(runner, number)
        with capfd.disabled():
            print(f"seed {number}: {failed or 'fine'}")  # noqa: T201
        runner.figures.failures += bool(failed)
        runner.figures.save("soak")
        if wanted:
            break
    assert runner.figures.failures == 0


def attempt(runner: Runner, number: int) -> str:
    """One round of programs with a seed of its own; what failed, or nothing."""
    try:
        seed(number)(SETTINGS(drawn(runner.run)))()
    except Exception as error:  # noqa: BLE001  # whatever it is, this seed has found it
        return "".join(traceback.format_exception(error))
    return ""
