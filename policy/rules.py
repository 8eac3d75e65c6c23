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
    """Check the addresses that eGain calls and logs in at."""
    addresses: list[tuple[str, object]] = []
    if declared(args, APPLICATION):
        addresses += roles(args, "callback")
    if declared(args, AUTHENTICATION):
        path = ("oauth2", "token_request_url")
        addresses += [(".".join(path), at(args, *path))]
    for place, address in addresses:
        if isinstance(address, str) and not _is_private(address):
            instead = "write the https:// address of the same service"
            violation(f"{place}: is not https; {instead}", None)


def _is_private(address: str) -> bool:
    """Whether it is encrypted or stays on this machine, as the emulator's calls of a bot do."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False  # not an address
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")


def off_hours(args: StackValidationArgs, violation: ReportViolation) -> None:
    """Check active accounts, and their channels if this program declares them."""
    for account in args.resources:
        if declared(account, ACCOUNT) and at(account, "active") is not False:
            for problem in _off_hours_problems(account):
                violation(problem, account.urn)


def _off_hours_problems(account: PolicyResource) -> list[str]:
    path = "chat_configurations.on_agent_unavailability"
    behavior = at(account, *path.split("."))
    if behavior is None:
        return [f'{path}: is not declared; write "off_hours" or "retain_and_retry"']
    language = at(account, "chat_configurations", "default_language")
    if behavior != "off_hours" or not isinstance(language, str):
        return []
    return [
        f"{path}: no off-hours text in the account's default language; add that language's "
        f'"msg_hub_off_hours" to l10n_properties of channel "{channel.name}"'
        for channel in account.property_dependencies.get("channel", ())
        if declared(channel, CHANNEL)
        and at(channel, "l10n_properties", language, "msg_hub_off_hours") in (None, "")
    ]


def notification_email(args: ResourceValidationArgs, violation: ReportViolation) -> None:
    """Check the addresses that eGain writes to when a callback cannot be reached."""
    domains: list[str] = args.get_config()["domains"]
    if not declared(args, APPLICATION):
        return
    for path, address in roles(args, "notification_email"):
        if address.rpartition("@")[2].lower() not in {domain.lower() for domain in domains}:
            wanted = " or ".join(f"@{domain}" for domain in domains)
            violation(f"{path}: is not in one of your domains; write an address {wanted}", None)


def names(args: ResourceValidationArgs, violation: ReportViolation) -> None:
    """Check names. Channels have none, and agents see those of client applications."""
    pattern: str = args.get_config()["pattern"]
    name = at(args, "name")
    named = (AUTHENTICATION, APPLICATION, PARTICIPANT, ORCHESTRATION, ACCOUNT)
    if declared(args, *named) and isinstance(name, str) and not re.fullmatch(pattern, name):
        violation(f"name: does not follow the convention; write one that matches {pattern}", None)


def production_accounts(args: ResourceValidationArgs, violation: ReportViolation) -> None:
    """Check the accounts of the stacks that customers write to."""
    stack = args.urn.removeprefix("urn:pulumi:").partition("::")[0]
    if declared(args, ACCOUNT) and stack in args.get_config()["stacks"] and not args.opts.protect:
        violation("is not protected; write opts=ResourceOptions(protect=True)", None)


def _setting(name: str, schema: dict[str, Any], default: Any) -> PolicyConfigSchema:
    return PolicyConfigSchema({name: {**schema, "default": default}})


RULES: Final[list[Policy]] = [
    ResourceValidationPolicy(
        name="callbacks-https",
        description="Callbacks and token addresses use https. Otherwise others could read "
        "customers' messages and eGain's secret on the way.",
        enforcement_level=EnforcementLevel.MANDATORY,
        validate=callbacks_https,
    ),
    StackValidationPolicy(
        name="off-hours",
        description="An active account has an off-hours behavior. Otherwise customers who write "
        "when no agent is there wait for an answer that never comes.",
        enforcement_level=EnforcementLevel.MANDATORY,
        validate=off_hours,
    ),
    ResourceValidationPolicy(
        name="notification-email",
        description="Notification e-mails go to one of your domains. They say which callback is "
        "down and why, and the person on duty must read them.",
        enforcement_level=EnforcementLevel.MANDATORY,
        config_schema=_setting("domains", _TEXTS, ["example.com"]),
        validate=notification_email,
    ),
    ResourceValidationPolicy(
        name="names",
        description="Names in eGain follow the convention, because people in the console see "
        "nothing else.",
        enforcement_level=EnforcementLevel.ADVISORY,
        config_schema=_setting(
            "pattern", {"type": "string", "format": "regex"}, "[a-z][a-z0-9]*(-[a-z0-9]+)*"
        ),
        validate=names,
    ),
    ResourceValidationPolicy(
        name="production-accounts",
        description="Production accounts are protected. Customers know their addresses, and a "
        "deleted account does not come back with the same id.",
        enforcement_level=EnforcementLevel.MANDATORY,
        config_schema=_setting("stacks", _TEXTS, ["prod"]),
        validate=production_accounts,
    ),
]
