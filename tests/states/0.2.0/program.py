"""Every kind, and every form in which arguments may be written, as of this release.

Frozen with the release: `state.json` is what this program leaves behind. See docs/upgrading.md.
"""

# mypy: ignore-errors
# Forms that the types do not offer work as well; and names may change with a later release.

import pulumi

from egain_pulumi import (
    AccountResource,
    AuthenticationResource,
    ChannelResource,
    ClientApplicationResource,
    OrchestrationResource,
    ParticipantResource,
    Provider,
    icon_file,
)

EMULATOR = "http://127.0.0.1:8780"
ICON = (
    "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAKklEQVR42mMwTptJU8QwasGoBaMWjFowasGoBaMW"
    "jFowasGoBaMWDBULAKbkyD1cfgBVAAAAAElFTkSuQmCC"
)
config = pulumi.Config()
callback = "https://127.0.0.1/callback"

# Secrets: plain text that becomes one, secret configuration, behind an Output, in `extra`.
oauth2 = AuthenticationResource(
    "oauth2",
    name="oauth2",
    type="oauth2",
    oauth2={
        "token_request_url": "https://127.0.0.1/token",
        "method": "POST",
        "headers": [{"name": "Accept", "value": "application/json"}, {"name": "X-A", "value": "a"}],
        "payload": pulumi.Output.json_dumps({"clientSecret": config.require_secret("secret")}),
        "access_token_path": "$.accessToken",
    },
    secrets_version=3,
    description="Headers as the vendor's list.",
)
basic = AuthenticationResource(
    "basic",
    name="basic",
    type="basic",
    basic_auth=pulumi.Output.from_input({"username": "u", "password": "behind-an-output"}),
    extra={"realm": {"of": "nobody", "numbers": [1, 2.5]}},
    active=False,
)

# Keyed lists as mappings and as lists; references as the resource and as its id.
bot = ClientApplicationResource(
    "bot",
    name="bot",
    roles={
        "custom_bot": {
            "version": "v3",
            "callback": callback,
            "notification_email": "ops@127.0.0.1",
            "headers": {"X-B": "b", "x-a": config.require_secret("secret")},
            "authentication": oauth2,
        },
        "customer": {
            "version": "v1",
            "callback": pulumi.Output.concat("https://127.0.0.1/", "app"),
            "notification_email": "app@127.0.0.1",
            "authentication": basic.id,
        },
    },
    secrets_version=1,
)
app = ClientApplicationResource(
    "app",
    name="app",
    roles=[
        {
            "name": "customer",
            "version": "v3",
            "callback": callback,
            "notification_email": "ops@127.0.0.1",
            "headers": [{"name": "X-C", "value": "c"}],
            "authentication": {"id": basic.id},
        }
    ],
    active=False,
)

# Lists and wrapped lists, options as a mapping and as the vendor's list.
greeter = ParticipantResource(
    "greeter",
    name="greeter",
    type="custom_bot",
    application=bot,
    intents=[{"value": "b", "display_value": "B"}, {"value": "a", "display_value": "A"}],
    options={"mood": "calm", "greeting": "Hello!"},
)
helper = ParticipantResource(
    "helper",
    name="helper",
    type="custom_bot",
    application={"id": bot.id},
    intents={"intent": [{"value": "c", "display_value": "C"}]},
    options=[{"name": "mood", "value": "bright"}],
    active=False,
)
ParticipantResource("minimal", name="minimal", type="custom_bot", application=app.id)

# Icons as a file and as text, sets of words, numbers, texts by language.
chat = ChannelResource(
    "chat",
    type="chat",
    display_name="Chat",
    icon=icon_file("icons/chat.png"),
    restrictions={
        "inbound": {
            "max_text_length": 2000,
            "features": ["typing_events", "attachments", "typing_events"],
            "attachment_policy": {
                "enabled": True,
                "type": "block",
                "max_size": 5,
                "extensions": {"exe", "bat"},
            },
        },
        "outbound": {
            "max_text_length": 1000,
            "system_messages": True,
            "mid_chat_auth": False,
            "features": ("richText",),
            "rich_message_types": ["quickreply", "listpicker"],
        },
    },
    l10n_properties={
        "en-US": {"msg_hub_off_hours": "We are closed.", "msg_hub_retain_and_retry": "Wait."},
        "de-DE": {"msg_hub_off_hours": "Geschlossen."},
    },
    extra={"tile": {"colour": "blue"}},
)
letters = ChannelResource(
    "letters",
    type="letters",
    display_name="Letters",
    icon=ICON,
    l10n_properties=[
        {"language": "en-US", "properties": [{"name": "msg_hub_off_hours", "value": "Closed."}]}
    ],
    active=False,
)

