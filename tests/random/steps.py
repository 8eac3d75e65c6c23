"""Random programs as data: rounds of steps, each step a call of `RandomProgram`.

Not `RuleBasedStateMachine`: it turns most rules off in most examples, and half of a run is then
the same empty command. A list of rounds shrinks as well: rounds, steps and arguments fall away.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from hypothesis import strategies as st

from tests.host.objects import COLLECTIONS
from tests.random.program import CHANGES, RandomProgram
from tests.random.shapes import SHAPES
from tests.random.trouble import HABITS, SHOWING, faults, kills

KINDS = st.sampled_from([*COLLECTIONS, "Orchestration"])
ANY = st.integers(0, 7)
NUMBERS = st.integers(0, 4)
"""Of unique values: few enough to meet."""
SHAPE = st.integers(0, SHAPES - 1)
WHAT = st.sampled_from(list(CHANGES))
CONSOLE = st.sampled_from(["description", "active", "unknown", "header", "header", "delete"])


@dataclass(frozen=True)
class Step:
    """One call of a `RandomProgram`; shown as one in a failure."""

    name: str
    arguments: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{k}={v!r}' for k, v in self.arguments.items())})"

    def perform(self, program: RandomProgram) -> None:
        """Make the call."""
        getattr(program, self.name)(**self.arguments)


def step(name: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """A call with arguments from strategies."""
    return st.builds(partial(Step, name), st.fixed_dictionaries(arguments))


def often(times: int, strategy: st.SearchStrategy[Step]) -> list[st.SearchStrategy[Step]]:
    """For `st.one_of`, which takes every entry as often as every other."""
    return [strategy] * times


BEGIN = step("begin", first=st.lists(st.tuples(KINDS, SHAPE, ANY), min_size=2, max_size=6))
WRITING = st.one_of(
    *often(2, step("declare", kind=KINDS, number=NUMBERS, shape=SHAPE, to=ANY)),
    *often(2, step("change", which=ANY, what=WHAT, to=ANY)),
    step("change_all", what=WHAT, to=ANY),
    step("repoint", which=ANY, slot=ANY, to=ANY),
    step("remove", which=ANY),
    step("rename", which=ANY, how=st.sampled_from(["alias", "import", "nothing"])),
    step("revalue", which=ANY, number=NUMBERS),
    step("replace", which=ANY, text=st.integers(0, 2), new=st.booleans(), first=st.booleans()),
)
OTHERS = st.one_of(
    *often(2, step("console", which=ANY, what=CONSOLE)),
    step("habit", habit=st.sampled_from(HABITS)),
    step("somebody_adds", kind=KINDS, number=NUMBERS, shape=SHAPE),
    step("somebody_copies", which=ANY),
    step("move"),
    step("forget", which=ANY, by_import=st.booleans()),
)
RUNNING = st.one_of(
    *often(4, step("up", faults=faults, parallel=st.sampled_from([1, 1, 4]))),
    *often(2, step("up", kill=kills)),
    step("up"),
    step("preview"),
    *often(2, step("refresh", faults=faults)),
    step("destroy", faults=faults),
    step("destroy", kill=kills),
    step("settle", takes_over=st.booleans()),
)


@st.composite
def _round(draw: st.DrawFn) -> list[Step]:
    written = draw(st.lists(WRITING, min_size=1, max_size=3))
    return [*written, *draw(st.lists(OTHERS, max_size=1)), draw(RUNNING)]


@st.composite
def programs(draw: st.DrawFn) -> list[Step]:
    """What happens from the first declaration to the last command."""
    drawn = draw(st.lists(_round(), min_size=3, max_size=9))
    before = [draw(step("habit", habit=st.sampled_from(SHOWING))), draw(BEGIN)]
    return [*before, *draw(st.lists(step("up"), max_size=1)), *(s for r in drawn for s in r)]
