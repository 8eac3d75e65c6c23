"""Late visibility: objects that exist, but that reads do not show yet."""

from __future__ import annotations

from .clock import Clock


class Visibility:
    """The objects that are hidden for some time of the emulator's clock or some reads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}
        self._reads: dict[str, int] = {}

    def hide(self, key: str, seconds: float, reads: int) -> None:
        """Hide an object for `seconds` or for `reads` reads, whichever lasts longer."""
        self._until[key] = self._clock.now() + seconds
        self._reads[key] = reads

    def read(self, key: str) -> bool:
        """Count a read of an object; return whether it shows the object."""
        if key not in self._until:
            return True
        if self._reads[key] > 0:
            self._reads[key] -= 1
            return False
        if self._clock.now() < self._until[key]:
            return False
        self.forget(key)
        return True

    def forget(self, key: str) -> None:
        self._until.pop(key, None)
        self._reads.pop(key, None)

    def clear(self) -> None:
        self._until.clear()
        self._reads.clear()
