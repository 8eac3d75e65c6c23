"""A report as text, as JSON (`docs/smoke.md`), and as JUnit. Pure.

Names and answers are other people's text: the caller must make it safe for a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree

from ..text import visible
from .report import Check, Outcome, Report

_INDENT = " " * 19


def text(report: Report) -> Iterator[str]:
    """Yield the lines for people."""
    for check in report.checks:
        yield f"{check.label}: {check.about}"
        for step in check.steps:
            yield f"  {step.seconds:7.2f}  {step.outcome.value:8} {step.what}"
            if step.change:
                yield f"{_INDENT}change: {step.change}"
    failed = sum(not check.passed for check in report.checks)
    count = len(report.checks)
    what = report.checks[0].kind if report.checks else "check"
    unseen = any(step.outcome is Outcome.UNSEEN for each in report.checks for step in each.steps)
    verdict = f"{failed} failed" if failed else "passed"
    if unseen and not failed:
        verdict += " (some steps cannot be observed)"
    yield f"{count} {what}{'' if count == 1 else 's'}: {verdict}"


def document(report: Report) -> dict[str, Any]:
    """Return the report for programs. Keys are added, never changed."""
    return {
        "passed": report.passed,
        "checks": [
            {
                "kind": check.kind,
                "name": check.name,
                "about": check.about,
                "passed": check.passed,
                "seconds": check.seconds,
                "steps": [{**asdict(step), "outcome": step.outcome.value} for step in check.steps],
            }
            for check in report.checks
        ],
    }


def junit(report: Report) -> str:
    """Return the report as JUnit, one test case per check."""
    failures = sum(not check.passed for check in report.checks)
    seconds = sum(check.seconds for check in report.checks)
    about = {
        "name": "egain-pulumi smoke",
        "tests": str(len(report.checks)),
        "failures": str(failures),
        "errors": "0",
        "time": f"{seconds:.3f}",
    }
    suite = ElementTree.Element("testsuite", about)
    for check in report.checks:
        suite.append(_case(check))
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=False) + "\n"


def _case(check: Check) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase",
        {"classname": check.kind, "name": _xml(check.name), "time": f"{check.seconds:.3f}"},
    )
    if check.ends:
        first = check.ends[0]
        failure = ElementTree.SubElement(case, "failure", {"message": _xml(first.what)})
        failure.text = _xml(
            "\n".join(f"{end.what}\n{end.change}".rstrip("\n") for end in check.ends)
        )
    lines = [f"{s.seconds:.2f} {s.outcome.value}: {s.what}" for s in check.steps]
    ElementTree.SubElement(case, "system-out").text = _xml("\n".join(lines))
    return case


def _xml(words: str) -> str:
    """Return the text without characters that XML 1.0 cannot hold."""
    return visible(words, instead="\N{REPLACEMENT CHARACTER}", keep="\n\t")
