"""A hub as Mermaid text, which GitHub and GitLab render. Pure.

Names are never used as ids. In labels, every character except letters, digits and spaces is an
entity code: no name can end a label, begin a line, or act as Markdown or HTML. Colors are strokes
of medium brightness, which are legible on light and dark pages.
"""

from __future__ import annotations

import re
from typing import Final

from ...text import cut, plural, visible
from ..model import ACCOUNT, AUTHENTICATION, CHANNEL, ORCHESTRATION, PARTICIPANT, Hub
from .boxes import MOST_BOXES, Box, Mark, Marks, Picture, reduce

LONGEST: Final = 40
"""Characters of a name."""
_SHAPES: Final = {
    ACCOUNT: ("([", "])"),
    CHANNEL: ("[/", "/]"),
    ORCHESTRATION: ("{{", "}}"),
    PARTICIPANT: ("(", ")"),
    AUTHENTICATION: ("[(", ")]"),
}
_CLASSES: Final = {
    Mark.DELETED: "stroke:#d1373e,stroke-width:3px,stroke-dasharray:6 3",
    Mark.REPLACED: "stroke:#a26be0,stroke-width:3px",
    Mark.CHANGED: "stroke:#c08000,stroke-width:3px",
    Mark.TAKEN_OVER: "stroke:#2f81f7,stroke-width:3px",
    Mark.ADDED: "stroke:#2f9e4f,stroke-width:3px",
    Mark.AFFECTED: "stroke:#e0701a,stroke-width:2px,stroke-dasharray:2 3",
}
_PLAIN: Final = "stroke:#8b949e,stroke-width:1px"


def mermaid(hub: Hub, changes: Marks | None = None, most: int | None = MOST_BOXES) -> str:
    """Return a flowchart of a hub, without a Markdown fence.

    `changes` are marks by key (`marks(preview)`); `most` limits the boxes, None: no limit. GitHub
    renders at most 500 arrows and 50,000 characters.
    """
    picture = reduce(hub, changes, most)
    # A title, because lines would cross a note among the boxes.
    lines = ["---", f'title: "{note(picture)}"', "---"] if picture.left_out else []
    lines += ["flowchart LR"]
    lines += [f"  n{number}{_box(box)}" for number, box in enumerate(picture.boxes)]
    for arrow in picture.arrows:
        line = "-.->" if arrow.escalation else "-->"
        # Messages come in through the channel: it is to the left of its accounts.
        source, target = arrow.source, arrow.target
        if picture.boxes[target].kind.resource == CHANNEL:
            source, target, line = target, source, "---"
        lines.append(f"  n{source} {line} n{target}")
    for mark in (None, *Mark):
        names = [f"n{number}" for number, box in enumerate(picture.boxes) if box.mark is mark]
        if names:
            name, style = (mark.style, _CLASSES[mark]) if mark else ("same", _PLAIN)
            lines.append(f"  classDef {name} fill:none,{style}")
            lines.append(f"  class {','.join(names)} {name}")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Escape a text for a quoted Mermaid label."""
    # Mermaid finds icons (`fa:fa-bomb`) and formulas (`$$x$$`) in the decoded text.
    text = re.sub(r":(?=fa-)|\$(?=\$)", "\\g<0>\N{WORD JOINER}", one_label(text))
    return "".join(c if (c.isalnum() and c.isascii()) or c == " " else f"#{ord(c)};" for c in text)


def one_label(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, without unprintable characters, cut at `longest` characters."""
    return cut(visible(text, instead="\N{REPLACEMENT CHARACTER}"), longest)


def caption(box: Box) -> tuple[str, str]:
    """Return the two lines of a box: the name with its sign, and a description."""
    name = one_label(box.name)
    sign = f"{box.mark.sign} " if box.mark else ""
    words = [] if box.count > 1 else [box.kind.model.label]
    words += [str(box.mark)] if box.mark else []
    words += ["off"] if box.off else []
    words += ["not ours"] if box.foreign else []
    return f"{sign}{name}", ", ".join(words)


def note(picture: Picture) -> str:
    """Return the note about the objects that are left out."""
    return f"not shown: {plural(picture.left_out, 'unchanged object')}"


def _box(box: Box) -> str:
    opening, closing = _SHAPES.get(box.kind.resource, ("[", "]"))
    name, about = caption(box)
    below = f"<br/>{escape(about)}" if about else ""
    return f'{opening}"{escape(name)}{below}"{closing}'
