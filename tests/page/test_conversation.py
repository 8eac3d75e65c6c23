"""A conversation from hello to its end, by keyboard only."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from tests.emulator.hub import Hub

from .bot import GREETING, HANDING_OVER, Bot
from .browser import Browser


def test_a_conversation_from_hello_over_the_agent_to_its_end_by_keyboard_alone(
    browser: Browser, hub: Hub, bot: Bot
) -> None:
    browser.open(hub.emulator.url)
    browser.reads("standing", "The first message starts a conversation.")
    browser.until(lambda: "orders" in browser.text("account"), "the account was never offered")
    browser.tab_to("Message")
    browser.press("hello", Keys.ENTER)
    browser.reads("messages", GREETING)
    browser.reads("standing", "Open, with the bot.")
    assert browser.focused() == "Message", "the next line can be written at once"
    browser.press("agent, please", Keys.ENTER)
    browser.reads("messages", HANDING_OVER)
    browser.reads("standing", "Open, with the agents, escalated.")
    # Backwards to the choice of who writes, which the arrow keys make.
    browser.back()
    assert browser.focused() == "Customer"
    browser.press(Keys.ARROW_DOWN)
    assert browser.focused() == "Agent"
    browser.tab_to("Message")
    browser.press("Good morning, what is it?", Keys.ENTER)
    browser.until(lambda: "Good morning, what is it?" in hub.texts(), "the customer read nothing")
    browser.tab_to("End conversation")
    browser.press(Keys.ENTER)
    browser.reads("standing", "Closed, with the agents, escalated.")
    said = [(m["sender"]["type"], m["type"]["value"]) for m in hub.at_customer()]
    assert said == [
        ("custom_bot", "text"),
        ("custom_bot", "text"),
        ("egain_agent", "text"),
        ("egain_agent", "conversation.end"),
    ]
    browser.reads("hops", "delivered")
