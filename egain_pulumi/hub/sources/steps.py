"""The step of one object in a preview, in terms of eGain. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..model import Object


class Op(StrEnum):
    """What happens to an object."""

    SAME = "same"
    CREATE = "create"
    IMPORT = "import"
    """A create with `import_`: takes over an object in eGain. Pulumi has no such step."""
    FIND = "find"
    """A create or replace of a `find`: looks up an object. Pulumi has no such step."""
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"
    """A delete that eGain does not see: of a `find`, a `get`, or with `retain_on_delete`."""
    READ = "read"


OPS: Final[Mapping[str, Op]] = {
    "same": Op.SAME,
    "create": Op.CREATE,
    "update": Op.UPDATE,
    "replace": Op.REPLACE,
    "create-replacement": Op.REPLACE,
    "delete-replaced": Op.REPLACE,
    "delete": Op.DELETE,
    "read": Op.READ,
    "read-replacement": Op.READ,
    "import": Op.IMPORT,
    "import-replacement": Op.IMPORT,
    "discard": Op.FORGET,
    "discard-replaced": Op.FORGET,
    "remove-pending-replace": Op.SAME,
}
"""Every step of CLI 3.259 (`pkg/resource/deploy/step.go`) except `refresh`."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one object; `old` is None for a new object, `new` for a deleted one."""

    key: str
    op: Op
    old: Object | None
    new: Object | None
    diff: Mapping[str, str]
    """Kind of change (`add`, `update-replace` …) by property path, as the CLI writes it. The only
    place that tells whether a secret changes."""

    @property
    def object(self) -> Object:
        """The new object, or the deleted one."""
        found = self.new or self.old
        assert found is not None
        return found
