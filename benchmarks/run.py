"""Runs cases: a fresh stack and an emptied emulator for every row of every repetition."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Timer
from typing import Any, Final

from benchmarks.cases import (
    CREATE,
    DESTROY,
    FLOOR,
    ICON_BYTES,
    ICONS,
    NAIVE,
    OURS,
    PAGE,
    PREVIEW,
    REFRESH,
    WITH_READ,
    Case,
)
from benchmarks.icon import large
from benchmarks.results import Measured, Sample
from benchmarks.watch import Watch
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import Child

FOLDER: Final = Path(__file__).resolve().parent
PROGRAMS: Final = {
    OURS: FOLDER / "ours" / "program.py",
    ICONS: FOLDER / "ours" / "icons.py",
    FLOOR: FOLDER / "floor" / "program.py",
    NAIVE: FOLDER / "naive" / "program.py",
    WITH_READ: FOLDER / "naive" / "program.py",
}
QUIET: Final = ("--yes", "--skip-preview")
COMMANDS: Final = {
    CREATE: ("up", *QUIET),
    PREVIEW: ("preview",),
    REFRESH: ("refresh", *QUIET),
    DESTROY: ("destroy", *QUIET),
}
ENGINE: Final = {"PULUMI_PARALLEL": "32"}
"""For all rows alike: on two cores the engine would have 8 steps under way, not 16."""
LONGEST: Final = 1800.0
Say = Callable[[str], None]


def measured(case: Case, say: Say) -> Measured:
    """One case: the repetitions in turn, and in each of them every row."""
    found: list[Sample] = []
    with emulator_of() as emulator:
        for repetition in range(case.repetitions):
            for row in case.rows:
                for sample in samples(case, row, repetition, emulator):
                    found.append(sample)
                    said = sample.problem or f"{sample.seconds:.2f} s, {sample.total} calls"
                    say(f"{case.title}: {row}, {sample.operation}: {said}")
    return Measured(case, found)


@contextmanager
def emulator_of() -> Iterator[Emulator]:
    """An emulator in a process of its own, its answers unchecked."""
    emulator = Emulator()
    try:
        yield emulator
    finally:
        emulator.stop()


def prepare(case: Case, emulator: Emulator) -> None:
    """Empty the tenant, and make it as slow as the case wants it."""
    quota = {"per_second": case.per_second, "burst": case.burst} if case.per_second else None
    emulator.reset()
    emulator.settings(latency=case.latency, page_size=PAGE, rate_limit=quota)


def samples(case: Case, row: str, repetition: int, emulator: Emulator) -> Iterator[Sample]:
    """The operations of one row on one new stack; a failure ends them."""
    prepare(case, emulator)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        start = starter(case, row, Path(scratch), emulator)
        for operation in case.operations:
            sample = taken(partial(start, operation), emulator, row, operation, repetition)
            yield sample
            if sample.problem:
                return


def starter(case: Case, row: str, folder: Path, emulator: Emulator) -> Callable[[str], Child]:
    """What starts an operation of a row."""
    variables = {"BENCH_SHAPE": case.shape, "BENCH_SIZE": str(case.size), **emulator.env}
    if case.told:
        variables["EGAIN_REQUESTS_PER_SECOND"] = str(case.per_second)
    if row == WITH_READ:
        variables["BENCH_READ"] = "1"
    stack = new_stack(folder, PROGRAMS[row].read_text(), variables)
    if row == ICONS:
        for number in range(case.size):
            (stack.folder / f"chat-{number}.png").write_bytes(large(number, ICON_BYTES))
    return lambda operation: stack.start(*COMMANDS[operation])


def new_stack(folder: Path, program: str, variables: dict[str, str], **options: Any) -> Stack:
    """An empty stack as users have it: with backups of the state, which tests do without."""
    stack = Stack(folder, env={**ENGINE, **variables}, **options)
    stack.env.pop("PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS")
    stack.program(program)
    stack.init()
    return stack


def taken(
    start: Callable[[], Child], emulator: Emulator, row: str, operation: str, repetition: int
) -> Sample:
    """Run one operation to its end, with everything that there is to see of it."""
    emulator.clear()
    began = time.perf_counter()
    child = start()
    watch, limit = Watch(child.popen.pid), Timer(LONGEST, child.popen.terminate)
    watch.start()
    limit.start()
    code = child.popen.wait()  # without a time-out, which would look only every 50 ms
    seconds = time.perf_counter() - began
    limit.cancel()
    memory = watch.end()
    child.wait(10)
    log = emulator.log()
    counts = log["counts"]
    token = "POST " + emulator.token_url.removeprefix(emulator.url)
    return Sample(
        row,
        operation,
        repetition,
        seconds=round(seconds, 3),
        calls={key: n for key, n in counts.items() if key != token},
        tokens=counts.get(token, 0),
        in_flight=log["peak_in_flight"],
        refused=log["statuses"].get("429", 0),
        span=span([entry for entry in log["requests"] if entry["path"] not in token]),
        memory=memory,
        problem=why(child.output, log["statuses"].get("201", 0)) if code else None,
    )


def span(requests: list[dict[str, Any]]) -> float:
    """Seconds from the first arrival to the end of the last answer."""
    if not requests:
        return 0.0
    arrived = [datetime.fromisoformat(entry["time"]).timestamp() for entry in requests]
    pairs = zip(arrived, requests, strict=True)
    return round(max(at + (entry["seconds"] or 0.0) for at, entry in pairs) - min(arrived), 3)


def why(output: str, created: int) -> str:
    """The exception that ended it, without the tracebacks around."""
    lines = [line.strip() for line in output.splitlines()]
    raised = [line for line in lines if re.match(r"(error: )?[\w.]+(Error|Exception)\b", line)]
    named = raised or [line for line in lines if line.startswith("error:")] or lines or ["?"]
    return f"fails after {created} creates: {named[-1][:160]}"
