"""The report of a preview: what a change does to a hub, who is affected, what it costs. Pure.

    from egain_pulumi import hub, review

    plan = hub.preview(json, kinds)
    found = review.review(plan, kinds, review.context(json), hub.silences(reach_toml))

    found.risks                      the rows that a person must acknowledge
    found.changes                    what happens to each object, property by property
    found.accounts, found.channels   the affected active accounts, and their channels
    found.cost                       API calls of `pulumi up`, and their time
    review.sentence(found)           one sentence in eGain's terms, for `as_text`, `as_markdown`
    review.markdown(found)           the report for a pull request, at most `LONGEST` characters
    review.document(found)           the report as JSON: `docs/report.schema.json`

Anybody may write names and values. In Markdown each is a code span, in which no markup takes
effect (`markup.code`).
"""

from .analysis import review
from .costs import Context, context
from .document import document
from .markdown import LONGEST, markdown
from .markup import as_markdown, as_text
from .model import Change, Cost, Property, Review, Risk, Target
from .sentence import sentence

__all__ = [
    "LONGEST",
    "Change",
    "Context",
    "Cost",
    "Property",
    "Review",
    "Risk",
    "Target",
    "as_markdown",
    "as_text",
    "context",
    "document",
    "markdown",
    "review",
    "sentence",
]
