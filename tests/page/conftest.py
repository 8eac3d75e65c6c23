"""The hub of the emulator's own tests with a bot behind it, and a browser for the folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.conftest import _callbacks, callbacks, emulator, hub, running
from tests.emulator.hub import Hub

from .bot import Bot
from .browser import Browser

HERE = Path(__file__).parent
__all__ = ["_callbacks", "callbacks", "emulator", "hub", "running"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder that need a browser."""
    for item in items:
        if item.path.is_relative_to(HERE) and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def _browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.stop()


@pytest.fixture
def browser(_browser: Browser) -> Iterator[Browser]:
    """The browser. After the test its log must be empty."""
    yield _browser
    assert _browser.complaints() == []
    _browser.driver.get("about:blank")


@pytest.fixture
def bot(hub: Hub) -> Iterator[Bot]:
    """A bot that answers at the hub's callback."""
    bot = Bot(hub)
    yield bot
    bot.stop()
