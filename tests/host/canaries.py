"""Distinct random secrets, every place they can stand in, and every form they could show in."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.host.objects import declared
from tests.specimens import ACCOUNT, AUTHENTICATION, BASIC_AUTHENTICATION, CLIENT_APPLICATION
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.errors import ProviderError
from tests.support.goal import Declared
from tests.support.steps import Result

SHAPES = {
    "word": "{}",
    "pretty": '{\n  "clientId": "hub",\n  "clientSecret":  "{}"\n}',
    "foreign": "pass wörd\t{} ”",
    "long": "x" * 140 + "{}" + "y" * 150,
}
"""What stands around a secret: a server that repeats it may escape, break or cut it."""


class Canaries:
    """Makes them, remembers them, and finds them again."""

    def __init__(self) -> None:
        self._made: dict[str, str] = {}

    def new(self, place: str, around: str = "{}") -> str:
        """A new one for a place; `around` is the text that it stands in."""
        self._made[place] = secrets.token_hex(12)
        return around.replace("{}", self._made[place])

    def found_in(self, text: str) -> list[str]:
        """The places whose secret shows in a text, as it was or encoded, whole or cut."""
        lower = text.lower()
        return [
            place
            for place, canary in self._made.items()
            if any(form in text for form in _base64(canary))
            or any(form in lower for form in _forms(canary))
        ]

    def leaks(self, channels: Mapping[str, str]) -> list[str]:
        """Each secret that shows, with its place and the channel it shows in."""
        return [
            f"{place} in the {channel}"
            for channel, text in channels.items()
            for place in self.found_in(text)
        ]


def _forms(canary: str) -> Iterator[str]:
    # Lower-case letters and digits, which JSON, URLs, forms and HTML need not escape.
    yield canary
    # A text that was cut in the middle of a secret still shows most of it.
    yield canary[: len(canary) // 2]
    yield canary[len(canary) // 2 :]
    # What a zealous writer makes of them all the same: hex, percent signs, escapes.
    for mark in ("", "%", "\\x", "\\u00", "&#x"):
        end = ";" if mark == "&#x" else ""
        yield "".join(f"{mark}{ord(c):02x}{end}" for c in canary)


def _base64(canary: str) -> Iterator[str]:
    for shift in range(3):  # wherever in a longer text it began
        encoded = base64.b64encode(b"\0" * shift + canary.encode())
        yield encoded[4 if shift else 0 : -4].decode()


def everything(canaries: Canaries, around: str = "{}", **more: Any) -> list[Declared]:
    """All kinds that hold secrets, each with a fresh one in every place."""
    oauth2 = {
        **AUTHENTICATION.full["oauth2"],
        "payload": canaries.new("payload", around),
        "headers": {"X-Key": canaries.new("header", around)},
    }
    basic = {"username": "hub", "password": canaries.new("password", around)}
    bot = {
        **CLIENT_APPLICATION.full["roles"]["custom_bot"],
        "headers": {"X-Key": canaries.new("role header", around)},
    }
    attributes = {"attributes": [{"name": "sid", "value": canaries.new("extra", around)}]}
    nested = {"vendor": {"keys": [canaries.new("nested extra", around)]}}
    return [
        declared(
            AUTHENTICATION, {**AUTHENTICATION.full, "oauth2": oauth2, "extra": nested, **more}, "a"
        ),
        declared(
            BASIC_AUTHENTICATION, {**BASIC_AUTHENTICATION.full, "basic_auth": basic, **more}, "b"
        ),
        declared(
            CLIENT_APPLICATION,
            {**CLIENT_APPLICATION.full, "roles": {"custom_bot": bot}, **more},
            "c",
        ),
        declared(ACCOUNT, {**ACCOUNT.full, "extra": attributes, **more}, "d"),
    ]


def added_in_the_console(emulator: Emulator, canaries: Canaries, around: str = "{}") -> None:
    """Secrets of somebody else, in objects of this stack."""

    def header(place: str) -> dict[str, str]:
        return {"name": "X-Console", "value": canaries.new(place, around)}

    for each in emulator.objects("clientapplications", secrets=True):
        if each["name"] == "bot":
            role = each["roles"][0]
            role["headers"] = [*role.get("headers", []), header("console header")]
            emulator.edit("clientapplications", each["id"], {"roles": [role]})
    for each in emulator.objects("authentications", secrets=True):
        if each["name"] == "bot-auth":
            headers = [*each["oauth2"].get("headers", []), header("console auth header")]
            emulator.edit("authentications", each["id"], {"oauth2": {"headers": headers}})
    for each in emulator.objects("accounts", secrets=True):
        if each["name"] == "orders":
            pairs = [*each.get("attributes", []), header("console attribute")]
            unknown = {"token": canaries.new("console unknown", around)}
            emulator.edit("accounts", each["id"], {"attributes": pairs, "vendor": unknown})


def channels(engine: Engine, emulator: Emulator, results: Iterable[Result]) -> dict[str, str]:
    """Everything that a person or a file gets to see of an engine and its emulator."""
    listed = list(results)
    failures = [failure for result in listed for failure in result.failures]
    errors = [f.error for f in failures if isinstance(f.error, ProviderError)]
    pages = ["/", "/objects", "/settings", "/clients", "/log"]
    return {
        "output of the plugin hosts": engine.output,
        "state": json.dumps(engine.export(), ensure_ascii=False),
        "log of the engine": "\n".join(line.message for line in engine.service.logs),
        "messages": "\n".join(failure.message for failure in failures),
        "status without details": "\n".join(error.status for error in errors),
        "output of the programs": "\n".join(result.program_output for result in listed),
        "steps": repr([[result.steps, result.refresh] for result in listed]),
        "output of the emulator": emulator.child.output,
    } | {f"page {page}": json.dumps(emulator.control("GET", page)) for page in pages}
