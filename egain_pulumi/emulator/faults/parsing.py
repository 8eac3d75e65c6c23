"""Reads a fault from JSON (`docs/emulator.md` lists all keys)."""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Callable
from typing import Any

from ..wire import Call
from .registry import ACTIONS, AFTER, BEFORE, NEEDS, Fault


def read(spec: object, base: str) -> Fault:
    """Return a fault from its JSON; a ValueError names the wrong key."""
    if not isinstance(spec, dict) or set(spec) - {"match", "do"} or "do" not in spec:
        raise ValueError('a fault must look like {"match": {...}, "do": {"action": ...}}')
    match = _object(spec.get("match", {}), "match", ("method", "path", "nth", "skip", "times"))
    do = spec["do"]
    action = do.get("action") if isinstance(do, dict) else None
    if not isinstance(action, str) or action not in ACTIONS:
        raise ValueError(f"do.action must be one of {', '.join(ACTIONS)}")
    usual, defaults = ACTIONS[action]
    options = {**defaults, **_object(do, "do", ("action", "when", *defaults))}
    del options["action"]
    when = options.pop("when", usual)
    if when not in (BEFORE, AFTER) or (action in NEEDS and when == BEFORE):
        raise ValueError("do.when must be before or after; what alters an answer must be after")
    for key, default in defaults.items():
        _check_option(key, options[key], default)
    if action in ("html", "big_body") and options["status"] in (204, 205, 304):
        raise ValueError("do.status must be a status that may have a body")
    if action == "redirect" and not options["location"]:
        raise ValueError("do.location is missing")
    skip, times = _counts(match)
    method, path = match.get("method", "*"), match.get("path", "*")
    if not isinstance(method, str) or not isinstance(path, str):
        raise ValueError("match.method and match.path must be text")
    matches = _matcher(method, path, base)
    return Fault("", method, path, skip, times, when, action, options, matches)


def _object(value: object, name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a JSON object")
    for key in value:
        if key not in keys:
            raise ValueError(f"{name}.{key} does not exist; choose from {', '.join(keys)}")
    return value


def _counts(match: dict[str, Any]) -> tuple[int, int | None]:
    for key in ("nth", "skip", "times"):
        value = match.get(key)
        least = 0 if key == "skip" else 1
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int) or value < least
        ):
            raise ValueError(f"match.{key} must be a whole number of at least {least}")
    if match.get("nth") is not None:
        if "skip" in match or "times" in match:
            raise ValueError("match.nth excludes skip and times; give either nth or these")
        return match["nth"] - 1, 1
    return match.get("skip", 0), match.get("times", 1)


def _check_option(key: str, value: object, default: object) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if key == "status" and not (isinstance(value, int) and number and 200 <= value <= 599):
        raise ValueError("do.status must be an HTTP status from 200 to 599")
    if key == "clock" and value not in ("emulator", "real"):
        raise ValueError("do.clock must be emulator or real")
    if key == "headers" and not (
        isinstance(value, dict) and all(_printable(text) for pair in value.items() for text in pair)
    ):
        raise ValueError("do.headers must be an object of printable ASCII text")
    if key in ("location", "content_type") and not _printable(value):
        raise ValueError(f"do.{key} must be printable ASCII text")
    if isinstance(default, bool) and not isinstance(value, bool):
        raise ValueError(f"do.{key} must be true or false")
    if isinstance(default, str) and not isinstance(value, str):
        raise ValueError(f"do.{key} must be text")
    if isinstance(default, int | float) and not isinstance(default, bool):
        whole = isinstance(default, float) or isinstance(value, int)
        if not (number and whole and math.isfinite(float(str(value))) and float(str(value)) >= 0):
            raise ValueError(f"do.{key} must be a number of at least 0")


def _printable(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _matcher(method: str, path: str, base: str) -> Callable[[Call], bool]:
    """Compile `match`; a path is a template, path or glob, with or without base, or re:<regex>."""
    fits: Callable[[str], bool]
    if path.startswith("re:"):
        try:
            expression = re.compile(path.removeprefix("re:"))
        except re.error as problem:
            raise ValueError(f"match.path must be a regular expression: {problem}") from None
        fits = lambda text: expression.search(text) is not None  # noqa: E731
    elif "*" in path or "?" in path:
        fits = lambda text: fnmatch.fnmatchcase(text, path)  # noqa: E731
    else:
        fits = lambda text: text == path  # noqa: E731

    def matches(call: Call) -> bool:
        if method not in ("*", call.method):
            return False
        names = {call.path, call.path.removeprefix(base)}
        if call.template:
            names |= {call.template, base + call.template}
        return any(fits(name) for name in names)

    return matches
