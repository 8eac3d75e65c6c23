"""Files for attachments: an address is asked for, the bytes go there, and never our token.

The signed address is a secret: whoever holds it can use it until it expires. It is in no error
and no `repr`. The bytes are sent once: where an upload ends without an answer, the asset is of no
use to anybody, and a new one is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from ..api import outcome
from ..errors import EgainError, TransportError
from . import files
from .calls import Calls
from .failures import Attempt, Refused
from .files import Reader, Source
from .kinds import Role
from .message import Attachment
from .storage import Storage, signs

_UNUSED: Final = "No message uses it. Create a new one."


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where the bytes of a new asset go, and until when (contract: `AssetUploadTicket`)."""

    id: str
    name: str
    size: int
    content_url: str = field(repr=False)
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that eGain keeps, with the address that it can be fetched from (contract: `Asset`)."""

    id: str
    name: str
    size: int
    content_type: str
    content_url: str | None = field(repr=False)
    expires: datetime | None

    @property
    def attachment(self) -> Attachment:
        """As a message carries it: with its address and its id, as eGain may want either."""
        return Attachment(
            name=self.name,
            content_type=self.content_type,
            size=self.size,
            url=self.content_url,
            id=self.id,
        )


class Assets:
    """The assets of a tenant; thread-safe. Reached as `Conversations().assets`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def add(
        self,
        source: Source,
        *,
        channel: str,
        role: Role,
        name: str | None = None,
        content_type: str | None = None,
    ) -> Asset:
        """Announce a file, upload it, and read what eGain made of it: three calls.

        `channel` is the type of the channel it will go over, `role` the sender's. The type is that
        of the name's extension unless it is given. Size, name and type are checked before.
        """
        with files.opened(source, name) as (reader, called):
            kind = files.content_type(called, content_type)
            ticket = self.announce(called, len(reader), channel=channel, role=role)
            self._upload(ticket, reader, kind)
        return self.get(ticket.id)

    def announce(self, name: str, size: int, *, channel: str, role: Role) -> Ticket:
        """Ask for an address to upload `size` bytes to."""
        files.check(name, size, channel, role)
        attempt = self._calls.attempt("announce", f'asset "{name}"', in_doubt=_UNUSED)
        body = {
            "channel": {"type": channel},
            "sender": {"type": role},
            "name": name,
            "size": size,
        }
        answer = self._calls.call("POST", ("assets",), attempt, body).payload
        id, url = answer.get("id"), answer.get("contentUrl")
        if not isinstance(id, str) or not id or not isinstance(url, str):
            raise attempt.doubted("eGain answered without id or contentUrl")
        self._check_address(url, attempt)
        return Ticket(id, name, size, url, _moment(answer))

    def upload(self, ticket: Ticket, source: Source, *, content_type: str | None = None) -> None:
        """Send the bytes to where the ticket says, as they are read."""
        kind = files.content_type(ticket.name, content_type)
        with files.opened(source, ticket.name) as (reader, _):
            if len(reader) != ticket.size:
                raise EgainError(
                    f"source: has {len(reader):,} bytes, but {ticket.size:,} were announced for "
                    f"{ticket.name}; announce it again."
                )
            self._upload(ticket, reader, kind)

    def get(self, id: str) -> Asset:
        """An asset, with an address to fetch it from. Raises Refused."""
        attempt = self._calls.attempt("read", f"asset {id}")
        found = self._calls.call("GET", ("assets", id), attempt).payload
        if not found or found.get("id", id) != id:
            raise attempt.failed(
                TransportError("eGain answered with another asset or with none", in_doubt=False)
            )
        size, url = found.get("size"), found.get("contentUrl")
        return Asset(
            id,
            str(found.get("name") or ""),
            size if isinstance(size, int) else 0,
            str(found.get("contentType") or ""),
            url if isinstance(url, str) else None,
            _moment(found),
        )

    def delete(self, id: str) -> None:
        """Delete an asset that no message uses; done as well if it is not there.

        Raises Refused. How eGain refuses to delete one that is in use is not documented: a 404 is
        believed only where a read does not find it either.
        """
        attempt = self._calls.attempt("delete", f"asset {id}")
        try:
            self._calls.call("DELETE", ("assets", id), attempt)
        except Refused as refused:
            if not refused.gone or self._there(id):
                raise

    def _there(self, id: str) -> bool:
        try:
            self.get(id)
        except Refused as refused:
            if not refused.gone:
                raise
            return False
        return True

    @cached_property
    def _storage(self) -> Storage:
        return Storage(self._calls.settings, self._calls.sleep)

    def _upload(self, ticket: Ticket, reader: Reader, content_type: str) -> None:
        attempt = self._calls.attempt(
            "upload",
            f'asset {ticket.id} ("{ticket.name}")',
            secrets=tuple(signs(ticket.content_url)),
            in_doubt=f"It was not sent again. {_UNUSED}",
            hint="The upload address may have expired, or the file's type does not match its name. "
            "Create a new asset.",
        )
        # Again: a ticket may have been made by hand.
        self._check_address(ticket.content_url, attempt)
        try:
            self._storage.take(ticket.content_url, reader, content_type, self._calls.deadline())
        except EgainError as error:
            raise attempt.failed(error) from None

    def _check_address(self, url: str, attempt: Attempt) -> None:
        if not self._storage.may_take(url):
            raise attempt.failed(EgainError("eGain's upload address is not https"))


def _moment(answer: dict[str, Any]) -> datetime | None:
    return outcome.moment(str(answer.get("contentUrlExpiry") or ""))
