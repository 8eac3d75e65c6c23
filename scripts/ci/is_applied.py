"""`scripts/is-applied STACK`: whether a stack runs this program."""

from __future__ import annotations

import json

from scripts.ci import cli
from toolchain.say import Refusal, say

UNCHANGED = ("same", "read", "refresh")


def run(stack: str) -> int:
    """Return 1 if an apply would change something. Compares with the state only."""
    done = cli.pulumi(stack, "preview", "--json")
    if done.returncode:
        raise Refusal(f"{stack}: {cli.reason(done)}")
    counts = json.loads(done.stdout).get("changeSummary", {})
    changes = [f"{number} to {op}" for op, number in sorted(counts.items()) if op not in UNCHANGED]
    if changes:
        say(f"{stack} does not run this program yet: {', '.join(changes)}. Apply it there first")
        return 1
    say(f"{stack} runs this program")
    return 0
