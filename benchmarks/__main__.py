"""`make bench`: measure, write the figures, and print which targets are held.

make bench                what the targets need
make bench ARGS=stacks    what checkpoints, parallelism and splitting cost
make bench ARGS=--quick   whether everything still runs; do not quote its figures
make bench ARGS=--report  write tables and plots again from the last results
make bench ARGS=--more    continue an interrupted run

Writes results, tables and plots to benchmarks/out/, and, except for --quick, the tables to
docs/performance.md and README.md. Exit code 1: a target is missed.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from benchmarks import stacks, stacks_page
from benchmarks.cases import SETS
from benchmarks.machine import machine
from benchmarks.page import page
from benchmarks.plots import draw
from benchmarks.results import Results, load
from benchmarks.run import measure_case
from benchmarks.startup import startup
from benchmarks.summary import summary
from benchmarks.tables import replace_figures
from benchmarks.targets import targets
from tests.support.process import REPOSITORY

OUT = REPOSITORY / "benchmarks" / "out"
PAGE = REPOSITORY / "docs" / "performance.md"
RUNS, OBJECTS = 10, 400


def main(argv: list[str]) -> int:
    """Run a set of benchmarks."""
    options = _parse(argv)
    quick = options.set == "quick"
    folder = OUT / "quick" if quick else OUT
    if options.what == "stacks":
        if not options.report:
            stacks.measure(folder, quick=quick, more=options.more, say=say)
        write(folder, "stacks", stacks_page.page(load(folder / stacks.FILE)), publish=not quick)
        return 0
    file = folder / "results.json"
    if not options.report:
        measure(options.set, file, more=options.more)
    found = load(file)
    draw(found, folder)
    write(folder, "figures", page(found), publish=not quick)
    if not quick:
        replace_figures(REPOSITORY / "README.md", "figures", summary(PAGE.read_text("utf-8")))
    for target in targets(found):
        print(target)
    return int(any(target.held is False for target in targets(found)))


def measure(suite: str, file: Path, *, more: bool) -> None:
    """Measure a set; `more` continues an interrupted run."""
    if more:
        results = load(file)
    else:
        say("start-up")
        found = machine()
        starting = startup(3, 40) if suite == "quick" else startup(RUNS, OBJECTS)
        results = Results(suite, found, starting, [])
    results.complete(SETS[suite], partial(measure_case, say=say), file)


def write(folder: Path, name: str, figures: str, *, publish: bool) -> None:
    """Write tables to the folder of results, and to the page if they are to be published."""
    file = folder / f"{name}.md"
    file.write_text(figures, "utf-8")
    if publish:
        replace_figures(PAGE, name, figures)
    say(f"written: {file}")


def say(text: str) -> None:
    """Print progress to standard error; standard output is for the targets."""
    print(text, file=sys.stderr, flush=True)


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench ARGS=", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", nargs="?", choices=("rows", "stacks"), default="rows")
    parser.add_argument("--quick", dest="set", action="store_const", const="quick")
    parser.add_argument("--more", action="store_true", help="continue an interrupted run")
    parser.add_argument("--report", action="store_true", help="measure nothing")
    parser.set_defaults(set="standard")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
