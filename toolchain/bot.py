"""The bot of stack `local`, `examples/bot/`, at the address in the stack's configuration."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from toolchain.local import Local
from toolchain.say import Refusal, say
from toolchain.server import NotStarted, Running, Server, free

STOP_SECONDS = 5.0
CONFIG = "stacks/Pulumi.local.yaml"


def start(
    local: Local, command: Sequence[str | Path], config: Mapping[str, str], env: Mapping[str, str]
) -> Running:
    """Restart the bot with the stack's configuration. Refusal: it did not start, and why."""
    port = _port(config)
    if stop(local):
        # Its threads may hold the port for a moment after it has ended.
        deadline = time.monotonic() + STOP_SECONDS
        while not free(port) and time.monotonic() < deadline:
            time.sleep(0.02)
    if not free(port):
        raise Refusal(
            f"port {port} is taken, and botCallback names it; choose another one for botCallback "
            f"and botLoginUrl in {CONFIG}, then run make up and make bot"
        )
    secret = config.get("botClientSecret", "")
    own = {**env, "BOT_CLIENT_ID": "hub", "BOT_CLIENT_SECRET": secret}
    try:
        started = _server(local).start([*command, str(port)], port, own)
    except NotStarted as failure:
        raise Refusal(f"the bot did not start: {failure} (see .local/bot.log)") from None
    say(f"the bot runs on http://127.0.0.1:{port}")
    return started


def stop(local: Local) -> bool:
    """Stop our bot; return whether it ran."""
    return _server(local).stop()


def configuration(text: str) -> dict[str, str]:
    """Return the project's own values from `pulumi config --json --show-secrets`."""
    listed: dict[str, dict[str, Any]] = json.loads(text)
    own = {key: each for key, each in listed.items() if not key.startswith("egain:")}
    return {key.partition(":")[2]: str(each.get("value", "")) for key, each in own.items()}


def _port(config: Mapping[str, str]) -> int:
    """Return the port of the bot, at which eGain calls it and gets the token for that."""
    ports = set()
    for name in ("botCallback", "botLoginUrl"):
        try:
            parts = urlsplit(config.get(name, ""))
            here = parts.scheme == "http" and parts.hostname == "127.0.0.1" and parts.port
        except ValueError:
            here = None
        if not here:
            raise Refusal(
                f"{name} in {CONFIG} does not lead to this machine; set an address such as "
                "http://127.0.0.1:8771/callback, then run make up and make bot"
            )
        ports.add(here)
    if len(ports) != 1:
        raise Refusal(f"botCallback and botLoginUrl in {CONFIG} name two ports; set the same one")
    return int(ports.pop())


def _server(local: Local) -> Server:
    return Server(local.bot_process, local.bot_log, local.project)
