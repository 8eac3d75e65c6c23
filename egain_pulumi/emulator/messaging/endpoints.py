"""The five calls of the API, and the assembly of messaging."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from .. import errors
from ..contract.answer_check import Checker
from ..contract.document import Operation
from ..errors import ApiError, json_response
from ..settings import Settings
from ..tenant import Tenant, not_found
from ..wire import Call
from . import assets, conversations, trail
from .assets import Assets
from .authorization import Authorizations
from .bodies import Body, objects_at, text_at
from .conversations import Conversations
from .courier import Courier
from .deliveries import Deliveries, Parts
from .incoming import Reader
from .routing import Router
from .trail import Trail

ReadBody = Callable[[Operation, Call, Settings], Body]
MESSAGE = "/components/schemas/OutgoingMessage"
Handler = Callable[[Operation, Call, Settings, ReadBody], Response]


class Messaging:
    """One per process. `operations` maps method and template to their handler."""

    def __init__(
        self, tenant: Tenant, checker: Checker, settings: Settings, *, origin: str, outside: bool
    ) -> None:
        """origin: this server's URL, for signed addresses. outside: as in `callback.Limits`."""
        store, clock = tenant.store, tenant.clock
        self._tenant = tenant
        self.trail = Trail(store, clock)
        self.conversations = Conversations(store, clock, checker.contract.shape(MESSAGE))
        self.assets = Assets(store, clock, tenant, origin)
        self._authorizations = Authorizations(tenant)
        self._reader = Reader(tenant, self.conversations, self.assets)
        router = Router(tenant, self.conversations, self.assets, clock)
        parts = Parts(
            tenant=tenant,
            conversations=self.conversations,
            assets=self.assets,
            trail=self.trail,
            router=router,
            courier=Courier(self._authorizations),
            checker=checker,
            outside=outside,
        )
        self.deliveries = Deliveries(parts, settings)
        self.operations: dict[tuple[str, str], Handler] = {
            ("POST", "/conversations/messages"): self._send,
            ("GET", "/conversations/{id}"): self._fetch,
            ("POST", "/assets"): self._announce,
            ("GET", "/assets/{id}"): self._asset,
            ("DELETE", "/assets/{id}"): self._delete_asset,
        }
        self._load()

    def reset(self) -> None:
        """Start a new tenant; the store is already empty."""
        self.deliveries.clear()
        self._authorizations.clear()
        self._load()

    def is_open(self, conversation: str) -> bool:
        """Whether a conversation accepts messages: neither ended nor timed out."""
        return self._reader.is_open(conversation)

    def _load(self) -> None:
        rows: dict[str, list[Body]] = {}
        for collection, _, body in self._tenant.store.load():
            rows.setdefault(collection, []).append(body)
        self.trail.load(rows.get(trail.COLLECTION, []))
        self.conversations.load(
            rows.get(conversations.CONVERSATIONS, []), rows.get(conversations.MESSAGES, [])
        )
        self.assets.load(rows.get(assets.COLLECTION, []))

    def _send(
        self, operation: Operation, call: Call, settings: Settings, read: ReadBody
    ) -> Response:
        body = read(operation, call, settings)
        incoming = self._reader.read(body, rules=settings.validation != "off")
        key = incoming.conversation
        if key is None:
            account = str(incoming.account)
            start = self._start(account, incoming.messages[0])
            key = self.conversations.begin(account, start)
            call.notes["created"] = key
        if settings.validation != "contract":
            # A message accepted here may break the contract when it is read.
            self._tenant.edited.add(key)
        answers = []
        for message in incoming.messages:
            for attachment in objects_at(message, "attachments", "attachment"):
                self.assets.use(attachment)
            made = self.conversations.accept(key, message)
            self.deliveries.submit(made)
            own = {"messageId": message["messageId"]} if "messageId" in message else {}
            answers.append({"id": made, **own, "conversation": {"id": key}})
        return json_response({"messages": {"message": answers}}, 202)

    def _start(self, account: str, message: Body) -> Body:
        """Return the first message's conversation, with the account's entry point."""
        chat = self._tenant.objects["accounts"][account].get("chatConfigurations")
        entry = text_at(chat, "entryPoint", "id")
        return {**({"entryPoint": {"id": entry}} if entry else {}), **message["conversation"]}

    def _fetch(
        self, operation: Operation, call: Call, settings: Settings, read: ReadBody
    ) -> Response:
        key = call.params["id"]
        if not _takes_json(call.headers.get("accept", "")):
            raise ApiError(406, errors.NOT_ACCEPTABLE, "Only application/json is available.")
        # The call is for completed conversations (contract).
        if key not in self.conversations.all or self.is_open(key):
            raise not_found(key)
        if not self._tenant.hidden.read(key):
            raise not_found(key)
        call.notes["shown"] = [key]
        return json_response(self.conversations.as_contract(key))

    def _announce(
        self, operation: Operation, call: Call, settings: Settings, read: ReadBody
    ) -> Response:
        ticket = self.assets.announce(read(operation, call, settings), settings)
        call.notes["created"] = ticket["id"]
        return json_response(ticket)

    def _asset(
        self, operation: Operation, call: Call, settings: Settings, read: ReadBody
    ) -> Response:
        key = call.params["id"]
        body = self.assets.read(key, settings)
        if not self._tenant.hidden.read(key):
            raise not_found(key)
        return json_response(body)

    def _delete_asset(
        self, operation: Operation, call: Call, settings: Settings, read: ReadBody
    ) -> Response:
        self.assets.delete(call.params["id"])
        return Response(status_code=204)


def _takes_json(accept: str) -> bool:
    """Whether an Accept header (RFC 9110, section 12.5.1) accepts JSON; only weight 0 counts."""
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        never = any(p.replace(" ", "") in ("q=0", "q=0.0") for p in parameters)
        if kind in ("", "*/*", "application/*", "application/json") and not never:
            return True
    return False
