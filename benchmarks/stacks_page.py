"""Writes `docs/large-stacks.md` from results: the figures, and what follows from them."""

from __future__ import annotations

from typing import Final

from benchmarks.cases import CREATE, DESTROY, PREVIEW
from benchmarks.machine import sentence
from benchmarks.results import Measured, Results
from benchmarks.tables import figure, table

HEAD: Final = """\
<!-- Written by `make bench ARGS=stacks`; change benchmarks/stacks_page.py, then run it. -->
# How large can one stack be

The engine writes the state before and after every create, update and delete: all of it, and on a
`file://` backend once more as `.bak`. What one more object costs therefore grows with the number
of objects that are there. A preview writes nothing; it grows with the number of objects alone.

{machine}. Accounts of one channel, 100 ms a call, `file://` backend, `PULUMI_PARALLEL=32` where
nothing else is said; medians, with the smallest and the largest where there are several runs.
"""

ADVICE: Final = """\
## What follows

- **In short**: with some hundreds of objects nothing needs to be done. With some thousands, split
  them: that gains more than all settings together.
- **`PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS=1`** leaves out the copy in `.pulumi/backups`,
  which is made once at the end of a command; the `.bak` beside the state is written all the same.
  Set it where the backend keeps versions itself, as a bucket can.
- **`PULUMI_DIY_BACKEND_ZSTD=1`** writes the state compressed. Nothing is lost, but the file can no
  longer be read with a text editor; `pulumi stack export` shows it. A command without the setting
  finds the compressed state too, and writes it plain again.
- **`PULUMI_SKIP_CHECKPOINTS=1`** writes the state only at the end. Do not use it: if the command is
  killed, what it has created is in no state. The next `pulumi up` on the same machine finds that
  again within the hour; on any other it meets duplicates.
- **`--parallel`** above what eGain's quota and `egain:maxConcurrency` (16) let through gains
  nothing. Below 16 it holds back calls. The engine's default is four steps a core; on small
  machines say `--parallel 32`, or `PULUMI_PARALLEL=32`.
- **Several stacks**: what rarely changes and is used by many (authentications, client applications,
  channels) in one stack, which exports ids; accounts by region or by team in others, which take
  them with `StackReference`. A daily preview then looks at one of them only, and two teams do not
  wait for each other's lock. The price is an order: the shared stack goes up first and down last;
  its ids are plain text elsewhere, so that the engine does not know who uses them. eGain does:
  a channel in use is not deleted.
- **PostgreSQL** (`PULUMI_BACKEND_URL=postgres://…`) takes the whole state at each step as well, and
  takes longer for it than a file, most of it while many objects are made or deleted; a preview is
  as fast. What it gives is a backend that a team shares, with locks and history.
- **`make up`** keeps backups and plain state: its few objects gain nothing, and the files can be
  looked into. It leaves out the file of metadata beside the state (`?metadata=skip`): a command
  that is killed while it writes the two leaves a state that cannot be read.
"""


SPLIT: Final = "\nFour stacks: all of them one after the other, and the preview of one.\n"


def page(results: Results) -> str:
    """The whole page."""
    tables = [_case(measured) for measured in results.measured]
    head = HEAD.format(machine=sentence(results.machine))
    return "\n".join([head, *tables, ADVICE])


def _case(measured: Measured) -> str:
    rows = []
    usual = measured.case.rows[0]
    for row in measured.case.rows:
        if problem := measured.failed(row):
            rows.append([row, problem, "", "", "", ""])
            continue
        cells = [figure(measured.of(row, name)) for name in (CREATE, PREVIEW, DESTROY)]
        ratio = measured.ratio(row, usual, CREATE)
        state = max((sample.state or 0.0 for sample in measured.of(row, CREATE)), default=0.0)
        rows.append([row, *cells, f"{ratio:.2f}" if ratio else "", f"{state:.1f}" if state else ""])
    head = ("", "create s", "preview s", "destroy s", f"create × {usual}", "backend MB")
    title = f"## {measured.case.size:,} accounts"
    if len(rows) == 2:
        title += f", {measured.case.rows[1]}"
    note = SPLIT if any(row.endswith("stacks") for row in measured.case.rows) else ""
    return f"{title}\n\n{table(head, rows)}\n{note}"
