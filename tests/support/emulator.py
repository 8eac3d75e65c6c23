"""The emulator as a process of its own, and its control surface (`docs/emulator.md`).

emulator.fault("POST", "/channel", action="close", when="after")    # lost after the commit
emulator.settings(secrets_on_read="masked")
emulator.advance(3600)
assert emulator.counts() == {"POST /channel": 1, "POST /oauth2/token": 1}
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from tests.support.process import REPOSITORY, Child, base_env
from tests.support.values import Secret

START_SECONDS = 20.0
CONTROL = "/_emulator"
QUIET_SECONDS = 0.4
QUICKTIME = Path(__file__).parent / "quicktime"


class Emulator:
    """A running emulator. `reset` brings it back to how it started, in a millisecond."""

    def __init__(
        self,
        *,
        db: Path | str = ":memory:",
        strict: bool = False,
        port: int = 0,
        latency: float = 0.0,
    ) -> None:
        command = [sys.executable, "-m", "egain_pulumi.emulator", "--port", str(port)]
        command += ["--db", str(db), "--latency", str(latency), *(["--strict"] if strict else [])]
        self.child = Child(command, cwd=REPOSITORY, env=base_env())
        self.url = self.child.next_line(START_SECONDS)
        self._session = requests.Session()
        # A proxy of the shell is no business of a call to this machine.
        self._session.trust_env = False
        overview = self.overview()
        self.base_url: str = self.url + overview["base_path"]
        self.token_url: str = self.url + overview["token_path"]

    def stop(self) -> None:
        """End the process."""
        self._session.close()
        self.child.end()

    @property
    def config(self) -> dict[str, Any]:
        """Stack configuration for this emulator, all four settings."""
        return {
            "egain:baseUrl": self.base_url,
            "egain:tokenUrl": self.token_url,
            "egain:clientId": "local",
            "egain:clientSecret": Secret("local-secret"),
        }

    @property
    def env(self) -> dict[str, str]:
        """All settings as environment variables."""
        return {
            "EGAIN_BASE_URL": self.base_url,
            "EGAIN_TOKEN_URL": self.token_url,
            "EGAIN_CLIENT_ID": "local",
            "EGAIN_CLIENT_SECRET": "local-secret",
        }

    @property
    def mark(self) -> dict[str, str]:
        """The `_tenant` of its objects."""
        database = str(self.overview()["database"])
        return {"base_url": self.base_url, "token_url": self.token_url, "emulator": database}

    @property
    def quick(self) -> dict[str, str]:
        """Variables of a plugin host whose waits move this emulator's clock on and last no time."""
        path = os.pathsep.join((str(QUICKTIME), str(REPOSITORY)))
        return {"PYTHONPATH": path, "QUICK_CLOCK": f"{self.url}{CONTROL}/clock"}

    def control(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """One call of the control surface; an error answer raises with its text."""
        answer = self._session.request(
            method, self.url + CONTROL + path, json=body, params=query, timeout=30
        )
        if not answer.ok:
            raise ValueError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def overview(self) -> Any:
        """What the emulator says of itself: counts of objects, settings, violations."""
        return self.control("GET", "/")

    def reset(self) -> None:
        """Objects, faults, log, switches, clock, clients: as at the start."""
        self.control("POST", "/reset", {"settings": True})

    def settings(self, **changes: Any) -> Any:
        """Change switches; all of them, as they are now."""
        return self.control("PATCH", "/settings", changes)

    def advance(self, seconds: float) -> Any:
        """Move the emulator's clock on."""
        return self.control("POST", "/clock", {"advance": seconds})

    def fault(
        self, method: str = "*", path: str = "*", *, action: str, match: Any = None, **do: Any
    ) -> str:
        """Add a fault; `match` takes `nth`, or `skip` and `times`. Its id."""
        made = self.control(
            "POST",
            "/faults",
            {
                "match": {"method": method, "path": path, **(match or {})},
                "do": {"action": action, **do},
            },
        )
        return str(made["id"])

    def fired(self, fault: str) -> int:
        """How many calls a fault has hit."""
        return int(self.control("GET", f"/faults/{fault}")["fired"])

    def heal(self) -> None:
        """Remove all faults."""
        self.control("DELETE", "/faults")

    def log(self, since: int = 0) -> Any:
        """Counts and details of the requests since the last reset (or after a request's number)."""
        return self.control("GET", "/log", since=str(since))

    def requests(self, since: int = 0, *, tokens: bool = False) -> list[dict[str, Any]]:
        """The requests in order of arrival, those for tokens only if asked for."""
        listed: list[dict[str, Any]] = self.log(since)["requests"]
        path = self.token_url.removeprefix(self.url)
        return [entry for entry in listed if tokens or entry["path"] != path]

    def counts(self, *, tokens: bool = False) -> dict[str, int]:
        """Requests by method and path template since the last reset or `clear`."""
        found: Mapping[str, int] = self.log()["counts"]
        path = self.token_url.removeprefix(self.url)
        return {key: n for key, n in found.items() if tokens or not key.endswith(path)}

    def settled(self) -> int:
        """Wait until nothing more is asked; the number of the last request."""
        last = -1
        while last != (last := int(self.log()["last"])):
            time.sleep(QUIET_SECONDS)
        return last

    def clear(self) -> None:
        """Forget the requests so far; everything else stays."""
        self.control("DELETE", "/log")

    def client(self, id: str, secret: str, scopes: list[str] | None = None) -> None:
        """Add an API client, or change one."""
        wish: dict[str, Any] = {"client_id": id, "client_secret": secret}
        self.control("POST", "/clients", wish | ({} if scopes is None else {"scopes": scopes}))

    def revoke_tokens(self) -> None:
        """End every token that was given out."""
        self.control("DELETE", "/tokens")

    def hops(self, since: int = 0) -> list[dict[str, Any]]:
        """Where messages went and why, once all have come to an end or wait for agents."""
        until = time.monotonic() + START_SECONDS
        while (page := self.control("GET", "/hops", since=str(since)))["pending"] > page[
            "retained"
        ]:
            assert time.monotonic() < until, "messages did not come to their end"
            time.sleep(0.01)
        listed: list[dict[str, Any]] = page["hops"]
        return listed

    def conversation(self, id: str) -> Any:
        """One conversation with its messages and hops, open or not."""
        return self.control("GET", f"/conversations/{id}")

    def undeliverable(self) -> list[dict[str, Any]]:
        """Messages that reached nobody, with reason and who was told by mail."""
        listed: list[dict[str, Any]] = self.control("GET", "/undeliverable")["messages"]
        return listed

    def objects(self, collection: str, *, secrets: bool = False) -> list[dict[str, Any]]:
        """What the tenant holds of one kind (`channels`, …); secrets only if asked for."""
        answer = self.control("GET", f"/objects/{collection}", **_secrets(secrets))
        listed: list[dict[str, Any]] = answer["objects"]
        return listed

    def object(self, collection: str, id: str, *, secrets: bool = False) -> Any:
        """One object."""
        return self.control("GET", f"/objects/{collection}/{id}", **_secrets(secrets))

    def add(self, collection: str, body: Any) -> Any:
        """Make an object behind the program's back."""
        return self.control("POST", f"/objects/{collection}", body)

    def edit(self, collection: str, id: str, changes: Any) -> Any:
        """Change an object behind the program's back."""
        return self.control("PATCH", f"/objects/{collection}/{id}", changes)

    def remove(self, collection: str, id: str) -> None:
        """Delete an object behind the program's back."""
        self.control("DELETE", f"/objects/{collection}/{id}")


def _secrets(wanted: bool) -> dict[str, str]:
    return {"secrets": "plain"} if wanted else {}
