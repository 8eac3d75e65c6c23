"""Reason codes: why a message passed a step, stopped there, or failed.

Programs read the code, people its text. `docs/emulator.md` explains each.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """The `code` of a hop or a failed message, with the text that goes with it."""

    text: str

    def __new__(cls, value: str, text: str) -> Code:
        code = str.__new__(cls, value)
        code._value_ = value
        code.text = text
        return code

    # References that a message follows; their text is also the {place} of object_not_found.
    ACCOUNT_BY_ADDRESS = "account_by_address", "address {address}"
    CHANNEL_OF_ACCOUNT = "channel_of_account", "channel of the account"
    ORCHESTRATION_OF_ACCOUNT = "orchestration_of_account", "orchestration of the account"
    PARTICIPANT_OF_BOT = "participant_of_bot", "participant of the orchestration's first bot"
    APPLICATION_OF_BOT = "application_of_bot", "application of the orchestration's first bot"
    APPLICATION_OF_CUSTOMER = (
        "application_of_customer",
        "customerConfiguration of the orchestration",
    )
    APPLICATION_OF_ESCALATION = (
        "application_of_escalation",
        "onEscalation of the orchestration's first bot",
    )
    APPLICATION_OF_AGENTS = "application_of_agents", "agentConfiguration of the orchestration"
    APPLICATION_OF_TRANSCRIPT = (
        "application_of_transcript",
        "forwardTranscript of the orchestration",
    )
    AUTHENTICATION_OF_ROLE = "authentication_of_role", "authentication of the role"
    OBJECT_NOT_FOUND = "object_not_found", "{place}: no {kind} has the id {id}"
    OBJECT_NOT_ACTIVE = "object_not_active", '{kind} "{name}" is not active'

    # References that are missing.
    ENTRY_POINT_NOT_SET = "entry_point_not_set", "chatConfigurations.entryPoint is not set"
    CHANNEL_NOT_SET = "channel_not_set", "the account names no channel"
    ORCHESTRATION_NOT_SET = "orchestration_not_set", "the account names no orchestration"
    NO_BOT_OR_AGENTS = "no_bot_or_agents", "the orchestration names neither a bot nor agents"
    PARTICIPANT_NOT_SET = (
        "participant_not_set",
        "the orchestration's first bot names no participant",
    )
    BOT_APPLICATION_NOT_SET = (
        "bot_application_not_set",
        "the orchestration's first bot names no application",
    )
    CUSTOMER_APPLICATION_NOT_SET = (
        "customer_application_not_set",
        "customerConfiguration of the orchestration names no application",
    )
    ESCALATION_AGENT_NOT_SET = (
        "escalation_agent_not_set",
        "onEscalation of the orchestration's first bot names no application",
    )
    AGENTS_APPLICATION_NOT_SET = (
        "agents_application_not_set",
        "agentConfiguration of the orchestration names no application",
    )
    AUTHENTICATION_NOT_SET = "authentication_not_set", "the role's authentication has no id"

    # The target of a message.
    BOT_BYPASSED = "bot_bypassed", "the customer returned within bypassVaDuration and skips the bot"
    ROLE_MISSING = "role_missing", "needs the role {needed}, but has {present}"
    PARTICIPANT_OF_OTHER_APPLICATION = (
        "participant_of_other_application",
        "belongs to application {owner}, not to {application}",
    )
    ALREADY_WITH_AGENTS = "already_with_agents", "the conversation is already with the agents"
    SENDER_TAKES_NO_PART = (
        "sender_takes_no_part",
        "{role} does not take part: the conversation is with {side}",
    )
    SENDER_IS_NOT_THE_BOT = "sender_is_not_the_bot", "the orchestration's bot is not a {role}"
    NO_AGENT_AVAILABLE = (
        "no_agent_available",
        "no agent is available; onAgentUnavailability is {policy}",
    )

    # The channel's restrictions.
    INBOUND_TEXT_TOO_LONG = (
        "inbound_text_too_long",
        "the text has {length} characters; restrictions.inbound.maxTextLength is {limit}",
    )
    OUTBOUND_TEXT_TOO_LONG = (
        "outbound_text_too_long",
        "the text has {length} characters; restrictions.outbound.maxTextLength is {limit}",
    )
    FEATURE_NOT_LISTED = (
        "feature_not_listed",
        "restrictions.{direction}.features does not list {feature}",
    )
    ATTACHMENTS_DISABLED = "attachments_disabled", "{policy}.enabled is false"
    EXTENSION_NOT_ALLOWED = (
        "extension_not_allowed",
        "{policy} does not allow files of type {extension}",
    )
    ATTACHMENT_TOO_LARGE = "attachment_too_large", "{policy}.maxSize is {limit}; the size is {size}"
    SYSTEM_MESSAGES_OFF = "system_messages_off", "restrictions.outbound.systemMessages is not true"
    AUTHENTICATION_OFF = "authentication_off", "restrictions.outbound.midChatAuth is false"
    RICH_MESSAGE_NOT_LISTED = (
        "rich_message_not_listed",
        "restrictions.outbound.richMessageTypes does not list {kind}",
    )

    # The hub's own texts.
    NOTICE_SENT = "notice_sent", "the hub sends the text {name} as message {message}"
    NOTICE_OFF = (
        "notice_off",
        "restrictions.outbound.systemMessages is not true: the customer gets no text",
    )
    NOTICE_TEXT_MISSING = (
        "notice_text_missing",
        "the channel has no {name} in the account's language ({language})",
    )

    # The Authorization of a delivery.
    NO_AUTHENTICATION = (
        "no_authentication",
        "the role has no authentication: no Authorization header",
    )
    TOKEN_REUSED = "token_reused", "the token that the callback accepted last"
    TOKEN_FETCHED = "token_fetched", "a new token"
    AUTHENTICATION_TYPE_UNKNOWN = (
        "authentication_type_unknown",
        "its type is neither oauth2 nor basic",
    )
    BASIC_AUTH_INCOMPLETE = "basic_auth_incomplete", "basicAuth lacks username or password"
    TOKEN_PATH_NOT_SET = "token_path_not_set", "oauth2.accessTokenPath is missing"
    TOKEN_PATH_UNUSABLE = (
        "token_path_unusable",
        "oauth2.accessTokenPath must name one value, as $.accessToken does",
    )
    TOKEN_REFUSED = "token_refused", "the token endpoint answered {status}"
    TOKEN_ENDPOINT_STATUS = "token_endpoint_status", "the token endpoint answered {status}"
    TOKEN_ANSWER_NOT_JSON = (
        "token_answer_not_json",
        "the token endpoint sent an answer that is not JSON",
    )
    TOKEN_NOT_FOUND = "token_not_found", "the token endpoint sent no token at accessTokenPath"

    # The answer of a callback.
    DELIVERED = "delivered", "the callback of the role {role} accepted it"
    DELIVERED_TO_DESKTOP = "delivered_to_desktop", "accepted by eGain's own agent desktop"
    ROLE_VERSION_UNKNOWN = (
        "role_version_unknown",
        "only role version v3 gets messages: the payload of others is not documented",
    )
    CALLBACK_UNAUTHORIZED = "callback_unauthorized", "the callback refused the Authorization"
    CREDENTIALS_REFUSED = "credentials_refused", "the callback answered 401"
    NEW_TOKEN_REFUSED = "new_token_refused", "the callback answered 401 to a new token as well"
    CALLBACK_FORBIDDEN = "callback_forbidden", "the callback answered 403; only 200 is a delivery"
    CALLBACK_REDIRECT = (
        "callback_redirect",
        "the callback answered {status}: redirects are not followed",
    )
    CALLBACK_STATUS = "callback_status", "the callback answered {status}; only 200 is a delivery"
    MAIL_DUE = "mail_due", "eGain would send mail to {address}"
    TRANSCRIPT = "transcript", "{count} messages for the agents"

    # No answer, of a callback or of a token endpoint: {subject}.
    ADDRESS_UNUSABLE = "address_unusable", "{subject} has no usable address"
    ADDRESS_NOT_HTTP = "address_not_http", "{subject} has an address that is neither http nor https"
    ADDRESS_WITH_CREDENTIALS = (
        "address_with_credentials",
        "{subject} has credentials in its address; use an authentication",
    )
    OUTSIDE_NOT_ALLOWED = (
        "outside_not_allowed",
        "{subject} is not on this machine; the emulator was started without --deliver-outside",
    )
    OUTSIDE_NOT_HTTPS = "outside_not_https", "{subject} is neither on this machine nor https"
    HEADER_UNSENDABLE = (
        "header_unsendable",
        "{subject} cannot be called: HTTP cannot carry the method or a header",
    )
    HEADER_RESERVED = (
        "header_reserved",
        "{subject} cannot be called: HTTP itself sets the header {header}",
    )
    TIMEOUT = "timeout", "{subject} did not answer within {seconds:g} seconds"
    NOT_HTTP = "not_http", "{subject} did not answer in HTTP, or closed the connection"
    CERTIFICATE_INVALID = "certificate_invalid", "{subject} has an invalid certificate: {problem}"
    NO_TLS = "no_tls", "{subject} does not speak TLS"
    CONNECTION_REFUSED = (
        "connection_refused",
        "{subject} refused the connection: nothing listens there",
    )
    HOST_UNKNOWN = "host_unknown", "{subject} has a host name that cannot be resolved"
    CONNECTION_LOST = "connection_lost", "{subject} broke the connection ({problem})"
    ANSWER_TOO_LARGE = "answer_too_large", "{subject} sent an answer larger than {limit:,} bytes"

    # The emulator.
    EMULATOR_ENDED = "emulator_ended", "the emulator ended during the delivery"
    EMULATOR_FAILED = "emulator_failed", "The emulator itself failed: {problem} in a delivery"


NOT_SET = {
    Code.CHANNEL_OF_ACCOUNT: Code.CHANNEL_NOT_SET,
    Code.ORCHESTRATION_OF_ACCOUNT: Code.ORCHESTRATION_NOT_SET,
    Code.PARTICIPANT_OF_BOT: Code.PARTICIPANT_NOT_SET,
    Code.APPLICATION_OF_BOT: Code.BOT_APPLICATION_NOT_SET,
    Code.APPLICATION_OF_CUSTOMER: Code.CUSTOMER_APPLICATION_NOT_SET,
    Code.APPLICATION_OF_ESCALATION: Code.ESCALATION_AGENT_NOT_SET,
    Code.APPLICATION_OF_AGENTS: Code.AGENTS_APPLICATION_NOT_SET,
    Code.AUTHENTICATION_OF_ROLE: Code.AUTHENTICATION_NOT_SET,
}
"""The code of each reference where it is missing."""


class Reason:
    """A code, and its text with the facts of one case."""

    def __init__(self, code: Code, **facts: object) -> None:
        self.code = code
        self.text = code.text.format(**facts)
