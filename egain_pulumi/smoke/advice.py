"""What to change after a step that failed, by the step's code. Pure.

The codes are those of the emulator's hops (docs/emulator.md#reason-codes) and of our own steps.
Advice names properties as a program writes them.
"""

from __future__ import annotations

from typing import Final

_BOT: Final = "match the bot's own configuration"
_POLICY: Final = (
    "send another file, or change restrictions.inbound.attachment_policy of the channel (outbound "
    "for the bot's file)"
)
_TOKEN_PATH: Final = (
    "set oauth2.access_token_path to the token's place in the answer of oauth2.token_request_url"
)
_RENEW: Final = "only then does eGain renew an expired token"

_ADVICE: Final[dict[str, str]] = {
    # Objects
    "object_not_active": (
        "set active=True and run pulumi up; if it is set already, someone turned the object off in "
        "eGain: pulumi refresh shows it"
    ),
    "object_not_found": (
        "it no longer exists in eGain: pulumi up --refresh creates it again and updates all "
        "references to it"
    ),
    "escalation_agent_not_set": (
        "name the agents' application in applications.bot_configuration.bots.0.on_escalation of "
        "{orchestration}"
    ),
    "customer_application_not_set": (
        "name the customer's application in applications.customer_configuration.customer of "
        "{orchestration}"
    ),
    "entry_point_not_set": (
        "set chat_configurations.entry_point to an entry point of the eGain console"
    ),
    "role_missing": (
        "give the client application that role, or name another application in the orchestration"
    ),
    "no_agent_available": (
        "have agents sign in, or change chat_configurations.on_agent_unavailability"
    ),
    # The channel's restrictions
    "inbound_text_too_long": (
        "send a shorter text, or raise restrictions.inbound.max_text_length of the channel"
    ),
    "outbound_text_too_long": (
        "shorten the bot's text, or raise restrictions.outbound.max_text_length of the channel"
    ),
    "attachments_disabled": _POLICY,
    "extension_not_allowed": _POLICY,
    "attachment_too_large": _POLICY,
    "attachment_refused": _POLICY,
    "feature_not_listed": "add it to features in the channel's restrictions",
    # The Authorization
    "token_endpoint_not_https": "serve the token endpoint over https",
    "token_refused": (
        f"the bot's login expects another secret: make oauth2.payload of the authentication {_BOT}"
    ),
    "token_answer_not_json": _TOKEN_PATH,
    "token_not_found": _TOKEN_PATH,
    "wrong_login_accepted": "make the callback answer 401 if the Authorization is wrong",
    "wrong_login_not_401": f"answer 401: {_RENEW}",
    "credentials_refused": (
        "the callback expects other credentials: make basic_auth of the authentication (or give "
        f"the role one) {_BOT}"
    ),
    "new_token_refused": (
        "the callback refuses its own login's token: compare issuer, key, audience and clock of "
        "the two"
    ),
    # The callback
    "callback_not_absolute": "write its whole address: https://…",
    "callback_not_https": "serve it over https",
    "callback_forbidden": f"answer 401 to a wrong or expired Authorization: {_RENEW}",
    "callback_redirect": "name the redirect's target: eGain follows no redirect",
    "callback_status": "answer 200 as soon as the message is accepted; see the callback's log",
    "timeout": "answer 200 at once and work afterwards: eGain waits for 5 seconds",
    "connection_refused": "start the server, or correct the address",
    "certificate_invalid": "renew the certificate, or serve the whole chain",
    "header_not_ascii": "use ASCII characters in headers",
    "outside_not_allowed": "start the emulator with --deliver-outside",
    # The conversation
    "in_doubt": "check what has arrived, then run it again",
    "not_delivered": "check the customer's application, which receives messages to the customer",
    "conversation_unreadable": (
        "give the client the scope that reads conversations, or set --listen to the port of the "
        "customer's callback"
    ),
}


def advise(code: str, orchestration: str = "the orchestration") -> str:
    """Return what to change, or "" if the step's own text says it."""
    return _ADVICE.get(code, "").format(orchestration=orchestration)
