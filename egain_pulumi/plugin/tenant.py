"""One tenant as the plugin sees it: settings, connection, and the guard against another one.

Every object carries the tenant it lives in (docs/rules.md#only-a-404-means-gone). Nothing is read
or changed where the settings point elsewhere, so that dev's program cannot be applied to prod, and
a refresh against the wrong tenant does not conclude that everything is gone.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ..api.settings import Settings, load
from ..errors import ConfigurationError, EgainError
from ..names import LOOPBACK
from ..schema.model import Path
from ..schema.state import TENANT
from . import host, host_process
from .inventory import Census, Inventory

if TYPE_CHECKING:
    from ..api.client import Client, Operation

MOVED: Final = "EGAIN_TENANT_MOVED"


class Tenant:
    """Shared by all providers of a process that have the same settings; thread-safe."""

    _shared: Final[dict[Settings, Tenant]] = {}
    _sharing: Final = threading.Lock()

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._warned = False
        self._other: str | None = None
        self.declared: dict[tuple[str, Any], str] = {}
        """Who declares a unique value: (label, value) to URN."""
        self.replaceable: dict[str, str | None] = {}
        """Unique values by URN, of checks that came with an old state: another check without one
        replaces them."""
        self.hidden: dict[str | None, list[Path]] = {}
        """Where a resource (by URN) has values that only its program calls secrets."""
        self.inventory = Inventory()
        self.census = Census()
        self._owners: dict[str, str] = {}
        self._wanted: dict[str, str] = {}

    @classmethod
    def configured(cls, config: Mapping[str, Any]) -> Tenant:
        """The tenant for a provider's configuration. Raises ConfigurationError."""
        if os.environ.get("PULUMI_PROJECT") == "egain":
            raise ConfigurationError(
                'a project named "egain" cannot use egain-pulumi: its own settings would look '
                "like ours. Rename it in Pulumi.yaml."
            )
        settings = load(config)
        with cls._sharing:
            return cls._shared.setdefault(settings, cls(settings))

    def operation(self) -> Operation:
        """Calls with one deadline. Raises ConfigurationError if a setting is missing."""
        # Here, because previews make no call and need no network library.
        from ..api.client import Client, Surroundings

        with self._lock:
            if self._client is None:
                self._client = Client(
                    self.settings,
                    Surroundings(host_process.sleep, host.show, host_process.orphaned),
                )
        return self._client.operation(host.custom_timeout())

    def warn_of_missing(self) -> None:
        """Once a process: a preview is complete without them, an update is not."""
        missing = self.settings.missing()
        with self._lock:
            first, self._warned = not self._warned, True
        if missing and first:
            host.warn(
                f"not set: {', '.join(map(self.settings.name, missing))}. "
                "The preview is complete without it, pulumi up is not."
            )

    @property
    def mark(self) -> dict[str, str]:
        """What an object of this tenant carries in its state."""
        return {
            "base_url": str(self.settings.base_url),
            "token_url": str(self.settings.token_url),
        }

    def guard(self, outputs: Mapping[str, Any]) -> None:
        """Refuse to touch an object that lives elsewhere.

        Silent where the settings are not known (a preview without them).
        """
        lives = outputs.get(TENANT)
        known = self.settings.base_url and self.settings.token_url
        if not isinstance(lives, Mapping) or not known or os.environ.get(MOVED) == "1":
            return
        for key, mine in self.mark.items():
            theirs = str(lives.get(key, ""))
            if not _same(theirs, mine):
                self._other = self._wrong(key, theirs, mine)
                raise EgainError(self._other)

    def own(self, id: str, resource: str) -> None:
        """Note that an object is in this stack's state, and which declared resource has it.

        There may be a second one that is declared no more: what an import took it from, where
        that run was interrupted.
        """
        with self._lock:
            self._owners[id] = resource

    def owns(self, id: str) -> bool:
        """Whether an object is known to be in this stack's state already."""
        return id in self._owners

    def wants(self, id: str, name: str) -> bool:
        """Whether a resource is the first of this run to ask for an object by an import."""
        return self._wanted.setdefault(id, name) == name

    def release(self, resource: str) -> None:
        """A resource is about to be replaced: it does not keep the object that it has."""
        with self._lock:
            kept = {id: "" if owner == resource else owner for id, owner in self._owners.items()}
            self._owners = kept

    def left(self, id: str, resource: str) -> bool:
        """Whether an object now belongs to another resource than this one: then a delete of
        this one must not touch it."""
        return self._owners.get(id, "") not in ("", resource)

    def guard_create(self) -> None:
        """Refuse to create anything once an object of this stack was seen to live elsewhere."""
        if self._other is not None:
            raise EgainError(self._other)

    def _wrong(self, key: str, theirs: str, mine: str) -> str:
        setting = self.settings.origin(key)
        return (
            f"this stack's objects live in tenant {_shown(theirs)} (last up), but {setting} "
            f"points at {_shown(mine)}. Nothing was read or changed. If the tenant itself has "
            f"moved there, set {MOVED}=1."
        )


def _same(one: str, other: str) -> bool:
    if urlsplit(one).hostname in LOOPBACK and urlsplit(other).hostname in LOOPBACK:
        return True  # an emulator takes the next free port
    return one.rstrip("/") == other.rstrip("/")


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}" if parts.netloc else url
