"""A hub with two channels: a bot answers on both, and hands over to agents.

It began with one; `second-channel.diff` is what was added.
"""

import pulumi

from egain_pulumi import (
    AccountResource,
    AuthenticationResource,
    ChannelResource,
    ClientApplicationResource,
    OrchestrationResource,
    ParticipantResource,
    check_stack,
    icon_file,
)

check_stack()
config = pulumi.Config()

# A login is not changed in place: a new one is made, the bot pointed at it, the old one removed.
bot_login = AuthenticationResource(
    "bot-login",
    name="bot-login-1",
    type="oauth2",
    oauth2={
        "token_request_url": "https://bot.example.com/oauth2/token",
        "method": "POST",
        "headers": {"Accept": "application/json"},
        "payload": pulumi.Output.json_dumps(
            {"clientId": "hub", "clientSecret": config.require_secret("botClientSecret")}
        ),
        "access_token_path": "$.accessToken",
    },
    opts=pulumi.ResourceOptions(replace_on_changes=["name"]),
)
bot = ClientApplicationResource(
    "bot",
    name="bot",
    roles={
        "custom_bot": {
            "version": "v3",
            "callback": "https://bot.example.com/callback",
            "notification_email": "ops@example.com",
            "authentication": bot_login,
        }
    },
)
customers = ClientApplicationResource(
    "customers",
    name="customers",
    roles={
        "customer": {
            "version": "v3",
            "callback": "https://app.example.com/callback",
            "notification_email": "ops@example.com",
        }
    },
)
agents = ClientApplicationResource.find("agents", role="egain_agent")
greeter = ParticipantResource("greeter", name="greeter", type="custom_bot", application=bot)
bot_first = OrchestrationResource(
    "bot-first",
    name="bot-first",
    applications={
        "bot_configuration": {
            "forward_transcript": True,
            "bots": [{"id": bot, "participant": greeter, "on_escalation": {"agent": agents}}],
        },
        "customer_configuration": {"customer": customers},
    },
)

chat = ChannelResource(
    "chat",
    type="custom_chat",
    display_name="Chat",
    icon=icon_file("icons/chat.png"),
    l10n_properties={"en-US": {"msg_hub_off_hours": "We are closed. Write again tomorrow."}},
)
sms = ChannelResource(
    "sms",
    type="custom_sms",
    display_name="SMS",
    icon=icon_file("icons/chat.png"),
    l10n_properties={"en-US": {"msg_hub_off_hours": "Closed. Text us again tomorrow."}},
)

accounts = {
    "orders": ("123456789", chat),
    "orders-sms": ("555-0100", sms),
}
for name, (address, channel) in accounts.items():
    AccountResource(
        name,
        name=name,
        address=address,
        channel=channel,
        chat_configurations={
            "timeout": 30,
            "default_language": "en-US",
            "on_agent_unavailability": "off_hours",
            "allow_logout_with_open_chats": False,
            "allow_queue_transfer_on_agent_unavailability": False,
            "orchestration": bot_first,
            "entry_point": "1001",
        },
    )
