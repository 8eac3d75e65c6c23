"""The six kinds, one file each: its model, its provider and its resource class.

A seventh kind needs a new file here, an entry below, a line in `egain_pulumi/__init__.py`, a
specimen in `tests/specimens.py`, and a row in the emulator's table. A test fails until all exist.
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
"""In the order of eGain's guide: each kind refers only to earlier ones."""
