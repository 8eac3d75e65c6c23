"""A stack whose objects live in another tenant: nothing is read, changed, or forgotten."""

from __future__ import annotations

import json

import pytest

from tests.real.conftest import edit
from tests.support.cli import Stack
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli

ELSEWHERE = {
    "base_url": "https://api.egain.cloud/conversation/conversationmgr/v3",
    "token_url": "https://login.egain.cloud/global/ab12/oauth2/v2.0/token",
}


def test_every_command_refuses_and_the_state_stays(hub: Stack, emulator: Emulator) -> None:
    hub.up()
    exported = hub.export()
    for resource in exported["deployment"]["resources"]:
        if "_tenant" in resource.get("outputs", {}):
            resource["outputs"]["_tenant"] = ELSEWHERE
    file = hub.folder / "moved.json"
    file.write_text(json.dumps(exported))
    hub.run("stack", "import", "--file", str(file))
    edit(hub, 'display_name="Chat"', 'display_name="Live Chat"')
    emulator.clear()
    before = {name: stored(r) for name, r in hub.resources().items()}

    for command in (
        ("refresh", "--yes", "--skip-preview"),
        ("preview",),
        ("up", "--yes", "--skip-preview"),
        ("up", "--yes", "--skip-preview", "--refresh"),
        ("destroy", "--yes", "--skip-preview"),
    ):
        refused = hub.run(*command, check=False)
        assert refused.code != 0, command
        assert "live in tenant api.egain.cloud/conversation" in refused.output, command
        assert "EGAIN_BASE_URL points at 127.0.0.1" in refused.output, command
        assert "Nothing was read or changed." in refused.output, command
        assert "Traceback" not in refused.output, command
        assert emulator.counts(tokens=True) == {}, command
        assert {name: stored(r) for name, r in hub.resources().items()} == before, command


def stored(resource: dict[str, object]) -> tuple[object, ...]:
    """What the state says of a resource, without the times of its last operations."""
    return tuple(sealed(resource.get(key)) for key in ("id", "type", "inputs", "outputs"))


def sealed(value: object) -> object:
    """Without ciphertexts: the same secret is encrypted anew at every write of the state."""
    if isinstance(value, dict):
        return {key: sealed(item) for key, item in value.items() if key != "ciphertext"}
    return value
