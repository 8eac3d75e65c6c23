"""The settings (docs/reference/settings.md), from stack configuration and environment.

A program does not import this module: only calls need settings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from ..errors import ConfigurationError
from ..names import LOOPBACK, closest, is_loopback, public_address, wire_name

NAMESPACE: Final = "egain"
EXPLICIT: Final = "explicit"
CREDENTIALS_ENV: Final = "credentialsEnv"
_CREDENTIALS: Final = ("client_id", "client_secret")
_REQUIRED: Final = ("base_url", "token_url", *_CREDENTIALS)


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # an invalid port
        valid = False
    if not valid or any(character.isspace() for character in value):
        raise ValueError("must be an absolute https:// URL")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must be a plain URL, without user, password, query or fragment")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("must be https: plain http is accepted for loopback only")
    return value.rstrip("/")


Url = Annotated[str, AfterValidator(_url)]


class Settings(BaseModel):
    """The settings; the environment variable of each is `EGAIN_` and its name.

    The four without default are only needed for calls; see `require`.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    base_url: Url | None = Field(None, description="Base address of Conversation Manager v3.")
    token_url: Url | None = Field(None, description="Address of the OAuth 2.0 token endpoint.")
    client_id: str | None = Field(
        None, min_length=1, description="Id of the client application that makes the calls."
    )
    client_secret: SecretStr | None = Field(None, min_length=1, description="Its secret.")
    scope: str = Field(
        "https://api.egain.cloud/auth/.default",
        description="Scopes to request, space-separated.",
    )
    requests_per_second: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="Most calls a second. By default no limit until eGain answers 429.",
    )
    max_concurrency: int = Field(16, ge=1, le=64, description="Most calls in flight at once.")
    request_timeout_seconds: float = Field(
        30, gt=0, allow_inf_nan=False, description="Timeout of one request."
    )
    operation_timeout_seconds: float = Field(
        300,
        gt=0,
        allow_inf_nan=False,
        description="Timeout of one operation, with retries and waits.",
    )
    on_conflict: Literal["fail", "overwrite"] = Field(
        "fail", description="What to do if eGain holds other values than this stack last saw."
    )
    allow_delete: bool = Field(True, description="Whether objects may be deleted.")
    validation: Literal["error", "warn"] = Field(
        "error", description="Severity of a value that breaks a documented limit."
    )

    def require(self) -> None:
        """Raise ConfigurationError if a call lacks settings; it names all of them in one line."""
        missing = self.missing()
        if missing:
            raise ConfigurationError(
                f"cannot call eGain: {', '.join(map(self.name, missing))} "
                f"{'is' if len(missing) == 1 else 'are'} not set."
            )

    def name(self, field: str) -> str:
        """Return a setting's name for errors."""
        return display_name(field)

    def advice(self, field: str, *, final: bool) -> str:
        """Return what to do if the address of a setting did not answer, as a sentence."""
        if final:
            return f"Check {self.name(field)}."
        name = self.name(field)
        return f"Run it again. If it fails again, check the network, any proxy and {name}."

    def origin(self, field: str) -> str:
        """Return a setting's name for errors: only the variable if that is set."""
        variable = self.variable(field)
        return variable if variable and os.environ.get(variable) else self.name(field)

    def source(self, field: str) -> str:
        """Return where a value comes from, so that an error can tell the user what to change."""
        variable = f"EGAIN_{field.upper()}"
        return variable if os.environ.get(variable) else "configuration of the last up"

    @property
    def is_local(self) -> bool:
        """Whether the addresses lead to this machine, where an emulator may be."""
        addresses = (str(self.base_url), str(self.token_url))
        return all(map(is_loopback, addresses))

    def variable(self, field: str) -> str | None:
        """Return the variable that sets a value for one command, if there is one."""
        return f"EGAIN_{field.upper()}"

    def missing(self) -> list[str]:
        """Return the required settings that are not set."""
        return [name for name in _REQUIRED if getattr(self, name) is None]


class _Explicit(Settings):
    """The settings of a `Provider` in a program: only its arguments, without the environment."""

    credentials_env: str | None = None

    def name(self, field: str) -> str:
        if self.credentials_env and field in _CREDENTIALS:
            return f"{self.credentials_env}_{field.upper()}"
        return f"{field} of the Provider"

    def source(self, field: str) -> str:
        return f"{self.name(field)}, as of the last up"

    def variable(self, field: str) -> str | None:
        return None


