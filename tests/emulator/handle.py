"""An emulator process, and calls of its API and its control surface."""

from __future__ import annotations

import contextlib
import http.client
import json
import selectors
import subprocess
import sys
import time
from collections.abc import Sequence
from email.message import Message
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests

BASE = "/conversation/conversationmgr/v3"
START_SECONDS = 20.0


class Raw(NamedTuple):
    status: int
    headers: Message
    body: bytes


class Emulator:
    """One process. `api(...)` sends a token; `control(...)` asserts success."""

    def __init__(self, *options: str, command: Sequence[str] = ()) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *(command or ("-m", "egain_pulumi.emulator")), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = self._ready()
        self.host = urlsplit(self.url).netloc
        self.session = requests.Session()
        self.session.trust_env = False
        self._token = ""

    def _ready(self) -> str:
        assert self.process.stdout and self.process.stderr
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(START_SECONDS):
                self.end()
                raise AssertionError("the emulator did not start in time")
        line = self.process.stdout.readline().strip()
        if not line.startswith("http://127.0.0.1:"):
            self.process.wait(5)
            raise AssertionError(f"no URL but {line!r}: {self.process.stderr.read()}")
        return line

    def token(self, client: str = "local", secret: str = "local-secret", **form: str) -> Any:
        """Return the answer of the token endpoint."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": client,
            "client_secret": secret,
            "scope": "https://api.egain.cloud/auth/.default",
            **form,
        }
        return self.session.post(self.url + "/oauth2/token", data=fields, timeout=10)

    def bearer(self) -> str:
        if not self._token:
            self._token = self.token().json()["access_token"]
        return self._token

    def forget_token(self) -> None:
        self._token = ""

    def api(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.bearer()}", **options.pop("headers", {})}
        return self.session.request(
            method,
            self.url + BASE + path,
            headers=headers,
            timeout=options.pop("timeout", 10),
            **options,
        )

    def create(self, path: str, body: dict[str, Any]) -> str:
        answer = self.api("POST", path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def control(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = self.session.request(
            method, f"{self.url}/_emulator{path}", json=body, timeout=10, **options
        )
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def fault(self, action: str, /, **match: Any) -> str:
        """Add a fault, whose own keys are in `do`; return its id."""
        do = {"action": action, **match.pop("do", {})}
        return str(self.control("POST", "/faults", {"match": match, "do": do})["id"])

    def fired(self, fault: str) -> int:
        return int(self.control("GET", f"/faults/{fault}")["fired"])

    def raw(
        self,
        method: str,
        path: str,
        body: Any = None,
        timeout: float = 10,
        most: int | None = None,
    ) -> Raw:
        """Make one call on a new connection, without a client library.

        `most`: read so many bytes of the answer, then close.
        """
        headers = {"Authorization": f"Bearer {self.bearer()}", "Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        with contextlib.closing(http.client.HTTPConnection(self.host, timeout=timeout)) as line:
            line.request(method, BASE + path, text, headers)
            with line.getresponse() as answer:
                return Raw(answer.status, answer.headers, answer.read(most))

    def reset(self) -> None:
        self.control("POST", "/reset", {"settings": True})

    def end(self) -> int:
        """Send SIGTERM and return the exit code; kill the process after five seconds."""
        self.process.terminate()
        try:
            return self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
            raise
        finally:
            self.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(5)
        self.close()

    def close(self) -> None:
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        if hasattr(self, "session"):
            self.session.close()


def refusal(*options: str) -> tuple[int, str, float]:
    """Start an emulator that cannot start; return exit code, stderr and seconds."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "egain_pulumi.emulator", *options],
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr, time.monotonic() - begun
