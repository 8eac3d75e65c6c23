"""Names and values are anybody's: nothing of them takes effect in Markdown or HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from egain_pulumi import comparison
from egain_pulumi.resources import KINDS
from tests.comparison.builders import NAMES, tenant
from tests.comparison.test_differences import ALLOW, HOSTILE, hostile, icon, password, remove

NAMED = ("dev|`x`", "<script>alert(1)</script>")


def verdict() -> comparison.Verdict:
    def everything(found: dict[str, list[dict[str, object]]]) -> None:
        for edit in (hostile, remove, password, icon):
            edit(found)
        found["channel"][0]["type"] = HOSTILE

    found = comparison.compare(tenant(), tenant(everything))
    return comparison.judge(found, comparison.allowances(ALLOW, NAMES))


def test_markdown_shows_names_as_code_only() -> None:
    text = comparison.markdown(verdict(), NAMED)
    plain = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "<script>" not in plain
    assert "s3cret" not in text
    assert all(c.isprintable() or c in "\n\xa0" for c in text)
    for row in (line for line in text.splitlines() if line.startswith("|")):
        assert len(re.findall(r"(?<!\\)\|", row)) == 4, row


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.ids += [value or "" for name, value in attributes if name == "id"]
        self.loads += [name for name, _ in attributes if name in ("src", "href", "onload")]


def test_the_page_shows_both_hubs_and_runs_nothing() -> None:
    text = comparison.html(verdict(), NAMED, KINDS)
    tags = Tags()
    tags.feed(text)
    assert tags.seen.count("svg") >= 2
    assert "script" not in tags.seen
    assert tags.loads == []
    assert len(tags.ids) == len(set(tags.ids))
    assert "default-src 'none'" in text
    assert "s3cret" not in text
    assert all(c.isprintable() or c in "\n\xa0" for c in text)
