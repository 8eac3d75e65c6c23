"""`egain-pulumi graph` in a browser: text stays in its box, however wide its characters are."""

from __future__ import annotations

from pathlib import Path

import pytest

from egain_pulumi import hub
from tests.hub.builders import of, parts, resource
from tests.hub.test_pictures import large

from .browser import Browser

NAMES = [
    "W" * 40,
    "m" * 40,
    "n" * 40,
    "i" * 80,
    "漢" * 40,
    "customer-complaints-germany",
    "\ufdfd" * 9,
]
BEYOND = """
// Boxes that leave their words more room than they have themselves.
const edge = ({ x, width }) => x.baseVal.value + width.baseVal.value;
return [...document.querySelectorAll("g")].filter((box) => {
  const [frame, room] = [box.querySelector("rect"), box.querySelector("svg")];
  const hidden = getComputedStyle(room).overflow === "hidden";
  return !hidden || edge(room) > edge(frame) || room.x.baseVal.value < frame.x.baseVal.value;
}).map((box) => box.textContent);
"""
CUT = """
// Boxes whose words do not fit, so that the browser cuts them off without an ellipsis.
return [...document.querySelectorAll("g")].filter((box) => {
  const room = box.querySelector("rect").getBoundingClientRect();
  const words = [...box.querySelectorAll("text")].map((text) => text.getBoundingClientRect());
  return words.some((word) => word.right > room.right - 6);
}).map((box) => box.querySelector("text").textContent);
"""
PAGE = "const e = document.documentElement; return [e.scrollWidth, e.scrollHeight]"


def names() -> hub.Hub:
    """Return a hub whose channels have extreme names."""
    resources = parts()
    for n, name in enumerate(NAMES):
        resources[f"c{n}"] = resource("Channel", name, {"active": n % 2 == 0, "type": name})
    return of(resources)


def shown(browser: Browser, found: hub.Hub, folder: Path) -> None:
    """Open the picture of a hub."""
    file = folder / "hub.html"
    file.write_text(hub.html(found, title="stack prod of conversation-hub"), "utf-8")
    browser.open(file.as_uri())
    browser.picture(folder / "hub.png")


@pytest.mark.parametrize("accounts", [0, 12, 80])
def test_words_stay_in_their_boxes(browser: Browser, tmp_path: Path, accounts: int) -> None:
    found = large(accounts)
    shown(browser, found, tmp_path)
    assert browser.run("return document.querySelectorAll('g').length") == len(found.objects)
    assert browser.run(BEYOND) == browser.run(CUT) == []


def test_names_of_wide_letters_are_cut_and_end_at_the_edge(
    browser: Browser, tmp_path: Path
) -> None:
    shown(browser, names(), tmp_path)
    assert browser.run(BEYOND) == []
    # One letter as wide as a sentence is beyond any estimate: its box hides what is too much.
    assert [name for name in browser.run(CUT) if "\ufdfd" not in name] == []
    whole = [text.text for text in browser.driver.find_elements("css selector", "g svg text")]
    assert "customer-complaints-germany" in whole, "what names differ in is often their end"
