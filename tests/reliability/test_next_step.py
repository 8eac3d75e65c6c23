"""What every error says last: what to do (docs/rules.md#errors)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel
from tests.support.emulator import Emulator

pytestmark = pytest.mark.host
STEP = re.compile(
    r"(Run|run|try|check|Check|Look|look|Add|Change|Write|Take|Keep|Wait|wait) [^.]*\.( |$)"
)
TROUBLES: dict[str, dict[str, Any]] = {
    "no connection": {"action": "close"},
    "500": {"action": "status", "status": 500},
    "401": {"action": "status", "status": 401},
    "403": {"action": "status", "status": 403},
    "a page of a gateway": {"action": "html"},
    "404 page of a gateway": {"action": "html", "status": 404},
    "redirect": {"action": "redirect", "location": "http://127.0.0.1:9/"},
    "429": {"action": "status", "status": 429},
}


def test_an_error_ends_with_what_to_do(make_engine: MakeEngine, emulator: Emulator) -> None:
    engine = make_engine(
        config=emulator.config | {"egain:operationTimeoutSeconds": "20"}, env=emulator.quick
    )
    said: dict[str, list[str]] = {}
    engine.up([channel()])
    for title, do in TROUBLES.items():
        emulator.fault(path="/channels*", match={"times": None}, **do)
        said[title] = engine.up([channel(display_name="New")], check=False).messages
        said[title] += engine.up([channel(), channel("new", type="new")], check=False).messages
        emulator.heal()
    assert [len(messages) for messages in said.values()] == [2] * len(TROUBLES)
    silent = {
        title: [message for message in messages if not STEP.search(message)]
        for title, messages in said.items()
    }
    assert {title: messages for title, messages in silent.items() if messages} == {}
