"""An update that eGain took in part, and a delete of what is in use, with the real CLI."""

from __future__ import annotations

import pytest

from tests.real.conftest import edit
from tests.support.cli import Stack
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli


def test_a_type_that_did_not_change_is_kept_in_the_state_as_it_is(
    hub: Stack, emulator: Emulator
) -> None:
    hub.up()
    emulator.settings(type_immutable=True)
    edit(hub, 'type="custom_channel"', 'type="other_channel"')
    edit(hub, 'display_name="Chat"', 'display_name="Live Chat"')
    failed = hub.up(check=False)
    assert "eGain kept the old type." in failed.output
    assert 'replace_on_changes=["type"]' in failed.output
    assert "Traceback" not in failed.output
    kept = hub.resources()["chat"]
    assert kept["outputs"]["type"] == "custom_channel"
    assert kept["outputs"]["display_name"] == "Live Chat"
    emulator.settings(type_immutable=False)
    hub.up()
    assert [c["type"] for c in emulator.objects("channels")] == ["other_channel"]
    assert hub.preview(json=True).digest["changeSummary"] == {"same": 11}


def test_what_is_in_use_is_not_deleted_even_where_the_tenant_would(
    hub: Stack, emulator: Emulator
) -> None:
    hub.up()
    emulator.settings(delete_referenced="allow")
    state = hub.resources()
    made = emulator.object("accounts", state["orders"]["id"])
    other = {k: v for k, v in made.items() if k not in ("id", "created", "modified")}
    emulator.add("accounts", {**other, "name": "not ours", "address": "1"})
    refused = hub.destroy(check=False)
    assert 'not deleted: account "not ours" (' in refused.output
    assert "take it over with import_" in refused.output
    assert len(emulator.objects("channels")) == 1
    assert len(emulator.objects("orchestrations")) >= 1
    [theirs] = [a["id"] for a in emulator.objects("accounts") if a["name"] == "not ours"]
    emulator.remove("accounts", theirs)
    hub.destroy()
    assert emulator.objects("channels") == []
