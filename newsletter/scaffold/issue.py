"""The text that a new issue starts from: numbered on, with every key explained."""

from __future__ import annotations

import calendar
import datetime
import re
from pathlib import Path

from newsletter.errors import ContentError, UsageError, display_path
from newsletter.issues import definition, ledger
from newsletter.scaffold import scaffold
from newsletter.workspace import ISSUE_NAME, Workspace

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def begin(
    workspace: Workspace,
    name: str,
    *,
    month: str | None = None,
    since_last: bool = False,
    date: str | None = None,
    number: int | None = None,
    source: str | None = None,
) -> tuple[str, list[str]]:
    """Return the text of a new definition, and notes about what did not come into it.

    Args:
        workspace: where it will stand.
        name: the issue's name; where it is a month, that is the month that it carries.
        month: YYYY-MM, another month to carry.
        since_last: carry what has come since the last published issue instead.
        date: YYYY-MM-DD; the month's last day, or today, when absent.
        number: one more than the highest when absent.
        source: an issue whose sections are taken over.

    Raises:
        UsageError: a wrong name, month or date, an issue of this name, or nothing is published yet.
        ContentError: mistakes in ``source`` or in the ledger.
    """
    new_path(workspace, name)
    if month and not MONTH.fullmatch(month):
        raise UsageError(f"'{month}' is not a month: write it as YYYY-MM")
    if not month and not since_last:
        month = name if MONTH.fullmatch(name) else None
    if since_last and not ledger.read(workspace.ledger_dir):
        raise UsageError("no issue is published yet: choose a month")
    day = _day(date, month)
    notes: list[str] = []
    select = f"  month: {month or day.strftime('%Y-%m')}" if not since_last else "  since: last-issue"
    chosen = _next_number(workspace, notes) if number is None else number
    text = scaffold("issue.yaml", {"number": str(chosen), "date": str(day), "select": select})
    return _with_sections(text, workspace, source, notes) if source else text, notes


def new_path(workspace: Workspace, issue: str) -> Path:
    """Return where the definition of a new issue will stand. Raises :class:`UsageError` where it cannot."""
    if not ISSUE_NAME.fullmatch(issue):
        raise UsageError("ISSUE is a file's name and an address: use letters, digits, '-', '_' and '.'")
    if re.fullmatch(r"\d{4}-\d{1,2}", issue) and not MONTH.fullmatch(issue):
        year, _, month = issue.partition("-")
        near = f"{year}-{int(month):02d}"
        raise UsageError(f"'{issue}' is not a month" + (f": did you mean {near}?" if MONTH.fullmatch(near) else ""))
    path = workspace.issues_dir / f"{issue}.yaml"
    if path.exists():
        raise UsageError(f"{display_path(path)} exists already")
    return path


def _day(date: str | None, month: str | None) -> datetime.date:
    if date:
        try:
            return datetime.date.fromisoformat(date)
        except ValueError:
            raise UsageError(f"'{date}' is not a date: write it as YYYY-MM-DD") from None
    if month:
        year, number = int(month[:4]), int(month[5:])
        return datetime.date(year, number, calendar.monthrange(year, number)[1])
    return datetime.datetime.now().astimezone().date()


def _next_number(workspace: Workspace, notes: list[str]) -> int:
    """Return one more than the highest number among definitions and published issues."""
    numbers = [published.entry.number or 0 for published in ledger.read(workspace.ledger_dir)]
    for name in workspace.issue_names():
        try:
            numbers.append(definition.load(workspace.issue_path(name)).definition.number or 0)
        except ContentError as error:
            notes.append(f"issues/{name}.yaml has mistakes and is not counted: {error.problems[0]}")
    return max(numbers, default=0) + 1


def _with_sections(text: str, workspace: Workspace, source: str, notes: list[str]) -> str:
    """Put the sections of another issue in place of the commented ones: structure, not content."""
    earlier = definition.load(workspace.issue_path(source)).definition
    if not earlier.sections:
        return text
    lines = ["sections:"]
    for section in earlier.sections:
        # a section of pinned items only has none yet: it waits as a comment
        mark = "# " if section.only else "  "
        lines.append(f"{mark}- category: {_quoted(section.category)}")
        for key in ("heading", "layout", "columns", "limit"):
            value = getattr(section, key)
            if value not in ("", None):
                lines.append(f"{mark}  {key}: {_quoted(str(value))}")
        if section.order:
            lines.append(f"{mark}  order: {section.order}")
        if section.only:
            lines += [f"{mark}  only: true", f"{mark}  items: [an-item-id]"]
    waiting = sum(section.only for section in earlier.sections)
    if waiting == len(earlier.sections):
        lines[0] = "# sections:"
    if waiting:
        notes.append(f"{waiting} section{'s' if waiting > 1 else ''} of pinned items only came over as a comment")
    start = text.index("# sections:")
    end = text.index("\n\n", start)
    return text[:start] + "\n".join(lines) + text[end:]


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[\w][\w \-]*", text) else "'" + text.replace("'", "''") + "'"
