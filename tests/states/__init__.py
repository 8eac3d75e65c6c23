"""States of every release, each with the program that left it behind. See docs/upgrading.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from egain_pulumi.version import VERSION
from tests.specimens import ICON
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.values import Secret

STATES: Final = Path(__file__).parent
CURRENT: Final = STATES / VERSION
PASSPHRASE: Final = "states"
"""Of the secrets in every `state.json`. They are worth nothing."""
PUBLISHED: Final = "127.0.0.1:8780"
"""Where the emulator of a state and of its program is said to be."""
READ: Final = "00000000-0000-4000-8000-000000000001"
ADOPTED: Final = "00000000-0000-4000-8000-000000000002"
"""Objects of the console: one that the programs get, one that they take over."""

CONFIG: Final[dict[str, Any]] = {
    "conversation-hub:secret": Secret("of-the-configuration"),
    "egain:maxConcurrency": "8",
}
"""The stack's configuration; it is part of a state, as the default provider's inputs."""


def releases() -> list[Path]:
    """The folders that have a state, oldest release first."""
    found = [folder.parent for folder in STATES.glob("*/state.json")]
    return sorted(found, key=lambda folder: [int(part) for part in folder.name.split(".")])


def ground(emulator: Emulator) -> None:
    """What the programs find in the tenant: objects to read, and objects to take over."""
    for id, name in ((READ, "console"), (ADOPTED, "imported")):
        body = {"id": id, "type": name, "displayName": name.title(), "icon": ICON, "active": True}
        emulator.add("channels", body)
    basic = {"username": "u", "password": "of-an-import"}  # as declared: no import overwrites it
    theirs = {"name": "by-name", "type": "basic", "basicAuth": basic, "active": True}
    emulator.add("authentications", theirs)


def stack_of(release: Path, folder: Path, emulator: Emulator, address: str) -> Stack:
    """A new stack with the program of a release; its second tenant is at `address`."""
    credentials = {"EGAIN_US_CLIENT_ID": "local", "EGAIN_US_CLIENT_SECRET": "local-secret"}
    stack = Stack(folder, passphrase=PASSPHRASE, env=emulator.env | credentials)
    stack.init()
    stack.config(CONFIG)
    for file in release.glob("icons/*"):
        (stack.folder / "icons").mkdir(exist_ok=True)
        (stack.folder / "icons" / file.name).write_bytes(file.read_bytes())
    stack.program((release / "program.py").read_text("utf-8").replace(PUBLISHED, address))
    return stack
