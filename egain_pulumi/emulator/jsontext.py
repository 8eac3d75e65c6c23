"""Strict parsing of JSON from requests and callbacks."""

from __future__ import annotations

import json
import math
from typing import Any

DEEPEST = 100


def parse(raw: bytes) -> Any:
    """Return the value; the text of a ValueError never quotes the JSON (it may hold a secret).

    Stricter than `json.loads`: no NaN or Infinity, no number outside double precision, no half of a
    surrogate pair, at most 100 levels. The last of two equal keys counts, as in most parsers.
    """
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except json.JSONDecodeError as problem:
        raise ValueError(f"not JSON (line {problem.lineno}, column {problem.colno})") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and _depth(value) > DEEPEST:
        raise ValueError("nested too deeply")
    if b"\\u" in raw:
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError("not UTF-8 (half of a surrogate pair)") from None
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return depth
