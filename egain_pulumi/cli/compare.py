"""`egain-pulumi compare`: how two environments differ."""

from __future__ import annotations

import json
import re
import secrets
from enum import StrEnum
from typing import Annotated, Final

import typer

from .. import comparison
from ..errors import EgainError
from ..resources import KINDS
from ..text import visible
from .exits import Code
from .export import fingerprint_key, of_stack, of_tenant
from .hub_source import folder, project, read
from .terminal import save, write

_TENANT: Final = "tenant"
_PREFIX: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SIDES = (
    "A file of egain-pulumi export or pulumi stack export, stack:NAME, tenant or tenant:PREFIX."
)


class _Form(StrEnum):
    TEXT = "text"
    MARKDOWN = "--markdown"
    JSON = "--json"
    HTML = "--html"


def compare(
    one: Annotated[str, typer.Argument(metavar="A", help=_SIDES)],
    other: Annotated[str, typer.Argument(metavar="B", help="The same.")],
    allow: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="What may differ; by default compare.toml beside Pulumi.yaml."
        ),
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="For a comment.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    html: Annotated[
        bool, typer.Option("--html", help="One page with both hubs side by side.")
    ] = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
    ] = None,
) -> int:
    """Compare two environments: tenants, stacks, exports or previews.

    Matches objects by kind and name, never by id, and shows only what differs in meaning. The exit
    code is 1 if anything differs that compare.toml does not allow. Changes nothing.

    "tenant" is that of EGAIN_BASE_URL; tenant:PROD that of PROD_BASE_URL, PROD_TOKEN_URL,
    PROD_CLIENT_ID and PROD_CLIENT_SECRET. Secrets are compared by fingerprints: of two tenants
    always, of stacks and exports if EGAIN_EXPORT_KEY is set. None is shown.
    """
    form = _form(markdown, as_json, html)
    key = fingerprint_key()
    if key is None and all(map(_is_tenant, (one, other))):
        key = secrets.token_bytes(32)  # nobody keeps these fingerprints
    allowed = _allowances(allow)
    names = (one, other)
    found = comparison.compare(_document(one, key), _document(other, key))
    verdict = comparison.judge(found, allowed)
    match form:
        case _Form.MARKDOWN:
            text = comparison.markdown(verdict, names)
        case _Form.JSON:
            answer = comparison.document(verdict, names)
            text = json.dumps(answer, indent=2, ensure_ascii=True) + "\n"
        case _Form.HTML:
            text = comparison.html(verdict, names, KINDS)
        case _:
            text = comparison.text(verdict, names) + "\n"
    if output is None:
        write(text.removesuffix("\n"))
    else:
        save(output, text, "--output: ")
    return Code.FINDING if verdict.differences else Code.FINE


def _form(markdown: bool, as_json: bool, html: bool) -> _Form:
    wishes = {_Form.MARKDOWN: markdown, _Form.JSON: as_json, _Form.HTML: html}
    chosen = [form for form, wished in wishes.items() if wished]
    if len(chosen) > 1:
        raise EgainError(f"use only one of {', '.join(chosen)}")
    return chosen[0] if chosen else _Form.TEXT


def _is_tenant(name: str) -> bool:
    return name == _TENANT or name.startswith(f"{_TENANT}:")


def _document(name: str, key: bytes | None) -> comparison.Document:
    """Read one side. A file is an export, a state or a preview."""
    kind, _, rest = name.partition(":")
    if _is_tenant(name):
        if kind != name and not _PREFIX.fullmatch(rest):
            raise EgainError(
                f'"{visible(name)}": write the prefix of its variables after the colon, as in '
                "tenant:PROD for PROD_BASE_URL"
            )
        return of_tenant(rest or None, key)
    if kind == "stack" and rest:
        return of_stack(None, rest, key)
    text = read(name)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and "deployment" in found:
        return comparison.of_stack(text, KINDS, key, project=project())
    if isinstance(found, dict) and "changeSummary" in found:
        return comparison.of_preview(text, KINDS, project=project())
    return comparison.parse(text, KINDS, visible(name))


def _allowances(file: str | None) -> tuple[comparison.Allowance, ...]:
    default = folder() / comparison.COMPARE_TOML
    if file is None and not default.is_file():
        return ()
    return comparison.allowances(read(file or str(default)), [kind.name for kind in KINDS])
