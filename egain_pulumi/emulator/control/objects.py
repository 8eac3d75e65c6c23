"""The tenant's objects on the control surface, which edits them as eGain's console does.

Edits need no token and are not checked; they only change the stamps.
"""

from __future__ import annotations

import uuid
from typing import Any

from starlette.requests import Request

from ..contract import shapes
from ..tenant import Body, Tenant


class ObjectPages:
    """One method for each path. `?secrets=plain` shows secrets; otherwise they read "[secret]".

    So do attributes that are not in the contract: a program may have put a secret there.
    """

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def everything(self, method: str, request: Request, body: Any) -> object:
        return {
            name: [self._view(request, name, row) for row in rows.values()]
            for name, rows in self.tenant.objects.items()
        }

    def collection(self, method: str, request: Request, body: Any) -> object:
        name, rows = self._rows(request)
        if method == "POST":
            new = _object(body)
            key = new.get("id", str(uuid.uuid4()))
            if not isinstance(key, str) or key in rows:
                raise ValueError("id must be text that no object of this kind has yet")
            return self._view(request, name, self.tenant.write(name, key, new))
        return {"objects": [self._view(request, name, row) for row in rows.values()]}

    def one(self, method: str, request: Request, body: Any) -> object:
        name, rows = self._rows(request)
        key = request.path_params["id"]
        if key not in rows:
            raise LookupError(f"{name}/{key} does not exist")
        if method == "DELETE":
            self.tenant.remove(name, key)
            return None
        if method == "PATCH":
            self.tenant.write(name, key, merge_patch(rows[key], _object(body)))
        return self._view(request, name, self.tenant.objects[name][key])

    def _rows(self, request: Request) -> tuple[str, dict[str, Body]]:
        name = request.path_params["collection"]
        if name not in self.tenant.objects:
            known = ", ".join(self.tenant.objects)
            raise LookupError(f"collection {name} does not exist; choose from {known}")
        return name, self.tenant.objects[name]

    def _view(self, request: Request, name: str, row: Body) -> Any:
        if request.query_params.get("secrets") == "plain":
            return row
        own = {key: row[key] for key in ("id", "created", "modified") if key in row}
        rest = {key: value for key, value in row.items() if key not in own}
        return {**own, **shapes.redact(self.tenant.shapes[name], rest)}


def merge_patch(target: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7396): objects merge, null removes, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    out = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merge_patch(out.get(key), value)
    return out


def _object(body: Any) -> Body:
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body