# Objects of eGain's, objects that are only read, objects taken over.
agents = ClientApplicationResource.find("agents", role="egain_agent")
found = ChannelResource.find(
    "found", type="letters", opts=pulumi.ResourceOptions(depends_on=[letters])
)
console = ChannelResource.get("console", id="00000000-0000-4000-8000-000000000001")
imported = ChannelResource(
    "imported",
    type="imported",
    display_name="Imported",
    icon=ICON,
    opts=pulumi.ResourceOptions(import_="00000000-0000-4000-8000-000000000002"),
)
by_name = AuthenticationResource(
    "by-name",
    name="by-name",
    type="basic",
    basic_auth={"username": "u", "password": "of-an-import"},
    opts=pulumi.ResourceOptions(import_="name:by-name"),
)

bots = OrchestrationResource(
    "bots",
    name="bots",
    applications={
        "bot_configuration": {
            "bots": [
                {"id": bot, "participant": greeter, "on_escalation": {"agent": agents}},
                {"id": bot.id, "participant": helper.id, "on_escalation": {"agent": agents.id}},
            ],
            "forward_transcript": True,
            "bypass_va_duration": 2.5,
        },
        "customer_configuration": {"customer": {"id": app.id}},
    },
)
people = OrchestrationResource(
    "people",
    name="people",
    applications={"agent_configuration": {"agents": [agents, {"id": bot}]}},
    description="Nobody but people.",
    active=False,
)

orders = AccountResource(
    "orders",
    name="orders",
    address="1",
    channel=chat,
    chat_configurations={
        "timeout": 30,
        "default_language": "en-US",
        "on_agent_unavailability": "off_hours",
        "allow_logout_with_open_chats": False,
        "allow_queue_transfer_on_agent_unavailability": True,
        "orchestration": bots,
        "entry_point": "1001",
    },
    case_management={"same_case_duration": 1.5, "copy_custom_attributes": True},
    extra={"attributes": [{"name": "apiKey", "value": "of-the-account"}]},
    opts=pulumi.ResourceOptions(protect=True),
)
AccountResource(
    "read-only-channel",
    name="read-only-channel",
    address="2",
    channel={"id": console.id},
    chat_configurations={
        "timeout": 2.0,
        "orchestration": people.id,
        "entry_point": {"id": "1002"},
    },
    active=False,
)

# A second tenant, with stored credentials and with those of the environment.
eu = Provider(
    "eu",
    base_url=f"{EMULATOR}/conversation/conversationmgr/v3",
    token_url=f"{EMULATOR}/oauth2/token",
    client_id="local",
    client_secret="local-secret",
    max_concurrency=4,
    allow_delete=False,
    validation="warn",
)
us = Provider(
    "us",
    base_url=f"{EMULATOR}/conversation/conversationmgr/v3",
    token_url=f"{EMULATOR}/oauth2/token",
    credentials_env="EGAIN_US",
)
ChannelResource(
    "eu-chat",
    type="eu-chat",
    display_name="Chat",
    icon=icon_file("icons/chat.png"),
    opts=pulumi.ResourceOptions(provider=eu),
)


class Branch(pulumi.ComponentResource):
    """Its children inherit its provider."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("test:index:Branch", name, {}, opts)
        AuthenticationResource(
            f"{name}-auth",
            name=f"{name}-auth",
            type="basic",
            basic_auth={"username": "u", "password": "of-the-branch"},
            opts=pulumi.ResourceOptions(parent=self),
        )


Branch("us", pulumi.ResourceOptions(providers=[us]))
pulumi.export("orders", orders.id)
pulumi.export("console", console.display_name)
