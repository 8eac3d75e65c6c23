"""The creates that this machine has sent and no state has recorded yet.

A process that is killed after eGain has created an object, and before the engine has saved its id,
leaves an object that no state knows. So a note is written before each POST: resource, tenant, time
and a hash of the body without its secrets. The next `up` that declares the same looks for the
object before it sends (`lost_create`).

Best effort: without a note (on another machine, after `KEPT`, or without the host's frame, which
has the URN) eGain's refusal of the second object says what to do. Notes are files in Pulumi's own
folder (`PULUMI_HOME`), which only their owner can read.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FOLDER: Final = "egain-journal"
KEPT: Final = 3600.0
"""Seconds for which a note counts; later, an equal object may be somebody else's."""


def begin(urn: str | None, tenant: Mapping[str, str], sent: str) -> None:
    """Note that a POST for a resource is about to be sent; an earlier note of the same stays.

    `sent` is a text of its body without secrets; only a hash of it is kept.
    """
    if urn is None or seconds_since(urn, tenant, sent) is not None:
        return
    note = _folder() / _name(urn, sent)
    # A folder that cannot be written must not stop a create: the note is a convenience.
    with contextlib.suppress(OSError):
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _protect(note.parent, 0o700)
        note.touch(mode=0o600)
        _protect(note, 0o600)
        note.write_text(json.dumps({"tenant": dict(tenant), "at": time.time()}))
        _noted(note.parent).setdefault(_hash(urn), set()).add(note.name)


def seconds_since(urn: str | None, tenant: Mapping[str, str], sent: str) -> float | None:
    """Return how long ago the same was sent for a resource, or None if nothing is noted."""
    if urn is None:
        return None
    try:
        note = json.loads((_folder() / _name(urn, sent)).read_text())
        passed = time.time() - float(note["at"])
        # A clock may have been set back a little since.
        return max(0.0, passed) if note["tenant"] == dict(tenant) and passed < KEPT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # there is none, or none that can be read


def discard(urn: str | None, sent: str) -> None:
    """Remove the note of a POST that certainly created nothing."""
    if urn is not None:
        _remove(_folder() / _name(urn, sent))


def settle(urn: str | None) -> None:
    """Remove the notes of a resource that a state has recorded."""
    if urn is None:
        return
    folder = _folder()
    for name in _noted(folder).pop(_hash(urn), ()):
        _remove(folder / name)


@functools.cache
def _noted(folder: Path) -> dict[str, set[str]]:
    """Return the notes by the hashes of their URNs.

    Read once a process: a command of another process that notes these URNs waits for the stack's
    lock, and so for the end of this one.
    """
    found: dict[str, set[str]] = {}
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208
            found.setdefault(name.partition("-")[0], set()).add(name)
    return found


def _protect(path: Path, mode: int) -> None:
    """Narrow the mode of what exists; some file systems have no modes."""
    with contextlib.suppress(OSError):
        path.chmod(mode)


def _remove(note: Path) -> None:
    with contextlib.suppress(OSError):
        note.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / FOLDER


def _name(urn: str, sent: str) -> str:
    return f"{_hash(urn)}-{_hash(sent)}.json"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
