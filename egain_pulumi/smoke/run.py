"""A whole smoke test: every account of a hub, or every callback of a stack."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from ..api.settings import Settings, load
from ..api.transport import Transport
from ..conversations import Conversations
from ..errors import EgainError
from ..hub import Hub
from ..hub.sources.states import resources
from ..plugin.tenant import Tenant
from ..schema.kinds import Kind
from ..schema.state import TENANT
from . import callback_check
from .accounts import Account, accounts
from .callbacks import callers
from .conversation import Journey
from .emulator_control import Control
from .emulator_trace import on_emulator
from .listener import Listener, place, port_of
from .observation import delivered
from .report import Check, Report
from .script import Turn
from .turns import Eyes, Wish, turns

WAIT: Final = 15.0
_PATIENCE: Final = 30.0
"""Seconds, at most, for one call with all its waiting: a customer does not wait longer."""

Progress = Callable[[str], object]


def converse(
    hub: Hub,
    *,
    names: Sequence[str] = (),
    script: Sequence[Turn] = (),
    folder: Path | None = None,
    emulator: bool = False,
    listen: str | None = None,
    wait: float = WAIT,
    elsewhere: Collection[str] = (),
    settings: Settings | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """Say something on the active accounts of a hub, or on those that are named, one by one.

    `hub` is `egain_pulumi.hub.stack(…)` or `.tenant(…)`; `script` what `script(text)` has read,
    and `folder` where its files are. `emulator`: the address is an emulator's, whose hops may be
    read. `listen` is a port, or host:port, that the customer's callback leads to; a callback on
    this machine is listened at by itself. `wait` seconds for what a turn expects. `elsewhere` are
    keys of objects in other tenants, which are left alone. `settings` are those of the environment
    if left out; a call is tried for at most 30 seconds. Raises EgainError where nothing could be
    tried.
    """
    folder = folder or Path.cwd()
    _readable(script, folder)
    given = settings or load({})
    given.require()
    patience = min(given.operation_timeout_seconds, _PATIENCE)
    used = given.model_copy(update={"operation_timeout_seconds": patience})
    chosen = accounts(hub, names, elsewhere)
    control = Control(str(used.base_url)) if emulator else None
    talk = Conversations(used)
    checks: list[Check] = []
    with _listeners(chosen, listen) as listeners:
        for account in chosen:
            progress(f'writing to account "{account.name}"')
            wish = Wish(turns(account, script, emulator=emulator), folder, wait)
            eyes = _eyes(account, control, listeners, given=listen is not None)
            journey = Journey(account, talk, eyes, wish)
            checks.append(journey.run())
            if journey.barred is not None and len(checks) == 1:
                raise journey.barred  # it would be the same for every account
    return Report(tuple(checks))


def callbacks(
    text: str,
    kinds: Sequence[Kind],
    *,
    project: str | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """Call every callback of a stack as eGain does, with a wrong and with the right Authorization.

    `text` is what `pulumi stack export --show-secrets` writes; its secrets are sent to their own
    token endpoints and callbacks, and to nobody else. Raises EgainError where there is none.
    """
    found = callers(text, kinds, project=project)
    if not found:
        raise EgainError("this stack has no active client application with a callback")
    transport = Transport(1)
    checks = []
    for caller in found:
        progress(f"calling {caller.name}")
        checks.append(callback_check.check(caller, transport))
    return Report(tuple(checks))


def elsewhere(text: str, settings: Settings) -> frozenset[str]:
    """The objects of a stack that live in a second tenant; `text` is its state.

    Raises EgainError, naming both tenants, where the stack's own is not that of the settings.
    """
    tenant = Tenant(settings)
    found = set()
    for each in resources(text):
        outputs = each.get("outputs")
        if not isinstance(outputs, Mapping) or TENANT not in outputs:
            continue
        provider = str(each.get("provider", "")).split("::")[3:4]
        own = not provider or provider[0].partition("_")[0] == "default"
        try:
            tenant.guard(outputs)
        except EgainError:
            if own:
                raise
            found.add(str(each["urn"]))
    return frozenset(found)


def _readable(script: Sequence[Turn], folder: Path) -> None:
    """Before anything is said: it cannot be unsaid."""
    for number, turn in enumerate(script):
        if turn.attach and not (folder / turn.attach).is_file():
            raise EgainError(f"turns[{number}].attach: there is no file {turn.attach}")


@contextlib.contextmanager
def _listeners(chosen: Sequence[Account], listen: str | None) -> Iterator[dict[int, Listener]]:
    """By port. One that cannot be had is no reason to stop, unless it was asked for."""
    made: dict[int, Listener] = {}
    try:
        if listen is not None:
            host, port = place(listen)
            made[0] = Listener(port, host)
        else:
            for own in dict.fromkeys(port_of(each.customer_callback) for each in chosen):
                if own is not None:
                    with contextlib.suppress(EgainError):
                        made[own] = Listener(own)
        yield made
    finally:
        for each in made.values():
            each.close()


def _eyes(
    account: Account, control: Control | None, listeners: Mapping[int, Listener], *, given: bool
) -> Eyes:
    if control is not None:
        return Eyes(lambda id: on_emulator(control.conversation(id), account.hub), whole=True)
    port = 0 if given else port_of(account.customer_callback)
    listener = listeners.get(port) if port is not None else None
    if listener is None:
        return Eyes(None, whole=False)
    return Eyes(lambda id: delivered(listener.came(id)), whole=False)
