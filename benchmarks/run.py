"""Run cases: each row of each repetition has a new stack and an empty emulator."""

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
from benchmarks.results import CaseResult, Sample
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
"""For all rows: by default the engine runs 8 steps at once on two cores, not 16."""
LONGEST: Final = 1800.0
Say = Callable[[str], None]


def measure_case(case: Case, say: Say) -> CaseResult:
    """Run each row of a case once per repetition."""
    found: list[Sample] = []
    with new_emulator() as emulator:
        for repetition in range(case.repetitions):
            for row in case.rows:
                for sample in run_row(case, row, repetition, emulator):
                    found.append(sample)
                    said = sample.problem or f"{sample.seconds:.2f} s, {sample.total} calls"
                    say(f"{case.title}: {row}, {sample.operation}: {said}")
    return CaseResult(case, found)


@contextmanager
def new_emulator() -> Iterator[Emulator]:
    """Start an emulator in its own process, without `--strict`."""
    emulator = Emulator()
    try:
        yield emulator
    finally:
        emulator.stop()


def prepare(case: Case, emulator: Emulator) -> None:
    """Empty the tenant, and set the latency and rate limit of the case."""
    quota = {"per_second": case.per_second, "burst": case.burst} if case.per_second else None
    emulator.reset()
    emulator.settings(latency=case.latency, page_size=PAGE, rate_limit=quota)


def run_row(case: Case, row: str, repetition: int, emulator: Emulator) -> Iterator[Sample]:
    """Run the operations of one row on a new stack. A failure ends them."""
    prepare(case, emulator)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        start = starter(case, row, Path(scratch), emulator)
        for operation in case.operations:
            sample = take_sample(partial(start, operation), emulator, row, operation, repetition)
            yield sample
            if sample.problem:
                return


def starter(case: Case, row: str, folder: Path, emulator: Emulator) -> Callable[[str], Child]:
    """Return a function that starts an operation of a row."""
    variables = {"BENCH_SHAPE": case.shape, "BENCH_SIZE": str(case.size), **emulator.env}
    if case.configured:
        variables["EGAIN_REQUESTS_PER_SECOND"] = str(case.per_second)
    if row == WITH_READ:
        variables["BENCH_READ"] = "1"
    stack = new_stack(folder, PROGRAMS[row].read_text(), variables)
    if row == ICONS:
        for number in range(case.size):
            (stack.folder / f"chat-{number}.png").write_bytes(large(number, ICON_BYTES))
    return lambda operation: stack.start(*COMMANDS[operation])


def new_stack(folder: Path, program: str, variables: dict[str, str], **options: Any) -> Stack:
    """Create an empty stack with backups of the state, which users have and tests disable."""
    stack = Stack(folder, env={**ENGINE, **variables}, **options)
    stack.env.pop("PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS")
    stack.program(program)
    stack.init()
    return stack


def take_sample(
    start: Callable[[], Child], emulator: Emulator, row: str, operation: str, repetition: int
) -> Sample:
    """Run one operation to its end and return its figures."""
    emulator.clear()
    began = time.perf_counter()
    child = start()
    watch, limit = Watch(child.popen.pid), Timer(LONGEST, child.popen.terminate)
    watch.start()
    limit.start()
    code = child.popen.wait()  # a time-out would poll only every 50 ms
    seconds = time.perf_counter() - began
    limit.cancel()
    memory = watch.stop()
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
        problem=failure(child.output, log["statuses"].get("201", 0)) if code else None,
    )


def span(requests: list[dict[str, Any]]) -> float:
    """Return the seconds from the first call to the end of the last answer."""
    if not requests:
        return 0.0
    arrived = [datetime.fromisoformat(entry["time"]).timestamp() for entry in requests]
    pairs = zip(arrived, requests, strict=True)
    return round(max(at + (entry["seconds"] or 0.0) for at, entry in pairs) - min(arrived), 3)


def failure(output: str, created: int) -> str:
    """Return the exception that ended a command, without tracebacks."""
    lines = [line.strip() for line in output.splitlines()]
    raised = [line for line in lines if re.match(r"(error: )?[\w.]+(Error|Exception)\b", line)]
    named = raised or [line for line in lines if line.startswith("error:")] or lines or ["?"]
    return f"fails after {created} creates: {named[-1][:160]}"
