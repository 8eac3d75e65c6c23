"""A stack's configuration with placeholders for its secrets. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

UNFINISHED: Final = "CHANGE_ME"
DROPPED: Final = ("encryptionsalt", "encryptedkey", "secretsprovider", "environment")
FIRST_NUMBER: Final = 1_000_000_001

_LIKE_URL: Final = re.compile(r"url|uri|callback|endpoint|webhook|link", re.I)
_LIKE_MAIL: Final = re.compile(r"e-?mail", re.I)
_LIKE_NUMBER: Final = re.compile(
    r"\b(address|phone|number|entry-?point|port|count|seconds|limit|timeout)\b"
)


def without_secrets(
    stack: Mapping[str, Any], local: Mapping[str, Any], types: Mapping[str, str]
) -> dict[str, Any]:
    """Return the stack's file with a valid placeholder for each secret and each CHANGE_ME.

    Stack `local`'s plain text for the same key is valid; otherwise the key's type in Pulumi.yaml
    decides, then its name. Leaves out the settings of eGain, which the environment gives, and the
    encryption.
    """
    numbers = count(FIRST_NUMBER)
    examples = local.get("config") or {}

    def fill(key: str, value: Any) -> Any:
        if isinstance(value, Mapping) and set(value) != {"secure"}:
            return {name: fill(f"{key}.{name}", item) for name, item in value.items()}
        if isinstance(value, list):
            return [fill(f"{key}.{number}", item) for number, item in enumerate(value)]
        if not isinstance(value, Mapping) and UNFINISHED not in str(value):
            return value
        example = examples.get(key)
        if example is not None and not isinstance(example, Mapping) and example != UNFINISHED:
            return example
        return placeholder(key, types.get(key), next(numbers))

    config = stack.get("config") or {}
    kept = {k: fill(k, v) for k, v in config.items() if not k.startswith("egain:")}
    rest = {key: value for key, value in stack.items() if key not in (*DROPPED, "config")}
    return {**rest, "config": kept}


def placeholder(key: str, type_: str | None, number: int) -> str:
    """Return a value that a program is likely to accept for a key, and that belongs to nobody."""
    name = re.split(r"[:.]", key)[-1]
    if type_ == "boolean":
        return "false"
    if type_ in ("integer", "number"):
        return str(number)
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()).strip("-")
    if _LIKE_MAIL.search(name):
        return f"{slug}@example.com"
    if _LIKE_URL.search(name):
        return f"https://{slug}.example.com/"
    return str(number) if _LIKE_NUMBER.search(slug) else f"placeholder-{slug}"
