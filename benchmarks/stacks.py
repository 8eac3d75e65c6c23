"""`make bench ARGS=stacks`: what the engine's settings and splitting cost in large stacks."""

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
from benchmarks.results import Measured, Results, Sample, load
from benchmarks.run import (
    COMMANDS,
    FOLDER,
    Say,
    emulator_of,
    new_stack,
    prepare,
    taken,
)
from tests.support.cli import Stack
from tests.support.emulator import Emulator

NO_BACKUPS: Final = {"PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "1"}
ZSTD: Final = {"PULUMI_DIY_BACKEND_ZSTD": "1"}
SHARED: Final = "shared"


@dataclass(frozen=True)
class Variant:
    """A way to run the same objects."""

    name: str
    env: dict[str, str] = field(default_factory=dict)
    parts: int = 0
    """Stacks that the accounts are split into, beside the one with the channel."""


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


def case(size: int, variants: tuple[Variant, ...], repetitions: int) -> Case:
    """The accounts of one channel, in every variant."""
    names = tuple(each.name for each in variants)
    return Case(size, names, "accounts", repetitions=repetitions, operations=OPERATIONS)


LARGE: Final = (USUAL, VARIANTS["no backups, zstd"], VARIANTS["four stacks"])
STANDARD: Final[tuple[Case, ...]] = (
    case(400, (*SETTINGS, *PARALLEL), 3),
    case(2000, LARGE, 1),
)
QUICK: Final[tuple[Case, ...]] = (case(8, (USUAL, VARIANTS["four stacks"]), 1),)


def stacks(folder: Path, *, quick: bool, more: bool, say: Say) -> None:
    """Measure; `more`: what the last run has not."""
    file = folder / FILE
    cases = QUICK if quick else STANDARD
    begun = load(file) if more else Results("quick" if quick else "stacks", machine(), {}, [])
    begun.complete(cases, partial(_measured, say=say), file)


def _measured(each: Case, say: Say) -> Measured:
    found: list[Sample] = []
    with emulator_of() as emulator:
        for repetition in range(each.repetitions):
            for name in each.rows:
                for sample in stack_samples(each, VARIANTS[name], repetition, emulator):
                    found.append(sample)
                    said = sample.problem or f"{sample.seconds:.2f} s"
                    say(f"{each.title}: {name}, {sample.operation}: {said}")
    return Measured(each, found)


def stack_samples(
    each: Case, variant: Variant, repetition: int, emulator: Emulator
) -> Iterator[Sample]:
    """The operations of a variant, each over all of its stacks; a failure ends them."""
    prepare(each, emulator)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        scratch = Path(folder)
        made = _stacks(each.size, variant, scratch, {**emulator.env, **variant.env})
        for operation in OPERATIONS:
            # Users go before what they use; in between only one of the parts is looked at.
            order = made[::-1] if operation == DESTROY else made
            order = made[-1:] if operation == PREVIEW else order
            run = partial(taken, emulator=emulator, row=variant.name, operation=operation)
            parts = [
                run(partial(stack.start, *COMMANDS[operation]), repetition=repetition)
                for stack in order
            ]
            sample = _together(parts, _megabytes(scratch / "backend"))
            yield sample
            if sample.problem:
                return


def _stacks(size: int, variant: Variant, folder: Path, env: dict[str, str]) -> list[Stack]:
    """One stack, or the one with the channel and then the others: one program, one backend."""
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


def _together(parts: list[Sample], state: float) -> Sample:
    """One after the other, as one sample."""
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