class _Prefixed(Settings):
    """The settings of one of several tenants, from variables that begin with a prefix."""

    prefix: str

    def name(self, field: str) -> str:
        return f"{self.prefix}_{field.upper()}"

    source = variable = name


def display_name(field: str) -> str:
    """Return both names of a setting: `egain:baseUrl (EGAIN_BASE_URL)`."""
    return f"{NAMESPACE}:{wire_name(field)} (EGAIN_{field.upper()})"


def load(config: Mapping[str, Any]) -> Settings:
    """Load the settings from a provider's configuration and the environment.

    Raises ConfigurationError, with all problems in one line, for an unknown `egain:` key, a
    malformed value, or an address in the environment that differs from the configured one.
    """
    fields = {wire_name(name): name for name in Settings.model_fields}
    known = ", ".join(f"{NAMESPACE}:{key}" for key in fields)
    problems = []
    values: dict[str, Any] = {}
    explicit = config.get(f"{NAMESPACE}:{EXPLICIT}") == "true"
    for full, value in config.items():
        namespace, _, key = full.partition(":")
        if namespace != NAMESPACE or (explicit and key in (EXPLICIT, CREDENTIALS_ENV)):
            continue
        if key not in fields:
            hint = closest(key, fields)
            problems.append(
                f"{full} is not a setting; "
                + (f"did you mean {NAMESPACE}:{hint}?" if hint else f"known: {known}")
            )
        else:
            values[fields[key]] = value
    if explicit:
        values |= _credentials(config.get(f"{NAMESPACE}:{CREDENTIALS_ENV}"))
    else:
        problems += _contradictions(values)
        # The environment wins, for rotated credentials: refresh and destroy see only the
        # configuration of the last `up`. An empty variable counts as not set.
        for name in Settings.model_fields:
            if value := os.environ.get(f"EGAIN_{name.upper()}"):
                values[name] = value
    return _validated(_Explicit if explicit else Settings, values, display_name, problems)


def load_prefixed(prefix: str) -> Settings:
    """Load the settings of a tenant from the variables `PREFIX_BASE_URL`, `PREFIX_TOKEN_URL` …

    Raises ConfigurationError, with all problems in one line, for a malformed value.
    """
    values: dict[str, Any] = {"prefix": prefix}
    for name in Settings.model_fields:
        if value := os.environ.get(f"{prefix}_{name.upper()}"):
            values[name] = value
    return _validated(_Prefixed, values, lambda field: f"{prefix}_{field.upper()}", [])


def _validated(
    model: type[Settings],
    values: Mapping[str, Any],
    name: Callable[[str], str],
    problems: list[str],
) -> Settings:
    try:
        settings = model(**values)
    except ValidationError as error:
        for each in error.errors(include_input=False):
            text = each["msg"].removeprefix("Value error, ").replace("Input should", "should")
            problems.append(f"{name(str(each['loc'][0]))}: {text}")
    if problems:
        raise ConfigurationError(" ".join(p if p[-1] in "?." else f"{p}." for p in problems))
    return settings


def _credentials(prefix: str | None) -> dict[str, str]:
    """Return the credentials of a `Provider` with `credentials_env`. They are not stored."""
    if not prefix:
        return {}
    variables = {name: f"{prefix}_{name.upper()}" for name in _CREDENTIALS}
    found = {n: os.environ[v] for n, v in variables.items() if os.environ.get(v)}
    return {"credentials_env": prefix, **found}


def _contradictions(configured: Mapping[str, Any]) -> list[str]:
    """Return errors for addresses in the environment that would lead to another tenant."""
    found = []
    for field in ("base_url", "token_url"):
        variable = f"EGAIN_{field.upper()}"
        here, there = os.environ.get(variable), configured.get(field)
        if here and there and here != there:
            found.append(
                f"{NAMESPACE}:{wire_name(field)} is {public_address(str(there))}, but {variable} "
                f"is {public_address(here)}: unset the variable, or change the configuration"
            )
    return found
