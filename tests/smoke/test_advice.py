"""Advice: each code that has some is in use."""

from __future__ import annotations

from egain_pulumi.smoke.advice import _ADVICE, advise
from tests.support.process import REPOSITORY

PACKAGE = REPOSITORY / "egain_pulumi"


def test_every_code_with_advice_is_in_use() -> None:
    files = [*(PACKAGE / "smoke").glob("*.py"), *(PACKAGE / "emulator" / "messaging").glob("*.py")]
    files.append(PACKAGE / "api" / "faults.py")
    source = "".join(file.read_text("utf-8") for file in files if file.name != "advice.py")
    assert [code for code in _ADVICE if f'"{code}"' not in source] == []


def test_advice_names_the_orchestration() -> None:
    assert advise("escalation_agent_not_set", 'orchestration "x"').endswith(' of orchestration "x"')
    assert advise("unknown") == ""
