"""docs/rules.md#errors: whatever goes wrong is one line, in `configure` and in every method."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel, provider_text
from tests.host.running import said
from tests.specimens import ORCHESTRATION
from tests.support.emulator import Emulator
from tests.support.errors import ProviderError

pytestmark = pytest.mark.host

POISON = {**ORCHESTRATION.full, "applications": 5}
CALLS: dict[str, Callable[[Any, str, dict[str, Any]], Any]] = {
    "create": lambda host, urn, bad: host.create(urn, bad),
    "read": lambda host, urn, bad: host.read(urn, "i" * 36, bad, bad),
    "update": lambda host, urn, bad: host.update(urn, "i" * 36, bad, bad, bad),
}


@pytest.mark.parametrize("debug", [False, True], ids=["", "debug"])
def test_even_a_bug_is_one_line_unless_somebody_debugs(
    debug: bool, make_engine: MakeEngine, emulator: Emulator
) -> None:
    """`check` refuses such inputs; what is behind it must not fall over with a traceback."""
    env = {"EGAIN_DEBUG": "1"} if debug else {}
    engine = make_engine(config=emulator.config, env=env)
    emulator.add("orchestrations", {"id": "i" * 36, "name": "x", "applications": {}})
    urn = engine.urn(ORCHESTRATION.token, "it")
    bad = {**POISON, "__provider": provider_text(ORCHESTRATION)}
    for method, call in CALLS.items():
        with pytest.raises(ProviderError) as caught:
            call(engine.provider, urn, bad)
        assert ("Traceback" in caught.value.message) is debug, method
        assert ("\n" in caught.value.message) is debug, method
        if not debug:
            words = "This is a bug: please report it; EGAIN_DEBUG=1 shows the trace"
            assert words in caught.value.message, method


@pytest.mark.parametrize(
    ("config", "env", "words"),
    [
        ({"egain:baseURL": "https://x"}, {}, "egain:baseURL is not a setting; did you mean"),
        ({"egain:baseUrl": "ftp://x"}, {}, "must be an absolute https:// URL"),
        ({"egain:tokenUrl": "http://login.example.com/t"}, {}, "plain http is accepted for"),
        ({}, {"EGAIN_MAX_CONCURRENCY": "many"}, "egain:maxConcurrency (EGAIN_MAX_CONCURRENCY)"),
        ({"egain:onConflict": "ask"}, {}, "'fail' or 'overwrite'"),
        (
            {"egain:baseUrl": "https://one.example.com"},
            {"EGAIN_BASE_URL": "https://two.example.com"},
            "egain:baseUrl is https://one.example.com, but EGAIN_BASE_URL is "
            "https://two.example.com",
        ),
    ],
)
def test_a_malformed_setting_is_one_line_at_preview(
    config: dict[str, str], env: dict[str, str], words: str, make_engine: MakeEngine
) -> None:
    engine = make_engine(config={"egain:clientSecret": "canary-secret", **config}, env=env)
    [message] = engine.preview([channel()], check=False).messages
    assert words in message
    assert "\n" not in message
    assert "canary" not in message
    assert "Traceback" not in engine.output


def test_a_project_named_egain_is_refused_in_one_line(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config, project="egain")
    result = engine.preview([channel()], check=False)
    assert result.messages == [
        'a project named "egain" cannot use egain-pulumi: its own settings would look like ours. '
        "Rename it in Pulumi.yaml."
    ]
    assert said(result, "error") == []
