"""docs/rules.md#secrets in reads: `find`, `get`, imports, and `egain-pulumi list`."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.host.canaries import Canaries, channels
from tests.host.objects import declared
from tests.specimens import ACCOUNT, AUTHENTICATION, CLIENT_APPLICATION, IDS
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared, Options
from tests.support.process import REPOSITORY, base_env

pytestmark = pytest.mark.host

KINDS = {
    "authentications": IDS["Authentication"],
    "clientapplications": IDS["ClientApplication"],
    "accounts": IDS["Account"],
}
FINDS: dict[str, dict[str, str]] = {
    "authentications": {"name": "old"},
    "clientapplications": {"role": "custom_bot", "name": "bot"},
    "accounts": {"name": "orders"},
}
SPECIMENS = {
    "authentications": AUTHENTICATION,
    "clientapplications": CLIENT_APPLICATION,
    "accounts": ACCOUNT,
}


def used() -> list[Declared]:
    """Each object found by its criteria, and read by its id."""
    keep = Options(retain_on_delete=True)
    found = [
        declared(SPECIMENS[kind], {"find": criteria}, f"find {kind}", keep)
        for kind, criteria in FINDS.items()
    ]
    read = [
        replace(declared(SPECIMENS[kind], {"get": True}, f"get {kind}"), id=id)
        for kind, id in KINDS.items()
    ]
    return [*found, *read]


def of_others(emulator: Emulator, canaries: Canaries) -> None:
    """Objects of somebody else, with a secret wherever one can be."""

    def pairs(place: str) -> list[dict[str, str]]:
        return [{"name": "X-Key", "value": canaries.new(place)}]

    oauth2 = {
        "tokenRequestUrl": "https://x.example.com",
        "payload": canaries.new("payload"),
        "headers": pairs("header"),
        "vendor": canaries.new("nested unknown"),
    }
    role = {
        "name": "custom_bot",
        "version": "v3",
        "callback": "https://bot.example.com/callback",
        "notificationEmail": "ops@example.com",
        "headers": pairs("role header"),
    }
    bodies: dict[str, dict[str, Any]] = {
        "authentications": {"name": "old", "type": "oauth2", "oauth2": oauth2},
        "clientapplications": {"name": "bot", "roles": [role]},
        "accounts": {
            "name": "orders",
            "address": "1",
            "chatConfigurations": {},
            "attributes": pairs("attribute"),
            "vendor": {"key": canaries.new("unknown")},
        },
    }
    for collection, body in bodies.items():
        emulator.add(collection, {"id": KINDS[collection], "active": True, **body})


@pytest.mark.parametrize("reads", ["plain", "masked", "absent"])
def test_no_secret_of_others_shows_where_their_objects_are_only_used(
    reads: str, engine: Engine, emulator: Emulator
) -> None:
    canaries = Canaries()
    of_others(emulator, canaries)
    emulator.settings(secrets_on_read=reads)
    results = [engine.preview(used()), engine.up(used())]
    assert [each.id for each in engine.state.managed()] == list(KINDS.values()) * 2
    assert "tokenRequestUrl" not in str(engine.export())
    assert "https://x.example.com" in str(engine.export())
    emulator.edit("accounts", KINDS["accounts"], {"description": "Console."})
    results += [engine.refresh(), engine.preview(used(), refresh=True)]
    none = declared(AUTHENTICATION, {"find": {"name": "none"}}, "none")
    results.append(engine.up([*used(), none], check=False))
    assert results[-1].failures
    results.append(engine.destroy())
    assert canaries.leaks(channels(engine, emulator, results)) == []


def taken_over(secrets: dict[str, str], *, asks: bool = True, **more: Any) -> list[Declared]:
    """Two of those objects imported, as the constructors register it, with secrets of our own."""
    oauth2 = {
        "token_request_url": "https://x.example.com",
        "payload": secrets["payload"],
        "headers": {"X-Key": secrets["header"]},
    }
    authentication = {"name": "old", "type": "oauth2", "oauth2": oauth2, "active": True, **more}
    account = {
        "name": "orders",
        "address": "1",
        "channel": {"id": IDS["Channel"]},
        "chat_configurations": {},
        "active": True,
        "extra": {"attributes": [{"name": "X-Key", "value": secrets["extra"]}]},
    }
    asked = {"secrets_version": 1} if asks else {}
    return [
        declared(AUTHENTICATION, {**authentication, "_import": "name:old", **asked}, "a"),
        declared(ACCOUNT, {**account, "_import": IDS["Account"], **asked}, "d"),
    ]


@pytest.mark.parametrize("reads", ["plain", "masked", "absent"])
def test_no_secret_shows_in_imports_equal_different_or_overwriting(
    reads: str, engine: Engine, emulator: Emulator
) -> None:
    canaries = Canaries()
    of_others(emulator, canaries)
    emulator.settings(secrets_on_read=reads, echo_bodies=True, check_references=False)
    emulator.edit("accounts", KINDS["accounts"], {"channel": {"id": IDS["Channel"]}})
    mine = {place: canaries.new(f"declared {place}") for place in ("payload", "header", "extra")}
    equal, other = taken_over(mine), taken_over(mine, description="Other.")
    results = [engine.preview(equal), engine.up(other, check=False)]
    assert "eGain has other values than this program" in str(results[-1].messages)
    results.append(engine.up(taken_over(mine, asks=False), check=False))
    assert "set secrets_version=1" in str(results[-1].messages)
    emulator.fault("PUT", action="status", status=422)
    results.append(engine.up(equal, check=False))
    assert "Failure made by a fault" in str(results[-1].messages)
    engine.config["egain:onConflict"] = "overwrite"
    results += [engine.up(other, check=False), engine.refresh(check=False)]
    assert canaries.leaks(channels(engine, emulator, results)) == []


@pytest.mark.parametrize(
    ("failure", "arguments"),
    [("none", []), ("none", ["--json"])]
    + [(failure, ["account"]) for failure in ("wrong secret", "refused", "no JSON")],
)
def test_no_secret_shows_in_a_list_nor_in_why_there_is_none(
    failure: str, arguments: list[str], emulator: Emulator
) -> None:
    canaries = Canaries()
    of_others(emulator, canaries)
    emulator.settings(echo_bodies=True)
    secret = canaries.new("client secret")
    emulator.client("hub", secret if failure != "wrong secret" else "another")
    if failure == "refused":
        words = {"code": "400-152", "developerMessage": f"not with {secret}"}
        emulator.fault("GET", action="status", status=400, body=words)
    if failure == "no JSON":
        emulator.fault("GET", action="invalid_json", match={"times": None})
    credentials = {"EGAIN_CLIENT_ID": "hub", "EGAIN_CLIENT_SECRET": secret}
    quick = {"EGAIN_OPERATION_TIMEOUT_SECONDS": "0.5", "EGAIN_DEBUG": "1"}
    done = subprocess.run(
        [Path(sys.executable).with_name("egain-pulumi"), "list", *arguments],
        cwd=REPOSITORY,
        env=base_env(emulator.env | credentials | quick),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode == 0) == (failure == "none"), done.stderr
    page = json.dumps(emulator.log())
    shown = {"standard output": done.stdout, "standard error": done.stderr, "log": page}
    assert canaries.leaks(shown) == []
