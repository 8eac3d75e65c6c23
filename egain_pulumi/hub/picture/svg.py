"""A hub as a single SVG or HTML file: no script, no network, light and dark.

Names are escaped text, cut to their box and complete in the tooltip.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from ..model import CHANNEL, Hub
from .boxes import Box, Mark, Marks, Picture, reduce
from .layout import Layout, Line, fit, lay_out
from .mermaid import caption, note, one_label

_WIDTH, _HEIGHT, _GAP, _PITCH = 236, 40, 60, 54
_MARGIN, _HEAD = 24, 96
_FIT: Final = 26
"""Letters of a name that fit into a box, in the widest font of the style."""

STYLE: Final = """
svg{color-scheme:light dark;
--page:#ffffff;--ink:#1f2328;--soft:#59636e;--box:#f6f8fa;--edge:#7d8590;--line:#7d8590;
--deleted:#cf222e;--replaced:#8250df;--changed:#9a6700;--takenover:#0969da;--added:#1a7f37;
--affected:#bc4c00;font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
@media (prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--soft:#9198a1;--box:#161b22;
--edge:#6e7681;--line:#6e7681;--deleted:#f85149;--replaced:#a371f7;--changed:#d29922;
--takenover:#58a6ff;--added:#3fb950;--affected:#f0883e}}
.page{fill:var(--page)}
text{fill:var(--ink);font-size:13px}
.about,.note{fill:var(--soft);font-size:11px}
.title{font-size:16px;font-weight:600}
.column{fill:var(--soft);font-size:12px;font-weight:600}
.box{fill:var(--box);stroke:var(--edge);stroke-width:1}
.foreign .box{stroke-dasharray:1 3;stroke-width:2}
.off text{opacity:.75;text-decoration:line-through}
.off .about{opacity:1;text-decoration:none}
.line{fill:none;stroke:var(--line);stroke-width:1.3}
.escalation{stroke-dasharray:5 4}
.tip{fill:var(--line)}
"""

_TIP: Final = """<defs>
<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path class="tip" d="M0,0 L8,4 L0,8 z"/></marker>
</defs>"""


def svg(hub: Hub, changes: Marks | None = None, most: int | None = None, title: str = "Hub") -> str:
    """Return an SVG picture of a hub, with all objects unless `most` is given."""
    picture = reduce(hub, changes, most)
    layout = lay_out(picture)
    columns = max(len(layout.columns), 3)  # as wide as the legend
    width = int(2 * _MARGIN + columns * (_WIDTH + _GAP) - _GAP)
    height = int(_HEAD + layout.rows * _PITCH + _MARGIN)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-label="{_text(title)}">',
            f"<style>{STYLE}{_mark_styles()}</style>",
            _TIP,
            f'<rect class="page" width="{width}" height="{height}"/>',
            f'<text class="title" x="{_MARGIN}" y="{_MARGIN + 8}">{_text(title, 90)}</text>',
            *_legend(picture),
            *_heads(picture, layout),
            *(_line(each) for each in layout.lines),
            *(
                _box(box, *_corner(column, row))
                for box, (column, row) in zip(picture.boxes, layout.places, strict=True)
            ),
            "</svg>\n",
        ]
    )


def html(
    hub: Hub, changes: Marks | None = None, most: int | None = None, title: str = "Hub"
) -> str:
    """Return the same as an HTML page that loads and runs nothing."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{_text(title)}</title>
<style>body{{margin:0}}@media (prefers-color-scheme:dark){{body{{background:#0d1117}}}}</style>
</head>
<body>
{svg(hub, changes, most, title)}</body>
</html>
"""


def _mark_styles() -> str:
    return "".join(
        f".{mark.style} .box{{stroke:var(--{mark.style});stroke-width:2.5}}"
        f".{mark.style} .about,.{mark.style}.key{{fill:var(--{mark.style})}}\n"
        for mark in Mark
    )


def _legend(picture: Picture) -> Iterator[str]:
    used = {box.mark for box in picture.boxes}
    parts = [
        f'<tspan class="{mark.style} key">{mark.sign} {mark}</tspan>'
        for mark in Mark
        if mark in used
    ]
    if any(arrow.escalation for arrow in picture.arrows):
        parts.append("- - escalation")
    if any(box.foreign for box in picture.boxes):
        parts.append("dotted: not ours")
    if picture.left_out:
        parts.append(note(picture))
    if parts:
        # XML renderers collapse ordinary spaces.
        words = " \N{NO-BREAK SPACE}\N{NO-BREAK SPACE} ".join(parts)
        yield f'<text class="note" x="{_MARGIN}" y="{_MARGIN + 28}">{words}</text>'


def _heads(picture: Picture, layout: Layout) -> Iterator[str]:
    for number, resource in enumerate(layout.columns):
        here = [box for box in picture.boxes if box.kind.resource == resource]
        x, _ = _corner(number, 0)
        count = sum(box.count for box in here)
        name = here[0].kind.plural if count > 1 else here[0].kind.model.label
        yield f'<text class="column" x="{x}" y="{_HEAD - 12}">{_text(f"{count} {name}")}</text>'


def _corner(column: int, row: float) -> tuple[int, int]:
    return _MARGIN + column * (_WIDTH + _GAP), round(_HEAD + row * _PITCH)


def _line(line: Line) -> str:
    path = ""
    x = y = 0
    for number, (column, row) in enumerate(line.points):
        left, top = _corner(column, row)
        middle = top + _HEIGHT // 2
        if number:
            bend = (x + left) // 2
            path += f" C{bend},{y} {bend},{middle} {left},{middle}"
        x, y = left + _WIDTH, middle
        if not number:
            path = f"M{x},{y}"
        elif number < len(line.points) - 1:
            path += f" L{x},{y}"
    # A channel is to the left of its accounts: the line leads back and needs no tip.
    tip = "" if line.arrow.path == "channel" else ' marker-end="url(#tip)"'
    extra = " escalation" if line.arrow.escalation else ""
    return (
        f'<path class="line{extra}" d="{path}"{tip}><title>{_text(line.arrow.path)}</title></path>'
    )


def _box(box: Box, x: int, y: int) -> str:
    name, about = caption(box)
    classes = [box.mark.style] if box.mark else []
    classes += ["off"] if box.off else []
    classes += ["foreign"] if box.foreign else []
    round_ = 4 if box.kind.resource == CHANNEL else 8
    return (
        f'<g class="{" ".join(classes)}"><title>{_text(f"{box.name} ({about})")}</title>'
        f'<rect class="box" x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="{round_}"/>'
        # The inner svg clips text that is too wide in some font.
        f'<svg x="{x}" y="{y}" width="{_WIDTH - 6}" height="{_HEIGHT}">'
        f'<text x="10" y="17">{escape(fit(name, _FIT))}</text>'
        f'<text class="about" x="10" y="32">{_text(about)}</text></svg></g>'
    )


def _text(text: str, longest: int = 300) -> str:
    return escape(one_label(text, longest), {'"': "&quot;"})
