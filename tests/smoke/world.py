"""The hub of `__main__.py`, deployed once by the real CLI and put back for every test, and its bot.

world.restore()                    # as `pulumi up` left it
world.edit("bot-auth", {...})      # somebody edits it in eGain's console
code, out, err = world.smoke("--emulator", "--account", "orders")
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from unittest import mock

from egain_pulumi.cli.app import run
from tests.support import process
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY, Child, base_env, free_port

BOT: Final = REPOSITORY / "examples" / "bot" / "bot.py"
COLLECTIONS: Final = (
    "authentications",
    "clientapplications",
    "participants",
    "channels",
    "orchestrations",
    "accounts",
)
Answer = tuple[int, str, str]


def steps(report: Any) -> list[tuple[str, str]]:
    """Outcome and text of each step of the only check."""
    [check] = report["checks"]
    return [(step["outcome"], step["what"]) for step in check["steps"]]


def ended(report: Any) -> list[Any]:
    """The failed steps of the only check."""
    [check] = report["checks"]
    return [step for step in check["steps"] if step["outcome"] == "ended"]


class World:
    """One emulator's hub and bot. `emulator` is that of the tests, reset before each."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator, self.folder = emulator, folder
        self.customer_port, self.bot_port = free_port(), free_port()
        self._bot: Child | None = None
        self._deploy(folder)
        payload = json.loads(self.object("authentications", "bot-auth")["oauth2"]["payload"])
        self.secret: str = payload["clientSecret"]
        self.start_bot()

    def start_bot(self, **env: str) -> None:
        """The bot, anew, on the port that it has."""
        self.stop_bot()
        given = {**self.emulator.env, "BOT_CLIENT_SECRET": self.secret, **env}
        command = [sys.executable, str(BOT), str(self.bot_port)]
        self._bot = Child(command, cwd=REPOSITORY, env=base_env(given))
        process.lasting.add(self._bot.popen.pid)
        assert self._bot.next_line(20) == self.bot_url

    def stop_bot(self) -> None:
        """End the bot."""
        if self._bot is not None:
            process.lasting.discard(self._bot.popen.pid)
            self._bot.end()
            self._bot = None

    @property
    def bot_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.bot_port}"

    @property
    def bot_said(self) -> str:
        """Its log."""
        return self._bot.output if self._bot else ""

    def _deploy(self, folder: Path) -> None:
        stack = Stack.of(
            REPOSITORY, folder, name="local", passphrase="local", env=self.emulator.env
        )
        stack.init()
        stack.config(
            {
                "conversation-hub:botLoginUrl": f"{self.bot_url}/oauth2/token",
                "conversation-hub:botCallback": f"{self.bot_url}/callback",
                "conversation-hub:customerCallback": (
                    f"http://127.0.0.1:{self.customer_port}/callback"
                ),
            }
        )
        stack.up()
        self.stack = stack
        self.state = folder / "state.json"
        self.plain = folder / "plain.json"
        self.state.write_text(json.dumps(stack.checkpoint()))
        self.plain.write_text(stack.run("stack", "export", "--show-secrets").stdout)
        self._objects = {name: self.emulator.objects(name, secrets=True) for name in COLLECTIONS}

    def restore(self) -> None:
        """The hub as it was deployed, on an emulator that was reset."""
        for drawn in self.emulator.objects("clientapplications"):
            self.emulator.remove("clientapplications", drawn["id"])
        for name, objects in self._objects.items():
            for each in objects:
                self.emulator.add(name, each)

    def id(self, collection: str, name: str) -> str:
        """The id of an object, by its name or type."""
        return next(
            str(each["id"])
            for each in self._objects[collection]
            if name in (each.get("name"), each.get("type"))
        )

    def object(self, collection: str, name: str) -> dict[str, Any]:
        """An object as it was deployed, with its secrets."""
        wanted = self.id(collection, name)
        return next(each for each in self._objects[collection] if each["id"] == wanted)

    def edit(self, collection: str, name: str, changes: Mapping[str, Any]) -> None:
        """Change an object behind the program's back."""
        self.emulator.edit(collection, self.id(collection, name), changes)

    def role(self, application: str, **changes: Any) -> None:
        """Change the one role of an application."""
        [role] = self.object("clientapplications", application)["roles"]
        self.edit("clientapplications", application, {"roles": [{**role, **changes}]})

    def smoke(self, *arguments: str, env: Mapping[str, str] | None = None) -> Answer:
        """The command, on the stack's state unless told otherwise: code, output, errors."""
        where = ("--state", "--stack", "--tenant")
        given = () if any(each in arguments for each in where) else ("--state", str(self.state))
        out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
        with (
            mock.patch.dict(os.environ, {**self.emulator.env, **(env or {})}),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run(("smoke", *given, *arguments))
        out.flush()
        err.flush()
        texts = [each.buffer.getvalue().decode() for each in (out, err)]
        return code, texts[0], texts[1]

    def report(self, *arguments: str) -> Any:
        """The same as JSON, with its exit code."""
        code, out, err = self.smoke(*arguments, "--json")
        assert not err, err
        return {**json.loads(out), "code": code}
