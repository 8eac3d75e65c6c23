"""`reach.toml`: its silences, and its mistakes as one line."""

from __future__ import annotations

import pytest

from egain_pulumi import hub
from egain_pulumi.errors import EgainError
from tests.hub.builders import of, parts, resource

ENTRY = '[[silence]]\nrule = "orphan"\nbecause = "Started by hand."\n'


def lost(*names: str) -> list[hub.Finding]:
    """Return findings of the rule `orphan`."""
    resources = parts()
    for name in names:
        resources[name] = resource("Participant", name, {"active": True})
    return hub.findings(of(resources))


def test_a_rule_is_silenced_for_all_objects_or_for_one() -> None:
    found = lost("a", "b")
    verdict = hub.judge(found, hub.silences(ENTRY))
    assert (verdict.findings, len(verdict.silenced), verdict.idle) == ((), 2, ())
    verdict = hub.judge(found, hub.silences(f'{ENTRY}object = "a"\n'))
    assert [each.object.name for each in verdict.findings] == ["b"]
    [(silenced, by)] = verdict.silenced
    assert (silenced.object.name, by.because) == ("a", "Started by hand.")


def test_a_silence_that_matches_nothing_is_idle() -> None:
    verdict = hub.judge(lost("a"), hub.silences(f'{ENTRY}object = "c"\n'))
    assert [str(each) for each in verdict.idle] == ['orphan of "c"']
    assert len(verdict.findings) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[silence]", "reach.toml: not valid TOML: "),
        ("silence = 7", "reach.toml: only [[silence]] entries are allowed"),
        (f"{ENTRY}[other]\n", "reach.toml: only [[silence]] entries are allowed"),
        (ENTRY.replace("orphan", "orfan"), "unknown rule 'orfan'; did you mean orphan?"),
        (ENTRY.replace("orphan", "x"), "unknown rule 'x'; known rules: account-channel, "),
        (ENTRY.replace("Started by hand.", " "), "because is missing: say why orphan does not"),
        (
            ENTRY.replace("because", "reason"),
            "unknown key 'reason'; known keys: rule, object",
        ),
        (f"{ENTRY}object = 7\n", "silence 1: must have only texts"),
    ],
)
def test_a_mistake_is_one_line(text: str, said: str) -> None:
    with pytest.raises(EgainError) as caught:
        hub.silences(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
