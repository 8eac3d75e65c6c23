"""The parts of the sentence: what a change does to single objects, in eGain's terms. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..hub import Object, Op
from ..hub.model import ACCOUNT, PARTICIPANT
from .markup import Name, name_list
from .model import Change, Kind, Review


class Phrase(StrEnum):
    """What happens to an object, in the order of the sentence; `{}` is the object."""

    TURN_OFF = "turns {} off"
    MAY_TURN_OFF = "may turn {} off"
    BREAK_ESCALATION = "breaks escalation in {}"
    BREAK = "breaks {}"
    DELETE = "deletes {}"
    REPLACE = "replaces {}"
    RECREATE = "recreates {}"
    ROTATE = "rotates a secret of {}"
    TAKE_OVER = "takes over {}"
    ADD = "adds {}"
    TURN_ON = "turns {} on"
    RENAME = "renames {}"
    CHANGE_TYPE = "changes the type of {}"
    CHANGE_TEXTS = "changes texts of {}"
    CHANGE_ICON = "changes the icon of {}"
    CHANGE = "changes {}"
    FINISH = "finishes the update of {}"
    LOOK_UP = "looks up {}"
    FORGET = "removes {} from the state only"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that happens to one object."""

    phrase: Phrase
    object: Object
    noun: str
    end: tuple[str, ...] = ()
    """Words for this object alone: where a bot is added, the new name of an object."""


def parts(review: Review) -> Iterator[Part]:
    """Yield each thing that happens; some objects have several."""
    inner = within(review)
    covered = _covered(review)
    broken = {r.object.key: r.rule for r in review.risks if r.kind is Kind.UNREACHABLE}
    for change in review.changes:
        step, each = change.step, change.step.object
        noun = each.kind.model.label
        match step.op:
            case Op.DELETE:
                yield Part(Phrase.DELETE, each, noun)
            case Op.REPLACE:
                yield Part(Phrase.REPLACE, each, noun)
            case Op.CREATE if step.key in review.preview.gone:
                yield Part(Phrase.RECREATE, each, noun)
            case Op.CREATE if step.key not in inner:
                yield _addition(review, each)
            case Op.IMPORT:
                yield Part(Phrase.TAKE_OVER, each, noun)
            case Op.FIND if step.key not in inner:
                yield Part(Phrase.LOOK_UP, each, noun)
            case Op.FORGET:
                yield Part(Phrase.FORGET, each, noun)
            case Op.UPDATE if step.key not in covered:
                yield from _update(change, noun, broken.get(step.key))


def _addition(review: Review, each: Object) -> Part:
    if each.kind.resource != PARTICIPANT:
        return Part(Phrase.ADD, each, each.kind.model.label)
    accounts, _ = review.preview.after.impact([each.key])
    names = [account.name for account in accounts]
    end = (" to ", *name_list(names)) if names else ()
    return Part(Phrase.ADD, each, "bot", end)


def _update(change: Change, noun: str, broken: str | None) -> Iterator[Part]:
    old, new = change.step.old, change.step.object
    rest = change.fields - {str(each.path[0]) for each in change.rotated}
    rest |= {str(p.path[0]) for p in change.properties if not p.secret}
    rest -= {"active", "secrets_version"}
    if old is not None and old.active is not new.active:
        yield Part(_ACTIVE[new.active], new, noun)
    if change.rotated:
        yield Part(Phrase.ROTATE, new, noun)
    if broken and rest:
        escalation = broken == "escalation-target"
        yield Part(Phrase.BREAK_ESCALATION if escalation else Phrase.BREAK, new, noun)
    elif rest == {"name"}:
        name = new.inputs.get("name")
        end = (" to ", Name(name)) if isinstance(name, str) else ()
        yield Part(Phrase.RENAME, new, noun, end)
    elif rest:
        yield Part(_CHANGES.get(frozenset(rest), Phrase.CHANGE), new, noun)
    elif not change.fields:
        yield Part(Phrase.FINISH, new, noun)


_ACTIVE: Final = {True: Phrase.TURN_ON, False: Phrase.TURN_OFF, None: Phrase.MAY_TURN_OFF}
_CHANGES: Final = {
    frozenset({"type"}): Phrase.CHANGE_TYPE,
    frozenset({"l10n_properties"}): Phrase.CHANGE_TEXTS,
    frozenset({"icon"}): Phrase.CHANGE_ICON,
}


def within(review: Review) -> set[str]:
    """Return the keys of new objects that another new object refers to."""
    new = {c.step.key for c in review.changes if c.step.op in (Op.CREATE, Op.FIND)}
    after = review.preview.after
    return {
        key
        for key in new
        if after.objects[key].kind.resource != ACCOUNT
        and any(edge.source in new for edge in after.into(key))
    }


def _covered(review: Review) -> set[str]:
    """Return the keys of orchestrations that change only because a bot is added to them."""
    after = review.preview.after
    new = {c.step.key for c in review.changes if c.step.op is Op.CREATE} - within(review)
    bots = {key for key in new if after.objects[key].kind.resource == PARTICIPANT}
    risky = {row.object.key for row in review.risks}
    live = {each.key for each in after.live_accounts()}
    return {
        change.step.key
        for change in review.changes
        if change.fields == {"applications"}
        and change.step.key not in risky
        and bots & {edge.target for edge in after.out(change.step.key)}
        and after.above([change.step.key]) & live
    }
