"""Assets: announced through the API; signed addresses upload and download their bytes.

A signed address needs no token, expires, and is forgotten at a restart. Like object stores, it
refuses an Authorization header: a client must not send its token to that host.
"""

from __future__ import annotations

import mimetypes
import secrets
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.responses import Response

from .. import errors
from ..clock import Clock
from ..contract.validation import Problem, refusal
from ..errors import ApiError
from ..settings import Settings
from ..store import Store
from ..tenant import Tenant, not_found
from ..wire import Call
from .bodies import Body, text_at
from .codes import Code
from .kinds import CUSTOMER
from .restrictions import INBOUND, OUTBOUND, attachment_breach

COLLECTION = "assets"
UPLOAD_PATH = "/core/assetmgr/v3/assets/upload"
DOWNLOAD_PATH = "/core/assetmgr/v3/assets/download"
MOST_BYTES = 10 * 1024 * 1024
_UNKNOWN_TYPE = "application/octet-stream"
# Only Python's own table, so that the emulator does not depend on the files of this machine.
_TYPES = mimetypes.MimeTypes(filenames=())


@dataclass(frozen=True)
class _Ticket:
    asset: str
    path: str
    expires: float


class Assets:
    """Rows: id, name, size, contentType, uploaded, used. Only the store has the bytes."""

    def __init__(self, store: Store, clock: Clock, tenant: Tenant, origin: str) -> None:
        self._store, self._clock, self._tenant = store, clock, tenant
        self._origin = origin
        self.all: dict[str, Body] = {}
        self._tickets: dict[str, _Ticket] = {}

    def load(self, rows: list[Body]) -> None:
        """Start with the rows of the database and without signed addresses."""
        self.all = {row["id"]: row for row in rows}
        self._tickets.clear()

    def announce(self, asset: Body, settings: Settings) -> Body:
        """Create an asset; return its upload address (contract, AssetUploadTicket)."""
        name, size = asset.get("name"), asset.get("size")
        if not isinstance(name, str) or not isinstance(size, int) or not 0 < size <= MOST_BYTES:
            required = ("name", "size")
            raise refusal([Problem((key,), "is required", errors.MISSING) for key in required])
        self._check_channel(asset, name, size, settings)
        key = str(uuid.uuid4())
        row = {
            "id": key,
            "name": name,
            "size": size,
            "contentType": _TYPES.guess_type(name)[0] or _UNKNOWN_TYPE,
            "uploaded": False,
            "used": False,
        }
        self._save(row)
        return {"id": key, **self._sign(key, UPLOAD_PATH, settings)}

    def read(self, key: str, settings: Settings) -> Body:
        """Return the contract's Asset; a 404 if it was never uploaded."""
        if not self.is_uploaded(key):
            raise not_found(key)
        row = self.all[key]
        facts = {name: row[name] for name in ("name", "size", "contentType")}
        return {"id": key, **self._sign(key, DOWNLOAD_PATH, settings), **facts}

    def delete(self, key: str) -> None:
        """Remove an asset; a 403 if a message uses it (the page lists only 403 and 404)."""
        if key not in self.all:
            raise not_found(key)
        if self.all[key]["used"]:
            raise ApiError(403, errors.IN_USE, "A message uses this asset.")
        del self.all[key]
        self._store.remove(COLLECTION, key)
        self._store.drop_blob(key)

    def is_uploaded(self, key: Any) -> bool:
        """Whether the bytes of an asset are stored."""
        return isinstance(key, str) and bool(self.all.get(key, {}).get("uploaded"))

    def use(self, attachment: Body) -> None:
        """Mark an asset that a message names, by id or by a signed address, as used."""
        key = attachment.get("id") or self._asset_of(text_at(attachment, "url"))
        if isinstance(key, str) and key in self.all:
            self.all[key]["used"] = True
            self._save(self.all[key])

    def with_facts(self, attachment: Body) -> Body:
        """Return the attachment with the facts of its asset, which replace the sender's."""
        row = self.all.get(str(attachment.get("id")))
        facts = ("name", "size", "contentType")
        return {**attachment, **{name: row[name] for name in facts}} if row else attachment

    def for_callback(self, attachment: Body, settings: Settings) -> Body:
        """Return the attachment for a callback; an asset gets a new signed address."""
        key = attachment.get("id")
        if not self.is_uploaded(key):
            return attachment
        url = self._sign(str(key), DOWNLOAD_PATH, settings)["contentUrl"]
        return {**self.with_facts(attachment), "url": url}

    def transfer(self, call: Call) -> Response:
        """Answer a call of a signed address: POST uploads, GET downloads."""
        try:
            return self._transfer(call)
        except ApiError as refused:
            return refused.response()

    def _transfer(self, call: Call) -> Response:
        method = "POST" if call.path == UPLOAD_PATH else "GET"
        if call.method != method:
            text = f"This address accepts {method} only."
            raise ApiError(405, errors.WRONG_METHOD, text, headers={"Allow": method})
        ticket = self._tickets.get(dict(call.query).get("signature", ""))
        alive = ticket and ticket.path == call.path and ticket.expires > self._clock.now()
        if ticket is None or not alive or ticket.asset not in self.all:
            raise ApiError(
                403, errors.SIGNATURE, "The signature is wrong, used already or expired."
            )
        if "authorization" in call.headers:
            text = "Authorization must not be sent to a signed address."
            raise ApiError(400, errors.INVALID, text)
        row = self.all[ticket.asset]
        return self._download(row) if method == "GET" else self._upload(row, call)

    def _upload(self, row: Body, call: Call) -> Response:
        kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        found = []
        if kind != row["contentType"]:
            found.append(Problem(("Content-Type",), f"must be {row['contentType']}, by the name"))
        if call.too_large or len(call.body) != row["size"]:
            found.append(Problem(("size",), f"must be {row['size']} bytes, as announced"))
        if found:
            raise refusal(found, "the upload")
        self._tickets.pop(dict(call.query)["signature"])
        self._store.put_blob(row["id"], call.body)
        row["uploaded"] = True
        self._save(row)
        return Response(status_code=201)

    def _download(self, row: Body) -> Response:
        headers = {
            # A browser on this machine must not run an uploaded file.
            "Content-Disposition": "attachment",
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
            "Content-Type": row["contentType"],
        }
        return Response(self._store.blob(row["id"]), headers=headers)

    def _check_channel(self, asset: Body, name: str, size: int, settings: Settings) -> None:
        """Check the channel's attachment policy for the direction of the sender's role."""
        if not settings.check_references:
            return
        kind = text_at(asset, "channel", "type")
        rows = self._tenant.objects["channels"].values()
        channel = next((row for row in rows if row.get("type") == kind), None)
        if channel is None:
            raise refusal([Problem(("channel", "type"), "no channel has this type")])
        if channel.get("active") is False:
            raise refusal([Problem(("channel", "type"), "the channel is not active")])
        direction = INBOUND if text_at(asset, "sender", "type") == CUSTOMER else OUTBOUND
        found = attachment_breach(channel, direction, [(name, size)])
        if found:
            part = "size" if found.reason.code == Code.ATTACHMENT_TOO_LARGE else "name"
            raise refusal([Problem((part,), found.reason.text)])

    def _sign(self, key: str, path: str, settings: Settings) -> Body:
        now = self._clock.now()
        self._tickets = {s: t for s, t in self._tickets.items() if t.expires > now}
        signature = secrets.token_urlsafe(32)
        expires = now + settings.asset_url_lifetime
        self._tickets[signature] = _Ticket(key, path, expires)
        return {
            "contentUrl": f"{self._origin}{path}?signature={signature}",
            "contentUrlExpiry": self._clock.stamp(expires),
        }

    def _asset_of(self, url: str) -> str | None:
        """Return the id of the asset behind a signed address."""
        if not url.startswith(self._origin + DOWNLOAD_PATH):
            return None
        [signature] = parse_qs(urlsplit(url).query).get("signature", [""])[:1]
        ticket = self._tickets.get(signature)
        return ticket.asset if ticket else None

    def _save(self, row: Body) -> None:
        self.all[row["id"]] = row
        self._store.put(COLLECTION, row["id"], row)
