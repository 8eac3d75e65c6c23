"""The row `threads`: sixteen threads with `requests`, and no engine.

python -m benchmarks.threads create|list|delete
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.floor.provider import THREADS, call, listed
from benchmarks.objects import Item, declared


def waves(items: Iterable[Item]) -> list[list[Item]]:
    """The objects kind by kind: each kind refers only to those before it."""
    order = list(dict.fromkeys(item.collection for item in declared()))
    by_kind = sorted(items, key=lambda item: order.index(item.collection))
    return [list(wave) for _, wave in groupby(by_kind, key=lambda item: item.collection)]


def create(known: dict[str, Any], pool: ThreadPoolExecutor) -> None:
    """POST everything."""

    def made(item: Item) -> str:
        return str(call("POST", item.collection, item.body(known))["id"])

    for wave in waves(declared()):
        found = list(pool.map(made, wave))
        known |= {item.name: id for item, id in zip(wave, found, strict=True)}


def list_(known: dict[str, Any], pool: ThreadPoolExecutor) -> None:
    """List every kind, page after page."""
    rows = [row for found in pool.map(listed, {i.collection for i in declared()}) for row in found]
    if not set(known.values()) <= {row["id"] for row in rows}:
        raise RuntimeError("an object is not in the lists")


def delete(known: dict[str, Any], pool: ThreadPoolExecutor) -> None:
    """DELETE everything, users first."""
    for wave in reversed(waves(declared())):
        list(pool.map(lambda i: call("DELETE", f"{i.collection}/{known[i.name]}"), wave))


WORK: dict[str, Callable[[dict[str, Any], ThreadPoolExecutor], None]] = {
    "create": create,
    "list": list_,
    "delete": delete,
}


def main(verb: str) -> None:
    """One piece of work; the ids are kept in a file meanwhile, as a state is."""
    file = Path(os.environ["BENCH_IDS"])
    known = json.loads(file.read_text()) if file.exists() else {}
    with ThreadPoolExecutor(THREADS) as pool:
        WORK[verb](known, pool)
    file.write_text(json.dumps(known))


if __name__ == "__main__":
    main(sys.argv[1])
