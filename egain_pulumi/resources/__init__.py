"""The six kinds, one file each: its model, its provider (two facts), its Pulumi class.

A seventh kind is one new file here, one entry below, one line in `egain_pulumi/__init__.py`, one
specimen in `tests/specimens.py`, and a row in the emulator's table. A test fails until each is
there.
"""

from __future__ import annotations

from typing import Final

from .account import AccountResource
from .authentication import AuthenticationResource
from .channel import ChannelResource
from .client_application import ClientApplicationResource
from .orchestration import OrchestrationResource
from .participant import ParticipantResource

KINDS: Final = tuple(
    resource.kind.as_kind()
    for resource in (
        AuthenticationResource,
        ClientApplicationResource,
        ParticipantResource,
        ChannelResource,
        OrchestrationResource,
        AccountResource,
    )
)
"""In the order in which eGain's guide makes them: each refers to earlier ones only."""
