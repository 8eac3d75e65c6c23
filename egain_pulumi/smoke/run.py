"""Run a smoke test: all accounts of a hub, or all callbacks of a stack."""

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
from .callbacks import read_callbacks
from .conversation import ConversationCheck
from .emulator_trace import Control, observe_emulator
from .listener import Listener, parse_listen, port_of
from .observation import Observation, observe_deliveries
from .report import Check, Report
from .script import AGENT, GREETING, Turn

WAIT: Final = 15.0
_PATIENCE: Final = 30.0
"""The most seconds for one call with all its retries: a customer does not wait longer."""

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
    """Send messages to the active accounts of a hub, or to those with the given names.

    `hub` is `egain_pulumi.hub.stack(…)` or `.tenant(…)`, `script` the result of `script(text)`, and
    `folder` has its files. Set `emulator` if the address is an emulator's, to read its hops.
    `listen` is the port, or host:port, of the customer's callback; if that callback is on this
    machine, it is found automatically. `wait` is the seconds to wait for what a turn expects.
    `elsewhere` are the keys of objects in other tenants, which are skipped. `settings` default to
    the environment; a call is retried for at most 30 seconds. Raises EgainError if nothing could be
    tested.
    """
    folder = folder or Path.cwd()
    for number, turn in enumerate(script):  # before the first message, which cannot be recalled
        if turn.attach and not (folder / turn.attach).is_file():
            raise EgainError(f"turns[{number}].attach: there is no file {turn.attach}")
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
            progress(f'testing account "{account.name}"')
            observe = _observer(account, control, listeners, given=listen is not None)
            check = ConversationCheck(
                account, talk, observe, complete=emulator, folder=folder, wait=wait
            )
            checks.append(check.run(script or _default_turns(account, emulator=emulator)))
            if check.unreachable is not None and len(checks) == 1:
                raise check.unreachable  # it would be the same for every account
    return Report(tuple(checks))


def callbacks(
    text: str,
    kinds: Sequence[Kind],
    *,
    project: str | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """Call every callback of a stack as eGain does, with a wrong and with the right Authorization.

    `text` is the output of `pulumi stack export --show-secrets`; its secrets are sent only to their
    own token endpoints and callbacks. Raises EgainError if there is no callback.
    """
    found = read_callbacks(text, kinds, project=project)
    if not found:
        raise EgainError("this stack has no active client application with a callback")
    transport = Transport(1)
    checks = []
    for callback in found:
        progress(f"testing callback {callback.name}")
        checks.append(callback_check.check(callback, transport))
    return Report(tuple(checks))


def elsewhere(text: str, settings: Settings) -> frozenset[str]:
    """Return the keys of a stack's objects in a second tenant; `text` is its state.

    Raises EgainError, naming both tenants, if the stack's own is not that of the settings.
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


def _default_turns(account: Account, *, emulator: bool) -> Sequence[Turn]:
    greeting = Turn(say=GREETING, answers=account.bot is not None)
    if emulator and account.escalates:  # in a tenant, real agents would answer
        return (greeting, Turn(say=AGENT, escalates=True))
    return (greeting,)


@contextlib.contextmanager
def _listeners(chosen: Sequence[Account], listen: str | None) -> Iterator[dict[int, Listener]]:
    """Yield the listeners by port; 0 is `--listen`. Only that one must be available."""
    made: dict[int, Listener] = {}
    try:
        if listen is not None:
            host, port = parse_listen(listen)
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


def _observer(
    account: Account, control: Control | None, listeners: Mapping[int, Listener], *, given: bool
) -> Callable[[str], Observation] | None:
    if control is not None:
        return lambda id: observe_emulator(control.conversation(id), account.hub)
    port = 0 if given else port_of(account.customer_callback)
    listener = listeners.get(port) if port is not None else None
    return (lambda id: observe_deliveries(listener.messages(id))) if listener else None
