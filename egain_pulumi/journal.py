"""PLUGIN SIDE: which objects this machine has asked eGain to make, until a state has them.

A process that is killed after eGain has made an object, and before the engine has written its id
down, leaves one that no state knows. So a note is made before each POST: whose, where and when,
nothing of its content. The next `up` of that resource then looks before it sends (`recovery`).

Best effort: without a note (on another machine, after `KEPT`, or without the host's frame, which
tells the URN) eGain's refusal of the second one says what to do. Notes live in Pulumi's own
folder (`PULUMI_HOME`), a file each.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FOLDER: Final = "egain-journal"
KEPT: Final = 3600.0
"""Seconds for which a note counts: later, an equal object may well be somebody else's."""


def begin(urn: str | None, tenant: Mapping[str, str]) -> None:
    """Note that a POST for a resource is about to be sent; an earlier note stays."""
    if urn is None or begun(urn, tenant) is not None:
        return
    note = _file(urn)
    # A folder that cannot be written must not stop a create: the note is a convenience.
    with contextlib.suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps({"tenant": dict(tenant), "at": time.time()}))


def begun(urn: str | None, tenant: Mapping[str, str]) -> float | None:
    """Seconds since a POST for a resource was sent to this tenant, if no state has it yet."""
    if urn is None:
        return None
    try:
        note = json.loads(_file(urn).read_text())
        passed = time.time() - float(note["at"])
        return passed if note["tenant"] == dict(tenant) and 0 <= passed < KEPT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # there is none, or none that can be read


def settle(urn: str | None) -> None:
    """A state has the object, or certainly nothing was made: the note is done."""
    if urn is not None:
        with contextlib.suppress(OSError):
            _file(urn).unlink(missing_ok=True)


def _file(urn: str) -> Path:
    home = os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi"
    return Path(home) / FOLDER / f"{hashlib.sha256(urn.encode()).hexdigest()[:32]}.json"
