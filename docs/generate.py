"""Writes `docs/reference/` from the models, the settings and the command line.

python docs/generate.py            writes the pages
python docs/generate.py --check    writes nothing; exits with 1 if a page is outdated
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import typer
from annotated_types import Ge, Gt, Le
from pydantic import SecretStr
from resource_page import Resource, file_name, link, page, refers_to

import egain_pulumi
from egain_pulumi.api.settings import Settings
from egain_pulumi.cli.adopt import adopt
from egain_pulumi.cli.compare import compare
from egain_pulumi.cli.doctor import doctor
from egain_pulumi.cli.emulator import emulator
from egain_pulumi.cli.exits import MEANING
from egain_pulumi.cli.export import export
from egain_pulumi.cli.graph import graph
from egain_pulumi.cli.inventory import inventory
from egain_pulumi.cli.list import list_
from egain_pulumi.cli.reach import reach
from egain_pulumi.cli.recover import recover
from egain_pulumi.cli.report import report
from egain_pulumi.cli.smoke import smoke
from egain_pulumi.hub import RULES
from egain_pulumi.names import wire_name
from egain_pulumi.resources import KINDS
from examples import LIST_JSON

FOLDER = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by docs/generate.py; change the code, then run it. -->\n"


def resources() -> list[Resource]:
    """Return the six resource classes in the order of creation."""
    exported = [getattr(egain_pulumi, name) for name in egain_pulumi.__all__]
    found = {r.kind.model: r for r in exported if hasattr(r, "kind")}
    return [found.pop(kind.model) for kind in KINDS if kind.model in found] + [*found.values()]


def pages() -> dict[str, str]:
    """Return the content of every page by file name."""
    everything = resources()
    written = {file_name(resource): page(resource, everything) for resource in everything}
    written |= {"README.md": index(), "settings.md": settings(), "command-line.md": commands()}
    written["reach-rules.md"] = rules()
    return {name: f"{NOTE}{text}" for name, text in written.items()}


def index() -> str:
    """Return the start page."""
    everything = resources()
    rows = []
    for resource in everything:
        model = resource.kind.model
        about = inspect.cleandoc(resource.__doc__ or "").splitlines()[0]
        to = ", ".join(other.kind.model.label for other in refers_to(resource, everything))
        by = ", ".join(f"`{key}`" for key in model.find_by)
        unique = resource.kind.as_kind().unique
        rows.append(
            f"| {link(resource)} | {about} | {to or 'nothing'} "
            f"| {f'`{unique}`' if unique else 'nothing'} | {by or '(none)'} |"
        )
    table = "\n".join(rows)
    return f"""# Reference

In the order of creation, which Pulumi follows.

| resource | what it is | refers to | unique | found by |
|---|---|---|---|---|
{table}

- [Settings](settings.md): addresses, credentials, limits
- [Command line](command-line.md): `egain-pulumi`
- [Rules of reach](reach-rules.md): does a message reach someone?
- [Rules](../rules.md): what the provider does and never does
- [Calls](../calls.md): the API calls of each command
- [Conversations and assets](../conversations.md): for bots in Python
- [Two environments](../two-environments.md): export and compare
- [Who manages what](../inventory.md): inventory
- [Why does it not work?](../doctor.md): doctor
- [Assumptions](../assumptions.md) about a real tenant
- [The emulator](../emulator.md)

## Conventions

**Names** are the vendor's in snake_case. The last column of each table has eGain's own name.

**References** accept the resource, its id (as text or Output), or `{{"id": …}}`. The program
checks the kind of a resource when it runs.

**Keyed lists** are mappings. eGain stores lists of objects with a name (roles, headers, options,
texts); a program writes a mapping by that name. The vendor's list is accepted too. Keys are data
and never renamed. A duplicate key is an error.

**Lists** have an order. **Sets of words** have none.

**Limits** and required arguments are checked in the preview. A value beyond a documented limit
is an error (a warning with `egain:validation: warn`). A value beyond an *assumed* limit is a
warning and sent as written. A wrong type or an unknown name is always an error.

**Mistakes** are listed all at once, before anything is sent, each with its path.
"""


def settings() -> str:
    """Return the page of the settings."""
    table = "\n".join(_setting(name) for name in Settings.model_fields)
    return f"""# Settings

Set each one in the stack configuration or in the environment.

| configuration | variable | values | default | meaning |
|---|---|---|---|---|
{table}

The environment overrides the configuration, because refresh and destroy see only the
configuration of the last `up`, which may have old credentials. It cannot override an address: if
`EGAIN_BASE_URL` or `EGAIN_TOKEN_URL` differs from the stack's configuration, this is an error
that names both.

A preview needs no settings. A malformed or unknown setting is an error in a preview too. Missing
settings are one warning in a preview and an error at the first call.

Set the secret with `pulumi config set --secret egain:clientSecret`, and the token URL with
`--plaintext`, because Pulumi takes the name `tokenUrl` for a secret's. Plain `http` is refused
except for this machine. Proxies and certificates come from `HTTPS_PROXY`, `NO_PROXY` and
`REQUESTS_CA_BUNDLE`.

## A second tenant

```python
from egain_pulumi import Provider

eu = Provider("eu", base_url="https://…", token_url="https://…", credentials_env="EGAIN_EU")
```

