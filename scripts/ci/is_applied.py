"""`scripts/is-applied STACK`: whether a stack runs this program."""

from __future__ import annotations

import json

from scripts.ci import cli
from toolchain.say import Refusal, say

STILL = ("same", "read", "refresh")


def run(stack: str) -> int:
    """Whether an apply would change nothing; 1 where it would. Compared with the state alone."""
    done = cli.pulumi(stack, "preview", "--json")
    if done.returncode:
        raise Refusal(f"{stack}: {cli.words(done)}")
    counted = json.loads(done.stdout).get("changeSummary", {})
    changes = [f"{number} to {op}" for op, number in sorted(counted.items()) if op not in STILL]
    if changes:
        say(f"{stack} does not run this program yet: {', '.join(changes)}. Apply it there first")
        return 1
    say(f"{stack} runs this program")
    return 0
