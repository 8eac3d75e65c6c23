"""Which reading of each assumption a tenant shows (docs/assumptions.md), from its lists alone.

Pure. The texts have names of attributes, but neither names nor values of objects, so that they can
be sent to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..schema.kinds import Kind
from ..schema.model import JsonType
from ..schema.secrets import SET_BY_EGAIN, is_mask, received_secrets
from ..schema.tree import Items, Leaf, Malformed, Node, Record, Slot, Table, item_of
from ..text import one_line
from .check import Check, Status

_LENGTH: Final = 36
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Answers:
    """The pages of one list as they came, and its rows."""

    kind: Kind
    pages: tuple[Mapping[str, Any], ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    problem: str = ""
    unread: bool = False


def read(answers: Sequence[Answers], not_found: str | None, has_date: bool) -> Iterator[Check]:
    """Yield what the lists show of each assumption."""
    found = [each for each in answers if not each.unread]
    yield _secrets(found)
    yield from _paging(found)
    yield from _looks(found)
    yield _ids(found)
    yield _modified(found)
    yield _unknown(found)
    if not_found is None:
        yield _reading("error-bodies", "a missing object answers 404 in eGain's own error body")
    else:
        todo = "A deleted object stays in the state until you run pulumi state delete."
        yield _reading("error-bodies", f"a missing object answers {not_found}", todo)
    if has_date:
        yield _reading("date-header", "answers have a Date header")
    else:
        todo = "A create whose answer is lost must be looked up by hand."
        yield _reading("date-header", "answers have no Date header", todo)


def _reading(id: str, text: str, todo: str = "") -> Check:
    return Check("readings", id, Status.WARNING if todo else Status.OK, text, todo)


def _secrets(found: Sequence[Answers]) -> Check:
    values = [value for each in found for row in each.rows for value in _shown(each.kind, row)]
    shown = [value for value in values if value is not None]
    if not shown:
        left_out = any(_has_password(row) for each in found for row in each.rows)
        if not left_out:
            return _reading("secrets", "no object shows a secret; there may be none")
        todo = "Declare every secret of the objects that you manage: an update may lose others."
        return _reading("secrets", "reads leave secrets out", todo)
    masked = [value for value in shown if is_mask(value)]
    if not masked:
        return _reading("secrets", "reads show secrets as they are")
    which = "mask secrets" if len(masked) == len(shown) else "mask some secrets and show others"
    todo = "An update stops at a secret that no program declares: declare it, or keep_secret()."
    return _reading("secrets", f"reads {which}", todo)


def _shown(kind: Kind, row: Mapping[str, Any]) -> Iterator[Any]:
    try:
        yield from received_secrets(kind.tree, row).values()
    except Malformed:
        return


def _has_password(row: Mapping[str, Any]) -> bool:
    """Return whether an object must have a secret (contract: `BasicCallbackAuth.password`)."""
    return isinstance(row.get("basicAuth"), Mapping)


def _paging(found: Sequence[Answers]) -> Iterator[Check]:
    pages = [page for each in found for page in each.pages]
    without = [each.kind.plural for each in found for page in each.pages if not _info(page)]
    if not pages:
        return
    if without:
        todo = "Nothing tells whether a list is complete; tell us what your tenant answers."
        names = ", ".join(dict.fromkeys(without))
        yield _reading("paging", f"no paginationInfo in: {names}", todo)
    else:
        several = [each.kind.plural for each in found if len(each.pages) > 1]
        more = f"; further pages of: {', '.join(several)}" if several else "; one page each"
        sizes = sorted({str(_info(page).get("pagesize")) for page in pages})
        text = f"lists have paginationInfo, of page size {one_line(', '.join(sizes), 40)}{more}"
        yield _reading("paging", text)
    wrong = [each.kind.plural for each in found if each.problem]
    if wrong:
        todo = "Run it again; if count is not the number of objects, tell us."
        yield _reading("counts", f"count and rows differ: {', '.join(wrong)}", todo)
    elif len(without) < len(pages):
        yield _reading("counts", "count is the number of objects")


def _info(page: Mapping[str, Any]) -> Mapping[str, Any]:
    info = page.get("paginationInfo")
    return info if isinstance(info, Mapping) else {}


def _looks(found: Sequence[Answers]) -> Iterator[Check]:
    typed = (JsonType.NUMBER, JsonType.BOOLEAN)
    leaves = [
        (f"{each.kind.name}.{'.'.join(path)}", value)
        for each in found
        for row in each.rows
        for path, slot, value in _values(each.kind.tree, row)
        if isinstance(slot.node, Leaf) and slot.node.type in typed and value is not None
    ]
    as_text = dict.fromkeys(name for name, value in leaves if isinstance(value, str))
    if as_text:
        yield _reading("numbers", f"numbers or switches are text in: {_names(as_text)}")
    elif leaves:
        yield _reading("numbers", "numbers and switches are JSON numbers and booleans")
    nulls = any(
        value is None
        for each in found
        for row in each.rows
        for _, _, value in _values(each.kind.tree, row)
    )
    if any(each.rows for each in found):
        yield _reading("unset", f"unset attributes are {'null' if nulls else 'left out'}")


def _values(
    node: Node, wire: Any, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Slot, Any]]:
    """Yield the modelled attributes of an object; what does not match the contract is left out."""
    match node:
        case Record() if isinstance(wire, Mapping):
            for slot in node.slots.values():
                if slot.wire in wire:
                    yield (*path, slot.name), slot, wire[slot.wire]
                    yield from _values(slot.node, wire[slot.wire], (*path, slot.name))
        case Table() if isinstance(wire, list):
            for row in wire:
                if isinstance(row, Mapping):
                    yield from _values(node.item, item_of(node, row), (*path, "*"))
        case Items():
            inner = wire.get(node.wrapped) if isinstance(wire, Mapping) and node.wrapped else wire
            for row in inner if isinstance(inner, list) else ():
                yield from _values(node.item, row, (*path, "*"))


def _ids(found: Sequence[Answers]) -> Check:
    lengths = {len(str(row.get("id"))) for each in found for row in each.rows}
    if lengths <= {_LENGTH}:
        return _reading("ids", f"ids have {_LENGTH} characters" if lengths else "no ids to see")
    text = f"ids have lengths of {', '.join(map(str, sorted(lengths)))} characters"
    return _reading("ids", text, "References of another length are warned of; ignore that.")


def _modified(found: Sequence[Answers]) -> Check:
    without = [each.kind.plural for each in found if any(not r.get("modified") for r in each.rows)]
    if not without:
        return _reading("modified", "objects have the time of their last change")
    text = f"some have no time of their last change: {', '.join(without)}"
    return _reading("modified", text, "Two changes at once of such objects are not noticed.")


def _unknown(found: Sequence[Answers]) -> Check:
    names: dict[str, None] = {}
    for each in found:
        known = {slot.wire for slot in each.kind.tree.slots.values()} | {*SET_BY_EGAIN}
        for row in each.rows:
            names |= dict.fromkeys(f"{each.kind.name}.{name}" for name in row if name not in known)
    if not names:
        return _reading("attributes", "objects have no attribute that is not modelled")
    return _reading("attributes", f"attributes that are not modelled: {_names(names)}")


def _names(names: Mapping[str, None]) -> str:
    listed = [one_line(name, 80) for name in names]
    more = f" and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
    return f"{', '.join(listed[:_MOST])}{more}"
