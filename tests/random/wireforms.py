"""What eGain holds, in forms that can be compared with what was declared."""

from __future__ import annotations

from typing import Any

from tests.host.objects import STAMPS, in_order
from tests.random.wishes import Wish

Body = dict[str, Any]
CONSOLE = "X-Console"
"""A header that somebody adds behind the program's back."""


def value_of(body: Body) -> str:
    """The unique value; an orchestration's name."""
    return str(body["type" if body["kind"] == "Channel" else "name"])


def bare(body: Body) -> Body:
    """Without what every server sets."""
    return {key: value for key, value in body.items() if key not in STAMPS}


def declarable(body: Body, wish: Wish) -> Any:
    """As `tidy` has it, without what others added and the program does not declare."""
    own = {k: v for k, v in bare(body).items() if k != "kind" and not k.startswith("xConsole")}
    if not wish.text and str(own.get("description", "")).startswith("Console"):
        del own["description"]  # never declared, or not any more
    return tidy(without_console(own))


def without_console(value: Any) -> Any:
    """A wire form without the headers that somebody added in the console."""
    if isinstance(value, dict):
        return {key: without_console(inner) for key, inner in value.items()}
    if isinstance(value, list):
        rows = [row for row in value if not (isinstance(row, dict) and row.get("name") == CONSOLE)]
        return [without_console(row) for row in rows]
    return value


def tidy(value: Any) -> Any:
    """A wire form in an order of its own, without what is empty."""
    ordered = in_order(value)
    if isinstance(ordered, dict):
        kept = {key: tidy(inner) for key, inner in ordered.items()}
        return {key: inner for key, inner in kept.items() if inner not in ({}, [])}
    return [tidy(item) for item in ordered] if isinstance(ordered, list) else ordered


def without_link(body: Any, id: str) -> Any:
    """The change (a merge patch) that takes references to an object out of a wire form."""
    if isinstance(body, dict):
        return {k: None if v == {"id": id} else without_link(v, id) for k, v in body.items()}
    if isinstance(body, list):
        return [without_link(each, id) for each in body if each != {"id": id}]
    return body
