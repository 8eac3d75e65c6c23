"""Values as errors show them. Pure."""

from __future__ import annotations

import json
from typing import Any, Final

from ..names import public_address
from ..schema.tree import ABSENT
from ..text import one_line

HIDDEN: Final = object()
"""Placeholder for a value that must not be shown."""
_LONGEST = 60


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
        value = public_address(value)
    return one_line(json.dumps(value, ensure_ascii=False), _LONGEST)
