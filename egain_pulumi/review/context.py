"""What the JSON of a preview says besides its steps: rate limits, objects that were not read. Pure.

For a text that `hub.preview` accepts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

from ..schema.state import NOT_CHECKED

KEY: Final = "egain:requestsPerSecond"
_PROVIDER: Final = "pulumi:providers:pulumi-python"
_UNCHECKED: Final = re.compile(rf"^(?:warning: )?(.+) {re.escape(NOT_CHECKED)}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Context:
    """Rate limits, in requests per second, and objects that were not read."""

    pace: float | None = None
    """The rate limit of the stack's own tenant."""
    paces: Mapping[str, float | None] = field(default_factory=dict)
    """The rate limits of other tenants, by the URN of their provider."""
    unchecked: tuple[str, ...] = ()
    """Labels of objects that a refresh was not allowed to read."""

    def of(self, tenant: str) -> float | None:
        """Return the rate limit of a tenant (`hub.Object.tenant`)."""
        return self.paces.get(tenant, self.pace)


def context(text: str, pace: float | None = None) -> Context:
    """Read the context of a preview; `pace` overrides the rate limit of the stack's own tenant."""
    document = json.loads(text)
    config = document.get("config")
    own = pace or _number(config.get(KEY) if isinstance(config, Mapping) else None)
    paces = {}
    for step in document.get("steps", []):
        inputs = (step.get("newState") or {}).get("inputs") or {}
        if f"::{_PROVIDER}::" in step["urn"] and "egain:explicit" in inputs:
            paces[step["urn"]] = _number(inputs.get(KEY))
    messages = [str(each.get("message", "")) for each in document.get("diagnostics") or []]
    unchecked = dict.fromkeys(name for each in messages for name in _UNCHECKED.findall(each))
    return Context(own, paces, tuple(unchecked))


def _number(value: Any) -> float | None:
    try:
        number = float(str(value).strip().strip('"'))
    except ValueError:
        return None
    return number if isfinite(number) and number > 0 else None
