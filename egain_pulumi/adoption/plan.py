"""What a plan of an adoption depends on, and what it says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from .evidence import Reading
from .model import Item
from .settings import Setting


@dataclass(frozen=True, slots=True)
class Known:
    """What the stack, its project and the rest of the backend have already."""

    here: Mapping[str, str] = field(default_factory=dict)
    """Ids of the objects in this stack's state, with their logical names."""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Ids of the objects that other stacks manage, with the stacks' names."""
    keys: Collection[str] = ()
    """Configuration keys of the project."""
    icon: Callable[[str], bytes | None] = lambda _: None
    """Reads a file of the project; None if it does not exist."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the program goes: its entry, the prefix of its modules, the tenant."""

    entry: str
    prefix: str
    address: str
    """Of the tenant, without credentials."""
    mark: Mapping[str, str]
    """The tenant as each object carries it in the state."""
    providers: Mapping[str, str]
    """By resource class, the text by which a state finds the provider."""


@dataclass(frozen=True)
class Plan:
    """What to write and to import, and what to say of it."""

    items: Sequence[Item]
    files: Mapping[str, str]
    icons: Mapping[str, bytes]
    settings: Sequence[Setting]
    import_file: str = field(repr=False)
    shown: Reading | None
    """What reads show of secrets; None if there are none."""
    warnings: Sequence[str]
    refused: Sequence[str]
    """What could not be adopted, or not with all its values, and why."""

    @property
    def adopted(self) -> list[Item]:
        """The objects that the program declares."""
        return [item for item in self.items if item.find is None]
