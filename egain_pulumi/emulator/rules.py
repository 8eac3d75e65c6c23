"""What the contract cannot express: one row for each noun, and eGain's own objects.

A new noun needs its paths and schemas in the contract and one row here, no other code. The contract
has references, secrets, defaults, limits and required markers (`x-refers-to`, `x-secret`, ...).
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
"""The callback of eGain's own agents: deliveries to it never leave the emulator."""

SEEDS: tuple[tuple[str, dict[str, Any]], ...] = (
    # The application of eGain's own agents, which every tenant has. Each database and each reset
    # gives it a new id, so that no program can rely on a fixed one.
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
