"""Which values of the adopted objects become configuration, and under which keys. Pure.

Secrets do, encrypted, and so do addresses that hold credentials. So do addresses that several
objects share, which differ from environment to environment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..names import credentials_in
from ..schema.model import Path
from ..schema.state import KEPT
from ..schema.tree import Leaf, Record, tree
from . import naming
from .evidence import is_public_header
from .model import Item, leaves

_SHARED: Final = {
    "callback": "callback",
    "token_request_url": "token-url",
    "notification_email": "notification-email",
}
"""Fields whose values become configuration if several objects have them, and how to call them."""

Place = tuple[str, Path]
"""The id of an object, and a path in it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One configuration value."""

    key: str
    value: str = field(repr=False)
    secret: bool


@dataclass(frozen=True)
class Settings:
    """The configuration of a program, and where it is used."""

    used: Mapping[Place, Setting]

    @property
    def all(self) -> list[Setting]:
        """Each once, in the order of their use."""
        return list(dict.fromkeys(self.used.values()))


def settings(items: Sequence[Item], taken: Iterable[str] = ()) -> Settings:
    """Return the configuration for these objects; `taken` are keys that are in use."""
    names, used = naming.Names(taken), dict[Place, Setting]()
    by_value: dict[tuple[str, bool], Setting] = {}
    places = [
        (item, path, leaf, value)
        for item in items
        for path, leaf, value in leaves(tree(item.kind.model), item.declared)
        if isinstance(value, str) and value != KEPT
    ]
    counts = Counter((str(path[-1]), value) for _, path, _, value in places)
    shared_values = Counter(name for (name, _), count in counts.items() if count > 1)
    for item, path, leaf, value in places:
        last = str(path[-1])
        secret = _is_secret(leaf, last, value)
        shared = last in _SHARED and counts[last, value] > 1
        if not secret and not shared:
            continue
        if (value, secret) not in by_value:
            general = counts[last, value] > 1 and shared_values[last] == 1
            is_mail = last == "notification_email" and not secret
            words = (value.partition("@")[0], "email") if is_mail else _words(item, path, general)
            key = naming.key(*words)
            by_value[value, secret] = Setting(names.free(key, ""), value, secret)
        used[item.id, path] = by_value[value, secret]
    return Settings(used)


def _is_secret(leaf: Leaf, last: str, value: str) -> bool:
    if leaf.secret:
        return not is_public_header(last, value)
    return not leaf.icon and leaf.reference is None and credentials_in(value) is not None


def _words(item: Item, path: Path, general: bool) -> tuple[str, ...]:
    """Return what a key says: the object, unless it is the only such value, and the field."""
    last = str(path[-1])
    header = "header" if len(path) > 1 and path[-2] == "headers" else ""
    return "" if general else item.variable.replace("_", "-"), header, _SHARED.get(last, last)


def secret_paths(record: Record, item: Item, found: Settings) -> set[Path]:
    """Return where the state of an object holds a secret."""
    by_model = {p for p, leaf, v in leaves(record, item.declared) if leaf.secret and v != KEPT}
    by_use = {p for (id, p), each in found.used.items() if id == item.id and each.secret}
    return by_model | by_use
