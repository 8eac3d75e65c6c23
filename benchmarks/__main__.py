"""`make bench`: measure, write, and say which targets are held.

make bench                    what the targets need
make bench ARGS=--all         every size, shape and latency
make bench ARGS=--quick       whether everything still runs; nothing to be quoted
make bench ARGS=--report      write the pages again from the last results
make bench ARGS=stacks        what checkpoints, parallelism and splitting cost: docs/large-stacks.md

Exit code 1: a target is missed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.cases import PAGE, SETS
from benchmarks.machine import machine
from benchmarks.page import page
from benchmarks.results import Results, load
from benchmarks.run import measure
from benchmarks.startup import startup
from benchmarks.summary import put
from benchmarks.targets import targets
from tests.support.process import REPOSITORY

RUNS, OBJECTS = 10, 400


def main(argv: list[str]) -> int:
    """Run a set of benchmarks."""
    wish = _wish(argv)
    if wish.what == "stacks":
        from benchmarks.stacks import stacks

        stacks(_folder(wish), quick=wish.set == "quick", report=wish.report, say=say)
        return 0
    folder = _folder(wish)
    file = folder / "benchmarks" / "results.json"
    if not wish.report:
        results(wish.set).save(file)
    found = load(file)
    write(found, folder / "docs")
    readme = folder / "README.md"
    if readme.exists():
        readme.write_text(put(readme.read_text("utf-8"), found), "utf-8")
    for target in targets(found):
        print(target)
    return int(any(target.held is False for target in targets(found)))


def results(suite: str) -> Results:
    """Measure a set."""
    quick = suite == "quick"
    found = machine()
    say("start-up")
    starting = startup(3, 40) if quick else startup(RUNS, OBJECTS)
    return Results(suite, found, starting, measure(SETS[suite], say))


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
    sets = parser.add_mutually_exclusive_group()
    for name in ("all", "quick"):
        sets.add_argument(f"--{name}", dest="set", action="store_const", const=name)
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
