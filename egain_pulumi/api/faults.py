"""What an exception of `requests`, or of a library below it, means: one line and a next step.

Whether anything was sent decides between "could not connect" and "no answer". What fails before
that and is no failure of the network is a setting of this machine: trying again would not help.
"""

from __future__ import annotations

import http.client
import os
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import LocationParseError, ReadTimeoutError

from ..names import is_loopback
from .exchange import GivenUp
from .outcome import Failure

_BUNDLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_EXPIRED: Final = (9, 10)  # OpenSSL's verify codes: not yet valid, expired
_OTHER_HOST: Final = (62, 63, 64)  # another host, mail address or IP address


class RequestFailed(Exception):
    """A request got no answer, or one that is too large.

    `code` is for programs; `reason` is for people and contains no credentials. `next_step` is a
    sentence, or empty if there is nothing better to do than to try again.
    """

    def __init__(self, failure: Failure, code: str, reason: str, next_step: str = "") -> None:
        super().__init__(reason)
        self.failure, self.code, self.reason, self.next_step = failure, code, reason, next_step


class TooLarge(Exception):
    """An answer has more than `most` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


def request_failed(error: Exception, url: str, *, sent: bool) -> RequestFailed:
    """Return what `error` means. `sent`: a byte of the request may have left."""
    lost = Failure.LOST if sent else Failure.NOT_CONNECTED
    timeout = "the request timed out" if sent else "connecting timed out"
    match error:
        case GivenUp():
            return (
                RequestFailed(lost, "cancelled", "canceled")
                if error.cancelled
                else RequestFailed(lost, "timeout", timeout)
            )
        case TooLarge():
            reason = f"the answer is larger than {_size(error.most)}"
            return RequestFailed(Failure.UNREADABLE, "answer_too_large", reason)
        case requests.Timeout() | TimeoutError():
            return RequestFailed(lost, "timeout", timeout)
        case requests.ConnectionError() if _cause(error, ReadTimeoutError):
            return RequestFailed(lost, "timeout", timeout)
    if not sent and (setting := _wrong_setting(error, url)):
        return setting
    match error:
        case requests.exceptions.SSLError():
            did = "was lost" if sent else "could not be made"
            return RequestFailed(lost, "connection_lost", f"the TLS connection {did}")
        case requests.exceptions.ProxyError():
            proxy = _proxy_variable(url)
            reason = f"the proxy{f' of {proxy}' if proxy else ''} refused the connection"
            return RequestFailed(lost, "proxy_refused", reason)
        case requests.ConnectionError() | requests.exceptions.ChunkedEncodingError():
            if not sent:
                proxy = _proxy_variable(url)
                through = f", through the proxy of {proxy}" if proxy else ""
                reason = f"connection refused or host unknown{through}"
                return RequestFailed(lost, "connection_refused", reason)
            spoken = _cause(error, http.client.HTTPException)
            if spoken is None or isinstance(
                spoken, http.client.RemoteDisconnected | http.client.IncompleteRead
            ):
                return RequestFailed(lost, "connection_lost", "the connection was lost")
            reason = "the answer is not valid HTTP"
            return RequestFailed(Failure.UNREADABLE, "answer_not_http", reason)
    # Only the type: the text of a foreign exception may quote an address with a secret.
    failure = Failure.UNREADABLE if sent else Failure.UNUSABLE
    return RequestFailed(failure, "unknown", type(error).__name__)


def _wrong_setting(error: Exception, url: str) -> RequestFailed | None:
    """Return the failure if a setting is the cause, or a certificate."""
    unusable = Failure.UNUSABLE
    certificate = _cause(error, ssl.SSLCertVerificationError)
    if isinstance(certificate, ssl.SSLCertVerificationError):
        reason, step = _distrust(certificate.verify_code)
        return RequestFailed(unusable, "certificate_invalid", reason, step)
    if isinstance(error, OSError) and (bundle := _bad_bundle()):
        reason = f"the CA certificates of {bundle} cannot be read"
        step = f"Set {bundle} to an existing PEM file, or unset it."
        return RequestFailed(unusable, "ca_bundle_invalid", reason, step)
    encoding = _cause(error, UnicodeEncodeError)
    if isinstance(encoding, UnicodeEncodeError) and encoding.encoding == "utf-8":
        return RequestFailed(unusable, "text_invalid", "a text has characters that do not exist")
    if isinstance(error, requests.exceptions.InvalidJSONError):
        return RequestFailed(unusable, "text_invalid", "a value that JSON cannot carry")
    if isinstance(error, UnicodeError | requests.exceptions.InvalidHeader):
        reason = "a header has characters that HTTP cannot carry"
        return RequestFailed(unusable, "header_not_ascii", reason)
    proxy = _proxy_variable(url)
    if proxy and isinstance(error, ValueError | LocationParseError | LookupError):
        reason = f"the proxy of {proxy} cannot be used"
        step = f"Set {proxy} to the address of a proxy, or unset it."
        return RequestFailed(unusable, "proxy_invalid", reason, step)
    if isinstance(error, ValueError | LocationParseError):  # `requests`' InvalidURL and its like
        return RequestFailed(unusable, "address_invalid", "the address is not valid")
    return None


def _distrust(code: int) -> tuple[str, str]:
    if code in _EXPIRED:
        step = "Renew it there, or check the clock of this machine."
        return "its TLS certificate has expired or is not valid yet", step
    if code in _OTHER_HOST:
        return "its TLS certificate is for another host", ""
    step = "If an authority of your own has signed it, set REQUESTS_CA_BUNDLE to a file with its"
    return "its TLS certificate is not trusted", f"{step} certificate."


def _bad_bundle() -> str | None:
    """Return the variable whose file or folder of CA certificates cannot be read."""
    name = next((each for each in _BUNDLES if os.environ.get(each)), None)
    if name is None:
        return None
    path = os.environ[name]
    try:
        if not Path(path).is_dir():
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (OSError, ValueError):
        return name
    return None


def _proxy_variable(url: str) -> str | None:
    """Return the variable that names the proxy for an address; as `requests` chooses it."""
    try:
        scheme = urlsplit(url).scheme
        if is_loopback(url):
            return None
        if requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url)) is None:
            return None
    except ValueError:
        return None
    names = [f"{each}_proxy" for each in (scheme, "all")]
    known = [name for each in names for name in (each, each.upper()) if os.environ.get(name)]
    return known[0] if known else None


def _size(count: int) -> str:
    return f"{count // 2**20} MiB" if count >= 2**20 else f"{count // 2**10} KiB"


def _cause(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """Return the cause of this kind inside the libraries' wrapping."""
    seen: list[BaseException] = [error]
    for each in seen:
        if isinstance(each, kind):
            return each
        inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        seen += [i for i in inner if isinstance(i, BaseException) and i not in seen]
    return None
