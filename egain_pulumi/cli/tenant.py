"""The connection to the tenant of the environment, with errors that never show its secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from ..api.client import Client
from ..api.settings import Settings, load, load_prefixed
from ..errors import ConfigurationError, EgainError
from ..redaction import redact
from ..text import LONGEST_SENTENCE, one_line


@contextmanager
def connect(prefix: str | None = None) -> Iterator[tuple[Client, Callable[[str], None]]]:
    """Yield a client for the tenant, and a function that shows progress.

    Raises ConfigurationError if a setting is missing.
    """
    settings = load_settings(prefix)
    with clean(settings), Console(stderr=True).status("") as status:
        yield Client(settings), status.update


@contextmanager
def clean(settings: Settings) -> Iterator[None]:
    """Remove the client's secret from errors."""
    try:
        yield
    except EgainError as error:
        secret = settings.client_secret
        secrets = [secret.get_secret_value()] if secret else []
        raise EgainError(redact(one_line(str(error), LONGEST_SENTENCE), secrets)) from None


def load_settings(prefix: str | None = None) -> Settings:
    """Load the settings from the environment. Raises ConfigurationError if any are missing.

    Their variables begin with `EGAIN_`, or with the prefix of one of several tenants.
    """
    settings = load({}) if prefix is None else load_prefixed(prefix)
    missing = [f"{prefix or 'EGAIN'}_{field.upper()}" for field in settings.missing()]
    if missing:
        hint = "" if prefix else "; for the emulator that make up has started, run: . .local/env"
        raise ConfigurationError(f"not set in the environment: {', '.join(missing)}{hint}")
    return settings
