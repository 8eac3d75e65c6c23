"""The rules at the end of a program: warnings, which never fail a preview."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from tests import specimens
from tests.conftest import MakeEngine
from tests.host.running import program, said
from tests.support.emulator import Emulator
from tests.support.program import Program

pytestmark = pytest.mark.host

Warned = Callable[..., list[str]]

ICON = base64.b64decode(specimens.ICON)
HUB = """\
import pulumi
from egain_pulumi import *
role = {"version": "v3", "notification_email": "ops@example.com"}
bot = ClientApplicationResource("bot", name="bot", roles={
    "custom_bot": {**role, "callback": "https://bot.example.com"}})
customers = ClientApplicationResource("customers", name="customers", roles={
    "customer": {**role, "callback": "https://app.example.com"}})
agents = ClientApplicationResource.find("agents", role="egain_agent")
greeter = ParticipantResource("greeter", name="greeter", type="custom_bot", application=bot)
chat = ChannelResource("chat", type="custom.chat", display_name="Chat",
    icon=icon_file("chat.png"), active=CHAT)
flow = OrchestrationResource("flow", name="flow", applications={
    "bot_configuration": {"bots": [
        {"id": BOT, "participant": greeter, "on_escalation": {"agent": AGENTS}}]},
    "customer_configuration": {"customer": CUSTOMER}})
ATTACH = {"timeout": 30, "orchestration": flow, "default_language": "en-US",
    "on_agent_unavailability": "off_hours", "allow_logout_with_open_chats": False,
    "allow_queue_transfer_on_agent_unavailability": False, "entry_point": "1001"}
AccountResource("orders", name="orders", address="1", channel=chat, chat_configurations=ATTACH)
"""
SOUND = {"CHAT": "True", "BOT": "bot", "AGENTS": "agents", "CUSTOMER": "customers"}


def write(**changes: str) -> Program:
    """Return the hub with other arguments."""
    text = HUB
    for name, value in (SOUND | changes).items():
        text = text.replace(f"={name})", f"={value})").replace(f": {name}", f": {value}")
    return Program.text(text)


@pytest.fixture
def warned(make_engine: MakeEngine, emulator: Emulator) -> Warned:
    """Return the warnings of a preview of the hub, with a `reach.toml`."""
    engine = make_engine(config=emulator.config)
    (engine.cwd / "chat.png").write_bytes(ICON)

    def call(toml: str = "", **changes: str) -> list[str]:
        (engine.cwd / "reach.toml").write_text(toml)
        result = engine.preview(write(**changes))
        assert said(result, "error") == []
        return said(result, "warning")

    return call


def test_a_sound_program_gets_no_warning(warned: Warned) -> None:
    assert warned() == []


def test_a_preview_warns_that_messages_reach_nobody(warned: Warned) -> None:
    assert warned(CHAT="False", BOT="customers", AGENTS="customers") == [
        'account "orders": channel: channel "chat" is not active. '
        "(Rule account-channel; to silence it, add it to reach.toml.)",
        'orchestration "flow": applications.bot_configuration.bots[0].id: client application '
        '"customers" lacks the role custom_bot or egain_bot (it has customer). '
        "(Rule bot-role; to silence it, add it to reach.toml.)",
        'orchestration "flow": applications.bot_configuration.bots[0].on_escalation.agent: '
        'client application "customers" lacks the role custom_agent or egain_agent (it has '
        "customer). (Rule agent-role; to silence it, add it to reach.toml.)",
    ]


def test_reach_toml_silences_a_rule_and_its_mistakes_are_warnings(warned: Warned) -> None:
    entry = '[[silence]]\nrule = "account-channel"\nbecause = "Opens in May."\n'
    assert warned(entry, CHAT="False") == []
    [text] = warned(entry.replace("channel", "chanel"))
    assert text.startswith("reach.toml: silence 1: unknown rule 'account-chanel'; did you mean")
    [text] = warned("[")
    assert text.startswith("reach.toml: not valid TOML: ")


def test_unknown_values_break_no_rule(warned: Warned) -> None:
    assert warned(CUSTOMER=f'"{specimens.IDS["ClientApplication"]}"') == [], "may be any of them"
    later = "pulumi.Output.from_input"
    assert warned(CHAT=f"{later}(False)", AGENTS=f"{later}(bot.id)") == []


def test_a_part_of_a_hub_has_no_orphans(make_engine: MakeEngine, emulator: Emulator) -> None:
    engine = make_engine(config=emulator.config)
    result = engine.preview(program("application()\nauthentication()"))
    assert said(result, "warning") == []


def test_an_up_does_not_repeat_the_warnings_of_its_preview(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config)
    (engine.cwd / "chat.png").write_bytes(ICON)
    off = write(CHAT="False")
    assert len(said(engine.preview(off), "warning")) == 1
    assert said(engine.up(off), "warning") == []
