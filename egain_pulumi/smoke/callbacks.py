"""How eGain calls the callbacks of a stack: address, headers, Authorization, message.

Read off `pulumi stack export --show-secrets`. The values are secrets; nothing here prints one,
and nothing is called from here.
"""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from .. import hub
from ..engine_values import SIGNATURE
from ..errors import EgainError
from ..hub import SECRET, Object, Origin
from ..hub.model import APPLICATION, AUTHENTICATION
from ..hub.sources.states import resources
from ..schema.complaint import UNKNOWN
from ..schema.kinds import Kind

KIND: Final = "egain-pulumi.smoke"
"""Of a message that nobody knows, and that a recipient therefore drops
(docs/vendor-api.md#deliveries)."""


@dataclass(frozen=True, slots=True)
class Login:
    """An Authentication, with its secrets."""

    object: Object
    kind: str
    """`oauth2`, `basic`, or "" for one that this stack does not manage."""
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def address(self) -> str:
        """Its token endpoint, as a report shows it."""
        return _told(self.object.at("oauth2", "token_request_url"))

    @property
    def wrong(self) -> str:
        """An Authorization of its scheme that nobody has given out."""
        return f"{'Basic' if self.kind == 'basic' else 'Bearer'} {secrets.token_hex(16)}"

    @property
    def basic(self) -> str:
        """The header for user and password."""
        pair = f"{self.given.get('username', '')}:{self.given.get('password', '')}"
        return "Basic " + base64.b64encode(pair.encode()).decode()


@dataclass(frozen=True, slots=True)
class Caller:
    """One callback of one role."""

    application: Object
    role: str
    callback: str
    headers: Mapping[str, str] = field(repr=False)
    login: Login | None

    @property
    def name(self) -> str:
        """As a report names it."""
        return f"{self.application.name} ({self.role})"

    @property
    def address(self) -> str:
        """As a report shows it."""
        return _told(self.application.at("roles", self.role, "callback"))


def callers(text: str, kinds: Sequence[Kind], *, project: str | None = None) -> list[Caller]:
    """The callbacks of all active client applications that a stack manages.

    `text` is what `pulumi stack export --show-secrets` writes. Raises EgainError where it is
    something else, or still encrypted.
    """
    found = hub.stack(text, kinds, project=project)
    plain = {each["urn"]: _revealed(each.get("inputs") or {}) for each in resources(text)}
    made: list[Caller] = []
    for application in found.of(APPLICATION):
        if application.origin is not Origin.MANAGED or application.active is False:
            continue
        logins = {
            edge.path[1]: found.objects.get(edge.target or "")
            for edge in found.out(application.key)
            if edge.to == AUTHENTICATION and len(edge.path) > 1
        }
        for role, part in (plain[application.key].get("roles") or {}).items():
            callback = part.get("callback")
            if not isinstance(callback, str) or callback is UNKNOWN:
                continue
            login = None
            if part.get("authentication"):
                login = _login(logins.get(role), plain, application)
            headers = {str(k): str(v) for k, v in (part.get("headers") or {}).items()}
            made.append(Caller(application, role, callback, headers, login))
    return made


def _login(
    each: Object | None, plain: Mapping[str, Mapping[str, Any]], application: Object
) -> Login:
    if each is None or each.origin is not Origin.MANAGED:
        return Login(each or application, "")
    kind = str(plain[each.key].get("type", ""))
    part = {"oauth2": "oauth2", "basic": "basic_auth"}.get(kind, "")
    return Login(each, kind if part else "", plain[each.key].get(part) or {})


def _revealed(value: Any) -> Any:
    """A stored value with its secrets."""
    if isinstance(value, Mapping):
        if SIGNATURE not in value:
            return {key: _revealed(item) for key, item in value.items()}
        if "plaintext" not in value:
            raise EgainError(
                "the state holds its secrets encrypted: pulumi stack export --show-secrets "
                "writes them out, and needs the stack's passphrase"
            )
        return _revealed(json.loads(value["plaintext"]))
    return [_revealed(item) for item in value] if isinstance(value, list) else value


def shown(url: str) -> str:
    """An address for people: without user, query and fragment, any of which may be a secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


def _told(url: Any) -> str:
    """An address of a hub, in which a secret is none."""
    told = isinstance(url, str) and url != SECRET
    return shown(url) if told else "an address that is a secret"


def delivery() -> object:
    """A delivery as eGain makes them (contract: `HubDelivery`), that is about nothing."""
    message = {
        "messageId": str(uuid.uuid4()),
        "type": {"value": KIND},
        "conversation": {"id": str(uuid.uuid4())},
        "sender": {"type": "system"},
        "content": {},
    }
    return {"messages": {"message": [message]}}


def token_at(document: Any, path: str) -> str | None:
    """Return the text at a JSONPath that names one value (`$.data['token'][0]`).

    Raises EgainError if the library for JSONPath is not installed.
    """
    try:
        from jsonpath import JSONPath, JSONPathError, compile
    except ModuleNotFoundError as missing:
        raise EgainError(
            f"accessTokenPath needs {missing.name}, which is not installed; "
            'run: pip install "egain-pulumi[cli]"'
        ) from None
    try:
        # Applied to a list, because the library would parse a text as JSON.
        query = compile(path.replace("$", "$[0]", 1), strict=True)
    except JSONPathError:
        return None
    if not isinstance(query, JSONPath) or not query.singular_query():
        return None
    found = query.findall([document])
    return found[0] if found and isinstance(found[0], str) and found[0] else None
