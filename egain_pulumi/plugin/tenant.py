"""One tenant as the plugin sees it: settings, connection, and the guard against another one.

Every object carries the tenant it lives in (docs/rules.md#only-a-404-means-gone). Nothing is read
or changed where the settings point elsewhere, so that dev's program cannot be applied to prod, and
a refresh against the wrong tenant does not conclude that everything is gone.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from ..api.settings import Settings, load
from ..errors import ConfigurationError, EgainError, Reason
from ..names import is_loopback
from ..redaction import KNOWN
from ..schema.model import Path
from ..schema.state import TENANT
from . import host, host_process
from .inventory import Inventory
from .ownership import Ownership

if TYPE_CHECKING:
    from ..api.client import Client
    from ..api.operation import Operation

MOVED: Final = "EGAIN_TENANT_MOVED"
_EMULATOR: Final = "emulator"
"""In the mark of an object that was made on an emulator: the id of its database."""
_ASK_SECONDS: Final = 5.0


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
        self.secret_paths: dict[str | None, list[Path]] = {}
        """URN to the paths of values that only its program calls secrets."""
        self.inventory = Inventory()
        self.ownership = Ownership()

    @classmethod
    def configured(cls, config: Mapping[str, Any]) -> Tenant:
        """Return the tenant for a provider's configuration. Raises ConfigurationError."""
        if os.environ.get("PULUMI_PROJECT") == "egain":
            raise ConfigurationError(
                'a project named "egain" cannot use egain-pulumi: its own settings would look '
                "like ours. Rename it in Pulumi.yaml."
            )
        settings = load(config)
        if settings.client_secret is not None:
            KNOWN.know([settings.client_secret.get_secret_value()])
        public = (settings.base_url, settings.token_url, settings.client_id, settings.scope)
        KNOWN.publish(word for word in public if word)
        with cls._sharing:
            return cls._shared.setdefault(settings, cls(settings))

    def operation(self) -> Operation:
        """Begin calls with one deadline. Raises ConfigurationError if a setting is missing."""
        # Imported here: previews make no call and need no network library.
        from ..api.client import Client
        from ..api.limits import Hooks

        with self._lock:
            if self._client is None:
                hooks = Hooks(
                    host_process.sleep, host.status, host_process.orphaned, host_process.cancelled
                )
                self._client = Client(self.settings, hooks)
        return self._client.operation(host.custom_timeout())

    def warn_of_missing(self) -> None:
        """Warn once a process of settings that a preview does without, and an update does not."""
        missing = self.settings.missing()
        with self._lock:
            first, self._warned = not self._warned, True
        if missing and first:
            host.warn(
                f"not set: {', '.join(map(self.settings.name, missing))}. "
                "The preview is complete without it; pulumi up needs it."
            )

    @property
    def mark(self) -> dict[str, str]:
        """The tenant as each of its objects carries it in the state."""
        database = self._client.emulator if self._client else None
        return self.addresses | ({_EMULATOR: database} if database else {})

    @property
    def addresses(self) -> dict[str, str]:
        """The tenant as it is known before any call."""
        settings = self.settings
        return {"base_url": str(settings.base_url), "token_url": str(settings.token_url)}

    def guard(self, outputs: Mapping[str, Any]) -> None:
        """Refuse to touch an object that lives in another tenant. Raises EgainError.

        Does nothing where the settings are not known (a preview without them). An emulator that has
        moved to another port is the same tenant; its database's id shows that.
        """
        lives = outputs.get(TENANT)
        known = self.settings.base_url and self.settings.token_url
        if not isinstance(lives, Mapping) or not known or os.environ.get(MOVED) == "1":
            return
        for key, mine in self.addresses.items():
            theirs = str(lives.get(key, ""))
            if _normal(theirs) == _normal(mine):
                continue
            if _moves(lives) and lives[_EMULATOR] == self._database:
                return
            self._other = (
                f"this stack's objects live in tenant {_shown(theirs)} (last up), but "
                f"{self.settings.origin(key)} points at {_shown(mine)}. Nothing was read or "
                f"changed. If the tenant itself has moved there, set {MOVED}=1."
            )
            raise EgainError(self._other, Reason.OTHER_TENANT)

    @cached_property
    def _database(self) -> str | None:
        """The database of the emulator that the settings lead to, or None.

        Asked without credentials, because a preview has none, and only of this machine.
        """
        from ..api.outcome import emulator_database
        from ..api.transport import RequestFailed, Transport

        if not self.settings.is_local:
            return None
        url = urljoin(str(self.settings.base_url), "/_emulator/")  # any path would do
        try:
            answer = Transport(1).send("GET", url, seconds=_ASK_SECONDS)
        except RequestFailed:
            return None
        return emulator_database(answer.headers)

    def guard_create(self) -> None:
        """Refuse to create anything once an object of this stack was seen to live elsewhere."""
        if self._other is not None:
            raise EgainError(self._other, Reason.OTHER_TENANT)


def _moves(lives: Mapping[str, Any]) -> bool:
    """Return whether the tenant of a mark may be found at another address."""
    addresses = (str(lives.get(key, "")) for key in ("base_url", "token_url"))
    return bool(lives.get(_EMULATOR)) and all(map(is_loopback, addresses))


def _normal(url: str) -> tuple[str, str | None, int | None, str]:
    """Return what of an address tells tenants apart."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port, parts.path.rstrip("/")


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}" if parts.netloc else url
