"""The tenant: token, address, scopes, lists, error bodies and clock. Sends only GETs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ..api.client import Client
from ..api.paging import list_all
from ..api.token import Token
from ..api.transport import Transport
from ..errors import ApiError, EgainError, NotFound, TransportError
from ..redaction import redact
from ..schema.kinds import Kind
from ..schema.model import Model
from ..text import LONGEST_SENTENCE, one_line, plural, sentence
from .check import Check, Status
from .readings import Answers, read

_SECONDS: Final = 30.0
_SKEW: Final = 60.0
_INTERACTION: Final = "app.conversation.conversationmgr.interaction.read"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found; the readings are what this tenant shows of our assumptions."""

    checks: tuple[Check, ...]
    readings: tuple[Check, ...]


def diagnose(client: Client, kinds: Sequence[Kind], show: Callable[[str], None]) -> Diagnosis:
    """Check a tenant by reading its lists."""
    return _Tenant(client, kinds, show).diagnose()


class _Tenant:
    def __init__(self, client: Client, kinds: Sequence[Kind], show: Callable[[str], None]) -> None:
        self._client, self._kinds, self._show = client, kinds, show
        self._found: list[Check] = []
        self._skew: float | None = None

    def diagnose(self) -> Diagnosis:
        """Make all calls; without a token or an address, stop there."""
        self._show("requesting a token")
        if not self._token():
            return Diagnosis(tuple(self._found), ())
        answers: list[Answers] = []
        for kind in self._kinds:
            self._show(f"reading {kind.plural}")
            found = self._list(kind)
            if found is None and not answers:  # it would fail in the same way five times more
                return Diagnosis(tuple(self._found), ())
            answers.append(found or Answers(kind, unread=True))
        self._show("asking for an object that does not exist")
        not_found = self._not_found()
        self._interaction()
        self._clock()
        return Diagnosis(
            tuple(self._found), tuple(read(answers, not_found, self._skew is not None))
        )

    def _add(self, id: str, status: Status, text: str, todo: str = "") -> None:
        # Errors repeat a server's words, and a server may repeat what it was sent.
        secret = self._client.settings.client_secret
        secrets = [secret.get_secret_value()] if secret else []
        text, todo = (redact(one_line(t, LONGEST_SENTENCE), secrets) for t in (text, todo))
        self._found.append(Check("tenant", id, status, text, todo))

    def _token(self) -> bool:
        settings = self._client.settings
        token = Token(settings, Transport(1, lambda: False), settings.scope)
        try:
            token.get(self._client.deadline(_SECONDS))
        except EgainError as error:
            self._add("token", Status.FAILED, str(error), _todo(error, settings.name("token_url")))
            return False
        self._add("token", Status.OK, f"{settings.token_url} gives a token")
        return True

    def _get(self, path: str, query: dict[str, int] | None = None) -> dict[str, Any]:
        answer = self._client.call("GET", path, self._client.deadline(_SECONDS), query=query)
        if answer.time is not None:
            self._skew = (datetime.now(UTC) - answer.time).total_seconds()
        return answer.payload

    def _list(self, kind: Kind) -> Answers | None:
        """Read a list; None if its rows cannot be judged."""
        pages: list[dict[str, Any]] = []
        path = f"/{kind.collection.path}"

        def page(query: dict[str, int] | None) -> dict[str, Any]:
            pages.append(self._get(path, query))
            return pages[-1]

        id = f"list-{kind.name}"
        try:
            found = list_all(page, kind.collection.path, kind.collection.key)
        except ApiError as error:
            self._refused(id, kind, error)
            return Answers(kind, unread=True) if error.status == 403 else None
        except EgainError as error:
            name = self._client.settings.name("base_url")
            self._add(id, Status.FAILED, str(error), _todo(error, name))
            return None
        text = f"{plural(len(found.rows), kind.label)} on {plural(len(pages), 'page')}"
        if found.problem is not None:
            self._add(id, Status.FAILED, str(found.problem), found.problem.next_step)
        else:
            self._add(id, Status.OK, text)
        return Answers(kind, tuple(pages), tuple(found.rows), str(found.problem or ""))

    def _refused(self, id: str, kind: Kind, error: ApiError) -> None:
        scope = kind.model.read_scope
        if error.status == 403 and scope != Model.read_scope:
            todo = f"Add the scope {scope} to the client, unless it is only for previews."
            text = f"the client may not read {kind.plural}: refreshes skip them"
            self._add(id, Status.WARNING, text, todo)
        elif error.status == 403:
            todo = f"Add the scope {scope} to the client in the eGain console."
            self._add(id, Status.FAILED, str(error), todo)
        else:
            name = self._client.settings.name("base_url")
            self._add(id, Status.FAILED, str(error), _todo(error, name))

    def _not_found(self) -> str | None:
        """Return how the tenant says that an object does not exist; None if it does so as
        assumed."""
        try:
            self._get(f"/{self._kinds[-1].collection.path}/{uuid.uuid4()}")
        except NotFound:
            return None
        except ApiError as error:
            return f"status {error.status}, code {error.code}"
        except EgainError as error:
            return one_line(str(error))
        return "an object"

    def _interaction(self) -> None:
        """Ask for a conversation that does not exist: a 403 says that the client may not ask."""
        text = "the client may read conversations"
        try:
            self._get(f"/conversations/{uuid.uuid4()}")
        except ApiError as error:
            if error.status == 403:
                text = f"the client lacks {_INTERACTION}, which only bots and smoke tests need"
        except EgainError:
            text = "whether the client may read conversations is not known"
        self._add("conversations", Status.OK, text)

    def _clock(self) -> None:
        if self._skew is None:
            return
        text = f"this machine's clock and eGain's differ by {abs(self._skew):.0f} s"
        if abs(self._skew) > _SKEW:
            todo = "Set the clock of this machine: tokens and look-ups depend on it."
            self._add("clock", Status.WARNING, text, todo)
        else:
            self._add("clock", Status.OK, text)


def _todo(error: EgainError, setting: str) -> str:
    step = error.next_step if isinstance(error, TransportError) else ""
    return step or sentence(f"Check {setting}")
