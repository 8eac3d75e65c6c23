"""Our engine against the real CLI: the same programs, the same provider, the same everything.

Compared after every operation: what was done to each resource with the paths of its diff, the
state, the messages, and every call that the provider saw, with its arguments, in order. Where they
differ the CLI is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import MakeEngine, MakeStack
from tests.support_tests.programs import SEED
from tests.support_tests.sides import Both, Side, counts, digest, flat, steps, summary

pytestmark = [pytest.mark.cli, pytest.mark.host]
CONFIG = {"sample:one": "1", "other:key": "x"}


@pytest.fixture
def both(make_stack: MakeStack, make_engine: MakeEngine, tmp_path: Path) -> Iterator[Both]:
    sides = [Side(tmp_path / name) for name in ("cli", "ours")]
    for side in sides:
        side.folder.mkdir()
        side.edit({SEED: {"v": "here"}})
    cli, ours = sides
    stack = make_stack(env=cli.env | {"PULUMI_PARALLEL": "1"})
    stack.config(CONFIG)
    yield Both(stack, cli, make_engine(config=CONFIG, env=ours.env), ours)


@pytest.mark.soak
def test_a_whole_life(both: Both) -> None:
    program = both.program("life(1)")
    both.stack.up()
    both.engine.up(program)
    both.same_calls()
    both.same_state()

    program = both.program("life(2)")
    both.same_preview(program)
    both.same_calls()

    program = both.program("life(2)")
    both.stack.up()
    both.engine.up(program)
    assert {"create", "update", "delete", "read"} <= set(both.same_calls())
    both.same_state()

    # Somebody edits, deletes, and changes what is only read.
    ids = {name: both.engine.state[name].id for name in ("update", "user", "said-no", "hidden")}
    for side in (both.cli, both.ours):
        drift = {"v": "drifted", "deep": {"x-y": {"v": 2.0, "extra": True}, "same": 1.0}}
        side.edit({ids["update"]: drift, ids["said-no"]: drift, SEED: {"v": "moved"}})
        side.edit({ids["user"]: None, ids["hidden"]: {"silent": True, "v": "drifted"}})
    both.engine.restart()
    shown = both.stack.refresh("--json", preview=True)
    refreshed = both.engine.refresh(preview=True)
    assert counts(refreshed) == summary(shown)
    # The digest calls a refresh an update only where there is a detailed diff to show.
    detailed = {name: step for name, step in steps(refreshed).items() if step != ("update", {})}
    assert detailed == {n: s for n, s in digest(shown).items() if s != ("refresh", {})}
    both.same_calls(ordered=False)

    both.engine.restart()
    both.stack.refresh()
    both.engine.refresh()
    both.same_calls(ordered=False)
    both.same_state()

    both.engine.restart()
    both.stack.destroy()
    both.engine.destroy()
    both.same_calls()
    assert len(both.engine.state) == 0


def test_trouble(both: Both) -> None:
    """A half-made thing that the next `up` finishes; refusals; failures; a half-made update."""
    expected = [("half", False), ("half", True), ("refused", False), ("fails", False)]
    for kind, fine in [*expected, ("partial", False)]:
        program = both.program(f"trouble({kind!r})")
        real = both.stack.up(check=False)
        ours = both.engine.up(program, check=False)
        assert (real.code == 0, ours.ok) == (fine, fine), (kind, real.output, ours.messages)
        logged = [line.message for line in ours.logs if line.severity == "error"]
        # An error that a program logs is shown, and fails nothing.
        assert logged == [f"an error in the log, {kind}"]
        for message in ours.messages + logged:
            assert flat(message) in flat(real.output), kind
        assert real.left == []
        both.same_calls()
        both.same_state()
    both.engine.restart()
    assert both.stack.destroy(check=False).code != 0
    assert both.engine.destroy(check=False).messages
    both.same_calls()
    both.same_state()
