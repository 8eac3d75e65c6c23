"""The previews of the ten changes, by the real CLI, without parts that differ between runs.

`sanitize` lists what is removed or sorted; the rest is the CLI's own text. The CLI itself hides
secrets.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.review.changes import CHANGES, Change
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY
from tests.support.values import Secret

FOLDER: Final = Path(__file__).parent / "previews"
PLACEHOLDER: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_OF_ONE_RUN: Final = frozenset(
    {"created", "duration", "emulator", "modified", "sourcePosition", "stackTrace", "timestamp"}
)
_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+")


def deploy(folder: Path, emulator: Emulator) -> Stack:
    """Deploy the example program, as it is before each change.

    The rate limit in its configuration is for the reports; the environment sets that of the run.
    """
    env = {**emulator.env, "EGAIN_REQUESTS_PER_SECOND": "1000"}
    stack = Stack.of(REPOSITORY, folder, name="local", passphrase="local", env=env)
    stack.init()
    stack.config({"egain:requestsPerSecond": "5"})
    stack.up()
    return stack


def preview(stack: Stack, change: Change) -> str:
    """Preview a change, sanitized; the stack itself does not change."""
    program = stack.folder / "__main__.py"
    kept = program.read_text(), stack.settings_file.read_text()
    try:
        program.write_text(change.edit(kept[0]))
        stack.config({key: Secret(value) for key, value in change.secrets.items()})
        flags = ["--show-sames", *(["--refresh"] if change.refresh else [])]
        return sanitize(stack.preview(*flags, json=True).stdout)
    finally:
        program.write_text(kept[0])
        stack.settings_file.write_text(kept[1])


def previews(folder: Path, emulator: Emulator) -> Iterator[tuple[str, str]]:
    """Yield the name and the preview of every change."""
    stack = deploy(folder, emulator)
    for name, change in CHANGES.items():
        yield name, preview(stack, change)


def sanitize(text: str) -> str:
    """Rewrite the JSON of a preview with one step a line.

    Removes times and source positions, derives ids from names, gives the emulator its usual port,
    and sorts steps and dependencies.
    """
    document = json.loads(text)
    ids = {}
    for step in document["steps"]:
        for side in ("oldState", "newState"):
            id = step.get(side, {}).get("id")
            if id and id != PLACEHOLDER:
                ids[id] = str(uuid.uuid5(uuid.NAMESPACE_URL, step["urn"]))
        provider = step.get("provider", "").rpartition("::")[2]
        if provider and provider != PLACEHOLDER:
            ids[provider] = str(uuid.uuid5(uuid.NAMESPACE_URL, "provider"))
    flat = _ADDRESS.sub("http://127.0.0.1:8780", json.dumps(_kept(document)))
    for id, drawn in ids.items():
        flat = flat.replace(id, drawn)
    document = json.loads(flat)
    steps = sorted(document.pop("steps"), key=lambda s: (s["op"] != "refresh", s["urn"]))
    lines = ",\n".join(json.dumps(step, sort_keys=True) for step in steps)
    rest = json.dumps(document, sort_keys=True)
    return f'{rest[:-1]}, "steps": [\n{lines}\n]}}\n'


def _kept(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _kept(v, k) for k, v in value.items() if k not in _OF_ONE_RUN}
    if isinstance(value, list):
        items = [_kept(item, key) for item in value]
        words = all(isinstance(item, str) and item.startswith("urn:") for item in items)
        return sorted(items) if words else items
    return value
