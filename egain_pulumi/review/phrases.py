"""What a change does to single objects, in eGain's terms: the parts of the sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..hub import Object, Op
from ..hub.model import ACCOUNT, PARTICIPANT
from .markup import Name, listed
from .model import Change, Kind, Review

ADDS: Final = "adds {}"
ORDER: Final = (
    "turns {} off",
    "may turn {} off",
    "breaks escalation in {}",
    "breaks {}",
    "deletes {}",
    "replaces {}",
    "recreates {}",
    "rotates a secret of {}",
    "takes over {}",
    ADDS,
    "turns {} on",
    "renames {}",
    "changes the type of {}",
    "changes texts of {}",
    "changes the icon of {}",
    "changes {}",
    "finishes the update of {}",
    "looks up {}",
    "removes {} from the state only",
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that happens to one object."""

    frame: str
    object: Object
    noun: str
    end: tuple[str, ...] = ()
    """Words of this object alone: where a bot is added, what something is renamed to."""


def parts(review: Review) -> Iterator[Part]:
    """Each thing that happens; some objects have several."""
    inner = within(review)
    covered = _covered(review)
    broken = {r.object.key: r.rule for r in review.risks if r.kind is Kind.UNREACHABLE}
    for change in review.changes:
        step, each = change.step, change.step.object
        noun = each.kind.model.label
        match step.op:
            case Op.DELETE:
                yield Part("deletes {}", each, noun)
            case Op.REPLACE:
                yield Part("replaces {}", each, noun)
            case Op.CREATE if step.key in review.preview.gone:
                yield Part("recreates {}", each, noun)
            case Op.CREATE if step.key not in inner:
                yield _added(review, each)
            case Op.IMPORT:
                yield Part("takes over {}", each, noun)
            case Op.FIND if step.key not in inner:
                yield Part("looks up {}", each, noun)
            case Op.FORGET:
                yield Part("removes {} from the state only", each, noun)
            case Op.UPDATE if step.key not in covered:
                yield from _updated(change, noun, broken.get(step.key))


def _added(review: Review, each: Object) -> Part:
    if each.kind.resource != PARTICIPANT:
        return Part(ADDS, each, each.kind.model.label)
    accounts, _ = review.preview.after.affected([each.key])
    names = [account.name for account in accounts]
    end = (" to ", *listed(names)) if names else ()
    return Part(ADDS, each, "bot", end)


def _updated(change: Change, noun: str, broken: str | None) -> Iterator[Part]:
    old, new = change.step.old, change.step.object
    rest = change.fields - {"active"} - {str(each.path[0]) for each in change.rotated}
    rest |= {str(p.path[0]) for p in change.properties if not p.secret} - {"active"}
    rest -= {"secrets_version"}
    if old is not None and old.active is not new.active:
        frame = {True: "turns {} on", False: "turns {} off", None: "may turn {} off"}
        yield Part(frame[new.active], new, noun)
    if change.rotated:
        yield Part("rotates a secret of {}", new, noun)
    if broken and rest:
        escalation = " escalation in" if broken == "escalation-target" else ""
        yield Part(f"breaks{escalation} {{}}", new, noun)
    elif rest == {"name"}:
        name = new.inputs.get("name")
        end = (" to ", Name(name)) if isinstance(name, str) else ()
        yield Part("renames {}", new, noun, end)
    elif rest:
        yield Part(_CHANGES.get(frozenset(rest), "changes {}"), new, noun)
    elif not change.fields:
        yield Part("finishes the update of {}", new, noun)


_CHANGES: Final = {
    frozenset({"type"}): "changes the type of {}",
    frozenset({"l10n_properties"}): "changes texts of {}",
    frozenset({"icon"}): "changes the icon of {}",
}


def within(review: Review) -> set[str]:
    """What comes new as a part of something else that is new."""
    new = {c.step.key for c in review.changes if c.step.op in (Op.CREATE, Op.FIND)}
    after = review.preview.after
    return {
        key
        for key in new
        if after.objects[key].kind.resource != ACCOUNT
        and any(edge.source in new for edge in after.into(key))
    }


def _covered(review: Review) -> set[str]:
    """Orchestrations that change only because a bot is added to them."""
    after = review.preview.after
    new = {c.step.key for c in review.changes if c.step.op is Op.CREATE} - within(review)
    bots = {key for key in new if after.objects[key].kind.resource == PARTICIPANT}
    risky = {row.object.key for row in review.risks}
    return {
        change.step.key
        for change in review.changes
        if change.fields == {"applications"}
        and change.step.key not in risky
        and bots & {edge.target for edge in after.out(change.step.key)}
        and after.reaching([change.step.key]) & {each.key for each in after.live()}
    }
