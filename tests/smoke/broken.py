"""Twelve hubs with one defect each, and the cause that must be reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.emulator.callbacks import Callbacks, answer, in_turn, slow
from tests.smoke.world import World
from tests.support.process import REPOSITORY, free_port

PAGE: Final = REPOSITORY / "docs" / "smoke.md"
BEGIN: Final = "<!-- Written by `python -m tests.smoke` from real runs. -->\n"
END: Final = "<!-- End of what is written. -->\n"

BOT: Final = 'client application "bot"'
Break = Callable[[World, Callbacks], object]


@dataclass(frozen=True)
class Broken:
    """What is wrong, how it comes about, and the object and the code that must be reported."""

    title: str
    do: Break
    object: str
    code: str
    script: str = ""
    """What the customer says, if it matters."""


def _secret(world: World, _: Callbacks) -> None:
    payload = '{"clientId":"hub","clientSecret":"of last year"}'
    world.edit("authentications", "bot-auth", {"oauth2": {"payload": payload}})


def _slow(world: World, callbacks: Callbacks) -> None:
    world.emulator.settings(callback_seconds=0.5)
    callbacks.plans["/slow"] = slow(1.5)
    world.role("bot", callback=f"{callbacks.url}/slow")


def _at(*plans: Any) -> Break:
    """The bot's callback is a server that does this."""

    def do(world: World, callbacks: Callbacks) -> None:
        callbacks.plans["/bot"] = in_turn(*plans)
        world.role("bot", callback=f"{callbacks.url}/bot")

    return do


def _no_escalation(world: World, _: Callbacks) -> None:
    found = world.object("orchestrations", "bot-first")["applications"]["botConfiguration"]
    bots = [{k: v for k, v in bot.items() if k != "onEscalation"} for bot in found["bots"]]
    changed = {"applications": {"botConfiguration": {"bots": bots}}}
    world.edit("orchestrations", "bot-first", changed)


def _restrict(**rules: Any) -> Break:
    return lambda world, _: world.edit(
        "channels", "custom_channel", {"restrictions": {"inbound": rules}}
    )


def _deleted(world: World, _: Callbacks) -> None:
    world.emulator.remove("clientapplications", world.id("clientapplications", "bot"))


TWELVE: Final = (
    Broken("wrong secret", _secret, 'authentication "bot-auth"', "token_refused"),
    Broken(
        "inactive channel",
        lambda world, _: world.edit("channels", "custom_channel", {"active": False}),
        'channel "chat"',
        "object_not_active",
    ),
    Broken(
        "callback down",
        lambda world, _: world.role("bot", callback=f"http://127.0.0.1:{free_port()}/callback"),
        BOT,
        "connection_refused",
    ),
    Broken("callback slow", _slow, BOT, "timeout"),
    Broken("401 loop", _at(answer(401)), BOT, "new_token_refused"),
    Broken(
        "missing escalation",
        _no_escalation,
        "",
        "escalation_agent_not_set",
    ),
    Broken(
        "wrong role",
        lambda world, _: world.role("bot", name="business_notification"),
        BOT,
        "role_missing",
    ),
    Broken("text too long", _restrict(maxTextLength=20), 'channel "chat"', "inbound_text_too_long"),
    Broken(
        "blocked attachment",
        lambda _world, _callbacks: None,
        'eGain refused to announce asset "setup.exe"',
        "attachment_refused",
        "turns:\n  - attach: setup.exe\n",
    ),
    Broken("deleted application", _deleted, BOT, "object_not_found"),
    Broken(
        "expired token",
        _at(answer(200), answer(403)),
        BOT,
        "callback_forbidden",
        "turns:\n  - say: Hello\n  - say: Hello again\n",
    ),
    Broken(
        "entry point missing",
        lambda world, _: world.edit(
            "accounts", "orders", {"chatConfigurations": {"entryPoint": None}}
        ),
        'account "orders"',
        "entry_point_not_set",
    ),
)


def ended(
    broken: Broken, world: World, callbacks: Callbacks, folder: Path
) -> tuple[int, str, Sequence[Any]]:
    """Exit code, name of the account, and the steps where it ended."""
    broken.do(world, callbacks)
    arguments = ["--emulator", "--account", "orders", "--wait", "5"]
    if broken.script:
        (folder / "setup.exe").write_bytes(b"MZ")
        (folder / "script.yaml").write_text(broken.script)
        arguments += ["--script", str(folder / "script.yaml")]
    report = world.report(*arguments)
    [check] = report["checks"]
    ends = [step for step in check["steps"] if step["outcome"] == "ended"]
    return report["code"], check["name"], ends


def row(broken: Broken, ends: Sequence[Any]) -> str:
    """The line of the table."""
    last = ends[-1]
    return f"| {broken.title} | {_plain(last['what'])} | {last['change']} |\n"


def page(rows: Sequence[str]) -> str:
    """`docs/smoke.md` with these lines of its table."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    head = "| the hub | what `smoke` says | what to change |\n|---|---|---|\n"
    return f"{before}{BEGIN}\n{head}{''.join(rows)}\n{END}{after}"


def _plain(text: str) -> str:
    """Without what is another in every run."""
    text = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "7b6c5fff…", text)
    text = re.sub(r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:8771", text)
    return re.sub(r", \d+\.\d\d s\)", ")", text)
