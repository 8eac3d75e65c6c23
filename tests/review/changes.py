"""Ten changes of the example program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

Edit = Callable[[str], str]


def replace(*pairs: tuple[str, str]) -> Edit:
    """Replace texts that occur once in the program."""

    def edit(program: str) -> str:
        for old, new in pairs:
            assert program.count(old) == 1, f"{old!r} occurs {program.count(old)} times"
            program = program.replace(old, new)
        return program

    return edit


@dataclass(frozen=True)
class Change:
    """One change; its key is the name of its files."""

    title: str
    edit: Edit = str
    secrets: dict[str, str] = field(default_factory=dict)
    """New values of the configuration."""
    refresh: bool = False
    acknowledge: bool = False
    """Whether a person must acknowledge the change."""


BOT: Final = """
returns_bot = ClientApplicationResource(
    "returns-bot",
    name="returns-bot",
    roles={
        "custom_bot": {
            "version": "v3",
            "callback": "https://returns.example.com/callback",
            "notification_email": config.require("opsEmail"),
            "authentication": bot_auth,
        }
    },
)
returns = ParticipantResource(
    "returns", name="returns", type="custom_bot", application=returns_bot
)

# What happens to a conversation"""
BOTS: Final = '"bots": [{"id": bot, "participant": greeter, "on_escalation": {"agent": agents}}],'
SECOND_BOT: Final = """"bots": [
                {"id": bot, "participant": greeter, "on_escalation": {"agent": agents}},
                {"id": returns_bot, "participant": returns, "on_escalation": {"agent": agents}},
            ],"""
A_BOT: Final = (("\n# What happens to a conversation", BOT), (BOTS, SECOND_BOT))
COMPLAINTS: Final = '    "complaints": (config.require("complaintsAddress"), people_first),\n'
SMS: Final = """
sms = ChannelResource(
    "sms",
    type="sms",
    display_name="SMS",
    icon=icon_file("icons/chat.png"),
    opts=pulumi.ResourceOptions(import_="type:sms"),
)

# What happens to a conversation"""
SMS_ACCOUNT: Final = """
AccountResource(
    "texts",
    name="texts",
    address="12345",
    channel=sms,
    chat_configurations={
        "timeout": 30,
        "default_language": "en-US",
        "on_agent_unavailability": "off_hours",
        "allow_logout_with_open_chats": False,
        "allow_queue_transfer_on_agent_unavailability": False,
        "orchestration": people_first,
        "entry_point": config.require("entryPoint"),
    },
    opts=pulumi.ResourceOptions(import_="name:texts"),
)
pulumi.export("bot_application\""""
OFF_HOURS: Final = (
    '"msg_hub_off_hours": "We are closed. We will answer tomorrow."',
    '"msg_hub_off_hours": "We are closed. We will answer on Monday."',
)
SECRET: Final = {"conversation-hub:botClientSecret": "another-secret"}

CHANGES: Final = {
    "add-a-bot": Change("Add a bot", replace(*A_BOT)),
    "rename": Change(
        "Rename a client application", replace(('    name="bot",\n', '    name="order-bot",\n'))
    ),
    "change-the-type-of-a-channel": Change(
        "Change the type of a channel", replace(('type="custom_channel"', 'type="custom_app"'))
    ),
    "delete-an-account": Change("Delete an account", replace((COMPLAINTS, "")), acknowledge=True),
    "rotate-a-secret": Change("Rotate a secret", secrets=SECRET, acknowledge=True),
    "break-escalation": Change(
        "Break escalation",
        replace((', "on_escalation": {"agent": agents}', "")),
        acknowledge=True,
    ),
    "change-a-text": Change("Change a text", replace(OFF_HOURS), refresh=True),
    "import": Change(
        "Take over a channel and its account",
        replace(
            ("\n# What happens to a conversation", SMS),
            ('pulumi.export("bot_application"', SMS_ACCOUNT),
        ),
    ),
    "nothing": Change("Change nothing", refresh=True),
    "forty-at-once": Change(
        "Forty at once",
        replace(
            (
                COMPLAINTS,
                '    **{f"store-{n:02}": (f"5550{n:02}", people_first) for n in range(1, 31)},\n',
            ),
            *A_BOT,
            (
                "\n# Where messages come from",
                SMS.replace("What happens to a conversation", "Where messages come from"),
            ),
            OFF_HOURS,
            ('    name="bot-first",', '    name="bots-first",'),
            ('"timeout": 30,', '"timeout": 45 if name == "orders" else 30,'),
            (
                '        {"value": "sales_enquiries"',
                '        {"value": "gift_cards", "display_value": "Gift Cards"},\n'
                '        {"value": "sales_enquiries"',
            ),
            (
                '            "headers": {"X-Environment": pulumi.get_stack()},\n',
                '            "headers": {"X-Environment": "eu"},\n',
            ),
        ),
        secrets=SECRET,
        acknowledge=True,
    ),
}
