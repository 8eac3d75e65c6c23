"""Icons of adopted channels as files of the project. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from ..schema import icon
from ..schema.tree import Leaf, tree
from .model import Item, leaves

FOLDER: Final = "icons"
_FORMATS: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"\xff\xd8\xff", "jpg"),
    (b"RIFF", "webp"),
    (b"<svg", "svg"),
    (b"<?xml", "svg"),
    (b"\x00\x00\x01\x00", "ico"),
)


def files(
    items: Sequence[Item], read: Callable[[str], bytes | None]
) -> tuple[dict[str, bytes], list[Item]]:
    """Return the files to write by path, and the items with these in place of icons.

    Equal icons share a file. `read` reads a file that is there, which no other icon overwrites.
    """
    by_hash: dict[str, str] = {}
    written: dict[str, bytes] = {}
    changed = []
    for item in items:
        declared = dict(item.declared)
        for path, leaf, value in leaves(tree(item.kind.model), item.declared):
            content = icon.decode(value) if _is_text(leaf, value) else None
            if content is None or len(path) != 1 or not 0 < len(content) <= icon.LARGEST_FILE:
                continue
            digest = hashlib.sha256(content).hexdigest()
            if digest not in by_hash:
                by_hash[digest] = _free(item.name, content, written, read)
                if read(by_hash[digest]) is None:
                    written[by_hash[digest]] = content
            declared[str(path[0])] = {"path": by_hash[digest], "sha256": digest}
        changed.append(replace(item, declared=declared))
    return written, changed


def _is_text(leaf: Leaf, value: object) -> bool:
    return leaf.icon and isinstance(value, str)


def _free(
    name: str, content: bytes, written: dict[str, bytes], read: Callable[[str], bytes | None]
) -> str:
    kind = next((kind for start, kind in _FORMATS if content.startswith(start)), "bin")
    number = 1
    while True:
        path = f"{FOLDER}/{name}{f'-{number}' if number > 1 else ''}.{kind}"
        there = read(path)
        if path not in written and there in (None, content):
            return path
        number += 1
