"""Ctrl-C in a terminal, while `up` waits or calls (docs/rules.md#limits)."""

from __future__ import annotations

import sys
import time

import pytest

from tests.real.killing import exactly_one_each, pending, reached, refused, unchanged
from tests.real.terminal import CTRL_C, Terminal
from tests.support.cli import Stack
from tests.support.cli_result import executable
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli

SECONDS = 3.0
"""docs/rules.md#limits says one second; two more for a busy machine."""
CANCELLED = "canceled while waiting for eGain; nothing was sent in the meantime."


def up(hub: Stack) -> Terminal:
    """`pulumi up` as a person runs it."""
    command = [str(executable()), "up", "--yes", "--skip-preview", "--color", "never"]
    return Terminal([*command, "--stack", hub.name], cwd=hub.folder, env=hub.env)


def interrupted(terminal: Terminal, emulator: Emulator) -> None:
    """Press Ctrl-C once: the command ends by itself, soon, and nothing is sent any more."""
    sent = emulator.settled()
    began = time.monotonic()
    terminal.press(CTRL_C)
    code = terminal.wait(30)
    took = time.monotonic() - began
    sys.stdout.write(f"pulumi up ended {took:.2f} s after Ctrl-C\n")
    assert code != 0
    assert took < SECONDS, terminal.output
    assert emulator.requests(sent) == []


def test_a_wait_for_the_quota_shows_in_the_status_column_and_ends_with_ctrl_c(
    hub: Stack, emulator: Emulator
) -> None:
    emulator.fault(
        "POST", "/participants", action="status", status=429, headers={"Retry-After": "60"}
    )
    terminal = up(hub)
    reached(terminal, lambda: "waiting 60 s for the rate limit" in terminal.output)
    interrupted(terminal, emulator)
    assert CANCELLED in terminal.output
    assert emulator.objects("participants") == []
    assert pending(hub) == []
    emulator.heal()
    hub.up()
    exactly_one_each(hub, emulator)
    unchanged(hub)


def test_what_a_call_under_way_has_made_is_kept_when_ctrl_c_is_pressed(
    hub: Stack, emulator: Emulator
) -> None:
    """Pulumi lets calls that are under way come to their end, and begins no other.

    Ours get three quarters of a second more.
    """
    fault = emulator.fault(
        "POST", "/participants", action="hang", when="after", seconds=1.0, clock="real"
    )
    terminal = up(hub)
    reached(terminal, lambda: emulator.fired(fault))
    interrupted(terminal, emulator)
    [made] = emulator.objects("participants")
    assert hub.resources()["greeter"]["id"] == made["id"]
    assert "bot-first" not in hub.resources()
    hub.up()
    exactly_one_each(hub, emulator)


def test_a_lost_answer_stays_in_doubt_when_ctrl_c_is_pressed(
    hub: Stack, emulator: Emulator
) -> None:
    fault = emulator.fault("POST", "/participants", action="close")
    terminal = up(hub)
    reached(terminal, lambda: emulator.counts().get("GET /participants", 0) >= 2)
    interrupted(terminal, emulator)
    assert emulator.fired(fault) == 1
    assert 'cannot tell whether participant "greeter" was created: POST ' in terminal.output
    assert refused(terminal.output) == {}
    hub.up()
    exactly_one_each(hub, emulator)
