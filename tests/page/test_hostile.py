"""User text stays text, secrets stay in the emulator, and the page calls no other server."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from selenium.webdriver.common.keys import Keys

from tests.emulator.hub import ADDRESS, Hub

from .bot import GREETING, Bot
from .browser import Browser

OUTSIDE = "https://evil.example"
NAMES = [
    "<img src=x onerror='window.broken = 1'>",
    f"</script><script src={OUTSIDE}/x.js></script>",
    f'" onmouseover="window.broken = 1" style="background:url({OUTSIDE}/b)',
    "javascript:window.broken = 1",
    "__proto__",
    "${window.broken = 1} {{constructor}}",
]
TURNED = "abc\u202egpj.exe\u2066"


def open_all(browser: Browser) -> None:
    """Open all details."""
    browser.run("for (const each of document.querySelectorAll('details')) each.open = true")


def test_names_and_messages_do_nothing_but_be_read(browser: Browser, hub: Hub) -> None:
    for n, name in enumerate(NAMES):
        hub.add(f"p{n}", "participants", {"name": name, "type": name, "id": f"{name} {n}"})
    hub.add("turned", "participants", {"name": TURNED, "type": "custom_bot"})
    hub.edit("orders", {"name": NAMES[0]})
    hub.emulator.control("PATCH", "/settings", {"validation": "off"})
    conversation = hub.say(NAMES[1])
    hub.do(NAMES[0], "custom_bot", conversation, content={"html": NAMES[0]})
    for name in NAMES:
        files = {"attachment": [{"name": name, "url": f"javascript:{name}", "size": 1}]}
        hub.say(name, conversation, attachments=files)
    browser.open(hub.emulator.url)
    browser.until(lambda: NAMES[0] in browser.text("account"), "the account was never offered")
    browser.run("document.getElementById('conversation').selectedIndex = 1")
    browser.run("document.getElementById('conversation').dispatchEvent(new Event('change'))")
    browser.reads("messages", NAMES[-1])
    browser.until(lambda: NAMES[-1] in browser.text("hub"), "the objects were never shown")
    open_all(browser)
    hub.do(NAMES[0], "customer", conversation)
    browser.until(lambda: browser.text("messages").count(NAMES[0]) >= 4, "no news came")
    browser.run(
        "for (const each of document.querySelectorAll('*'))"
        " each.dispatchEvent(new MouseEvent('mouseover', { bubbles: false }))"
    )
    for name in NAMES:
        assert name in browser.text("hub")
        assert name in browser.text("messages")
    assert browser.text("hub").count("abc\ufffdgpj.exe\ufffd") == 1, "no name turns its neighbours"
    assert browser.run("return window.broken") is None
    odd = "return document.querySelectorAll('img, script:not([src^=\"/_emulator/\"]), [onerror]')"
    assert browser.run(f"{odd}.length") == 0
    links = browser.run("return [...document.querySelectorAll('a')].map((a) => a.href)")
    assert [link for link in links if not link.startswith(f"{hub.emulator.url}/#")] == []


def test_no_request_leaves_the_emulator(browser: Browser, hub: Hub, bot: Bot) -> None:
    browser.open(hub.emulator.url)
    browser.until(lambda: "orders" in browser.text("account"), "the account was never offered")
    browser.by_id("text").send_keys("hello", Keys.ENTER)
    browser.reads("messages", GREETING)
    asked = {urlsplit(url)[:2] for url in browser.requested()}
    assert asked == {("http", hub.emulator.host)}
    log = hub.emulator.control("GET", "/log")
    paths = {entry["path"] for entry in log["requests"]}
    assert paths <= {"/conversation/conversationmgr/v3/conversations/messages"}, "the bot's alone"


def test_no_secret_is_in_the_page_or_in_what_it_asks_for(
    browser: Browser, hub: Hub, bot: Bot
) -> None:
    basic = {"type": "basic", "basicAuth": {"username": "bot", "password": "canary-password"}}
    hub.add("basic", "authentications", {**basic, "attributes": {"x": "canary-unknown"}})
    hub.role("customers", callback="http://user:canary-user@127.0.0.1:1/a?key=canary-query#canary")
    browser.open(hub.emulator.url)
    browser.until(lambda: "orders" in browser.text("account"), "the account was never offered")
    browser.by_id("text").send_keys("hello", Keys.ENTER)
    browser.reads("messages", "Failed")
    open_all(browser)
    page = str(browser.run("return document.documentElement.outerHTML"))
    assert "http://127.0.0.1:1/a" in page, "addresses are shown, as far as they are no secrets"
    read = [page]
    for url in set(browser.requested()):
        if not url.endswith("/messages"):
            read.append(requests.get(url, timeout=10).text)
    assert len(read) > 9
    for text in read:
        for secret in ("canary", "local-secret", hub.emulator.bearer()):
            assert secret not in text


def refused(browser: Browser, script: str) -> Any:
    """Run a script in the page; return the name of its error, None without one."""
    return browser.driver.execute_async_script(
        "const done = arguments[0];"
        f"(async () => {{ {script} }})().then(() => done(null), (e) => done(e.name))"
    )


@pytest.mark.parametrize(
    "script",
    [
        "document.body.innerHTML = '<p>'",
        "const s = document.createElement('script'); s.text = 'window.broken = 1'",
        f"await fetch('{OUTSIDE}')",
        "await fetch('http://127.0.0.1:1')",
    ],
    ids=["markup", "script", "outside", "another port"],
)
def test_the_browser_itself_would_refuse(browser: Browser, hub: Hub, script: str) -> None:
    browser.open(hub.emulator.url)
    assert refused(browser, script) == "TypeError"
    assert any(
        "Content Security Policy" in text or "TrustedHTML" in text or "Trusted" in text
        for text in browser.complaints()
    )


def test_it_stands_in_nobodys_frame_and_no_other_page_can_write(browser: Browser, hub: Hub) -> None:
    emulator = hub.emulator
    for headers in ({"Host": "evil.example"}, {"Origin": OUTSIDE}):
        for method, path in (("GET", "/"), ("GET", "/_emulator/page/main.js")):
            answer = emulator.session.request(method, emulator.url + path, headers=headers)
            assert answer.status_code == 403, (headers, path)
        answer = emulator.session.post(f"{emulator.url}/_emulator/messages", "{}", headers=headers)
        assert answer.status_code == 403
    policy = emulator.session.get(emulator.url, timeout=10).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert ADDRESS not in emulator.session.get(emulator.url, timeout=10).text
