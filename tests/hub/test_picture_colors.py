"""The contrast of every color with its background, light and dark."""

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
"""The minimum of WCAG 2.2 for text (1.4.3) and for graphics (1.4.11)."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, as WCAG defines it."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Return the luminance of a color, from 0 to 1."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_every_color_has_enough_contrast(colors: dict[str, str]) -> None:
    for ground in ("page", "box"):
        for word in WORDS:
            assert contrast(colors[word], colors[ground]) >= TEXT, (word, ground)
        for line in ("line", "edge"):
            assert contrast(colors[line], colors[ground]) >= SHAPE, (line, ground)


def test_the_description_of_an_inactive_object_keeps_its_contrast() -> None:
    resources = parts()
    resources["x"] = resource("Channel", "x", {"active": False, "type": "x"})
    assert ", off" in hub.svg(of(resources))
    assert re.search(r"\.off \.about\{opacity:1;", STYLE), "faded text is hard to read"
