"""The tenant that a command talks to: its settings, and errors without their secrets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..api.settings import Settings
from ..errors import ConfigurationError, EgainError
from ..text import LONGEST_SENTENCE, one_line, without


@contextmanager
def clean(settings: Settings) -> Iterator[None]:
    """Whatever goes wrong inside is said without the client's secret."""
    try:
        yield
    except EgainError as error:
        secret = settings.client_secret
        secrets = [secret.get_secret_value()] if secret else []
        raise EgainError(one_line(without(str(error), secrets), LONGEST_SENTENCE)) from None


def require(settings: Settings) -> None:
    """Refuse to run without what a tenant is reached with."""
    missing = [f"EGAIN_{field.upper()}" for field in settings.missing()]
    if missing:
        raise ConfigurationError(
            f"not set in the environment: {', '.join(missing)} (those of the emulator that "
            "make up has started: . .local/env)"
        )
