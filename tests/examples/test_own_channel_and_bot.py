"""The pages on one's own channel and bot, followed word for word in a copy of the repository.

The second goes on where the first ends, so they are one story, and one emulator.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples.pages import READY, Clone, Page, listening
from tests.support.process import free_port

pytestmark = pytest.mark.cli

PASSWORD, SECRET = "canary-of-the-kiosk", "canary-of-the-bot"


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    """A copy of the repository in a folder whose name has a space."""
    made = Clone(tmp_path / "a clone")
    yield made
    made.reset()


def test_the_pages_lead_from_nothing_to_conversations(clone: Clone) -> None:
    kiosk_port, bot_port = free_port(), free_port()
    page = Page("bring-your-own-channel.md", {"8790": str(kiosk_port)})
    begin, deploy, serve, talk, look = page.blocks
    assert READY in begin
    clone.run(begin, ready=False)
    clone.write(page.files())
    said = clone.run(deploy, typed=PASSWORD)
    assert "Account kiosk-7 created" in said
    with clone.terminal(serve.replace("…", PASSWORD)) as kiosk:
        listening(kiosk_port)
        conversation = clone.run(talk).strip()
        assert kiosk.next_line(10) == page.shown[0].strip()
        found = clone.run(look)
        assert {hop["conversation"] for hop in json.loads(found)["hops"]} == {conversation}
        said += found

        program = page.files()["__main__.py"]
        page = Page("bring-your-own-bot.md", {"8791": str(bot_port)})
        deploy, serve, ask, reply, smoke = page.blocks
        files = page.files()
        clone.write({**files, "__main__.py": f"{program}\n{files['__main__.py']}"})
        said += clone.run(deploy, typed=SECRET)
        assert "Account kiosk-8 created" in said
        with clone.terminal(serve.replace("…", SECRET)) as bot:
            listening(bot_port)
            assert clone.run(ask) == ""
            assert [kiosk.next_line(10), kiosk.next_line(10)] == page.shown[0].splitlines()
            clone.run(reply)
            assert kiosk.next_line(10) == page.shown[1].strip()
            kiosk.end()
            hops = clone.run(smoke)
    assert "accepted by eGain's own agent desktop" in hops
    assert hops.endswith(page.shown[2])
    said += hops + kiosk.output + bot.output
    assert PASSWORD not in said
    assert SECRET not in said
