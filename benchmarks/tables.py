"""Markdown tables, and how samples appear in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.results import Sample


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    first = list(head)
    lines = [first, ["---"] * len(first), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figure(samples: Sequence[Sample]) -> str:
    """Return the median of the seconds, with the smallest and largest of several."""
    took = [sample.seconds for sample in samples]
    middle = f"{median(took):.2f}"
    return middle if len(took) == 1 else f"{middle} ({min(took):.2f}–{max(took):.2f})"


def spread(values: Sequence[int]) -> str:
    """Return the common value, or the smallest and the largest."""
    least, most = min(values), max(values)
    return f"{least}" if least == most else f"{least}–{most}"


def replace_figures(page: Path, name: str, figures: str) -> None:
    """Replace what `make bench` wrote between the two comments of that name in a page."""
    begin, end = f"<!-- {name}: written by `make bench` -->\n", f"\n<!-- end of {name} -->"
    before, rest = page.read_text("utf-8").split(begin)
    _, after = rest.split(end)
    page.write_text(before + begin + figures.strip() + end + after, "utf-8")
