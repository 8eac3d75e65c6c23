"""`make bench`: measure, write, and say which targets are held.

make bench                    what the targets need
make bench ARGS=--quick       whether everything still runs; nothing to be quoted
make bench ARGS=--report      write the pages again from the last results
make bench ARGS=--more        go on where an interrupted run has ended
make bench ARGS=stacks        what checkpoints, parallelism and splitting cost: docs/large-stacks.md

Exit code 1: a target is missed.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from benchmarks.cases import PAGE, SETS
from benchmarks.machine import machine
from benchmarks.page import page
from benchmarks.results import Results, load
from benchmarks.run import measured
from benchmarks.startup import startup
from benchmarks.summary import put
from benchmarks.targets import targets
from tests.support.process import REPOSITORY

RUNS, OBJECTS = 10, 400


def main(argv: list[str]) -> int:
    """Run a set of benchmarks."""
    wish = _wish(argv)
    folder = _folder(wish)
    if wish.what == "stacks":
        from benchmarks import stacks

        if not wish.report:
            stacks.stacks(folder, quick=wish.set == "quick", more=wish.more, say=say)
        stacks.write(folder, say)
        return 0
    file = folder / "benchmarks" / "results.json"
    if not wish.report:
        measure(wish.set, file, more=wish.more)
    found = load(file)
    write(found, folder / "docs")
    readme = folder / "README.md"
    if readme.exists():
        readme.write_text(put(readme.read_text("utf-8"), found), "utf-8")
    for target in targets(found):
        print(target)
    return int(any(target.held is False for target in targets(found)))


def measure(suite: str, file: Path, *, more: bool) -> None:
    """Measure a set; `more`: what the last run has not."""
    if more:
        begun = load(file)
    else:
        say("start-up")
        found = machine()
        starting = startup(3, 40) if suite == "quick" else startup(RUNS, OBJECTS)
        begun = Results(suite, found, starting, [])
    begun.complete(SETS[suite], partial(measured, say=say), file)


def write(found: Results, folder: Path) -> None:
    """The page and its plots."""
    from benchmarks.plots import draw

    folder.mkdir(parents=True, exist_ok=True)
    draw(found, folder)
    (folder / "performance.md").write_text(page(found, PAGE))
    say(f"written: {folder / 'performance.md'}")


def say(text: str) -> None:
    """Progress; standard output is for the targets."""
    print(text, file=sys.stderr, flush=True)


def _wish(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench ARGS=", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", nargs="?", choices=("rows", "stacks"), default="rows")
    parser.add_argument("--quick", dest="set", action="store_const", const="quick")
    parser.add_argument("--more", action="store_true", help="only what the last run has not")
    parser.add_argument("--report", action="store_true", help="measure nothing")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="write there")
    parser.set_defaults(set="standard")
    return parser.parse_args(argv)


def _folder(wish: argparse.Namespace) -> Path:
    # A quick run must not take the place of figures that were measured properly.
    quick = REPOSITORY / ".local" / "bench"
    chosen: Path = wish.to or (quick if wish.set == "quick" else REPOSITORY)
    return chosen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
