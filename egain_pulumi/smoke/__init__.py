"""Does a customer's message reach somebody? Tried out, on a tenant or on the emulator.

    from egain_pulumi import hub, smoke

    now = hub.stack(text_of_stack_export, kinds)
    report = smoke.converse(now)                          # EGAIN_BASE_URL and the others
    report = smoke.converse(now, names=["orders"], script=smoke.script(text), emulator=True)
    report = smoke.callbacks(text_of_export_with_secrets, kinds)

    report.passed, report.checks                          # Check: name, passed, ends, steps
    smoke.text(report), smoke.document(report), smoke.junit(report)

`kinds` as for `egain_pulumi.hub`. Both raise EgainError where nothing could be tried; whatever
goes wrong on the way is a step of the report. `docs/smoke.md` says more.

report       steps, checks
rendering    text, JSON, JUnit
script       what the customer says
accounts     where he writes to
journey      one conversation, seen through `sight` (`hops` and `control` on the emulator);
             wishes: what it says; customer: who says it
listener     the customer's application
callers      how eGain calls the callbacks of a stack; `calling` does it
advice       what to change where it ends
"""

from .formats import document, junit, text
from .report import Check, Outcome, Report, Step
from .run import WAIT, callbacks, converse, elsewhere
from .script import Turn, script

__all__ = [
    "WAIT",
    "Check",
    "Outcome",
    "Report",
    "Step",
    "Turn",
    "callbacks",
    "converse",
    "document",
    "elsewhere",
    "junit",
    "script",
    "text",
]
