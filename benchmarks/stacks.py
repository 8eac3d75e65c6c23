"""`make bench ARGS=stacks`: the effect of engine settings and of splitting on large stacks."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.cases import CREATE, DESTROY, PREVIEW, Case
from benchmarks.machine import machine
from benchmarks.results import CaseResult, Results, Sample, load
from benchmarks.run import (
    COMMANDS,
    FOLDER,
    Say,
    new_emulator,
    new_stack,
    prepare,
    take_sample,
)
from tests.support.cli import Stack
from tests.support.emulator import Emulator

NO_BACKUPS: Final = {"PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "1"}
ZSTD: Final = {"PULUMI_DIY_BACKEND_ZSTD": "1"}
SHARED: Final = "shared"


@dataclass(frozen=True)
class Variant:
    """A way to deploy the same objects."""

    name: str
    env: dict[str, str] = field(default_factory=dict)
    parts: int = 0
    """Number of stacks for the accounts, in addition to the one with the channel."""


USUAL: Final = Variant("as it comes")
SETTINGS: Final = (
    USUAL,
    Variant("no backups", NO_BACKUPS),
    Variant("zstd", ZSTD),
    Variant("no backups, zstd", NO_BACKUPS | ZSTD),
    Variant("no checkpoints", {"PULUMI_SKIP_CHECKPOINTS": "1"}),
    Variant("four stacks", parts=4),
)
PARALLEL: Final = tuple(
    Variant(f"--parallel {width}", {"PULUMI_PARALLEL": str(width)}) for width in (4, 16, 64)
)
VARIANTS: Final = {each.name: each for each in (*SETTINGS, *PARALLEL)}

OPERATIONS: Final = (CREATE, PREVIEW, DESTROY)
FILE: Final = "stacks.json"


def accounts(size: int, variants: tuple[Variant, ...], repetitions: int) -> Case:
    """Return the case of one channel's accounts in each variant."""
    names = tuple(each.name for each in variants)
    return Case(size, names, "accounts", repetitions=repetitions, operations=OPERATIONS)


LARGE: Final = (USUAL, VARIANTS["no backups, zstd"], VARIANTS["four stacks"])
STANDARD: Final[tuple[Case, ...]] = (
    accounts(400, (*SETTINGS, *PARALLEL), 3),
    accounts(2000, LARGE, 1),
)
QUICK: Final[tuple[Case, ...]] = (accounts(8, (USUAL, VARIANTS["four stacks"]), 1),)


def measure(folder: Path, *, quick: bool, more: bool, say: Say) -> None:
    """Measure the variants; `more` continues an interrupted run."""
    file = folder / FILE
    cases = QUICK if quick else STANDARD
    results = load(file) if more else Results("quick" if quick else "stacks", machine(), {}, [])
    results.complete(cases, partial(_measure_case, say=say), file)


def _measure_case(each: Case, say: Say) -> CaseResult:
    found: list[Sample] = []
    with new_emulator() as emulator:
        for repetition in range(each.repetitions):
            for name in each.rows:
                for sample in run_variant(each, VARIANTS[name], repetition, emulator):
                    found.append(sample)
                    said = sample.problem or f"{sample.seconds:.2f} s"
                    say(f"{each.title}: {name}, {sample.operation}: {said}")
    return CaseResult(each, found)


def run_variant(
    each: Case, variant: Variant, repetition: int, emulator: Emulator
) -> Iterator[Sample]:
    """Run the operations of a variant, each over all of its stacks. A failure ends them."""
    prepare(each, emulator)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        scratch = Path(folder)
        made = _stacks(each.size, variant, scratch, {**emulator.env, **variant.env})
        for operation in OPERATIONS:
            # Destroy accounts before their channel; preview only one of the parts.
            order = made[::-1] if operation == DESTROY else made
            order = made[-1:] if operation == PREVIEW else order
            run = partial(take_sample, emulator=emulator, row=variant.name, operation=operation)
            parts = [
                run(partial(stack.start, *COMMANDS[operation]), repetition=repetition)
                for stack in order
            ]
            sample = _combine(parts, _megabytes(scratch / "backend"))
            yield sample
            if sample.problem:
                return


def _stacks(size: int, variant: Variant, folder: Path, env: dict[str, str]) -> list[Stack]:
    """Create one stack, or the one with the channel and then the others, with one program."""
    program = (FOLDER / "stacks_program.py").read_text()

    def stack(name: str, first: int, count: int, **more: str) -> Stack:
        own = {"BENCH_FIRST": str(first), "BENCH_SIZE": str(count), **more}
        return new_stack(folder, program, {**env, **own}, name=name)

    if not variant.parts:
        return [stack("test", 0, size)]
    each = size // variant.parts
    parts = [
        stack(f"part-{number}", number * each, each, BENCH_SHARED=SHARED)
        for number in range(variant.parts)
    ]
    return [stack(SHARED, 0, 0), *parts]


def _combine(parts: list[Sample], state: float) -> Sample:
    """Return the sum of samples that ran one after the other."""
    calls = sum((Counter(sample.calls) for sample in parts), Counter())
    return replace(
        parts[0],
        calls=dict(calls),
        tokens=sum(sample.tokens for sample in parts),
        seconds=round(sum(sample.seconds for sample in parts), 3),
        state=state,
        problem=next((sample.problem for sample in parts if sample.problem), None),
    )


def _megabytes(folder: Path) -> float:
    return round(sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6, 2)
