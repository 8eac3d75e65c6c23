"""Values as errors show them. Pure."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from ..schema.tree import ABSENT
from ..text import one_line

HIDDEN: Final = object()
"""Placeholder for a value that must not be shown."""
_LONGEST = 60
_ADDRESS = re.compile(r"([a-z0-9+.-]*://)(?:[^\s/@]*@)?([^\s?#]*)([?#]\S*)?", re.I)
"""A URL; user and query are left out when it is shown, since keys travel there."""


def show_value(value: Any) -> str:
    """Return a value as a program writes it: short, and of URLs nothing that may be secret."""
    if value is ABSENT:
        return "not set"
    if value is HIDDEN:
        return "[secret]"
    if isinstance(value, tuple):
        if len(value) == 2 and value[0] is True:  # a Boolean as `drift.leaves` has it
            return str(value[1])
        if not all(isinstance(item, str) for item in value):
            return "another list"
        value = list(value)
    if isinstance(value, str):
        value = _ADDRESS.sub(lambda m: m[1] + m[2] + ("?…" if m[3] else ""), value)
    return one_line(json.dumps(value, ensure_ascii=False), _LONGEST)
