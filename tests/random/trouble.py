"""What may go wrong: faults of single calls, and tenants of other habits. All from the emulator's
documented surface; left out is what would be a lie that no client could see through (a success
that was none, a 404 for what is there)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.host.objects import COLLECTIONS

Do = dict[str, Any]
FOREVER = None
_LATER = {"headers": {"Retry-After": "3"}}

REFUSED: list[Do] = [
    {"action": "status", "status": 400},
    {"action": "status", "status": 401},
    {"action": "status", "status": 403},
    {"action": "status", "status": 429, **_LATER},
]
BROKEN: list[Do] = [
    {"action": "status", "status": 500},
    {"action": "status", "status": 503, **_LATER},
    {"action": "html", "status": 502},
    {"action": "close"},
    {"action": "close", "reset": True},
    {"action": "hang"},
]
UNREADABLE: list[Do] = [
    {"action": "html", "status": 200},
    {"action": "html", "status": 404},
    {"action": "empty", "status": 200},
    {"action": "redirect", "location": "http://127.0.0.1:9/elsewhere"},
]
LOST: list[Do] = [
    {"action": "status", "when": "after", "status": 500},
    {"action": "html", "when": "after", "status": 502},
    {"action": "html", "when": "after", "status": 200},
    {"action": "empty", "when": "after", "status": 200},
    {"action": "close", "when": "after"},
    {"action": "close", "when": "after", "reset": True},
    {"action": "hang", "when": "after"},
    {"action": "truncated"},
    {"action": "invalid_json"},
    {"action": "wrong_content_type", "content_type": "text/html"},
]
LISTS: list[Do] = [
    {"action": "short_list"},
    {"action": "repeat_page"},
    {"action": "duplicate_ids"},
]
LATE: list[Do] = [
    {"action": "late_visibility", "seconds": 3},
    {"action": "late_visibility", "seconds": 40},
]
ANY_CALL = [LOST, BROKEN, UNREADABLE, REFUSED]
OF_METHOD: dict[str, list[list[Do]]] = {
    "POST": [*ANY_CALL, LATE],
    "PUT": ANY_CALL,
    "DELETE": ANY_CALL,
    "GET": [*ANY_CALL, LISTS],
}
"""By groups, each as likely as every other."""
TOKEN = "/oauth2/token"
ANYWHERE = f"re:/({'|'.join(COLLECTIONS.values())})"
PATHS = [*[ANYWHERE] * 3, *(f"/{collection}*" for collection in COLLECTIONS.values())]


@dataclass(frozen=True)
class Fault:
    """One fault, for one operation."""

    method: str
    path: str
    do: Do = field(hash=False)
    skip: int = 0
    times: int | None = 1

    def wish(self) -> dict[str, Any]:
        """As `Emulator.fault` takes it."""
        match = {"skip": self.skip, "times": self.times}
        return {"method": self.method, "path": self.path, "match": match, **self.do}


ANY_METHOD = "*"
SKIPS = st.sampled_from([0, 0, 1, 2, 4])


@st.composite
def _of_api(draw: st.DrawFn) -> Fault:
    method = draw(st.sampled_from([ANY_METHOD, ANY_METHOD, ANY_METHOD, *OF_METHOD]))
    do = draw(st.sampled_from(draw(st.sampled_from(OF_METHOD.get(method, ANY_CALL)))))
    path = ANYWHERE if method == ANY_METHOD else draw(st.sampled_from(PATHS))
    # A hang takes real time, up to the time-out of its request.
    times = 1 if do["action"] == "hang" else draw(st.sampled_from([1, 2, FOREVER]))
    return Fault(method, path, do, draw(SKIPS), times)


_of_token = st.builds(
    Fault,
    st.just("POST"),
    st.just(TOKEN),
    st.sampled_from([*BROKEN, *UNREADABLE, LOST[4], LOST[7], LOST[8]]),
    st.just(0),
    st.sampled_from([1, 2]),
)


_each = st.one_of(_of_api(), _of_api(), _of_api(), _of_token)
faults = st.lists(_each, min_size=1, max_size=3)
"""Of one command."""


@dataclass(frozen=True)
class Kill:
    """The plugin host ends while a call is under way, before its commit or after."""

    method: str
    after: bool
    skip: int

    def wish(self) -> dict[str, Any]:
        """The hang in which it happens, as `Emulator.fault` takes it."""
        when = "after" if self.after else "before"
        return Fault(self.method, ANYWHERE, {"action": "hang", "when": when}, self.skip).wish()


_killed = st.sampled_from(["POST", "PUT", "DELETE", ANY_METHOD, ANY_METHOD])
kills = st.builds(Kill, _killed, st.booleans(), st.sampled_from([0, 0, 1, 2, 3]))

SHOWING: list[dict[str, Any]] = [{"secrets_on_read": how} for how in ("plain", "masked", "absent")]
HABITS: list[dict[str, Any]] = [
    *SHOWING,
    {"lock": False},
    {"lock": True, "lock_status": 412},
    {"lock": True, "lock_status": 400},
    {"duplicate_status": 400},
    {"duplicate_status": 409},
    {"delete_referenced": "allow"},
    {"delete_referenced": "refuse", "delete_referenced_status": 409},
    {"check_references": False},
    {"type_immutable": True},
    {"page_size": 1, "paging_parameters": True, "pagination_info": True},
    {"page_size": 2, "paging_parameters": True, "pagination_info": True},
    # Without parameters or without counts only a whole list in one page is the truth.
    {"page_size": 1000, "paging_parameters": False},
    {"page_size": 1000, "pagination_info": False},
    {"token_lifetime": 3},
    {"send_expires_in": False},
    {"rate_limit": {"per_second": 0.5, "burst": 2}},
    {"rate_limit": {"per_second": 5, "burst": 2}, "retry_after": "date"},
    {"rate_limit": None},
    {"egain:onConflict": "overwrite"},
    {"egain:onConflict": "fail"},
]
"""Switches of the emulator, each one honest tenant, so that they stay when faults are healed; and
what a program may want of it."""
