"""The callbacks of a stack with what eGain sends them: headers, Authorization, message.

They are read from `pulumi stack export --show-secrets`. This module prints no secret and makes no
call.
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
from ..schema.state import KEPT

KIND: Final = "egain-pulumi.smoke"
"""An unknown kind of message, which recipients drop (docs/vendor-api.md#deliveries)."""


@dataclass(frozen=True, slots=True)
class Login:
    """An Authentication with its secrets."""

    object: Object
    kind: str
    """`oauth2`, `basic`, or "" if this stack does not manage it."""
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def address(self) -> str:
        """The token endpoint, as a report shows it."""
        return _address(self.object.at("oauth2", "token_request_url"))

    @property
    def wrong(self) -> str:
        """A random Authorization of its scheme."""
        return f"{'Basic' if self.kind == 'basic' else 'Bearer'} {secrets.token_hex(16)}"

    @property
    def basic(self) -> str:
        """The Authorization for user and password."""
        pair = f"{self.given.get('username', '')}:{self.given.get('password', '')}"
        return "Basic " + base64.b64encode(pair.encode()).decode()


@dataclass(frozen=True, slots=True)
class Callback:
    """The callback of one role of a client application."""

    application: Object
    role: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    login: Login | None

    @property
    def name(self) -> str:
        """Its name in a report."""
        return f"{self.application.name} ({self.role})"

    @property
    def address(self) -> str:
        """Its URL as a report shows it."""
        return _address(self.application.at("roles", self.role, "callback"))


def read_callbacks(
    text: str, kinds: Sequence[Kind], *, project: str | None = None
) -> list[Callback]:
    """Return the callbacks of all active client applications that a stack manages.

    `text` is the output of `pulumi stack export --show-secrets`. Raises EgainError if it is
    something else or its secrets are encrypted.
    """
    found = hub.stack(text, kinds, project=project)
    plain = {each["urn"]: _unwrap(each.get("inputs") or {}) for each in resources(text)}
    made: list[Callback] = []
    for application in found.of(APPLICATION):
        if application.origin is not Origin.MANAGED or application.active is False:
            continue
        logins = {
            edge.path[1]: found.objects.get(edge.target or "")
            for edge in found.out(application.key)
            if edge.to == AUTHENTICATION and len(edge.path) > 1
        }
        for role, part in (plain[application.key].get("roles") or {}).items():
            url = part.get("callback")
            if not isinstance(url, str) or url is UNKNOWN:
                continue
            login = None
            if part.get("authentication"):
                login = _login(logins.get(role), plain, application)
            given = (part.get("headers") or {}).items()
            headers = {str(k): str(v) for k, v in given if v != KEPT}
            made.append(Callback(application, role, url, headers, login))
    return made


def _login(
    each: Object | None, plain: Mapping[str, Mapping[str, Any]], application: Object
) -> Login:
    if each is None or each.origin is not Origin.MANAGED:
        return Login(each or application, "")
    kind = str(plain[each.key].get("type", ""))
    part = {"oauth2": "oauth2", "basic": "basic_auth"}.get(kind, "")
    given = plain[each.key].get(part) or {}
    is_known = part and KEPT not in (given.get(name) for name in ("payload", "password"))
    is_known = is_known and KEPT not in (given.get("headers") or {}).values()
    return Login(each, kind if is_known else "", given)


def _unwrap(value: Any) -> Any:
    """Return a stored value with its secrets in plain text."""
    if isinstance(value, Mapping):
        if SIGNATURE not in value:
            return {key: _unwrap(item) for key, item in value.items()}
        if "plaintext" not in value:
            raise EgainError(
                "the state's secrets are encrypted: export it with pulumi stack export "
                "--show-secrets, which needs the stack's passphrase"
            )
        return _unwrap(json.loads(value["plaintext"]))
    return [_unwrap(item) for item in value] if isinstance(value, list) else value


def public_url(url: str) -> str:
    """Return a URL without user, query and fragment, any of which may be a secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an invalid address"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


def _address(url: Any) -> str:
    """Return a URL of a hub for people; in a hub, secrets are masked."""
    return public_url(url) if isinstance(url, str) and url != SECRET else "a secret address"


def delivery() -> object:
    """Return a delivery in eGain's form (contract: `HubDelivery`), without content."""
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
