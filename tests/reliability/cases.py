"""What can go wrong with a call: the rows of the matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.reliability.bench import Bench


@dataclass(frozen=True)
class Case:
    """A row: `arrange` brings the trouble about, right before the operation."""

    title: str
    arrange: Callable[[Bench], None]
    lasting: bool = False
    """The trouble stays until it is healed: how often a call is tried depends on chance."""
    host: str = "usual"
    """Which plugin host the case needs: see `Places.engine`."""
    brief: bool = False
    """Whether `make test` runs it for every kind, and not for one alone."""
    slows: bool = False
    """Whether the plugin host goes on more slowly afterwards."""
    gone: bool = False
    """Whether eGain itself says, or shows, that the object is not there."""


def fault(title: str, *, lasting: bool = False, **do: Any) -> Case:
    """A fault at the table's call: once, or every time."""
    traits = {key: do.pop(key) for key in ("host", "brief", "gone", "slows") if key in do}

    def arrange(bench: Bench) -> None:
        bench.inject(lasting=lasting, **do)

    return Case(title, arrange, lasting, **traits)


def token(title: str, *, lasting: bool = True, **do: Any) -> Case:
    """A fault of the token endpoint, when the old token is no longer good."""
    traits = {key: do.pop(key) for key in ("host", "brief") if key in do}

    def arrange(bench: Bench) -> None:
        bench.emulator.revoke_tokens()
        if do:
            bench.inject(method="POST", path="/oauth2/token", lasting=lasting, **do)

    return Case(f"token: {title}", arrange, lasting, **traits)


AFTER: dict[str, Any] = {"when": "after"}
CLOSED = Case("nobody listens", lambda bench: None, lasting=True, host="closed")
CALL: tuple[Case, ...] = (
    fault("connection closed, call not carried out", action="close"),
    fault("connection closed, call carried out", action="close", **AFTER, brief=True),
    fault("connection reset, call not carried out", action="close", reset=True),
    fault("connection reset, call carried out", action="close", reset=True, **AFTER),
    fault("no answer in time, call not carried out", action="hang", host="impatient"),
    fault("no answer in time, call carried out", action="hang", **AFTER, host="impatient"),
    fault("400", action="status", status=400),
    fault("401, once", action="status", status=401),
    fault("401, every time", action="status", status=401, lasting=True),
    fault("403", action="status", status=403, brief=True),
    fault("404 of eGain", action="status", status=404, gone=True, brief=True),
    fault("404 page of a gateway", action="html", status=404),
    fault("409", action="status", status=409),
    fault("429, Retry-After: 7", action="status", status=429, headers={"Retry-After": "7"}),
    fault("429, which does not say how long", action="status", status=429),
    fault("429, every time", action="status", status=429, lasting=True, slows=True),
    fault("500, call not carried out", action="status", status=500),
    fault("500, call carried out", action="status", status=500, **AFTER),
    fault("500, every time", action="status", status=500, lasting=True),
    fault("502 page of a gateway, call not carried out", action="html", status=502),
    fault("502 page of a gateway, call carried out", action="html", status=502, **AFTER),
    fault("503, Retry-After: 7", action="status", status=503, headers={"Retry-After": "7"}),
    fault("a page of a gateway with status 200", action="html"),
    fault("a page of a gateway with status 200, every time", action="html", lasting=True),
    fault("empty body, call not carried out", action="empty"),
    fault("empty body, call carried out", action="empty", **AFTER),
    fault("an empty JSON object with status 200", action="status", status=200, body={}),
    fault("wrong content type", action="wrong_content_type", content_type="text/plain"),
    fault("invalid JSON", action="invalid_json"),
    fault("truncated", action="truncated"),
    fault("a body above the limit (64 MiB)", action="big_body", bytes=64 * 2**20 + 1),
    fault("redirect to another host", action="redirect", location="ELSEWHERE"),
    CLOSED,
)
"""What any call may meet."""

TOKEN: tuple[Case, ...] = (
    token("no longer good", lasting=False),
    token("endpoint closes the connection, once", action="close", lasting=False),
    token("endpoint too slow, once", action="hang", lasting=False, host="impatient"),
    token("endpoint answers 503, every time", action="status", status=503),
    token("endpoint answers with a page", action="html"),
    token("endpoint answers without a token", action="status", status=200, body={"ok": True}),
    token("endpoint redirects to another host", action="redirect", location="ELSEWHERE"),
)


def _without_lifetime(bench: Bench) -> None:
    bench.emulator.settings(send_expires_in=False)
    bench.emulator.revoke_tokens()


def _wrong_secret(bench: Bench) -> None:
    bench.emulator.client("local", "another-secret")
    bench.emulator.revoke_tokens()


TOKEN += (
    Case("token: answer without expires_in", _without_lifetime),
    Case("token: the client secret is wrong", _wrong_secret),
)


def _second_page_repeats(bench: Bench) -> None:
    bench.add_others()
    bench.emulator.settings(page_size=1)
    bench.inject(action="repeat_page", lasting=True)


LIST: tuple[Case, ...] = (
    fault("a list that is shorter than its count", action="short_list"),
    Case("a second page that repeats the first", _second_page_repeats),
    fault("a list with an id twice", action="duplicate_ids"),
)
"""What a list may meet besides."""
