"""Writes the state of this release: `python -m tests.states.write`. See docs/upgrading.md."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.states import CURRENT, PUBLISHED, ground, releases, stack_of
from tests.support.cli import Stack
from tests.support.emulator import Emulator

_OF_THE_MACHINE = ("sourcePosition", "stackTrace", "created", "modified")
"""What Pulumi notes of the process that registered a resource: paths, and times."""


def written(release: Path, emulator: Emulator, folder: Path) -> dict[str, Any]:
    """The state that the program of a release leaves behind when today's code runs it."""
    address = emulator.url.removeprefix("http://")
    stack: Stack = stack_of(release, folder, emulator, address)
    ground(emulator)
    stack.up()
    state: dict[str, Any] = json.loads(json.dumps(stack.export()).replace(address, PUBLISHED))
    for resource in state["deployment"]["resources"]:
        for key in _OF_THE_MACHINE:
            resource.pop(key, None)
    return state


def main() -> None:
    """Write `state.json` of this release; if it has no program yet, with that of the newest."""
    if not CURRENT.exists():
        newest = releases()[-1]
        shutil.copytree(newest, CURRENT, ignore=shutil.ignore_patterns("state.json"))
        print(f"{CURRENT.name}: the program is that of {newest.name}")  # noqa: T201
    emulator = Emulator(strict=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            state = written(CURRENT, emulator, Path(folder))
    finally:
        emulator.stop()
    (CURRENT / "state.json").write_text(json.dumps(state, indent=1, sort_keys=True) + "\n")
    print(f"{CURRENT.name}: {len(state['deployment']['resources'])} resources")  # noqa: T201


if __name__ == "__main__":
    main()
