"""The page shows changes: a reset, an edit, an end, agents that become available."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.emulator.handle import Emulator
from tests.emulator.hub import Hub

from .bot import GREETING, Bot
from .browser import Browser

GONE = "This page cannot be updated: conversation x does not exist."
REFUSING = """
// The first so many questions for the conversation are refused, as after a reset in mid-round.
const [real, problem] = [window.fetch, document.getElementById("problem")];
let left = arguments[0];
Object.assign(window, { rounds: 0, alarms: [] });
const heard = () => problem.textContent && window.alarms.push(problem.textContent);
new MutationObserver(heard).observe(problem, { childList: true });
window.fetch = async (path, options) => {
  if (!path.includes("/conversations/")) return real(path, options);
  window.rounds += 1;
  if (left-- <= 0) return real(path, options);
  return new Response('{"error": "conversation x does not exist"}', { status: 404 });
};
"""


def begin(browser: Browser, hub: Hub, words: str = "hello") -> None:
    """Send the first message of a conversation."""
    browser.open(hub.emulator.url)
    browser.until(lambda: "orders" in browser.text("account"), "the account was never offered")
    browser.by_id("text").send_keys(words, Keys.ENTER)
    browser.reads("messages", words)


def test_an_edit_and_a_reset_show_without_a_reload(browser: Browser, hub: Hub, bot: Bot) -> None:
    begin(browser, hub)
    browser.reads("messages", GREETING)
    hub.edit("greeter", {"name": "renamed", "active": False})
    browser.reads("hub", "renamed")
    browser.reads("hub", "not active")
    hub.emulator.reset()
    browser.reads("standing", "The first message starts a conversation.")
    browser.until(lambda: browser.text("messages") == browser.text("hops") == "", "it remembers")
    browser.until(
        lambda: "no accounts yet" in browser.text("account"), "the account is still there"
    )
    # Chromium notes it when the reset came just before a question for the conversation.
    assert [each for each in browser.complaints() if "404" not in each] == []


@pytest.mark.parametrize(("times", "alarm"), [(1, False), (1000, True)])
def test_only_what_is_refused_again_is_an_alarm(
    browser: Browser, hub: Hub, times: int, alarm: bool
) -> None:
    begin(browser, hub)
    browser.run(REFUSING, times)
    browser.until(lambda: browser.run("return window.rounds > 2"), "it asks no more")
    assert browser.run("return window.alarms") == ([GONE] if alarm else [])


def test_a_conversation_that_is_over_takes_nothing_and_another_can_be_read(
    browser: Browser, hub: Hub, bot: Bot
) -> None:
    other = hub.say("from elsewhere")
    begin(browser, hub)
    browser.by_id("end").click()
    browser.reads("standing", "Closed, with the bot.")
    browser.by_id("text").send_keys("more", Keys.ENTER)
    browser.reads("refusal", "The conversation is no longer open.")
    assert browser.by_id("text").get_property("value") == "more", "what was written is not lost"
    assert "400" in browser.complaints()[0]
    choice = browser.by_id("conversation")
    choice.find_element("css selector", f"[value='{other}']").click()
    browser.reads("messages", "from elsewhere")
    assert "hello" not in browser.text("messages")
    before = browser.text("hops")
    browser.by_id("only").click()
    browser.until(lambda: browser.text("hops") != before, "the tick changed nothing")
    first = hub.emulator.control("GET", f"/conversations/{other}")["hops"]
    assert browser.text("hops").count("\n") <= 2 * len(first)


def test_who_waits_for_agents_is_seen_to_wait(browser: Browser, hub: Hub) -> None:
    hub.edit("flow", {"applications": hub.without_bot()})
    hub.edit("orders", {"chatConfigurations": {"onAgentUnavailability": "retain_and_retry"}})
    hub.emulator.control("PATCH", "/settings", {"agents_available": False})
    begin(browser, hub)
    browser.reads("messages", "Please wait.")
    browser.reads("counts", "1 pending, 1 of them waiting for agents")
    browser.reads("hops", "availability client application")
    hub.emulator.control("PATCH", "/settings", {"agents_available": True})
    browser.reads("standing", "Open, with the agents.")


def test_what_cannot_be_sent_says_why(browser: Browser, hub: Hub) -> None:
    hub.edit("orders", {"address": None})
    browser.open(hub.emulator.url)
    browser.until(lambda: "no address" in browser.text("account"), "the account was never offered")
    browser.by_id("text").send_keys(Keys.ENTER)
    browser.reads("refusal", "Write something first.")
    browser.by_id("end").click()
    browser.reads("refusal", "There is no conversation to end yet.")
    browser.by_id("text").send_keys("hello", Keys.ENTER)
    browser.reads("refusal", "messages.message[0].conversation.account.address")
    assert "400" in browser.complaints()[0]


@pytest.fixture
def ending() -> Iterator[Emulator]:
    """An emulator that the test ends."""
    emulator = Emulator("--port", "0", "--db", ":memory:")
    yield emulator
    if emulator.process.poll() is None:
        emulator.end()


def test_an_emulator_that_ended_is_said_to_be_silent(browser: Browser, ending: Emulator) -> None:
    browser.open(ending.url)
    browser.reads("hub", "eGain Agents")
    ending.end()
    browser.reads("problem", "This page cannot be updated: the emulator does not answer.")
    browser.driver.get("about:blank")
    browser.complaints()  # the browser logs every refused connection
