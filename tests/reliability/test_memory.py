"""An answer without end does not end in the memory of the plugin host."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel
from tests.support.emulator import Emulator

STATUS = "/proc/{pid}/status"
MIB = 1024
pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(
        not Path("/proc/self/status").exists(), reason="tells a process's memory on Linux only"
    ),
]


def kib(pid: int, name: str) -> int:
    """A figure of a process's memory."""
    lines = Path(STATUS.format(pid=pid)).read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


def test_300_mb_of_body_are_left_at_the_limit_and_given_back(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config, env=emulator.quick)
    engine.up([channel()])
    [host] = engine.hosts.running
    before = kib(host.pid, "VmRSS")
    for number in range(3):
        big = emulator.fault("GET", action="big_body", bytes=300_000_000)
        engine.up([channel(display_name=f"New {number}")])
        assert emulator.fired(big) == 1
    assert engine.hosts.running == [host]
    assert kib(host.pid, "VmHWM") < before + 200 * MIB
    assert kib(host.pid, "VmRSS") < before + 32 * MIB
