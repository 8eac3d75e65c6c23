"""Programs that break the rules, beside objects that keep them."""

from __future__ import annotations

from typing import Final

SECRET: Final = "canary-7f3a"
"""In whatever a rule looks at, and in no violation."""

_START: Final = """
import pulumi
from pulumi import Output, ResourceOptions
from egain_pulumi import *


def login(resource_name, url, name=None):
    oauth2 = {"token_request_url": url, "method": "POST", "payload": "x", "headers": {},
              "access_token_path": "$.accessToken"}
    return AuthenticationResource(
        resource_name, name=name or resource_name, type="oauth2", oauth2=oauth2
    )


def bot(name, callback="https://bot.example.com", email="ops@example.com"):
    role = {"version": "v3", "callback": callback, "notification_email": email}
    return ClientApplicationResource(name, name=name, roles={"custom_bot": role})
"""

BROKEN: Final = f"""{_START}
SECRET = "{SECRET}"

# callbacks-https
login("login-http", Output.secret(f"http://{{SECRET}}.example.com"))
login("login-https", "https://login.example.com")
plain = bot("bot-http", callback=Output.secret(f"http://{{SECRET}}.example.com"))
good = bot("bot-https", callback="HTTPS://bot.example.com")
agents = ClientApplicationResource.find("agents", role="egain_agent")
bot("bot-unknown", callback=Output.concat("http://", plain.id, ".example.com"))

# notification-email
bot("mail-foreign", email=Output.secret(f"{{SECRET}}@example.com.example.net"))
bot("mail-own", email="Ops@Example.COM")

# names
login("names-broken", "https://login.example.com", name=f"{{SECRET}} Login")
login("names-kept", "https://login.example.com", name="names-2-kept")

# off-hours
spoken = ChannelResource(
    "spoken", type="custom_spoken", display_name="Spoken", icon="iVBORw0KGgo=",
    l10n_properties={{"en-US": {{"msg_hub_off_hours": "Closed."}}}},
)
mute = ChannelResource(
    "mute", type="custom_mute", display_name="Mute", icon="iVBORw0KGgo=",
    l10n_properties={{"de-DE": {{"msg_hub_off_hours": "Geschlossen."}}}},
)
found = ChannelResource.find("found", type="whatsapp")
flow = OrchestrationResource(
    "flow", name="flow", applications={{"customer_configuration": {{"customer": good}}}}
)


def account(name, channel, behaviour, *, protect=True, **arguments):
    chats = {{"timeout": 30, "default_language": "en-US", "orchestration": flow,
              "allow_logout_with_open_chats": False, "entry_point": "1001",
              "allow_queue_transfer_on_agent_unavailability": False}}
    if behaviour:
        chats["on_agent_unavailability"] = behaviour
    AccountResource(name, name=name, address="1", channel=channel, chat_configurations=chats,
                    opts=ResourceOptions(protect=protect), **arguments)


account("hours-undeclared", spoken, None)
account("hours-mute", mute, "off_hours")
account("hours-spoken", spoken, "off_hours")
account("hours-retained", mute, "retain_and_retry")
account("hours-of-a-found-channel", found, "off_hours")
account("hours-off", mute, None, active=False)

# production-accounts
account("unprotected", spoken, "off_hours", protect=False)
"""

VIOLATIONS: Final = {
    ("mandatory", "callbacks-https", "Authentication", "login-http"),
    ("mandatory", "callbacks-https", "ClientApplication", "bot-http"),
    ("mandatory", "notification-email", "ClientApplication", "mail-foreign"),
    ("advisory", "names", "Authentication", "names-broken"),
    ("mandatory", "off-hours", "Account", "hours-undeclared"),
    ("mandatory", "off-hours", "Account", "hours-mute"),
    ("mandatory", "production-accounts", "Account", "unprotected"),
}
"""What a preview of `BROKEN` violates. All else keeps the rules, or cannot be judged yet."""

LATE: Final = f"""{_START}
first = bot("first")
bot("late", callback=Output.concat("http://", first.id, ".example.com"))
"""
"""Breaks a rule with a value that is only known when the first object has been made."""
