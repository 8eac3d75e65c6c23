"""Every colour of a drawing against the ground it stands on, light and dark."""

from __future__ import annotations

import re

import pytest

from egain_pulumi import hub
from egain_pulumi.hub.picture.boxes import Mark
from egain_pulumi.hub.picture.svg import STYLE
from tests.hub.builders import of, parts, resource

LIGHT, DARK = (
    dict(re.findall(r"--(\w+):(#\w{6})", part)) for part in STYLE.split("prefers-color-scheme:dark")
)
WORDS = ["ink", "soft", *(mark.style for mark in Mark)]
TEXT, SHAPE = 4.5, 3.0
"""What WCAG 2.2 asks for at least: of text (1.4.3), and of lines that say something (1.4.11)."""


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, as WCAG defines it."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """How light a colour is, from 0 to 1."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_drawn_can_be_told_from_its_ground(colours: dict[str, str]) -> None:
    for ground in ("page", "box"):
        for word in WORDS:
            assert contrast(colours[word], colours[ground]) >= TEXT, (word, ground)
        for line in ("line", "edge"):
            assert contrast(colours[line], colours[ground]) >= SHAPE, (line, ground)


def test_what_happens_to_something_that_is_off_is_as_plain_as_elsewhere() -> None:
    resources = parts()
    resources["x"] = resource("Channel", "x", {"active": False, "type": "x"})
    assert ", off" in hub.svg(of(resources))
    assert re.search(r"\.off \.about\{opacity:1;", STYLE), "thinned colours are hard to read"
