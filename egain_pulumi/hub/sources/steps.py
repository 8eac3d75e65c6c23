"""What happens to one object in a preview, in terms of eGain. Pure."""

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
    """Ours: a create with `import_`, which takes over what eGain has."""
    FIND = "find"
    """Ours: a create, or a replace, of a `find`: looked up, nothing is made."""
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"
    """Leaves the state; eGain keeps it: found, got, or `retain_on_delete`."""
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
"""Every step that CLI 3.259 knows (`pkg/resource/deploy/step.go`), but `refresh`."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one object. `old` is missing where it is new, `new` where it goes."""

    key: str
    op: Op
    old: Object | None
    new: Object | None
    diff: Mapping[str, str]
    """Property path, as the CLI writes it → kind of change: `add`, `update-replace` …; also for
    secrets, of which nothing else is known."""

    @property
    def object(self) -> Object:
        """The object as it will be, or as it was."""
        found = self.new or self.old
        assert found is not None
        return found
