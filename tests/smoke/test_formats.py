"""Reports as text, JSON and JUnit, with hostile names and answers."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from egain_pulumi import smoke
from egain_pulumi.smoke import Check, Outcome, Report, Step

HOSTILE = 'a\x00"<b>&\x1b[2J\ufffe]]>'
ENDED = Step(Outcome.ENDED, HOSTILE, 0.25, "write <x>", "hostile")
REPORT = Report(
    (
        Check("account", HOSTILE, "sms 1", (Step(Outcome.OK, "fine", 0.1), ENDED)),
        Check("account", "orders", "sms 2", (Step(Outcome.NOTE, "so", 0.5),)),
    )
)


def test_junit_is_well_formed_and_has_all_of_it() -> None:
    suites = ElementTree.fromstring(smoke.junit(REPORT))
    [suite] = suites
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "time")} == {
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "time": "0.750",
    }
    broken, sound = suite
    [failure] = broken.iter("failure")
    assert (failure.text or "").endswith("<b>&\ufffd[2J\ufffd]]>\nwrite <x>")
    assert sound.find("failure") is None
    assert sound.findtext("system-out") == "0.50 note: so"


def test_json_has_every_step() -> None:
    found = json.loads(json.dumps(smoke.document(REPORT)))
    assert (found["passed"], [each["passed"] for each in found["checks"]]) == (False, [False, True])
    assert found["checks"][0]["steps"][1] == {
        "outcome": "ended",
        "what": HOSTILE,
        "seconds": 0.25,
        "change": "write <x>",
        "code": "hostile",
    }


def test_text_ends_with_how_many_have_failed() -> None:
    assert [*smoke.text(REPORT)][-1] == "2 accounts: 1 failed"
    assert [*smoke.text(Report(REPORT.checks[1:]))][-1] == "1 account: passed"
