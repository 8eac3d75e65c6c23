"""Late visibility: an object that exists, but that reads do not show yet."""

from __future__ import annotations

from .clock import Clock


class Visibility:
    """Which objects are invisible, until a moment of the emulator's clock or for some reads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}
        self._reads: dict[str, int] = {}

    def hide(self, key: str, seconds: float, reads: int) -> None:
        """For `seconds` of the clock and for `reads` reads, whichever lasts longer."""
        self._until[key] = self._clock.now() + seconds
        self._reads[key] = reads

    def sees(self, key: str) -> bool:
        """Whether this read, which is hereby counted, shows the object."""
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
