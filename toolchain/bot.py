"""The bot of stack `local`, `examples/bot/`, as a background process: started anew, stopped.

It listens where the stack's configuration says that it is. `.local/bot.pid` holds its pid, port
and identity; a process that does not match is never touched.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from toolchain import process
from toolchain.emulator import Running, free
from toolchain.local import Local
from toolchain.say import Refusal, say

START_SECONDS = 30.0
STOP_SECONDS = 5.0
CONFIG = "stacks/Pulumi.local.yaml"


def start(
    local: Local, command: Sequence[str | Path], config: Mapping[str, str], env: Mapping[str, str]
) -> Running:
    """The bot, started anew with the stack's configuration; Refusal with its own last words."""
    port = _port(config)
    if stop(local):
        # Its other threads may hold the port for a moment longer than its first one lives.
        deadline = time.monotonic() + STOP_SECONDS
        while not free(port) and time.monotonic() < deadline:
            time.sleep(0.02)
    if not free(port):
        raise Refusal(
            f"port {port} is taken, and botCallback names it: choose another one for botCallback "
            f"and botLoginUrl in {CONFIG}, then make up and make bot"
        )
    secret = config.get("botClientSecret", "")
    own = {**env, "BOT_CLIENT_ID": "hub", "BOT_CLIENT_SECRET": secret}
    with local.bot_log.open("ab") as log:
        began = log.tell()
        child = subprocess.Popen(
            [*command, str(port)],
            cwd=local.project,
            env=own,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    identity = process.identity(child.pid)
    deadline = time.monotonic() + START_SECONDS
    while identity and child.poll() is None and time.monotonic() < deadline:
        if f"http://127.0.0.1:{port}" in _written(local, began):
            found = Running(child.pid, port, identity)
            local.bot_process.write_text(json.dumps(asdict(found)) + "\n")
            child.returncode = 0  # it is to outlive us: Popen need not warn that nobody waits
            say(f"the bot runs on http://127.0.0.1:{port}")
            return found
        time.sleep(0.02)
    child.kill()
    child.wait()
    last = (_written(local, began) or ["it said nothing"])[-1]
    raise Refusal(f"the bot did not start: {last} (all of it: .local/bot.log)")


def stop(local: Local) -> bool:
    """Stop our bot if it runs; whether there was one to stop."""
    try:
        found = Running(**json.loads(local.bot_process.read_text()))
    except (OSError, ValueError, TypeError):
        return False
    stopped = process.end(found.pid, found.identity)
    local.bot_process.unlink(missing_ok=True)
    return stopped


def configuration(text: str) -> dict[str, str]:
    """The project's own values in what `pulumi config --json --show-secrets` writes."""
    listed: dict[str, dict[str, Any]] = json.loads(text)
    own = {key: each for key, each in listed.items() if not key.startswith("egain:")}
    return {key.partition(":")[2]: str(each.get("value", "")) for key, each in own.items()}


def _port(config: Mapping[str, str]) -> int:
    """Where eGain will call the bot, and where it fetches the token for that."""
    ports = set()
    for name in ("botCallback", "botLoginUrl"):
        try:
            parts = urlsplit(config.get(name, ""))
            here = parts.scheme == "http" and parts.hostname == "127.0.0.1" and parts.port
        except ValueError:
            here = None
        if not here:
            raise Refusal(
                f"{name} in {CONFIG} does not lead to this machine; make bot needs an address "
                "such as http://127.0.0.1:8771/callback there, then make up"
            )
        ports.add(here)
    if len(ports) != 1:
        raise Refusal(f"botCallback and botLoginUrl in {CONFIG} name two ports; the bot has one")
    return int(ports.pop())


def _written(local: Local, began: int) -> list[str]:
    with local.bot_log.open("rb") as log:
        log.seek(began)
        return log.read().decode(errors="replace").strip().splitlines()
