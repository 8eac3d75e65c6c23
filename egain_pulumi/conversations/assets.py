"""Files for attachments: request an upload address, then send the bytes there without our token.

The signed address is a secret: until it expires, it works without a token. It is in no error and no
`repr`. The bytes are sent once: if an upload gets no answer, create a new asset, because nothing
uses the first one yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ..api import outcome
from ..api.ids import is_id
from ..errors import EgainError, TransportError
from . import files
from .calls import Calls
from .failures import Attempt, Refused
from .files import Reader, Source
from .message import Attachment, Role
from .storage import Storage

_UNUSED: Final = "No message uses it. Create a new one."


@dataclass(frozen=True, slots=True)
class Ticket:
    """The upload address of a new asset and its expiry (contract: `AssetUploadTicket`)."""

    id: str
    name: str
    size: int
    content_url: str = field(repr=False)
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A file in eGain, with its download address (contract: `Asset`)."""

    id: str
    name: str
    size: int
    content_type: str
    content_url: str | None = field(repr=False)
    expires: datetime | None

    @property
    def attachment(self) -> Attachment:
        """The attachment for a message, with address and id: eGain may need either."""
        return Attachment(
            name=self.name,
            content_type=self.content_type,
            size=self.size,
            url=self.content_url,
            id=self.id,
        )


class Assets:
    """The assets of a tenant, as `Conversations().assets`; thread-safe."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._storage = Storage(calls.settings)

    def add(
        self,
        source: Source,
        *,
        channel: str,
        role: Role,
        name: str | None = None,
        content_type: str | None = None,
    ) -> Asset:
        """Announce a file, upload it and read the asset: three calls.

        `channel` is the type of the message's channel, `role` the sender's. The name's extension
        gives the content type unless it is passed. Size, name and type are checked first.
        """
        with files.open_source(source, name) as (reader, called):
            kind = files.content_type(called, content_type)
            ticket = self.announce(called, len(reader), channel=channel, role=role)
            self._upload(ticket, reader, kind)
        return self.get(ticket.id)

    def announce(self, name: str, size: int, *, channel: str, role: Role) -> Ticket:
        """Request an address to upload `size` bytes to."""
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
        if not is_id(id) or not isinstance(url, str):
            raise attempt.doubt("eGain answered without id or contentUrl")
        self._check_address(url, attempt)
        return Ticket(id, name, size, url, _moment(answer))

    def upload(self, ticket: Ticket, source: Source, *, content_type: str | None = None) -> None:
        """Stream a file to the ticket's address."""
        kind = files.content_type(ticket.name, content_type)
        with files.open_source(source, ticket.name) as (reader, _):
            if len(reader) != ticket.size:
                raise EgainError(
                    f"source: has {len(reader):,} bytes, but {ticket.size:,} were announced for "
                    f"{ticket.name}; announce it again."
                )
            self._upload(ticket, reader, kind)

    def get(self, id: str) -> Asset:
        """Return an asset with a download address. Raises Refused."""
        attempt = self._calls.attempt("read", f"asset {id}")
        found = self._calls.call("GET", ("assets", id), attempt).payload
        if not found or found.get("id", id) != id:
            raise attempt.error(
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
        """Delete an asset that no message uses; succeeds if it does not exist.

        Raises Refused. The vendor does not document how eGain refuses to delete an asset in use: a
        404 counts only if a read does not find the asset either.
        """
        attempt = self._calls.attempt("delete", f"asset {id}")
        try:
            self._calls.call("DELETE", ("assets", id), attempt)
        except Refused as refused:
            if not refused.gone or self._exists(id):
                raise

    def _exists(self, id: str) -> bool:
        try:
            self.get(id)
        except Refused as refused:
            if not refused.gone:
                raise
            return False
        return True

    def _upload(self, ticket: Ticket, reader: Reader, content_type: str) -> None:
        attempt = self._calls.attempt(
            "upload",
            f'asset {ticket.id} ("{ticket.name}")',
            secrets=(ticket.content_url,),
            in_doubt=f"It was not sent again. {_UNUSED}",
            hint="The upload address may have expired, or the file's type does not match its name. "
            "Create a new asset.",
        )
        # Also here, because a caller can construct a ticket.
        self._check_address(ticket.content_url, attempt)
        try:
            deadline = self._calls.client.deadline()
            self._storage.upload(ticket.content_url, reader, content_type, deadline)
        except EgainError as error:
            raise attempt.error(error) from None

    def _check_address(self, url: str, attempt: Attempt) -> None:
        if not self._storage.is_safe(url):
            raise attempt.error(EgainError("eGain's upload address is not https"))


def _moment(answer: dict[str, Any]) -> datetime | None:
    return outcome.parse_time(str(answer.get("contentUrlExpiry") or ""))
