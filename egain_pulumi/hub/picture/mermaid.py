"""A hub as Mermaid text, which GitHub and GitLab draw. Pure.

Names never are ids, and in labels everything but letters, digits and blanks is an entity code: no
name can end a label, begin a line, or mean something to Markdown or HTML. Colours are strokes of
middle brightness on the page's own ground, so that they can be read on light and dark pages.
"""

from __future__ import annotations

import re
from typing import Final

from ...text import cut, visible
from ..model import ACCOUNT, AUTHENTICATION, CHANNEL, ORCHESTRATION, PARTICIPANT, Hub
from .boxes import MOST, SIGNS, Box, Mark, Marks, Picture, drawn

LONGEST: Final = 40
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


def mermaid(hub: Hub, changes: Marks | None = None, most: int | None = MOST) -> str:
    """A flowchart of a hub, without the fence around it.

    `changes`: what happens to which object, by key (`picture.marks` of a preview); `most`: how
    many boxes, None for all. GitHub draws no more than 500 arrows and 50,000 characters.
    """
    return written(drawn(hub, changes, most))


def written(picture: Picture) -> str:
    """A picture as Mermaid text."""
    # Among the boxes, lines would cross these words.
    lines = ["---", f'title: "{rest(picture)}"', "---"] if picture.left_out else []
    lines += ["flowchart LR"]
    lines += [f"  n{number}{_box(box)}" for number, box in enumerate(picture.boxes)]
    for arrow in picture.arrows:
        line = "-.->" if arrow.escalation else "-->"
        # Customers come in at the channel: it stands on the left of its accounts.
        source, target = arrow.source, arrow.target
        if picture.boxes[target].kind.resource == CHANNEL:
            source, target, line = target, source, "---"
        lines.append(f"  n{source} {line} n{target}")
    used: dict[str, list[int]] = {}
    for number, box in enumerate(picture.boxes):
        used.setdefault(_class(box.mark), []).append(number)
    for mark in (None, *Mark):
        numbers = used.get(_class(mark))
        if numbers:
            style = _PLAIN if mark is None else _CLASSES[mark]
            lines.append(f"  classDef {_class(mark)} fill:none,{style}")
            lines.append(f"  class {','.join(f'n{n}' for n in numbers)} {_class(mark)}")
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """A text that means nothing but itself inside a quoted Mermaid label."""
    # Mermaid looks for its icons (`fa:fa-bomb`) and for formulas (`$$x$$`) in what the codes say.
    text = re.sub(r":(?=fa-)|\$(?=\$)", "\\g<0>\N{WORD JOINER}", one_label(text))
    return "".join(c if (c.isalnum() and c.isascii()) or c == " " else f"#{ord(c)};" for c in text)


def one_label(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, without unprintable characters, cut at `longest` characters."""
    return cut(visible(text, instead="\N{REPLACEMENT CHARACTER}"), longest)


def caption(box: Box) -> tuple[str, str]:
    """The two lines in a box: the name with its sign, and what it is."""
    name = one_label(box.name)
    sign = f"{SIGNS[box.mark]} " if box.mark else ""
    words = [] if box.count > 1 else [box.kind.model.label]
    words += [str(box.mark)] if box.mark else []
    words += ["off"] if box.off else []
    words += ["not ours"] if box.foreign else []
    return f"{sign}{name}", ", ".join(words)


def rest(picture: Picture) -> str:
    """What a picture says of the objects that are not in it."""
    return f"not shown: {picture.left_out} that this change does not touch"


def _box(box: Box) -> str:
    opening, closing = _SHAPES.get(box.kind.resource, ("[", "]"))
    name, about = caption(box)
    below = f"<br/>{escaped(about)}" if about else ""
    return f'{opening}"{escaped(name)}{below}"{closing}'


def _class(mark: Mark | None) -> str:
    return "same" if mark is None else mark.value.replace(" ", "")
