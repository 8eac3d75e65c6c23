"""What to change where a message ended, by the words that say why. Pure.

The words are those of the emulator's hops and of our own checks of callbacks; properties are named
as a program writes them. What is not in the table speaks for itself.
"""

from __future__ import annotations

import re
from typing import Final

_ADVICE: Final[tuple[tuple[str, str], ...]] = (
    (
        r"is not active",
        "write active=True for it and run pulumi up; where that is written already, somebody has "
        "turned it off in eGain: pulumi refresh shows it",
    ),
    (r"onEscalation of .*: none is named", "name the agents' application in {0}"),
    (r"customerConfiguration of .*: none is named", "name the customer's application in {1}"),
    (
        r"no \w+ has the id",
        "it is no longer in eGain: pulumi up --refresh makes it again and leads everything to it",
    ),
    (
        r"entryPoint is missing",
        "set chat_configurations.entry_point to an entry point of the eGain console",
    ),
    (
        r"needs the role",
        "give the client application that role, or name another one in the orchestration",
    ),
    (
        r"restrictions\.inbound\.maxTextLength",
        "say less, or raise restrictions.inbound.max_text_length of the channel",
    ),
    (
        r"restrictions\.outbound\.maxTextLength",
        "let the bot say less, or raise restrictions.outbound.max_text_length of the channel",
    ),
    (
        r"attachmentPolicy",
        "send another file, or change restrictions.inbound.attachment_policy of the channel "
        "(outbound, where it is the bot's file)",
    ),
    (r"features does not list (\w+)", "add it to features in the channel's restrictions"),
    (
        r"token endpoint answered (400|401|403)",
        "the bot's login knows another secret: make oauth2.payload of the authentication and the "
        "bot's own configuration the same",
    ),
    (
        r"answered without a token at accessTokenPath|what is no JSON",
        "make oauth2.access_token_path name where the token is in the answer of "
        "oauth2.token_request_url",
    ),
    (
        r"401 also to a new token",
        "the callback refuses what its own login gives out: compare issuer, key, audience and "
        "clock of the two",
    ),
    (
        r"callback answered 401$",
        "the callback knows other credentials: make basic_auth of the authentication (or give the "
        "role one) and the bot's own configuration the same",
    ),
    (
        r"callback answered 403",
        "where its Authorization is wrong or has expired, the callback must answer 401: only then "
        "does eGain get a new one",
    ),
    (r"callback answered 3\d\d", "name the address that it leads to: redirects are not followed"),
    (
        r"callback answered \d+, and only 200",
        "answer 200 as soon as the message is taken; the log of what listens there says more",
    ),
    (
        r"did not answer within",
        "answer 200 at once and work afterwards: eGain waits for 5 seconds",
    ),
    (
        r"nothing listens there|nobody listens there",
        "start what listens there, or correct the address",
    ),
    (r"certificate", "renew the certificate, or serve the whole chain"),
    (r"without --deliver-outside", "start the emulator with --deliver-outside"),
    (
        r"no agent is available",
        "let agents sign in, or change chat_configurations.on_agent_unavailability",
    ),
)

_ON_ESCALATION: Final = "applications.bot_configuration.bots.0.on_escalation"
_CUSTOMER: Final = "applications.customer_configuration.customer"


def change(why: str, orchestration: str = "the orchestration") -> str:
    """What to change, or "" where the words say it themselves."""
    for pattern, advice in _ADVICE:
        if re.search(pattern, why):
            return advice.format(
                f"{_ON_ESCALATION} of {orchestration}", f"{_CUSTOMER} of {orchestration}"
            )
    return ""
