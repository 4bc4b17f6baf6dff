"""axe-core, asked about a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page, rules: dict[str, Any], leave_out: str = "") -> list[str]:
    """Return what axe-core finds wrong on a page, or cannot decide: rule, element, and why.

    ``leave_out`` is a selector of what is not looked at.
    """
    options = {
        "runOnly": RULES,
        "rules": {"target-size": {"enabled": True}} | rules,  # off by default
        "resultTypes": ["violations", "incomplete"],  # of the others one element will do
        "preload": False,
    }
    page.evaluate(f"typeof axe === 'undefined' && (() => {{{AXE_SCRIPT}}})()")
    looked_at = {"include": [["html"]]} | ({"exclude": [[leave_out]]} if leave_out else {})
    result = page.evaluate("([what, options]) => axe.run(what, options)", [looked_at, options])
    return [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for kind in ("violations", "incomplete")
        for rule in result[kind]
        for node in rule["nodes"]
    ]
