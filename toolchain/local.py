"""The files of stack `local`, all in the ignored folder `.local/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from toolchain.say import Refusal

STACK = "local"
PASSPHRASE = "local"  # published: it encrypts examples only


@dataclass(frozen=True)
class Local:
    """The files of one clone's local stack."""

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
        """The record of our emulator's process: pid, port and identity."""
        return self.folder / "emulator.pid"

    @property
    def bot_process(self) -> Path:
        """The record of our bot's process."""
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
        """PULUMI_HOME: the selected stack, and plugins."""
        return self.folder / "pulumi"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def backend(self) -> str:
        """The state's URL, without the metadata file beside each checkpoint: a CLI that is killed
        while writing it says "failed to load checkpoint: EOF" from then on."""
        return "file://" + quote(str(self.state)) + "?metadata=skip"

    def checkpoint(self) -> Path | None:
        """Return the file of the stack's state, or None if there is none yet."""
        found = sorted(self.state.glob(f".pulumi/stacks/*/{STACK}.json"))
        return found[0] if found else None

    def has_resources(self) -> bool:
        """Whether the state has an object of the emulator."""
        return bool(self._resources())

    def lacks_database(self) -> bool:
        """Whether the state has an object of release 0.1.0, whose mark does not name the emulator's
        database: another port would look like another tenant."""
        marks = ((one.get("outputs") or {}).get("_tenant") for one in self._resources())
        return any("emulator" not in mark for mark in marks if isinstance(mark, dict))

    def _resources(self) -> list[dict[str, Any]]:
        """Return the objects of the emulator in the state."""
        file = self.checkpoint()
        if file is None:
            return []
        try:
            checkpoint: dict[str, Any] = json.loads(file.read_text())["checkpoint"]
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal(f"{file} is damaged; run `make reset` to start afresh") from error
        resources = (checkpoint.get("latest") or {}).get("resources") or []
        return [r for r in resources if str(r.get("type", "")).startswith("pulumi-python:")]

    def check_complete(self) -> None:
        """Refuse a state without its emulator's database, or the other way round."""
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
