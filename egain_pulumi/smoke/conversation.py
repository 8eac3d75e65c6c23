"""The check of one account: a conversation from the first message to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from .. import hub
from ..conversations import Conversations, EgainError, InDoubt, Received, Refused, Sent
from ..text import one_line
from .accounts import Account
from .advice import advise
from .customer import Customer, is_unreachable
from .observation import Observation, has_agent, line_of, missing, replies
from .report import Check, Log, Outcome
from .script import Turn

_UNKNOWN: Final = (
    "its address or channel is not known here, so nothing was sent; --tenant reads them from eGain"
)
_HIDDEN: Final = (
    "the hops of the messages, the calls of callbacks, and whether agents have the conversation: "
    "the API does not show them"
)
_LATE: Final = "the bot took the message: see its log"
_LATE_UNSEEN: Final = "run egain-pulumi smoke --callbacks-only to check the bot's side"
_WRONG: Final = "400-152"
"""eGain's code for an attribute with a wrong value (docs/vendor-api.md#error-codes)."""
_OF_ATTACHMENT: Final = {
    "name": "attachment_refused",
    "size": "attachment_refused",
    "channel.type": "object_not_active",
}
"""The attributes of an announced attachment that eGain may refuse."""
_LOOK_SECONDS: Final = 0.05


class ConversationCheck:
    """The check of one account. Every failure becomes a step.

    `observe` takes the conversation's id; it is None if nothing can be observed before the end.
    `complete`: it sees every hop, as on an emulator. `wait` is in seconds.
    """

    def __init__(
        self,
        account: Account,
        talk: Conversations,
        observe: Callable[[str], Observation] | None,
        *,
        complete: bool,
        folder: Path,
        wait: float,
    ) -> None:
        self._account, self._observe, self._complete = account, observe, complete
        self._customer, self._wait = Customer(account, talk, folder), wait
        self._log = Log()
        self._logged: set[tuple[str, str]] = set()
        self._heard = 0
        self._opened = 0.0
        self.unreachable: EgainError | None = None
        """Why nothing could be tested: eGain was not reached, or gave no token."""
        self._unheard: list[tuple[str, Turn]] = []
        """The messages whose answers can only be read at the end."""

    def run(self, turns: Sequence[Turn]) -> Check:
        """Send all messages until one fails, and end the conversation."""
        if not self._account.known:
            self._log.add(Outcome.UNSEEN, _UNKNOWN)
            return self._check()
        for turn in turns:
            if not self._take(turn):
                break
        if self._customer.conversation is not None:
            self._end()
        if not self._complete:
            self._note_limits()
        return self._check()

    def _check(self) -> Check:
        account = self._account
        about = f"{account.channel_type or 'channel unknown'} {account.address or ''}".strip()
        return Check("account", account.name, about, tuple(self._log.steps))

    def _take(self, turn: Turn) -> bool:
        """Take a turn; return whether the conversation goes on."""
        sent = self._say(turn)
        if sent is None:
            return False
        if self._observe is None:
            if turn.expects:
                self._unheard.append((sent.message_ids[0], turn))
                self._log.add(
                    Outcome.UNSEEN, "no listener: the answers are read after the conversation"
                )
                time.sleep(self._seconds(turn))
            return True
        return self._follow(turn, sent.conversation)

    def _seconds(self, turn: Turn) -> float:
        return turn.within or self._wait

    def _say(self, turn: Turn) -> Sent | None:
        began, opening = self._log.clock(), self._customer.conversation is None
        try:
            sent = self._customer.say(turn)
        except EgainError as error:
            if isinstance(error, InDoubt):
                code = "in_doubt"
            else:
                code = _refusal_code(error) if isinstance(error, Refused) else "not_sent"
                if opening and is_unreachable(error):
                    self.unreachable = error
            self._log.fail(code, str(error))
            return None
        if opening:
            self._opened = began
        self._log.add(Outcome.OK, f"customer: {turn.label}", seconds=began)
        return sent

    def _follow(self, turn: Turn, conversation: str) -> bool:
        """Observe until all expectations are met, a step fails, or the time is over."""
        until = time.monotonic() + self._seconds(turn)
        before, heard = len(self._log.steps), self._heard
        while True:
            seen = self._look(conversation)
            code, lacking = missing(turn, seen.lines[heard:], seen.escalated)
            failed = any(s.outcome is Outcome.ENDED for s in self._log.steps[before:])
            if seen.settled and (failed or not lacking):
                self._heard = len(seen.lines)
                return not failed
            if time.monotonic() > until:
                self._fail_late(
                    code or "not_settled", lacking or "the message did not arrive", turn
                )
                return False
            time.sleep(_LOOK_SECONDS)

    def _fail_late(self, code: str, lacking: str, turn: Turn) -> None:
        text = f"{lacking} within {self._seconds(turn):g} seconds"
        advice = _LATE if self._complete else _LATE_UNSEEN
        self._log.add(Outcome.ENDED, text, advice, code=code)

    def _look(self, conversation: str) -> Observation:
        """Observe the conversation now, and log new events."""
        assert self._observe is not None
        seen = self._observe(conversation)
        flow = self._account.orchestration
        for event in seen.events:
            if event.key in self._logged:
                continue
            self._logged.add(event.key)
            advice = ""
            if event.outcome is Outcome.ENDED:
                advice = advise(event.code, flow.label if flow else "the orchestration")
            offset = self._opened if self._complete else -self._log.began
            self._log.add(
                event.outcome, event.what, advice, code=event.code, seconds=offset + event.seconds
            )
        return seen

    def _end(self) -> None:
        """End the conversation, then read it: eGain shows it only now."""
        passed = all(step.outcome is not Outcome.ENDED for step in self._log.steps)
        try:
            self._customer.leave()
            if passed:
                self._log.add(Outcome.OK, "customer: conversation.end")
        except EgainError as error:
            self._log.add(Outcome.NOTE, f"the conversation was not ended: {error}")
        try:
            found = self._customer.read()
        except EgainError as error:
            text = f"the conversation cannot be read: {error}"
            if self._unheard:  # an expectation that nobody has checked is not met
                self._log.fail("conversation_unreadable", text)
            else:
                self._log.add(Outcome.UNSEEN, text)
            return
        for message, turn in self._unheard:
            self._judge(turn, replies(found.messages, message))
        count = len(found.messages)
        self._log.add(Outcome.OK, f"the conversation has ended; eGain shows {count} messages")

    def _judge(self, turn: Turn, came: Sequence[Received]) -> None:
        """Check the expectations of a turn against the completed conversation."""
        lines = []
        for each in came:
            line = line_of(each)
            if each.raw.get("status") == "failed":
                self._log.fail("not_delivered", f"not delivered: {line.label}")
                return
            self._log.add(Outcome.OK, line.label)
            lines.append(line)
        code, lacking = missing(turn, lines, has_agent(lines))
        if code:
            self._fail_late(code, lacking, turn)

    def _note_limits(self) -> None:
        """Add what cannot be observed without hops, and the findings about this account."""
        if self._customer.conversation is not None:
            self._log.add(Outcome.UNSEEN, _HIDDEN)
        if not any(step.outcome is Outcome.ENDED for step in self._log.steps):
            return
        for finding in hub.findings(self._account.hub):
            if self._account.object in finding.accounts:
                self._log.add(Outcome.NOTE, f"possible cause: {one_line(str(finding))}")


def _refusal_code(error: Refused) -> str:
    known = _OF_ATTACHMENT if error.code == _WRONG else {}
    return next((known[key] for key in error.keys if key in known), "refused")
