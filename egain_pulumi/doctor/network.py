"""The way from this machine to eGain: proxies and certificates, from the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from ..names import is_loopback, public_address
from .check import Check, Status

_BUNDLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def checks(addresses: Mapping[str, str | None], environment: Mapping[str, str]) -> Iterator[Check]:
    """Check the variables that decide how each address (by its setting) is reached."""
    for name, address in addresses.items():
        if address is not None:
            yield Check("network", f"proxy-{name}", Status.OK, _way(address, environment))
    yield _certificates(environment)


def _way(address: str, environment: Mapping[str, str]) -> str:
    parts = urlsplit(address)
    host = parts.hostname or ""
    if is_loopback(address):
        return f"{host} is this machine: no proxy"
    names = (f"{parts.scheme}_proxy", f"{parts.scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY")
    name = next((each for each in names if environment.get(each)), None)
    if name is None:
        return f"{host} is reached without a proxy"
    without = (environment.get("no_proxy") or environment.get("NO_PROXY") or "").split(",")
    if any(_covers(each.strip().lstrip(".").lower(), host) for each in without):
        return f"{host} is reached without a proxy: NO_PROXY names it"
    return f"{host} is reached through the proxy of {name}: {public_address(environment[name])}"


def _covers(name: str, host: str) -> bool:
    return bool(name) and (name == "*" or host == name or host.endswith(f".{name}"))


def _certificates(environment: Mapping[str, str]) -> Check:
    name = next((each for each in _BUNDLES if environment.get(each)), None)
    if name is None:
        if environment.get("SSL_CERT_FILE"):
            text = "SSL_CERT_FILE is set, which calls to eGain ignore"
            todo = "If your proxy has a certificate of its own, set REQUESTS_CA_BUNDLE too."
            return Check("network", "certificates", Status.WARNING, text, todo)
        text = "certificates are checked against those of the package certifi"
        return Check("network", "certificates", Status.OK, text)
    if not os.access(environment[name], os.R_OK):
        text = f"{name} cannot be read: {environment[name]}"
        todo = f"Set {name} to an existing PEM file, or unset it."
        return Check("network", "certificates", Status.FAILED, text, todo)
    text = f"certificates are checked against those of {name}: {environment[name]}"
    return Check("network", "certificates", Status.OK, text)
