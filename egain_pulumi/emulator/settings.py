"""Settings: they select a behavior where the public documentation leaves it open.

They are in memory: a restart returns to the defaults and the command line.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

CHOICES: dict[str, tuple[object, ...]] = {
    "secrets_on_read": ("plain", "masked", "absent"),
    "validation": ("contract", "documented", "off"),
    "lock_status": (400, 409, 412),
    "duplicate_status": (400, 409),
    "delete_referenced": ("refuse", "allow"),
    "delete_referenced_status": (400, 403, 409),
    "retry_after": ("seconds", "date", "absent"),
    "values_on_read": ("typed", "text"),
    "unset_on_read": ("absent", "null"),
}

TEXT_FORMS = ("lf", "trim", "nfc", "html")

RANGES: dict[str, tuple[float, float]] = {
    "latency": (0, 600),
    "page_size": (1, 100_000),
    "token_lifetime": (0, 10**9),
    "callback_seconds": (0.05, 60),
    "asset_url_lifetime": (0, 10**9),
}


@dataclass(frozen=True)
class Settings:
    """All settings with their defaults; `docs/emulator.md` explains each."""

    latency: float = 0.0
    page_size: int = 25
    paging_parameters: bool = True
    pagination_info: bool = True
    secrets_on_read: str = "plain"
    values_on_read: str = "typed"
    unset_on_read: str = "absent"
    texts_on_write: tuple[str, ...] = ()
    validation: str = "contract"
    lock: bool = True
    lock_status: int = 409
    duplicate_status: int = 409
    check_references: bool = True
    delete_referenced: str = "refuse"
    delete_referenced_status: int = 400
    type_immutable: bool = False
    token_lifetime: int = 3600
    send_expires_in: bool = True
    echo_bodies: bool = False
    rate_limit: dict[str, float] | None = None
    rate_limit_headers: bool = True
    retry_after: str = "seconds"
    agents_available: bool = True
    callback_seconds: float = 5.0
    asset_url_lifetime: int = 900
    name_database: bool = True

    @property
    def rewrites(self) -> bool:
        """Whether answers may break the contract: values have other types or other texts."""
        typed = self.values_on_read == "typed" and self.unset_on_read == "absent"
        return not typed or bool(self.texts_on_write)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def apply(self, patch: object) -> Settings:
        """Return these settings with `patch` applied; a ValueError names the wrong key."""
        if not isinstance(patch, dict):
            raise ValueError("settings must be a JSON object")
        kinds = {field.name: str(field.type) for field in fields(self)}
        for key, value in patch.items():
            if key not in kinds:
                raise ValueError(f"{key} is not a setting; choose from {', '.join(kinds)}")
            _check(key, kinds[key], value)
        return replace(self, **patch)


def _check(key: str, kind: str, value: object) -> None:
    if key in CHOICES:
        if isinstance(value, bool) or value not in CHOICES[key]:
            raise ValueError(f"{key} must be one of {', '.join(map(str, CHOICES[key]))}")
    elif key == "rate_limit":
        _check_rate(value)
    elif key == "texts_on_write":
        if not isinstance(value, list) or any(form not in TEXT_FORMS for form in value):
            raise ValueError(f"{key} must be a list of {', '.join(TEXT_FORMS)}")
    elif kind == "bool":
        if not isinstance(value, bool):
            raise ValueError(f"{key} must be true or false")
    else:
        low, high = RANGES[key]
        wanted = (int,) if kind == "int" else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted) or not low <= value <= high:
            raise ValueError(f"{key} must be a number from {low} to {high}")


def _check_rate(value: object) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or set(value) != {"per_second", "burst"}:
        raise ValueError('rate_limit must be null or {"per_second": number, "burst": number}')
    for key, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or number <= 0:
            raise ValueError(f"rate_limit.{key} must be a number above 0")
    if value["burst"] < 1:
        raise ValueError("rate_limit.burst must be at least 1, otherwise no call passes")
