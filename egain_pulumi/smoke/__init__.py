"""Test that a customer's message is answered, on a tenant or on the emulator.

    from egain_pulumi import hub, smoke

    now = hub.stack(text_of_stack_export, kinds)
    report = smoke.converse(now)                          # EGAIN_BASE_URL and the others
    report = smoke.converse(now, names=["orders"], script=smoke.script(text), emulator=True)
    report = smoke.callbacks(text_of_export_with_secrets, kinds)

    report.passed, report.checks                          # Check: name, passed, ends, steps
    smoke.text(report), smoke.document(report), smoke.junit(report)

`kinds` as for `egain_pulumi.hub`. Both raise EgainError if nothing could be tested; any later
failure is a step of the report. See `docs/smoke.md`.

report              steps and checks
formats             text, JSON, JUnit
advice              what to change, by a step's code
script              what the customer says
accounts            the accounts to test
conversation        the check of one account; `customer` sends the messages
observation         what can be observed; `listener` and `emulator_trace` get it
callbacks           the callbacks of a stack; `callback_check` tests one
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
