"""Names cannot inject markup or mentions; every report fits into a comment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from egain_pulumi import review
from egain_pulumi.review.markup import code
from tests.hub.builders import digest, parts, resource, same, step
from tests.review.builders import analyze, inputs, preview

COMMENT = 65_536
"""GitHub's limit, in characters."""
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = st.text(
    st.sampled_from("`|<>@#*_[]()!~&;:\\/-+=$\"' \n\r\t\x1b\u202e\ud800ax1"), min_size=1
)
SAMPLES = (
    "@everyone", "#1", "```\n# x", "`` ` ``", "<script>alert(1)</script>", "![x](https://x.y/z)",
    "</details>", "| a | b |", "https://example.com", "www.example.com", "a@b.cd", "$(rm -rf /)",
    ":tada:", "\\`", " ", "`", "---", "- [ ] x", "<!-- x", "&lt;", "a::b", "𝒳" * 80,
)  # fmt: skip


def tokens(text: str) -> Iterator[Token]:
    """Yield every token of a Markdown text, including inline tokens."""
    for token in MARKDOWN.parse(text):
        yield token
        yield from token.children or ()


@given(HOSTILE)
def test_a_code_span_is_one_and_shows_the_text(text: str) -> None:
    (inline,) = (t for t in MARKDOWN.parse(f"x {code(text, None)} y") if t.type == "inline")
    kinds = [child.type for child in inline.children or ()]
    assert kinds == ["text", "code_inline", "text"]
    shown = (inline.children or [])[1].content
    assert shown == "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


def preview_of(name: str) -> str:
    """Return a preview with all kinds of change, in which every name is this one."""
    resources = parts()
    roles = inputs(resources, "bot")["roles"]
    roles["custom_bot"]["headers"] = {name: "[secret]"}
    quoted = name.replace('"', '\\"')
    secret = f'roles.custom_bot.headers["{quoted}"]'
    if re.fullmatch("[A-Za-z0-9_]*", name):
        secret = f"roles.custom_bot.headers.{name}"

    def edit(new: dict[str, Any]) -> None:
        inputs(new, "bot")["name"] = name
        inputs(new, "chat").update(display_name=name, l10n_properties={name: {name: name}})
        inputs(new, "auth").update(active=False, name=name)
        new[name] = resource("Channel", name, {"active": True, "type": name})
        new[f"{name}x"] = resource("Account", f"{name}x", inputs(new, "orders") | {"name": name})
        del new["orders"]
        del new["customers"]

    return preview(
        edit,
        before=lambda old: inputs(old, "bot")["roles"].update(roles),
        replaced=["greeter"],
        diff=[secret],
        diagnostics=[{"severity": "warning", "message": f"{name} [not-checked]: needs scope x"}],
    )


def shape(report: str) -> Counter[str]:
    """Count the tokens; text tokens with their words, because they are all our own."""
    found: Counter[str] = Counter()
    for token in tokens(report):
        mine = token.type in ("text", "html_block")
        found[f"{token.type} {token.content}" if mine else token.type] += 1
    return found


BENIGN = shape(review.markdown(analyze(preview_of("benign"))))


@given(HOSTILE)
@settings(max_examples=60, deadline=None)
def test_no_name_changes_the_form_of_a_report(name: str) -> None:
    check(name)


for sample in SAMPLES:
    test_no_name_changes_the_form_of_a_report = example(name=sample)(
        test_no_name_changes_the_form_of_a_report
    )


def check(name: str) -> None:
    """Check that the report has the same form as with a harmless name."""
    report = review.markdown(analyze(preview_of(name)))
    assert shape(report) == BENIGN
    kinds = {token.type for token in tokens(report)}
    assert not kinds & {"html_inline", "link_open", "image", "table_open", "s_open"}
    for line in report.splitlines():
        assert line.isprintable()


def big(count: int, text: str) -> str:
    """Return a preview with many more objects, all of them changed, added or deleted."""
    resources = parts()
    steps = []
    for n in range(count):
        values = {"active": True, "type": f"x{n}", "display_name": text, "description": text}
        old = resource("Channel", f"{text}{n}", values)
        new = resource("Channel", f"{text}{n}", {**values, "display_name": f"{text}!"})
        kinds = [(None, new), (old, new), (old, None)]
        one, other = kinds[n % 3]
        op = "create" if one is None else "delete" if other is None else "update"
        steps.append(step(op, one, other))
    return digest(*steps, *same(resources))


def test_every_report_fits_into_a_comment() -> None:
    small = review.markdown(analyze(big(9, "x")))
    assert "Left out" not in small
    assert "```mermaid" in small
    for count, text in (
        (150, "x"),
        (150, "`long` text " * 30),
        (600, "`" * 60),
        (1, "y" * 99_999),
    ):
        report = review.markdown(analyze(big(count, text)))
        assert len(report) <= COMMENT, (count, text)
        assert report.startswith("Deletes ") or count == 1
        assert "### Compared with" in report
        assert ("`egain-pulumi report --json` shows everything." in report) == (
            len(text) in (60, 360)
        )


def test_a_report_lists_what_it_leaves_out_and_drops_risks_last() -> None:
    found = analyze(big(300, "x"))
    whole = len(review.markdown(found, 10**9))
    assert "Left out" not in review.markdown(found, whole)
    properties = review.markdown(found, whole - 1)
    assert "the properties of 100 new objects" in properties
    assert "```mermaid" in properties
    without = review.markdown(found, 20_000)
    assert "the properties of all objects" in without
    assert "the picture" in without
    assert without.count("- **deletes**") == 100
    few = review.markdown(found, 9_000)
    assert "300 changed objects" in few
    assert "rows of risk" in few
    assert "**deletes**" in few
