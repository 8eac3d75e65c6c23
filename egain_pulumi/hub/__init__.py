"""A hub as a whole: what is in it, who refers to whom, whether messages reach somebody.

Three sources, one model. `kinds` are the six (`resources.KINDS`), in the order they are made in:

    from egain_pulumi import hub

    now = hub.stack(text_of_stack_export, kinds)                 # Hub
    plan = hub.preview(text_of_preview_json, kinds)              # Preview
    plan = hub.preview(text, kinds, state=text_of_stack_export)  # made without --show-sames
    real = hub.tenant({"channel": rows, ...}, kinds)             # Hub; rows None: not readable

Each raises `NotAHub` (an `EgainError`, one line) for a text that is not what it should be: no
JSON, cut off, of another project (`project=` says which is right), of a newer CLI, a preview with
an error in it. No half of a hub is ever returned.

    plan.before, plan.after      Hub: objects by key (the URN), edges
    plan.both                    Hub: after, with what is deleted as it was
    plan.steps[key]              Step: op, old, new, diff {path: kind}; one for every object
    plan.changes                 the steps that change something in eGain
    plan.refreshed, plan.gone    compared with the tenant? what it no longer has
    Op                           same create import find update replace delete forget read

    each = plan.after.objects[key]
    each.kind.model.label, each.name, each.id, each.active, each.roles, each.protected
    each.origin                  managed, found, got (both not ours), tenant
    each.imported                what it takes over, if it does
    each.inputs                  declared; secrets are "[secret]", icons {"path", "sha256"},
                                 what is not known yet `complaints.UNKNOWN`

    now.out(key), now.into(key)  Edge: source, path, to (class), target (key or None), id,
                                 presumed (several could be meant; this is the likeliest)
    now.reached(keys), now.reaching(keys)      all below, all above
    now.live()                   active accounts
    now.affected(keys)           (active accounts that reach one of them, their channels)

    hub.findings(now)            [Finding]: rule, object, path, text, accounts, channels; str()
    hub.RULES                    Rule: id, sentence, reason, needs_tenant
    hub.silences(text)           what a reach.toml says
    hub.judged(found, silences)  Verdict: told, silenced, idle

    hub.marks(plan)              {key: Mark}: added, changed, replaced, deleted, affected …
    hub.mermaid(plan.both, changes=hub.marks(plan), most=40)
    hub.svg(...), hub.html(...)  the same, as one self-contained file; need the extra `graph`

Pure: no file, no network, no clock. Only `svg` and `html` load a library, when they are called.
"""

from ..schema.declared import Origin
from .model import Edge, Hub, Object
from .picture.boxes import MOST, Mark, drawn, marks
from .picture.mermaid import mermaid
from .picture.svg import html, svg
from .reach.rules import RULES, Finding, Rule, findings
from .reach.silences import FILE, Silence, Verdict, judged, silences
from .sources.documents import SECRET, NotAHub
from .sources.previews import Preview, preview
from .sources.states import stack
from .sources.steps import Op, Step
from .sources.tenants import tenant

__all__ = [
    "FILE",
    "MOST",
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
    "drawn",
    "findings",
    "html",
    "judged",
    "marks",
    "mermaid",
    "preview",
    "silences",
    "stack",
    "svg",
    "tenant",
]
