"""A bot whose URL nobody knows before `pulumi up`, because the same program makes it.

The order of creation, and the reverse order of removal, follow from `callback=endpoint.url`: eGain
is told of an address once it is there, and forgets it before it goes.
"""

import pulumi
from endpoint import Endpoint

from egain_pulumi import (
    AuthenticationResource,
    ClientApplicationResource,
    OrchestrationResource,
    ParticipantResource,
    check_stack,
)

check_stack()
config = pulumi.Config()

endpoint = Endpoint(
    "bot-endpoint",
    region=config.require("region"),
    release=config.get("release") or "1",
)

bot_login = AuthenticationResource(
    "bot-login",
    name="computed-bot-login",
    type="basic",
    basic_auth={"username": "hub", "password": config.require_secret("botPassword")},
)
bot = ClientApplicationResource(
    "bot",
    name="computed-bot",
    roles={
        "custom_bot": {
            "version": "v3",
            "callback": endpoint.url,
            "notification_email": "ops@example.com",
            "authentication": bot_login,
        }
    },
)
greeter = ParticipantResource("greeter", name="computed-bot", type="custom_bot", application=bot)
agents = ClientApplicationResource.find("agents", role="egain_agent")
bot_first = OrchestrationResource(
    "bot-first",
    name="computed-bot-first",
    applications={
        "bot_configuration": {
            "forward_transcript": True,
            "bots": [{"id": bot, "participant": greeter, "on_escalation": {"agent": agents}}],
        }
    },
)

pulumi.export("callback", endpoint.url)
pulumi.export("orchestration", bot_first.id)
