"""The rules. Each has an id, a sentence and a reason; a violation says what to write instead."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from objects import (
    ACCOUNT,
    APPLICATION,
    AUTHENTICATION,
    CHANNEL,
    ORCHESTRATION,
    PARTICIPANT,
    at,
    declared,
    roles,
)
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

_TEXTS: Final = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}


def callbacks_https(args: ResourceValidationArgs, violation: ReportViolation) -> None:
    """Addresses that eGain calls, and where it logs in."""
    addresses: list[tuple[str, object]] = []
    if declared(args, APPLICATION):
        addresses += roles(args, "callback")
    if declared(args, AUTHENTICATION):
        path = ("oauth2", "token_request_url")
        addresses += [(".".join(path), at(args, *path))]
    for place, address in addresses:
        if isinstance(address, str) and not _kept_private(address):
            instead = "write the https:// address of the same service"
            violation(f"{place}: is not https; {instead}", None)


def _kept_private(address: str) -> bool:
    """Encrypted, or never on a network: an emulator's stack calls a bot on the same machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False  # no address at all
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")


def off_hours(args: StackValidationArgs, violation: ReportViolation) -> None:
    """Active accounts; their channel where this program declares it."""
    for account in args.resources:
        if declared(account, ACCOUNT) and at(account, "active") is not False:
            for problem in _unanswered(account):
                violation(problem, account.urn)


def _unanswered(account: PolicyResource) -> list[str]:
    path = "chat_configurations.on_agent_unavailability"
    behaviour = at(account, *path.split("."))
    if behaviour is None:
        return [f'{path}: is not declared; write "off_hours" or "retain_and_retry"']
    language = at(account, "chat_configurations", "default_language")
    if behaviour != "off_hours" or not isinstance(language, str):
        return []
    return [
        f"{path}: nothing is said then in the account's default language; write that language's "
        f'"msg_hub_off_hours" into l10n_properties of channel "{channel.name}"'
        for channel in account.property_dependencies.get("channel", ())
        if declared(channel, CHANNEL)
        and at(channel, "l10n_properties", language, "msg_hub_off_hours") in (None, "")
    ]


def notification_email(args: ResourceValidationArgs, violation: ReportViolation) -> None:
    """Mailboxes that eGain warns when a callback cannot be reached."""
    domains: list[str] = args.get_config()["domains"]
    if not declared(args, APPLICATION):
        return
    for path, address in roles(args, "notification_email"):
        if address.rpartition("@")[2].lower() not in {domain.lower() for domain in domains}:
            wanted = " or ".join(f"@{domain}" for domain in domains)
            violation(f"{path}: is not of an own domain; write an address {wanted}", None)


def names(args: ResourceValidationArgs, violation: ReportViolation) -> None:
    """Names in eGain. Channels have none, and client applications show theirs to agents."""
    pattern: str = args.get_config()["pattern"]
    name = at(args, "name")
    named = (AUTHENTICATION, APPLICATION, PARTICIPANT, ORCHESTRATION, ACCOUNT)
    if declared(args, *named) and isinstance(name, str) and not re.fullmatch(pattern, name):
        violation(f"name: is not by convention; write one that fits {pattern}", None)


def production_accounts(args: ResourceValidationArgs, violation: ReportViolation) -> None:
    """Accounts of the stacks that customers write to."""
    stack = args.urn.removeprefix("urn:pulumi:").partition("::")[0]
    if declared(args, ACCOUNT) and stack in args.get_config()["stacks"] and not args.opts.protect:
        violation("is not protected; write opts=ResourceOptions(protect=True)", None)


def _setting(name: str, schema: dict[str, Any], default: Any) -> PolicyConfigSchema:
    return PolicyConfigSchema({name: {**schema, "default": default}})


RULES: Final[list[Policy]] = [
    ResourceValidationPolicy(
        name="callbacks-https",
        description="Callbacks and token addresses are https. What customers write, and the "
        "secret that eGain logs in with, could be read on the way otherwise.",
        enforcement_level=EnforcementLevel.MANDATORY,
        validate=callbacks_https,
    ),
    StackValidationPolicy(
        name="off-hours",
        description="An active account has an off-hours behaviour. Whoever writes to it when "
        "nobody is there waits for an answer that never comes otherwise.",
        enforcement_level=EnforcementLevel.MANDATORY,
        validate=off_hours,
    ),
    ResourceValidationPolicy(
        name="notification-email",
        description="Notification e-mails are of an own domain. They say which callback is down "
        "and why, and only a mailbox of one's own is read by whoever is on duty.",
        enforcement_level=EnforcementLevel.MANDATORY,
        config_schema=_setting("domains", _TEXTS, ["example.com"]),
        validate=notification_email,
    ),
    ResourceValidationPolicy(
        name="names",
        description="Names in eGain follow the convention. In the console they are all that "
        "people see, sorted and searched by name.",
        enforcement_level=EnforcementLevel.ADVISORY,
        config_schema=_setting(
            "pattern", {"type": "string", "format": "regex"}, "[a-z][a-z0-9]*(-[a-z0-9]+)*"
        ),
        validate=names,
    ),
    ResourceValidationPolicy(
        name="production-accounts",
        description="Production accounts are protected. Customers know their addresses; an "
        "account that is deleted by mistake does not come back with the same id.",
        enforcement_level=EnforcementLevel.MANDATORY,
        config_schema=_setting("stacks", _TEXTS, ["prod"]),
        validate=production_accounts,
    ),
]
