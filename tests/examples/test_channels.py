"""docs/channels.md: its program sends what this package does not know, and keeps it secret."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import MakeEngine
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY
from tests.support.program import Program
from tests.support.values import Secret

PAGE = (REPOSITORY / "docs" / "channels.md").read_text("utf-8")
[PROGRAM] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PAIRS = [{"name": "canary-name", "value": "canary-value"}]


@pytest.mark.host
def test_what_is_not_modelled_arrives_as_written_and_is_shown_to_nobody(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    channel = emulator.add("channels", {"type": "whatsapp", "displayName": "WhatsApp"})
    flow = emulator.add("orchestrations", {"name": "flow", "applications": {}})
    given = {
        "whatsappAttributes": Secret(json.dumps(PAIRS)),
        "whatsappNumber": "+15550100",
        "whatsappType": "whatsapp",
        "orchestration": flow["id"],
        "entryPoint": "1001",
    }
    assert set(given) == set(re.findall(r'config\.require\w*\("(\w+)"\)', PROGRAM))
    config = {f"conversation-hub:{name}": value for name, value in given.items()}
    engine = make_engine(config={**emulator.config, **config})
    done = engine.up(Program.text(PROGRAM))

    [account] = emulator.objects("accounts", secrets=True)
    assert account["attributes"] == PAIRS
    assert (account["address"], account["channel"]) == ("+15550100", {"id": channel["id"]})
    kept = engine.state["orders-whatsapp"].inputs["extra"]
    assert kept == Secret({"attributes": PAIRS})
    assert not [line for line in done.logs if "canary" in line.message]

    # The tenant shows its pairs otherwise than they were sent: that is no change to explain away.
    emulator.settings(secrets_on_read="masked")
    emulator.clear()
    again = engine.preview(Program.text(PROGRAM))
    assert set(again.ops.values()) == {"same"}
    assert emulator.counts(tokens=True) == {}


def test_the_command_of_the_page_sets_what_its_program_reads() -> None:
    [key] = re.findall(r"pulumi config set --secret (\w+) '", PAGE)
    assert f'config.require_secret_object("{key}")' in PROGRAM
