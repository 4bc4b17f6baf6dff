"""``newsletter archive``: the news items."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from newsletter.cli.common import GetWorkspace, echo_json, echo_note
from newsletter.cli.editor import open_editor
from newsletter.cli.items import FORMATS, as_data, as_yaml, one_line, print_items
from newsletter.cli.progress import FileBar
from newsletter.errors import ContentError, NewsletterError, Problem, UsageError, did_you_mean, display_path, offer
from newsletter.model import Item, Query
from newsletter.workspace import Workspace

if TYPE_CHECKING:
    from newsletter.archive import Archive
    from newsletter.archive.importers import Imported
    from newsletter.archive.merging import Conflict, ImportReport

F = TypeVar("F", bound=Callable[..., Any])

SHOWN = 50
"""How many items a table shows, and an import tells, when nothing else is asked for."""


@click.group()
def archive() -> None:
    """The news items: import, add, list, search, show, edit, check.

    \b
    Examples:
      newsletter archive import news.txt
      newsletter archive list --month 2017-09
      newsletter archive search gig econom*
    """


def _open(workspace: Workspace) -> Archive:
    from newsletter.archive import Archive  # noqa: PLC0415 - not for --help

    return Archive(workspace.root, workspace.publication.language, FileBar())


def _complete_item(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    try:
        ids = _open(Workspace.find()).ids()
    except NewsletterError:
        return []
    return [CompletionItem(item_id) for item_id in ids if item_id.startswith(incomplete)]


def _complete_category(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    try:
        categories = Workspace.find().publication.categories
    except NewsletterError:
        return []
    start = incomplete.casefold()
    return [CompletionItem(each.name) for each in categories if each.name.casefold().startswith(start)]


# --- import -----------------------------------------------------------------------------------------------------------


@archive.command("import")
@click.argument("sources", metavar="SRC...", nargs=-1, required=True)
@click.option("--format", "form", metavar="FORMAT", help="What SRC is: listing. Recognised when absent.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--take-theirs", is_flag=True, help="Where an item reads differently in SRC, take it from there.")
@click.option(
    "--category", default="", help="Category of items that come without one.", shell_complete=_complete_category
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def import_(
    get_workspace: GetWorkspace,
    sources: tuple[str, ...],
    form: str | None,
    dry_run: bool,
    take_theirs: bool,
    category: str,
    as_json: bool,
) -> None:
    """Put the items of SRC into the archive; '-' is standard input.

    What the archive has already stays as it is, so the same SRC may come again. An item that reads differently is
    shown from both sides and left alone, unless --take-theirs is given. Exit code 1 when there was such an item, or
    a part of SRC that could not be placed.

    \b
    Examples:
      newsletter archive import ilo-coop-news-2017-09.txt
      pbpaste | newsletter archive import - --category News --dry-run
    """
    workspace = get_workspace()
    items, problems = _read(sources, form, workspace)
    for problem in problems:
        click.echo(str(problem), err=True)
    items = [
        item if item.category or not category else item.model_copy(update={"category": category}) for item in items
    ]
    report = _open(workspace).add(items, take_theirs=take_theirs, dry_run=dry_run)
    if as_json:
        echo_json(_report_data(report, problems))
    else:
        _print_report(report)
        _note_gaps(report.added, workspace)
    if dry_run:
        echo_note("a dry run: nothing was written")
    if report.conflicting or problems:
        raise click.exceptions.Exit(1)


def _read(sources: tuple[str, ...], form: str | None, workspace: Workspace) -> tuple[list[Item], list[Problem]]:
    """Read all sources; when one cannot be read nothing is imported, and the mistakes of all are told."""
    items: list[Item] = []
    problems: list[Problem] = []
    failed: list[Problem] = []
    for name in sources:
        try:
            imported = _read_one(name, form, workspace)
        except ContentError as error:
            failed += error.problems
        else:
            items += imported.items
            problems += imported.problems
    if failed:
        if len(sources) > 1:
            echo_note("nothing was imported, from none of them")
        raise ContentError(failed)
    return items, problems


def _read_one(name: str, form: str | None, workspace: Workspace) -> Imported:
    from newsletter.archive.importers import Source, fitting, importer  # noqa: PLC0415 - for this command only

    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise ContentError.at(name, f"cannot be read: {error.strerror or error}") from None
    known = [spelling for each in workspace.publication.categories for spelling in each.names]
    source = Source("stdin" if name == "-" else name, raw, known)
    return (importer(form) if form else fitting(source)).read(source)


def _print_report(report: ImportReport) -> None:
    for item in report.added[:SHOWN]:
        click.echo(f"added {item.date or 'undated'} {item.id}")
    if len(report.added) > SHOWN:
        click.echo(f"… and {len(report.added) - SHOWN:,} more")
    for word, conflicts in (("conflicting", report.conflicting), ("taken", report.taken)):
        for conflict in conflicts:
            _print_conflict(word, conflict)
    click.echo(str(report))


def _note_gaps(items: Sequence[Item], workspace: Workspace) -> None:
    """Say what new items lack for an issue: dates, categories that newsletter.yaml has."""
    publication = workspace.publication
    undated = sum(item.date is None for item in items)
    without = sum(not item.category for item in items)
    unknown = Counter(item.category for item in items if item.category and not publication.category(item.category))
    if undated:
        echo_note(f"{undated} of them without a date: no month has them, until archive/undated.yaml says when")
    if without:
        echo_note(f"{without} of them without a category: they stand last in an issue (--category gives one)")
    for name, count in unknown.most_common(5):
        near = did_you_mean(name, [each.name for each in publication.categories])
        echo_note(f"{count} of them in '{name}', which newsletter.yaml does not have{f': {near}' if near else ''}")


def _print_conflict(word: str, conflict: Conflict) -> None:
    click.echo(f"{word} {conflict.ours.id}")
    click.echo(f"  --- {conflict.position or 'this import'}")
    click.echo(f"  +++ {conflict.source or 'import'}")
    for difference in conflict.differences:
        click.echo(f"  {difference.field}:")
        for sign, text in (("-", difference.ours), ("+", difference.theirs)):
            for line in text.split("\n"):
                click.echo(f"  {sign} {one_line(line)}".rstrip())


def _report_data(report: ImportReport, problems: list[Problem]) -> dict[str, Any]:
    def told(conflict: Conflict) -> dict[str, Any]:
        changes = {each.field: {"ours": each.ours, "theirs": each.theirs} for each in conflict.differences}
        return {"id": conflict.ours.id, "source": conflict.source, "differences": changes}

    return {
        "added": [item.id for item in report.added],
        "unchanged": list(report.unchanged),
        "conflicting": [told(conflict) for conflict in report.conflicting],
        "taken": [told(conflict) for conflict in report.taken],
        "problems": [str(problem) for problem in problems],
    }


# --- add --------------------------------------------------------------------------------------------------------------


@archive.command()
@click.argument("url")
@click.option("--category", default="", help="Its category.", shell_complete=_complete_category)
@click.option("--date", metavar="DATE", default="", help="Its date (YYYY-MM-DD), where the page does not say or errs.")
@click.option("--yes", is_flag=True, help="Write it without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON; written only with --yes.")
@click.pass_obj
def add(get_workspace: GetWorkspace, url: str, category: str, date: str, yes: bool, as_json: bool) -> None:
    """Make an item of the web page at URL, show it, and put it into the archive when you say yes.

    Title, summary, picture, date and language are what the page says of itself. The page is fetched once, now;
    nothing else is.

    \b
    Examples:
      newsletter archive add https://example.org/news/a-new-ferry --category News
      newsletter archive add https://example.org/news/a-new-ferry --category News --yes
    """
    from newsletter.cli import adding  # noqa: PLC0415 - for this command only

    workspace = get_workspace()
    page = adding.look(url, category, date, workspace.publication)
    store = _open(workspace)
    planned = store.add([page.item], dry_run=True)
    if as_json:
        report = store.add([page.item]) if yes else planned
        echo_json({**adding.as_json(page), "written": yes, "report": _report_data(report, [])})
        return
    adding.show(page, planned.added[0] if planned.added else page.item)
    if planned.added and not yes:
        adding.ask()
    report = store.add([page.item]) if planned.added else planned
    _print_report(report)
    _note_gaps(report.added, workspace)
    if report.conflicting:
        raise click.exceptions.Exit(1)


# --- list, search, show -----------------------------------------------------------------------------------------------

_FILTERS = (
    click.option("--month", metavar="YYYY-MM", help="Items dated in this month."),
    click.option("--from", "from_", metavar="DATE", help="Items of this day and later (YYYY-MM-DD)."),
    click.option("--to", metavar="DATE", help="Items of this day and earlier."),
    click.option("--category", "categories", multiple=True, help="Items of it.", shell_complete=_complete_category),
    click.option("--tag", "tags", multiple=True, help="Items with any of these tags."),
    click.option("--id", "ids", multiple=True, help="Just these items.", shell_complete=_complete_item),
    click.option("--text", metavar="WORDS", help="Items with all of these words; a word may end in *."),
    click.option("--language", metavar="LANG", help="Items in this language."),
    click.option("--exclude", multiple=True, metavar="ID", help="All but these items.", shell_complete=_complete_item),
    click.option(
        "--order", type=click.Choice(["newest", "oldest", "title"]), help="newest (when absent), oldest, title."
    ),
    click.option("--limit", type=click.IntRange(min=0), help=f"So many at most; 0: all. A table shows {SHOWN}."),
    click.option("--format", "form", type=click.Choice(FORMATS), default="table", help="table (when absent), json …"),
    click.option("--heading", help="Heading of a listing; the publication's title when absent."),
)


def _filters(command: F) -> F:
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@archive.command("list")
@_filters
@click.pass_obj
def list_(get_workspace: GetWorkspace, /, form: str, heading: str | None, **filters: Any) -> None:
    """List items, the newest first. Filters narrow it down; a category finds its earlier names too.

    \b
    Examples:
      newsletter archive list --month 2017-09 --category News
      newsletter archive list --from 2017-01-01 --format jsonl > items.jsonl
      newsletter archive list --format listing
    """
    _list(get_workspace(), form, heading, filters)


@archive.command()
@click.argument("words", nargs=-1, required=True)
@_filters
@click.pass_obj
def search(
    get_workspace: GetWorkspace, /, words: tuple[str, ...], form: str, heading: str | None, **filters: Any
) -> None:
    """Find items that have all WORDS, in title, text, category or tags; a word may end in *.

    \b
    Examples:
      newsletter archive search sri lanka
      newsletter archive search 'cooperat*' --category Article
    """
    filters["text"] = " ".join((*words, filters["text"] or ""))
    _list(get_workspace(), form, heading, filters)


def _list(workspace: Workspace, form: str, heading: str | None, filters: dict[str, Any]) -> None:
    if filters["limit"] is None:
        filters["limit"] = SHOWN if form == "table" else 0
    store = _open(workspace)
    query = _query({key: value for key, value in filters.items() if value not in (None, ())}, workspace, store)
    items = store.select(query)
    named = (*query.ids, *query.exclude)
    for item_id in sorted(set(named) - set(store.get(named))):
        echo_note(f"there is no item '{item_id}'")
    print_items(items, form, workspace.publication.title if heading is None else heading)
    more = store.count(query) - len(items) if query.limit and len(items) == query.limit else 0
    if more:
        echo_note(f"{more:,} more (--limit 0 shows all)")
    elif not items:
        echo_note("no items")


def _query(filters: dict[str, Any], workspace: Workspace, store: Archive) -> Query:
    from pydantic import ValidationError  # noqa: PLC0415 - loaded already, with the model

    names: list[str] = []
    for name in filters.get("categories", ()):
        category = workspace.publication.category(name)
        names += category.names if category else (name,)
        if not category and not store.count(Query(categories=(name,))):
            known = [each.name for each in workspace.publication.categories]
            raise UsageError(f"there is no category '{name}' ({did_you_mean(name, known) or ', '.join(known)})")
    try:
        return Query.model_validate(filters | {"categories": names})
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        context = details.get("ctx", {})
        hint = f" ({context['hint']})" if context.get("hint") else ""
        option = f"--{str(details['loc'][0]).rstrip('_')}: " if details["loc"] else ""
        raise UsageError(f"{option}{context.get('message', details['msg'])}{hint}") from None


def _unknown(item_id: str, store: Archive) -> UsageError:
    near = offer(store.near(item_id)) or "'newsletter archive list' shows the ids"
    return UsageError(f"there is no item '{item_id}' ({near})")


@archive.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True, shell_complete=_complete_item)
@click.option(
    "--format", "form", type=click.Choice(["yaml", "json", "listing"]), default="yaml", help="yaml when absent."
)
@click.pass_obj
def show(get_workspace: GetWorkspace, ids: tuple[str, ...], form: str) -> None:
    """Show whole items, and where they stand.

    \b
    Examples:
      newsletter archive show yumi-nabeshima-ilo-tokyo
      newsletter archive show yumi-nabeshima-ilo-tokyo --format json
    """
    workspace = get_workspace()
    store = _open(workspace)
    found = store.get(ids)
    for item_id in ids:
        if item_id not in found:
            raise _unknown(item_id, store)
    if form == "listing":
        print_items(list(found.values()), form, workspace.publication.title)
    elif form == "json":
        data = [as_data(item) for item in found.values()]
        echo_json(data[0] if len(data) == 1 else data)
    else:
        for item in found.values():
            click.echo(f"# {store.position(item.id)}\n{as_yaml([item])}", nl=False)


# --- edit, check ------------------------------------------------------------------------------------------------------


@archive.command()
@click.argument("item_id", metavar="ID", shell_complete=_complete_item)
@click.pass_obj
def edit(get_workspace: GetWorkspace, item_id: str) -> None:
    """Open the file of an item in your editor ($VISUAL or $EDITOR), at its line, and check it afterwards.

    \b
    Examples:
      newsletter archive edit yumi-nabeshima-ilo-tokyo
      EDITOR='code --wait' newsletter archive edit yumi-nabeshima-ilo-tokyo
    """
    workspace = get_workspace()
    store = _open(workspace)
    position = store.position(item_id)
    if position is None:
        raise _unknown(item_id, store)
    open_editor(position.path, position.line)
    store.refresh()
    problems = store.check(workspace.publication, only=Path(position.path))
    for problem in problems:
        click.echo(str(problem), err=True)
    if store.position(item_id) is None:
        echo_note(f"there is no item '{item_id}' any more: an issue that names it will not find it")
    if any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


@archive.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="text when absent.")
@click.pass_obj
def check(get_workspace: GetWorkspace, form: str) -> None:
    """Judge the whole archive: mistakes, duplicates, unknown categories, broken addresses, items without a date.

    Exit code 1 when there is an error; warnings alone are no reason.

    \b
    Examples:
      newsletter archive check
      newsletter archive check --format json
    """
    workspace = get_workspace()
    problems = _open(workspace).check(workspace.publication)
    if form == "json":
        echo_json([_problem_data(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(str(problem))
        errors = sum(problem.severity == "error" for problem in problems)
        click.echo(f"{errors} errors, {len(problems) - errors} warnings", err=True)
    if any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


def _problem_data(problem: Problem) -> dict[str, Any]:
    position = problem.position
    return {
        "file": display_path(position.path),
        "line": position.line,
        "column": position.column,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
    }
