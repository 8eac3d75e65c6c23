"""Names in a program from eGain's names: variables, logical names, keys, file names. Pure.

All are ASCII: letters that read from right to left, or look like others, would make a program that
people misread.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 40
_RESERVED: Final = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "config", "pulumi", "egain_pulumi"}
)
_SUFFIX: Final = {
    "authentication": "auth",
    "client application": "app",
    "participant": "bot",
    "channel": "channel",
    "orchestration": "flow",
    "account": "account",
}
"""What tells variables of several kinds apart that would have the same name."""


def slug(text: str) -> str:
    """Return the words of a text as `orders-eu`; empty if it has no ASCII letter or digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    split = re.sub(r"(?<=[a-z0-9]{2})(?=[A-Z])", "-", plain)  # eGain is one word
    words = re.findall(r"[a-z0-9]+", split.lower())
    return "-".join(words)[:LONGEST].strip("-")


class Names:
    """Names that are given once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def free(self, wanted: str, joint: str = "-") -> str:
        """Return the wanted name, or if it is taken, the same with the next free number."""
        name, number = wanted, 2
        while name in self._taken:
            name, number = f"{wanted}{joint}{number}", number + 1
        self._taken.add(name)
        return name


def logical(value: str, label: str) -> str:
    """Return the logical name that an object with this name in eGain would get."""
    return slug(value) or label.replace(" ", "-")


def variable(name: str, label: str, *, shared: bool, modules: Iterable[str] = ()) -> str:
    """Return the variable of an object with this logical name.

    `shared` says that an object of another kind has the same name; `modules` are taken too.
    """
    base, suffix = name.replace("-", "_"), _SUFFIX.get(label, slug(label))
    if base[0].isdigit():
        base = f"{suffix}_{base}"
    if (shared or base in _RESERVED or base in modules) and not f"_{base}".endswith(f"_{suffix}"):
        base = f"{base}_{suffix}"
    return base


def key(*parts: str) -> str:
    """Return the configuration key of some words: `botAuthPassword`."""
    words = [word for part in parts for word in slug(part).split("-") if word]
    return "".join(w if not i else w.capitalize() for i, w in enumerate(words)) or "value"
