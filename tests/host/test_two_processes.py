"""A program and the plugin host are two processes: what acts is loaded in the host alone."""

from __future__ import annotations

import pytest

from tests.host.running import program
from tests.support.engine import Engine
from tests.support.values import plain

pytestmark = pytest.mark.host


def test_a_program_loads_nothing_of_what_acts(engine: Engine) -> None:
    """Not even in a preview, which looks at the reach of the whole program."""
    result = engine.preview(
        program("""
            import sys
            acting = ("egain_pulumi.plugin", "egain_pulumi.api", "requests", "tenacity")
            bot = application()
            orchestration("flow", [bot])
            greeter = participant("greeter", bot)
            pulumi.export("loaded", greeter.urn.apply(
                lambda _: [name for name in sys.modules if name.startswith(acting)]))
            pulumi.export("reach", greeter.urn.apply(
                lambda _: "egain_pulumi.hub.reach.rules" in sys.modules))
        """)
    )
    assert plain(result.outputs) == {"loaded": [], "reach": True}
