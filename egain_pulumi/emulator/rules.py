"""What the contract cannot say: one row a noun, and the objects that eGain itself makes.

A further noun is its paths and schemas in the contract and one row here; no other code. References,
secret values, defaults, limits and required markers are read from the contract (`x-refers-to`,
`x-secret`, `default`, ...).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Noun:
    """One kind of configuration object.

    kind      as `x-refers-to` and `x-resource-order` of the contract name it
    path      of the collection, below the base path
    list_key  key of the array in a list answer
    unique    top-level attribute whose value is unique in the tenant, or None
    """

    kind: str
    path: str
    list_key: str
    unique: str | None

    @property
    def collection(self) -> str:
        """Name of the collection on the control surface and in the database."""
        return self.path.strip("/")


NOUNS: tuple[Noun, ...] = (
    Noun("Authentication", "/authentications", "authentication", "name"),
    Noun("ClientApplication", "/clientapplications", "clientApplication", "name"),
    Noun("Participant", "/participants", "participant", "name"),
    Noun("Channel", "/channels", "channel", "type"),
    # The vendor calls every other name unique, but not this (docs/vendor-api.md#orchestration).
    Noun("Orchestration", "/orchestrations", "orchestration", None),
    Noun("Account", "/accounts", "account", "name"),
)

AGENT_DESKTOP = "https://agents.egain.example/messaging/callback"
"""Callback of eGain's own agents: what is delivered there never leaves the emulator."""

SEEDS: tuple[tuple[str, dict[str, Any]], ...] = (
    # The application of eGain's own agents: in every tenant, made by nobody's program. Its id is
    # drawn anew for each database and each reset, so that nobody can rely on a fixed one.
    (
        "clientapplications",
        {
            "name": "eGain Agents",
            "description": "Agent desktop of eGain. Made by eGain.",
            "active": True,
            "roles": [
                {
                    "name": "egain_agent",
                    "version": "v3",
                    "callback": AGENT_DESKTOP,
                    "notificationEmail": "agents@egain.example",
                }
            ],
        },
    ),
)
