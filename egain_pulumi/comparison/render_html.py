"""A comparison as one HTML page: both hubs side by side, and what differs. Pure.

It runs no script and loads nothing. Names and values are escaped text.
"""

from __future__ import annotations

import html as markup
from collections.abc import Iterator, Sequence

from .. import hub
from ..errors import EgainError
from ..schema.kinds import Kind
from ..schema.tree import show
from ..text import visible
from .allow import COMPARE_TOML, Verdict
from .difference import Difference
from .picture import hub_of, marks
from .render import Names, label, not_compared, pair, summary

_STYLE = """
:root{color-scheme:light dark}
body{margin:2rem;font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;
background:#fff;color:#1f2328}
table{border-collapse:collapse;width:100%;table-layout:fixed;margin:.5rem 0 1.5rem}
th,td{border:1px solid #7d8590;padding:.35rem .6rem;text-align:left;vertical-align:top;
overflow-wrap:anywhere}
th{background:#f6f8fa}
h3{margin:1rem 0 0;font-size:1rem;overflow-wrap:anywhere}
.sides{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
.sides div{overflow:auto;border:1px solid #7d8590}
.sides svg{width:100%;min-width:60rem;height:auto}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.9em;white-space:pre-wrap}
@media (max-width:60rem){.sides{grid-template-columns:1fr}}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th{background:#161b22}}
"""
_TIP = 'marker-end="url(#tip)"'


def html(verdict: Verdict, names: Names, kinds: Sequence[Kind]) -> str:
    """Return the page."""
    title = _text(f"{names[0]} and {names[1]}")
    body = "\n".join(_body(verdict, names, kinds))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def _body(verdict: Verdict, names: Names, kinds: Sequence[Kind]) -> Iterator[str]:
    yield f"<p>{_text(summary(verdict, names))}.</p>"
    yield from _pictures(verdict, names, kinds)
    yield f"<h2>{'Differences' if verdict.differences else 'No differences'}</h2>"
    for each in verdict.differences:
        yield f"<h3>{_text(label(each.entry))}</h3>"
        yield from _table(each, names)
    if verdict.allowed:
        yield "<h2>Allowed to differ</h2>"
    for each, by in verdict.allowed:
        yield f"<h3>{_text(label(each.entry))}</h3><p>{_text(by.because)}</p>"
        yield from _table(each, names)
    notes = [f"{COMPARE_TOML} allows nothing with: {each}" for each in verdict.idle]
    notes += [f"Not compared: {line}" for line in not_compared(verdict, names)]
    if notes:
        items = "".join(f"<li>{_text(each)}</li>" for each in notes)
        yield f"<h2>Notes</h2><ul>{items}</ul>"


def _pictures(verdict: Verdict, names: Names, kinds: Sequence[Kind]) -> Iterator[str]:
    by_name = {kind.name: kind for kind in kinds}
    sides = (verdict.comparison.one, verdict.comparison.other)
    try:
        drawn = [
            hub.svg(
                hub_of(document, by_name),
                marks(verdict.differences, side),
                hub.MOST_BOXES,
                visible(names[side]),
            )
            for side, document in enumerate(sides)
        ]
    except EgainError as missing:  # the extra is not installed
        yield f"<p>No pictures: {_text(str(missing))}</p>"
        return
    # Both pictures have a marker of this name, which a page may have once.
    drawn[1] = drawn[1].replace('id="tip"', 'id="tip2"').replace(_TIP, _TIP.replace("tip", "tip2"))
    yield "<p>Marked: <b>+</b> only here, <b>~</b> different on the other side.</p>"
    yield f'<div class="sides">{"".join(f"<div>{each}</div>" for each in drawn)}</div>'


def _table(each: Difference, names: Names) -> Iterator[str]:
    if not each.properties:
        yield f"<p>Only in {_text(names[0] if each.other is None else names[1])}.</p>"
        return
    heads = "".join(f"<th>{_text(name)}</th>" for name in ("property", *names))
    yield f"<table><tr>{heads}</tr>"
    for one in each.properties:
        cells = (show(one.path), *pair(one))
        yield f"<tr>{''.join(f'<td><code>{_text(cell)}</code></td>' for cell in cells)}</tr>"
    yield "</table>"


def _text(text: str) -> str:
    return markup.escape(visible(text))
