"""A hub as a whole: its objects, their references, and whether messages reach somebody.

`kinds` are the six (`resources.KINDS`), in the order of creation:

    from egain_pulumi import hub

    now = hub.stack(state, kinds)                    # Hub; state: pulumi stack export
    plan = hub.preview(json, kinds)                  # Preview; json: pulumi preview --json
    plan = hub.preview(json, kinds, state=state)     # if made without --show-sames
    real = hub.tenant({"channel": rows, ...}, kinds) # Hub; rows None: not readable

Each raises an `EgainError` if the text is not JSON, is cut off, belongs to another project
(`project=`) or has an unknown format, or if the preview failed; never returns a part of a hub.

    plan.before, plan.after      Hub: objects by key (the URN), edges
    plan.both                    Hub: after the change, together with the deleted objects
    plan.steps[key]              Step: op, old, new, diff {path: kind of change}; for every object
    plan.changes                 the steps that change eGain
    plan.refreshed, plan.gone    compared with the tenant?  objects that are gone from it
    Op                           same create import find update replace delete forget read

    each = plan.after.objects[key]
    each.kind, each.name, each.id, each.active, each.roles, each.protected
    each.origin                  managed; found or got (not managed); tenant
    each.imported                the value of import_
    each.inputs                  declared values; secrets are SECRET, icons {"path", "sha256"},
                                 unknown values `complaint.UNKNOWN`

    now.out(key), now.into(key)  Edge: source, path, to (class), target (key or None), id,
                                 presumed (the likeliest of several targets)
    now.below(keys)              these objects and all that they refer to
    now.above(keys)              these objects and all that refer to them
    now.live_accounts()          active accounts
    now.impact(keys)             (active accounts that reach one of them, their channels)

    found = hub.findings(now)    [Finding]: rule, object, path, text, accounts, channels; str()
    hub.RULES                    Rule: id, sentence, reason, needs_tenant
    hub.silences(reach_toml)     the silences of a project
    hub.judge(found, silences)   Verdict: findings, silenced, idle

    hub.marks(plan)              {key: Mark}: added, changed, replaced, deleted, affected …
    hub.mermaid(plan.both, changes=hub.marks(plan), most=40)
    hub.svg(...), hub.html(...)  the same as a single file; need the extra `graph`

The folders: `sources` builds a hub, `reach` has the rules, `picture` draws. Pure: no file, no
network, no clock.
"""

from ..schema.declared import Origin
from .model import Edge, Hub, Object
from .picture.boxes import MOST_BOXES, Mark, marks
from .picture.mermaid import mermaid
from .picture.svg import html, svg
from .reach.rules import RULES, Finding, Rule, findings
from .reach.silences import REACH_TOML, Silence, Verdict, judge, silences
from .sources.declarations import tenant
from .sources.documents import SECRET, NotAHub
from .sources.previews import Preview, preview
from .sources.states import stack
from .sources.steps import Op, Step

__all__ = [
    "MOST_BOXES",
    "REACH_TOML",
    "RULES",
    "SECRET",
    "Edge",
    "Finding",
    "Hub",
    "Mark",
    "NotAHub",
    "Object",
    "Op",
    "Origin",
    "Preview",
    "Rule",
    "Silence",
    "Step",
    "Verdict",
    "findings",
    "html",
    "judge",
    "marks",
    "mermaid",
    "preview",
    "silences",
    "stack",
    "svg",
    "tenant",
]
