"""The accounts of a hub, with what a customer's message needs. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import EgainError
from ..hub import SECRET, Hub, Object
from ..hub.model import ACCOUNT, CHANNEL, ORCHESTRATION
from ..names import closest

_BOTS = ("applications", "bot_configuration", "bots")


@dataclass(frozen=True, slots=True)
class Account:
    """An account with its channel and orchestration."""

    object: Object
    hub: Hub
    channel: Object | None
    orchestration: Object | None

    @property
    def name(self) -> str:
        """Its logical name."""
        return self.object.name

    @property
    def address(self) -> str | None:
        """The address for customers; None if the hub does not know it."""
        return _text(self.object.at("address"))

    @property
    def channel_type(self) -> str | None:
        """The type of its channel; None if the hub does not know it."""
        return _text(self.channel.value) if self.channel else None

    @property
    def known(self) -> bool:
        """Whether messages can be sent to it."""
        return self.address is not None and self.channel_type is not None

    @property
    def bot(self) -> Mapping[str, Any] | None:
        """The first bot; None if there is none or it is not known."""
        bots = self.orchestration.at(*_BOTS) if self.orchestration else None
        first = bots[0] if isinstance(bots, list) and bots else None
        return first if isinstance(first, Mapping) else None

    @property
    def escalates(self) -> bool:
        """Whether the first bot can hand over to agents."""
        return bool(self.bot and self.bot.get("on_escalation"))

    @property
    def customer_callback(self) -> str | None:
        """The callback that receives the customer's messages."""
        for edge in self.hub.out(self.orchestration.key) if self.orchestration else ():
            target = self.hub.objects.get(edge.target or "")
            if "customer_configuration" in edge.path and target is not None:
                return _text(target.at("roles", "customer", "callback"))
        return None


def accounts(hub: Hub, names: Sequence[str] = (), elsewhere: Collection[str] = ()) -> list[Account]:
    """Return the active accounts, or those with the given names, without those `elsewhere`.

    Raises EgainError if there is none.
    """
    known = {each.name: each for each in hub.of(ACCOUNT)}
    for name in names:
        if name not in known:
            hint = closest(name, known)
            more = f"did you mean {hint}?" if hint else f"there are {', '.join(known) or 'none'}"
            raise EgainError(f'--account: no account is called "{name}"; {more}')
        if known[name].key in elsewhere:
            raise EgainError(f'--account: account "{name}" is in a second tenant')
    chosen = [known[name] for name in dict.fromkeys(names)]
    chosen = chosen or [each for each in hub.live_accounts() if each.key not in elsewhere]
    if not chosen:
        raise EgainError("there is no active account to test; is this the right stack?")
    found = []
    for each in chosen:
        to = {edge.to: hub.objects.get(edge.target or "") for edge in hub.out(each.key)}
        found.append(Account(each, hub, to.get(CHANNEL), to.get(ORCHESTRATION)))
    if not any(each.known for each in found):
        raise EgainError(
            f"{found[0].object.label}: its address or channel is not known here; "
            "--tenant reads them from eGain"
        )
    return found


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value not in ("", SECRET) else None
