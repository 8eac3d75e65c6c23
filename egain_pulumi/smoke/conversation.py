"""One conversation on one account, from the first line to its end, with what can be seen of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from .. import hub
from ..conversations import Conversations, EgainError, InDoubt, Received, Refused, Sent
from ..text import one_line
from .accounts import Account
from .advice import change
from .customer import Customer, unreached
from .observation import Sight, fetched, handed, missing, said
from .report import Check, Log, Outcome
from .script import Turn
from .turns import Eyes, Wish

_UNKNOWN: Final = (
    "its address or its channel is not known here: nothing was said; --tenant reads them from eGain"
)
_HIDDEN: Final = (
    "what it passed, which callbacks were called, and whether agents have it: no call shows that"
)
_FAILED: Final = "look at the customer's application, which takes what is for the customer"
_BLIND: Final = "give the client the scope that reads conversations, or --listen where they come"
_LOOK_SECONDS: Final = 0.05


class Journey:
    """One account's check. Whatever goes wrong is a step of it."""

    def __init__(self, account: Account, talk: Conversations, eyes: Eyes, wish: Wish) -> None:
        self._account, self._eyes, self._wish = account, eyes, wish
        self._customer = Customer(account, talk, wish.folder)
        self._began = time.monotonic()
        self._log = Log(lambda: time.monotonic() - self._began)
        self._logged: set[tuple[str, str]] = set()
        self._heard = 0
        self._opened = 0.0
        self.barred: EgainError | None = None
        """Why nothing could be tried at all: eGain was not reached, or gave no token."""
        self._unheard: list[tuple[str, Turn]] = []
        """Messages whose expectations could not be looked at on the way."""

    def run(self) -> Check:
        """Say everything, as far as it leads, and end the conversation."""
        if not self._account.known:
            self._log.add(Outcome.UNSEEN, _UNKNOWN)
            return self._check()
        for turn in self._wish.turns:
            if not self._turn(turn):
                break
        if self._customer.conversation is not None:
            self._end()
        if not self._eyes.whole:
            self._unseen()
        return self._check()

    def _check(self) -> Check:
        account = self._account
        about = f"{account.channel_type or 'channel unknown'} {account.address or ''}".strip()
        return Check("account", account.name, about, tuple(self._log.steps))

    def _turn(self, turn: Turn) -> bool:
        """Whether the conversation goes on."""
        sent = self._say(turn)
        if sent is None:
            return False
        if self._eyes.look is None:
            if turn.expects:
                self._unheard.append((sent.message_ids[0], turn))
                self._log.add(Outcome.UNSEEN, "no listener: what comes is read at the end")
                time.sleep(turn.within or self._wish.wait)
            return True
        return self._follow(turn, sent.conversation)

    def _say(self, turn: Turn) -> Sent | None:
        began, opening = self._log.clock(), self._customer.conversation is None
        try:
            sent = self._customer.say(turn)
        except InDoubt as error:
            self._log.add(Outcome.ENDED, str(error), "look at what has arrived, then run it again")
            return None
        except EgainError as error:
            advice = change(str(error)) if isinstance(error, Refused) else ""
            self._log.add(Outcome.ENDED, str(error), advice)
            if opening and unreached(error):
                self.barred = error
            return None
        if opening:
            self._opened = began
        self._log.add(Outcome.OK, f"customer: {turn.label}", seconds=began)
        return sent

    def _follow(self, turn: Turn, conversation: str) -> bool:
        """Look until all that is expected has come, the way has ended, or the time is up."""
        until = time.monotonic() + (turn.within or self._wish.wait)
        before, heard = len(self._log.steps), self._heard
        while True:
            sight = self._seen(conversation)
            lacking = missing(turn, sight.said[heard:], sight.escalated)
            ended = any(s.outcome is Outcome.ENDED for s in self._log.steps[before:])
            if sight.settled and (ended or not lacking):
                self._heard = len(sight.said)
                return not ended
            if time.monotonic() > until:
                self._late(lacking or "that the message arrives", turn)
                return False
            time.sleep(_LOOK_SECONDS)

    def _late(self, lacking: str, turn: Turn) -> None:
        seconds = turn.within or self._wish.wait
        text = f"did not come within {seconds:g} seconds: {lacking}"
        if self._eyes.whole:
            advice = "the bot has taken the message: its log says what became of it"
        else:
            advice = "egain-pulumi smoke --callbacks-only looks at the bot's side of it"
        self._log.add(Outcome.ENDED, text, advice)

    def _seen(self, conversation: str) -> Sight:
        """What there is to see now; what is new becomes a step."""
        assert self._eyes.look is not None
        sight = self._eyes.look(conversation)
        flow = self._account.orchestration
        for event in sight.events:
            if event.key in self._logged:
                continue
            self._logged.add(event.key)
            advice = ""
            if event.outcome is Outcome.ENDED:
                advice = change(event.why, flow.label if flow else "the orchestration")
            at = self._opened + event.seconds if self._eyes.whole else event.seconds - self._began
            self._log.add(event.outcome, event.what, advice, seconds=at)
        return sight

    def _end(self) -> None:
        """The customer leaves; then eGain shows the conversation, which is a look of its own."""
        whole = all(step.outcome is not Outcome.ENDED for step in self._log.steps)
        try:
            self._customer.leave()
            if whole:
                self._log.add(Outcome.OK, "customer: conversation.end")
        except EgainError as error:
            self._log.add(Outcome.NOTE, f"the conversation was not ended: {error}")
        try:
            found = self._customer.read()
        except EgainError as error:
            # What a script demands and nobody has seen is no success.
            blind = Outcome.ENDED if self._unheard else Outcome.UNSEEN
            advice = _BLIND if self._unheard else ""
            self._log.add(blind, f"the conversation cannot be read: {error}", advice)
            return
        for message, turn in self._unheard:
            self._judge(turn, fetched(found.messages, message))
        count = len(found.messages)
        self._log.add(Outcome.OK, f"the conversation is over; eGain shows {count} messages of it")

    def _judge(self, turn: Turn, came: Sequence[Received]) -> None:
        """What has come of a turn, as eGain shows it afterwards."""
        taken = []
        for each in came:
            if each.raw.get("status") == "failed":
                self._log.add(Outcome.ENDED, f"not delivered: {said(each).label}", _FAILED)
                return
            self._log.add(Outcome.OK, said(each).label)
            taken.append(said(each))
        if lacking := missing(turn, taken, handed(taken)):
            self._late(lacking, turn)

    def _unseen(self) -> None:
        """Where no hop is seen: that it is so, and what speaks against this account."""
        if self._customer.conversation is not None:
            self._log.add(Outcome.UNSEEN, _HIDDEN)
        if not any(step.outcome is Outcome.ENDED for step in self._log.steps):
            return
        for finding in hub.findings(self._account.hub):
            if self._account.object in finding.accounts:
                self._log.add(Outcome.NOTE, f"perhaps: {one_line(str(finding))}")
