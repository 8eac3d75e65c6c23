"""`accessTokenPath`: the part of JSONPath that names one value (RFC 9535, singular queries)."""

from __future__ import annotations

import re
from typing import Any

_STEP = re.compile(
    r"""\.(?P<name>[^\W\d][\w-]*)      # .accessToken
      | \[(?P<index>0|[1-9][0-9]{0,5})\]  # [0]
      | \[(?P<quote>['"])(?P<key>[^'"\\]+)(?P=quote)\]  # ['access token']
    """,
    re.VERBOSE,
)


def steps(path: str) -> list[str | int] | None:
    """The keys and indexes of a path, None when it is not one of a single value."""
    if not path.startswith("$"):
        return None
    found: list[str | int] = []
    place = 1
    while place < len(path):
        match = _STEP.match(path, place)
        if match is None:
            return None
        index = match["index"]
        found.append(int(index) if index is not None else match["name"] or match["key"])
        place = match.end()
    return found


def pick(value: Any, path: list[str | int]) -> Any:
    """What is there, None where nothing is."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value
