"""Troubles that belong to one verb: somebody else at work, eGain's lock, look-ups that fail too."""

from __future__ import annotations

import threading
import time
from typing import Any

from tests.reliability.bench import Bench
from tests.reliability.cases import Case, fault

LOST: dict[str, Any] = {"method": "POST", "path": "/{collection}", "action": "close"}
"""The answer of the POST; with `when`, after it was carried out."""


def _lost(bench: Bench, *, carried_out: bool = True) -> None:
    bench.inject(**LOST, when="after" if carried_out else "before")


def _lost_and_late(bench: Bench) -> None:
    _lost(bench)
    for nth in (1, 2, 3):
        bench.inject(
            method="GET", path="/{collection}", action="status", status=200, body={}, nth=nth
        )


def _lost_and_not_found_out(bench: Bench) -> None:
    _lost(bench)
    bench.inject(method="GET", path="/{collection}", action="html", lasting=True)


def _lost_and_another(bench: Bench) -> None:
    _lost(bench, carried_out=False)
    bench.add_alike(description="Of somebody else.")


def _taken(bench: Bench) -> None:
    bench.add_alike(description="Of somebody else.")
    bench.emulator.advance(60)
    if bench.specimen.unique:
        bench.fresh_process()  # which has no list yet


def _equal(bench: Bench) -> None:
    bench.add_alike()
    bench.emulator.advance(60)
    bench.fresh_process()


CREATE: tuple[Case, ...] = (
    Case("answer lost, and the object is listed late", _lost_and_late),
    Case("answer lost, and the look-up fails every time", _lost_and_not_found_out, lasting=True),
    Case("answer lost, and somebody else has just made one of that name", _lost_and_another),
    Case("somebody else's has the unique value", _taken, brief=True),
    Case("an equal one is there already", _equal),
    fault("made, but not visible for 30 seconds", action="late_visibility", seconds=30),
)


def _gone(bench: Bench) -> None:
    bench.remove()


def _edited(bench: Bench) -> None:
    bench.edit({"description": "Of the console."})


def _edited_elsewhere(bench: Bench) -> None:
    bench.note()


def _not_visible(bench: Bench) -> None:
    bench.remake(action="late_visibility", reads=1)


GONE = Case("deleted in eGain meanwhile", _gone, gone=True, brief=True)
HIDDEN = Case("created just now, and not visible yet", _not_visible, gone=True)
EDITED = Case("edited in eGain: a declared value", _edited, brief=True)
EDITED_ELSEWHERE = Case("edited in eGain: something not declared", _edited_elsewhere)


def _switches(**switches: Any) -> Case:
    [(key, value)] = switches.items()

    def arrange(bench: Bench) -> None:
        bench.emulator.settings(**switches)

    return Case(f"{key}: {value}", arrange)


READ = (
    GONE,
    HIDDEN,
    EDITED,
    EDITED_ELSEWHERE,
    _switches(secrets_on_read="masked"),
    _switches(secrets_on_read="absent"),
)

STALE: dict[str, Any] = {
    "code": "400-902",
    "developerMessage": "The object was changed meanwhile.",
    "details": [{"key": "modified", "value": "is not the stored one"}],
}


def _changed_meanwhile(bench: Bench) -> None:
    """Somebody saves between our read and our write."""
    bench.inject(method="GET", path="/{collection}/{id}", action="hang", when="after", seconds=9)

    def edit() -> None:
        while not bench.emulator.fired(bench.faults[-1]):
            time.sleep(0.002)
        _edited_elsewhere(bench)
        bench.emulator.advance(10)

    bench.meanwhile(threading.Thread(target=edit))


def _changed_without_lock(bench: Bench) -> None:
    bench.emulator.settings(lock=False)
    _changed_meanwhile(bench)


UPDATE: tuple[Case, ...] = (
    fault("409 about modified", action="status", status=409, body=STALE),
    fault("412 about modified", action="status", status=412, body=STALE),
    fault("400 about modified", action="status", status=400, body=STALE),
    Case("changed between our read and our write", _changed_meanwhile, brief=True),
    Case("the same, and eGain's lock is off", _changed_without_lock),
    GONE,
    HIDDEN,
    EDITED,
    EDITED_ELSEWHERE,
    _switches(secrets_on_read="masked"),
    _switches(secrets_on_read="absent"),
)


def _in_use(bench: Bench) -> None:
    bench.add_user()


DELETE = (GONE, HIDDEN, EDITED)
IN_USE = Case("something outside this program uses it", _in_use, brief=True)


def _differs(bench: Bench) -> None:
    bench.edit({"description": "Of the console."})


def _inactive(bench: Bench) -> None:
    bench.edit({"active": not bench.inputs["active"]})


def _two(bench: Bench) -> None:
    bench.add_alike()


IMPORT = (
    GONE,
    Case("eGain has another value than declared", _differs, brief=True),
    Case("it is switched off in eGain and on in the program", _inactive),
    _switches(secrets_on_read="masked"),
)


def _nothing_there(bench: Bench) -> None:
    bench.remove()


def _second_of_that_name(bench: Bench) -> None:
    bench.add_second_ground()


FIND = (
    Case("none meets the criterion", _nothing_there, gone=True, brief=True),
    Case("two meet it", _second_of_that_name),
)
NOTHING = Case("eGain has no such object", _nothing_there, gone=True, brief=True)
