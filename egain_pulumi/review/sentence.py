"""One sentence: what a change does, in eGain's terms. Pure."""

from __future__ import annotations

from typing import Final

from ..hub import Op
from ..hub.model import CHANNEL, group
from ..text import plural
from .markup import Name, Words, join, name_list
from .model import Review
from .phrases import Part, Phrase, parts, within

MOST: Final = 6
"""Phrases in a sentence; further objects are counted."""
NAMED: Final = 3
"""Objects in a phrase; more are counted."""


def sentence(review: Review) -> Words:
    """Return our words and the names of objects, ending in a full stop."""
    every = list(parts(review))
    if not every:
        return ["Nothing changes in eGain."]
    groups = group(every, lambda part: part.phrase)
    shown = [(phrase, groups[phrase]) for phrase in Phrase if phrase in groups]
    shown = shown if len(shown) <= MOST else shown[: MOST - 1]
    phrases = [_phrase(phrase, done) + _with(review, phrase, done) for phrase, done in shown]
    known = {part.object.key for _, done in shown for part in done}
    rest = len({part.object.key for part in every} - known)
    phrases += [[f"touches {plural(rest, 'more object')}"]] if rest else []
    words = join(phrases, last=", ")
    words[0] = words[0].capitalize()
    return [*words, *_accounts(review)]


def _with(review: Review, phrase: Phrase, done: list[Part]) -> list[str]:
    """Count the new objects below those that are added; name channels, which are news."""
    if phrase is not Phrase.ADD:
        return []
    new = {c.step.key for c in review.changes if c.step.op is Op.CREATE}
    below = review.preview.after.below(part.object.key for part in done) & within(review) & new
    objects = review.preview.after.objects
    channels = sorted(objects[key].name for key in below if objects[key].kind.resource == CHANNEL)
    if not channels or len(channels) > NAMED:
        return [f" (with {plural(len(below), 'more object')})"] if below else []
    rest = len(below) - len(channels)
    many = "s" if len(channels) > 1 else ""
    end = f" and {plural(rest, 'more object')})" if rest else ")"
    return [f" (with channel{many} ", *name_list(channels), end]


def _accounts(review: Review) -> list[str]:
    count = len(review.accounts)
    if not count:
        return ["; no live account is affected."]
    names = name_list(sorted(each.name for each in review.accounts))
    verb = "is" if count == 1 else "are"
    return [f"; {plural(count, 'live account')} {verb} affected: ", *names, "."]


def _phrase(phrase: Phrase, done: list[Part]) -> list[str]:
    before, _, after = phrase.partition("{}")
    nouns = group(done, lambda part: part.noun)
    return [before, *join([_objects(noun, some) for noun, some in nouns.items()]), after]


def _objects(noun: str, parts: list[Part]) -> list[str]:
    if len(parts) == 1:
        return [f"{noun} ", Name(parts[0].object.name), *parts[0].end]
    if len(parts) > NAMED or any(part.end for part in parts):
        return [f"{len(parts)} {noun}s"]
    return [f"{noun}s ", *name_list(part.object.name for part in parts)]