Resources with `opts=pulumi.ResourceOptions(provider=eu)` live in this tenant. The arguments, in
snake_case, are its only settings: it ignores the configuration and the variables above. With
`credentials_env` it reads `EGAIN_EU_CLIENT_ID` and `EGAIN_EU_CLIENT_SECRET`, and stores nothing.
With `client_id` and `client_secret` the credentials are in the state, the secret encrypted. See
[A second tenant](../second-tenant.md).

## Environment only

| variable | meaning |
|---|---|
| `EGAIN_TENANT_MOVED` | `1` accepts new addresses of the stack's tenant |
| `EGAIN_EXPORT_KEY` | the key of [fingerprints](../two-environments.md#secrets) of secrets |
| `EGAIN_DEBUG` | `1` shows tracebacks with errors |
"""


def _setting(name: str) -> str:
    info = Settings.model_fields[name]
    required = name in Settings.model_construct().missing()  # whatever the environment says
    default = "required" if required else "none" if info.default is None else _code(info.default)
    secret = SecretStr in (info.annotation, *typing.get_args(info.annotation))
    about = f"{info.description}{' Encrypted in the configuration.' if secret else ''}"
    names = f"`egain:{wire_name(name)}` | `EGAIN_{name.upper()}`"
    return f"| {names} | {_values(info)} | {default} | {about} |"


def _values(info: Any) -> str:
    annotation = info.annotation
    if typing.get_origin(annotation) is Literal:
        return " or ".join(f"`{choice}`" for choice in typing.get_args(annotation))
    inner = {annotation, *typing.get_args(annotation)}
    if bool in inner:
        return "`true` or `false`"
    words = "whole number" if int in inner else "number" if float in inner else "text"
    for mark in info.metadata:
        match mark:
            case Ge():
                words += f", at least {mark.ge}"
            case Gt():
                words += f", more than {mark.gt}"
            case Le():
                words += f", at most {mark.le}"
    return words


def _code(value: Any) -> str:
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def commands() -> str:
    """Return the page of the command line."""
    codes = "\n".join(f"| {code.value} | {text} |" for code, text in MEANING.items())
    return f"""# Command line

`pip install "egain-pulumi[cli,emulator]"` installs `egain-pulumi`.

| exit code | meaning |
|---|---|
{codes}

Errors are one line on standard error. `EGAIN_DEBUG=1` adds a traceback.

{_command("emulator", emulator)}

More: [the emulator](../emulator.md).

{_command("list", list_)}

Names are shown in full, with unprintable characters escaped, as in `\\x1b`.

`--json` always writes all keys, in ASCII. Keys may be added, but none is removed:

```json
{LIST_JSON}```

`kinds` has the requested kind, or all. `field` says what `value` is: the `name`, or the `type` of a
channel; `null` if eGain answered without it. Only client applications have `roles`. If
`needs_scope` is not `null`, the client may not read this kind, and `objects` is `null`.

{_command("report", report)}

More: [what a change does](../report.md), [ten examples](../examples/README.md).

{_command("reach", reach)}

More: [does a message reach somebody?](../reach.md)

{_command("graph", graph)}

{_command("smoke", smoke)}

More: [scripts, what can be observed, twelve broken hubs](../smoke.md).

{_command("export", export)}

More: [two environments](../two-environments.md), [JSON Schema](../export.schema.json).

{_command("compare", compare)}

More: [two environments](../two-environments.md).

{_command("inventory", inventory)}

More: [who manages what](../inventory.md).

{_command("doctor", doctor)}

More: [why does it not work?](../doctor.md)

{_command("adopt", adopt)}

More: [you have a tenant already](../existing-tenant.md).

{_command("recover", recover)}

More: [the state is gone](../lost-state.md).
"""


def rules() -> str:
    """Return the page of the rules of reach."""
    rows = "\n".join(
        f"| `{rule.id}` | {rule.sentence} | {rule.reason} | {'yes' if rule.needs_tenant else ''} |"
        for rule in RULES
    )
    return f"""# Rules of reach

`egain-pulumi reach` checks these rules, and `pulumi preview` warns about those that need no tenant.
To silence a rule, add its id to `reach.toml`: [does a message reach somebody?](../reach.md)

| rule | what must hold | why | tenant only |
|---|---|---|---|
{rows}
"""


def _command(name: str, function: Callable[..., int]) -> str:
    rows = "\n".join(_options(function))
    about = inspect.cleandoc(function.__doc__ or "")
    return f"## `egain-pulumi {name}`\n\n{about}\n\n| | default | |\n|---|---|---|\n{rows}"


def _options(function: Callable[..., int]) -> Iterator[str]:
    hints = typing.get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        (info,) = hints[name].__metadata__
        # Inside Annotated, typer keeps the first declaration where a default would be.
        flag = info.default if isinstance(info.default, str) else f"--{name.replace('_', '-')}"
        shown = info.metavar if isinstance(info, typer.models.ArgumentInfo) else flag
        value = f" {info.metavar}" if shown == flag and info.metavar else ""
        default = parameter.default
        if default is parameter.empty:
            text = "required"
        else:
            text = "" if default is None or default is False else f"`{default}`"
        yield f"| `{shown}{value}` | {text} | {info.help} |"


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them with what is written."""
    wanted = pages()
    there = {file.name: file.read_text("utf-8") for file in FOLDER.glob("*.md")}
    stale = sorted(name for name in wanted | there if wanted.get(name) != there.get(name))
    if arguments == ["--check"]:
        if stale:
            sys.stderr.write(
                f"docs/reference: not as the code is: {', '.join(stale)}; "
                "run: python docs/generate.py\n"
            )
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for name in stale:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], "utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
