"""A killed `up` and the next one: docs/rules.md#never-twice-never-lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.real.killing import (
    POINTS,
    exactly_one_each,
    hold,
    host_of,
    hub_of,
    kill_cli,
    pending,
    persistent,
    reached,
    refused,
    replace_killed,
    take_over,
    unchanged,
)
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import Child

pytestmark = pytest.mark.cli

BEFORE, AFTER, BETWEEN = POINTS
PENDING = "Attempting to deploy or update resources with "
UP = ("up", "--yes", "--skip-preview")
KILLS = 30


@pytest.mark.parametrize("point", [BEFORE, BETWEEN])
def test_after_a_kill_of_the_cli_cancel_and_up_finish_the_job(
    point: str, hub: Stack, emulator: Emulator
) -> None:
    child = hub.start(*UP)
    hold(child, emulator, point)
    kill_cli(child)
    emulator.heal()
    locked = hub.up(check=False)
    assert "the stack is currently locked by 1 lock(s)." in locked.output
    assert "`pulumi cancel`" in locked.output
    hub.run("cancel")
    again = hub.up()
    assert PENDING in again.output
    exactly_one_each(hub, emulator)
    unchanged(hub)


def test_what_a_killed_up_had_made_unseen_is_kept_by_the_next_one(
    hub: Stack, emulator: Emulator
) -> None:
    child = hub.start(*UP)
    hold(child, emulator, AFTER)
    kill_cli(child)
    emulator.heal()
    [made] = emulator.objects("participants")
    hub.run("cancel")
    again = hub.up()
    assert f'participant "greeter" [{made["id"]}] was created by a run that was interrupted; ' in (
        again.output
    )
    exactly_one_each(hub, emulator)
    # The CLI goes on warning of the create whose end it did not see until it is told otherwise.
    assert pending(hub) == ["greeter"]
    hub.refresh("--clear-pending-creates")
    assert pending(hub) == []
    unchanged(hub)


def test_on_another_machine_it_is_taken_over_with_the_line_that_the_next_up_says(
    hub: Stack, emulator: Emulator
) -> None:
    child = hub.start(*UP)
    hold(child, emulator, AFTER)
    kill_cli(child)
    emulator.heal()
    [made] = emulator.objects("participants")
    shutil.rmtree(hub.home / ".pulumi" / "egain-journal")
    hub.run("cancel")
    met = hub.up(check=False)
    assert met.code != 0
    assert f'cannot create participant "greeter": name "greeter" already exists ({made["id"]})' in (
        met.output
    )
    assert refused(met.output) == {"greeter": made["id"]}
    assert len(emulator.objects("participants")) == 1

    take_over(hub, refused(met.output))
    hub.up()
    take_over(hub, {})
    exactly_one_each(hub, emulator)
    unchanged(hub)


def test_an_orchestration_that_a_killed_host_had_made_is_not_made_again(
    hub: Stack, emulator: Emulator
) -> None:
    child = hub.start(*UP)
    hold(child, emulator, AFTER, "/orchestrations", match={"nth": 2})
    [made] = [each for each in emulator.objects("orchestrations") if each["name"] == "bot-first"]
    os.kill(host_of(child), signal.SIGKILL)
    assert child.wait(30) != 0
    emulator.heal()
    again = hub.up()
    assert f"[{made['id']}] was created by a run that was interrupted; it is kept." in again.output
    exactly_one_each(hub, emulator)
    unchanged(hub)


def test_an_up_outlives_a_kill_of_the_server(tmp_path: Path) -> None:
    with persistent(tmp_path) as running:
        hub = hub_of(tmp_path, running[0])
        child = hub.start(*UP)
        hold(child, running[0], AFTER)
        replace_killed(running, tmp_path)
        assert child.wait(60) == 0, child.output
        assert running[0].counts().get("POST /participants", 0) == 0
        exactly_one_each(hub, running[0])
        unchanged(hub)


@pytest.mark.soak
def test_random_kills_of_any_of_the_three(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    chance = random.Random(seed)
    for number in range(KILLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        target = chance.choice(["cli", "host", "emulator"])
        request, when = chance.randint(1, 14), chance.choice(["before", "after"])
        where = f"kill {number} of seed {seed}: {target}, {when} request {request}"
        sys.stdout.write(f"{where}\n")
        with persistent(folder) as running:
            hub = hub_of(folder, running[0])
            child = hub.start(*UP)
            fault = running[0].fault(action="hang", when=when, match={"nth": request})
            _reached_or_done(child, running[0], fault)
            match target:
                case "cli" if child.popen.poll() is None:
                    kill_cli(child)
                case "emulator":
                    replace_killed(running, folder)
                    child.wait(60)
                case _:  # the host, or a CLI that has ended before
                    if child.popen.poll() is None:
                        os.kill(host_of(child), signal.SIGKILL)
                    child.wait(60)
            running[0].heal()
            _finish(hub, where)
            exactly_one_each(hub, running[0])
            unchanged(hub)


def _reached_or_done(child: Child, emulator: Emulator, fault: str) -> None:
    """A fault `after` sees only calls that were carried out: there may be fewer than it counts."""
    reached(child, lambda: emulator.fired(fault) or child.popen.poll() is not None)


def _finish(hub: Stack, where: str) -> None:
    """What a person does: cancel and up; nothing that a message would have to say."""
    again = hub.up(check=False)
    if "`pulumi cancel`" in again.output:
        hub.run("cancel")
        again = hub.up(check=False)
    assert again.code == 0, f"{where}: not finished\n{again.output}"
