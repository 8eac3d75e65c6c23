"""One sentence: what a change does, in eGain's terms. Pure."""

from __future__ import annotations

from typing import Final

from ..hub import Op
from ..hub.model import CHANNEL
from ..text import plural
from .markup import Name, Words, listed
from .model import Review
from .phrases import ADDS, ORDER, Part, parts, within

MOST: Final = 6
"""Phrases in a sentence; what is left is counted."""
NAMED: Final = 3
"""Objects in a phrase; more are counted."""


def sentence(review: Review) -> Words:
    """Words of ours and names, ending in a full stop."""
    every = sorted(parts(review), key=lambda part: ORDER.index(part.frame))
    if not every:
        return ["Nothing changes in eGain."]
    frames: dict[str, list[Part]] = {}
    for part in every:
        frames.setdefault(part.frame, []).append(part)
    told = list(frames.items())
    told = told if len(told) <= MOST else told[: MOST - 1]
    phrases = [_phrase(frame, group) + _with(review, frame, group) for frame, group in told]
    known = {part.object.key for _, group in told for part in group}
    rest = len({part.object.key for part in every} - known)
    phrases += [[f"touches {_more(rest)}"]] if rest else []
    words = [word for phrase in phrases for word in (", ", *phrase)][1:]
    words[0] = words[0].capitalize()
    return [*words, *_whom(review)]


def _with(review: Review, frame: str, group: list[Part]) -> list[str]:
    """What comes new below something that is named: a channel by its name, for it is news."""
    if frame != ADDS:
        return []
    new = {c.step.key for c in review.changes if c.step.op is Op.CREATE}
    below = review.preview.after.reached(part.object.key for part in group) & within(review) & new
    objects = review.preview.after.objects
    channels = sorted(objects[key].name for key in below if objects[key].kind.resource == CHANNEL)
    if not channels or len(channels) > NAMED:
        return [f" (with {_more(len(below))})"] if below else []
    rest = len(below) - len(channels)
    many = "s" if len(channels) > 1 else ""
    return [f" (with channel{many} ", *listed(channels), f" and {_more(rest)})" if rest else ")"]


def _more(count: int) -> str:
    return plural(count, "more object")


def _whom(review: Review) -> list[str]:
    count = len(review.accounts)
    if not count:
        return ["; no live account is affected."]
    names = listed(sorted(each.name for each in review.accounts))
    many = "s are" if count > 1 else " is"
    return [f"; {count} live account{many} affected: ", *names, "."]


def _phrase(frame: str, group: list[Part]) -> list[str]:
    before, _, after = frame.partition("{}")
    nouns: dict[str, list[Part]] = {}
    for part in group:
        nouns.setdefault(part.noun, []).append(part)
    words = [before]
    for number, (noun, some) in enumerate(nouns.items()):
        last = number == len(nouns) - 1
        words += [] if not number else [" and "] if last else [", "]
        words += _named(noun, some)
    return [*words, after]


def _named(noun: str, parts: list[Part]) -> list[str]:
    if len(parts) == 1:
        return [f"{noun} ", Name(parts[0].object.name), *parts[0].end]
    if len(parts) > NAMED or any(part.end for part in parts):
        return [f"{len(parts)} {noun}s"]
    return [f"{noun}s ", *listed(part.object.name for part in parts)]
