"""The page on a desktop and a phone, light and dark: text is complete and readable.

Pictures of each are written to the test's folder, for people to look at.
"""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.emulator.hub import Hub

from .bot import GREETING, Bot
from .browser import Browser

AXE = importlib.resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
LONG = "Donaudampfschifffahrtsgesellschaft" * 4


@pytest.fixture
def talked(browser: Browser, hub: Hub, bot: Bot) -> Browser:
    """The page with several objects, a conversation and a failure."""
    hub.add("off", "participants", {"type": "custom_bot", "active": False, "name": "old greeter"})
    hub.add("long", "clientapplications", {"name": LONG, **hub.application("customer", "/app")})
    browser.open(hub.emulator.url)
    browser.until(lambda: "orders" in browser.text("account"), "the account was never offered")
    browser.by_id("text").send_keys("hello", Keys.ENTER)
    browser.reads("messages", GREETING)
    hub.role("customers", callback="http://127.0.0.1:1/customer")
    browser.by_id("text").send_keys(f"agent for {LONG}", Keys.ENTER)
    browser.reads("messages", "refused the connection")
    browser.reads("standing", "Open, with the agents, escalated.")
    for summary in browser.driver.find_elements("css selector", "#objects summary"):
        summary.click()
    return browser


def test_it_fits_and_can_be_read_on_a_desk_and_on_a_phone_light_and_dark(
    talked: Browser, tmp_path: Path
) -> None:
    for wide in (True, False):
        for dark in (False, True):
            talked.appear(wide=wide, dark=dark)
            name = f"{'desk' if wide else 'phone'}-{'dark' if dark else 'light'}"
            talked.until(lambda: talked.run(FOLLOWS), "the latest message is out of sight")
            talked.picture(tmp_path / f"{name}.png")
            assert talked.run(SIDEWAYS) == [], f"{name}: something has to be scrolled sideways"
            assert faults(talked) == [], name


def test_lines_lead_from_card_to_card_and_pass_between_the_others(
    browser: Browser, hub: Hub
) -> None:
    browser.open(hub.emulator.url)
    ways = browser.until(lambda: browser.run(LINES), "there are no lines")
    assert len(ways) == 8
    assert [way for way in ways if way["met"] != 2] == []
    browser.appear(wide=False)
    browser.until(lambda: browser.run(LINES) == [], "there are lines where columns are not beside")


def test_nothing_moves_for_who_wants_it_still(browser: Browser, hub: Hub) -> None:
    browser.open(hub.emulator.url)
    browser.until(lambda: browser.run(MOVES) is not None, "no object was shown")
    assert browser.run(MOVES) == ["auto", "0s"]
    browser.appear(still=False)
    assert browser.run(MOVES)[0] == "smooth"


SIDEWAYS = """
const parts = [document.documentElement, ...document.querySelectorAll("#messages, #hops, .card")];
return parts.filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.outerHTML);
"""
FOLLOWS = """
const list = document.getElementById("messages");
return list.scrollHeight - list.scrollTop - list.clientHeight < 8;
"""
MOVES = """
const card = document.querySelector(".card");
const of = (element) => getComputedStyle(element);
return card && [of(document.documentElement).scrollBehavior, of(card).transitionDuration];
"""
LINES = """
// Of each line that is drawn, how many cards it meets: at a point inside, or at its ends.
const hub = document.getElementById("hub").getBoundingClientRect();
const cards = [...document.querySelectorAll(".card")].map((card) => card.getBoundingClientRect());
const drawn = (path) => path.getAttribute("d") && path.checkVisibility();
return [...document.querySelectorAll("#hub path")].filter(drawn).map((path) => {
  const met = new Set();
  for (let at = 0; at <= path.getTotalLength(); at += 1) {
    const { x, y } = path.getPointAtLength(at);
    cards.forEach((card, n) => {
      const [u, v] = [x + hub.left, y + hub.top];
      if (u > card.left - 2 && u < card.right + 2 && v > card.top && v < card.bottom) met.add(n);
    });
  }
  return { d: path.getAttribute("d"), met: met.size };
});
"""


def faults(browser: Browser) -> list[Any]:
    """Return the findings of axe, the accessibility checker: rule and elements."""
    browser.run(AXE + "; window.axe = axe;")
    found = browser.driver.execute_async_script(
        "const done = arguments[0]; window.axe.run().then((r) => done(r.violations))"
    )
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
