"""Which call of which verb the troubles happen to: the tables of the matrix."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reliability.cases import CALL, CLOSED, LIST, TOKEN, Case
from tests.reliability.seen import Call
from tests.reliability.specials import (
    CREATE,
    DELETE,
    EDITED,
    FIND,
    GONE,
    IMPORT,
    IN_USE,
    LOST,
    NOTHING,
    READ,
    UPDATE,
)
from tests.specimens import SPECIMENS

ONE, MANY, USERS = "/{collection}/{id}", "/{collection}", "/{users}"
KINDS = tuple(specimen.noun for specimen in SPECIMENS)
WITH_SECRETS = ("Authentication", "ClientApplication")


@dataclass(frozen=True)
class Table:
    """One table of the document: a call, the kinds that make it, and its rows."""

    title: str
    call: Call
    cases: tuple[Case, ...]
    kinds: tuple[str, ...] = KINDS
    own: str = "Channel"
    """The kind that meets every case in `make test`."""
    slow: bool = False
    """Whether every cell needs a process: then it meets the telling ones only."""
    timed: bool = False
    """Whether time-outs of this call are waited for there: half a second each."""


def _but(*nouns: str) -> tuple[str, ...]:
    return tuple(noun for noun in KINDS if noun not in nouns)


TABLES: tuple[Table, ...] = (
    Table("create: the POST", Call("create", "POST", MANY), CALL + TOKEN + CREATE, timed=True),
    Table(
        "create: the look-up after an answer was lost",
        Call("create", "GET", MANY, before={**LOST, "when": "after"}),
        tuple(case for case in CALL + LIST if case is not CLOSED),
    ),
    Table("read at refresh: the GET", Call("read", "GET", ONE), CALL + TOKEN + READ, slow=True),
    Table(
        "read at refresh: the list, where the stack has three or more of a kind",
        Call("read", "GET", MANY, crowd=2),
        (*(case for case in CALL if not case.lasting), *LIST, GONE, EDITED),
        slow=True,
    ),
    Table("update: the GET before the PUT", Call("update", "GET", ONE), CALL + TOKEN),
    Table("update: the PUT", Call("update", "PUT", ONE), CALL + UPDATE, timed=True),
    Table(
        "delete: the list of those that may use it",
        Call("delete", "GET", USERS, once=True),
        (*CALL, *LIST, IN_USE),
        _but("Account"),
        slow=True,
    ),
    Table("delete: the DELETE", Call("delete", "DELETE", ONE), CALL + TOKEN + DELETE),
    Table("import by id: the GET", Call("import", "GET", ONE), CALL + TOKEN + IMPORT),
    Table(
        "import by name or type: the list", Call("import", "GET", MANY, by_value=True), CALL + LIST
    ),
    Table(
        "import: the PUT of declared secrets",
        Call("import", "PUT", ONE, switches={"secrets_on_read": "masked"}),
        tuple(case for case in CALL if case is not CLOSED),
        WITH_SECRETS,
        own="Authentication",
    ),
    Table(
        "find: the list",
        Call("find", "GET", MANY, once=True),
        (*CALL, *TOKEN, *LIST, *FIND),
        _but("Orchestration"),
        slow=True,
    ),
    Table("get: the GET", Call("get", "GET", ONE), (*CALL, *TOKEN, NOTHING)),
)
