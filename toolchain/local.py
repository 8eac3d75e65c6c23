"""The files of stack `local`, all in the ignored folder `.local/`, and what is said of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from toolchain.say import Refusal

STACK = "local"
PASSPHRASE = "local"  # published: whatever is encrypted with it is an example


@dataclass(frozen=True)
class Local:
    """Where the local stack of one clone keeps its things."""

    project: Path

    @property
    def folder(self) -> Path:
        return self.project / ".local"

    @property
    def database(self) -> Path:
        return self.folder / "emulator.db"

    @property
    def log(self) -> Path:
        return self.folder / "emulator.log"

    @property
    def process(self) -> Path:
        """Which process is our emulator: its pid and what tells it from a later one."""
        return self.folder / "emulator.pid"

    @property
    def bot_process(self) -> Path:
        """Which process is our bot, in the same form."""
        return self.folder / "bot.pid"

    @property
    def bot_log(self) -> Path:
        return self.folder / "bot.log"

    @property
    def port(self) -> Path:
        return self.folder / "port"

    @property
    def env(self) -> Path:
        return self.folder / "env"

    @property
    def home(self) -> Path:
        """PULUMI_HOME: which stack is selected, and plugins."""
        return self.folder / "pulumi"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def backend(self) -> str:
        """Without the file of metadata that the CLI would write beside each checkpoint, and not
        in one piece: killed while it does, it says "failed to load checkpoint: EOF" ever after."""
        return "file://" + quote(str(self.state)) + "?metadata=skip"

    def checkpoint(self) -> Path | None:
        """The file that holds the stack's state, or None before there is one."""
        found = sorted(self.state.glob(f".pulumi/stacks/*/{STACK}.json"))
        return found[0] if found else None

    def has_resources(self) -> bool:
        """Whether the state lists anything that lives in the emulator."""
        file = self.checkpoint()
        if file is None:
            return False
        try:
            checkpoint: dict[str, Any] = json.loads(file.read_text())["checkpoint"]
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal(f"{file} is damaged; run `make reset` to start afresh") from error
        resources = (checkpoint.get("latest") or {}).get("resources") or []
        return any(str(one.get("type", "")).startswith("pulumi-python:") for one in resources)

    def check_whole(self) -> None:
        """State and emulator belong together: half of them is refused."""
        if self.database.exists() and self.checkpoint() is None:
            found, lost = "emulator's database", "stack's state"
        elif not self.database.exists() and self.has_resources():
            found, lost = "stack's state", "emulator's database"
        else:
            return
        raise Refusal(
            f".local/ holds the {found} but not the {lost} that goes with it; "
            "run `make reset` to start afresh"
        )
