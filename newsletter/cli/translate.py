"""``newsletter translate``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.common import GetWorkspace, complete_issue, echo_json, echo_note
from newsletter.cli.items import one_line
from newsletter.compose import languages_of
from newsletter.content import clean
from newsletter.errors import ContentError, Position, Problem, UsageError, display_path
from newsletter.files import write_atomic
from newsletter.issues import definition
from newsletter.issues.definition import Issue
from newsletter.schema import same_language
from newsletter.workspace import Workspace

if TYPE_CHECKING:
    from newsletter.translate.returned import ReturnedFile
    from newsletter.translate.taking import Conflict, Report
    from newsletter.translate.units import Unit

SHOWN = 50
"""How many texts of a kind an import tells."""
SUFFIXES = {"xliff": ".xlf", "csv": ".csv"}


@click.group()
def translate() -> None:
    """Hand the texts of an issue to a translator, and take them back.

    \b
    Examples:
      newsletter translate export 2017-09 --language fr
      newsletter translate import 2017-09.fr.xlf --dry-run
    """


def _checked(language: str, where: str = "--language") -> str:
    """Return a language that a mail can be made in. Raises :class:`UsageError`."""
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - loaded already, with the model

    from newsletter.schema import Language  # noqa: PLC0415

    try:
        return str(TypeAdapter(Language).validate_python(language))
    except ValidationError as error:
        context = error.errors(include_url=False)[0].get("ctx", {})
        raise UsageError(f"{where}: {context.get('message')} ({context.get('hint')})") from None


# --- export -----------------------------------------------------------------------------------------------------------


@translate.command()
@click.argument("issue", shell_complete=complete_issue)
@click.option("--language", required=True, metavar="LANG", help="The language to translate into: fr, pt-BR.")
@click.option(
    "--format", "form", type=click.Choice(list(SUFFIXES)), help="xliff (when absent), or csv for a spreadsheet."
)
@click.option("--all", "every", is_flag=True, help="What is translated already, too.")
@click.option("-o", "--output", metavar="FILE", help="Where to; '-' is standard output [default: ISSUE.LANG.xlf].")
@click.pass_obj
def export(
    get_workspace: GetWorkspace, issue: str, language: str, form: str | None, every: bool, output: str | None
) -> None:
    """Write the texts of ISSUE that are not translated, or whose original has changed since, for a translator.

    These are all texts that the edition shows: of items, sections and blocks, the issue's own, the publication's.
    XLIFF 1.2 is read by every translation program; CSV by spreadsheets.

    \b
    Examples:
      newsletter translate export 2017-09 --language fr
      newsletter translate export 2017-09 --language fr --format csv
      newsletter translate export 2017-09 --language fr --all -o - | less
    """
    from newsletter.translate.gathering import shown  # noqa: PLC0415 - for this command only

    language = _checked(language)
    workspace = get_workspace()
    wanted = definition.load(workspace.issue_path(issue))
    found = shown(workspace, wanted, language)
    units = [unit for unit in found if every or unit.state != "translated"]
    _note_edition(workspace, wanted, language)
    if not units:
        done = f": all {len(found)} texts are translated (--all exports them)" if found else ""
        echo_note(f"nothing to translate into {language}{done}")
        return
    form = form or ("csv" if output and output.lower().endswith(".csv") else "xliff")
    data = _encoded(units, form, f"issues/{wanted.name}.yaml", language)
    if output == "-":
        sys.stdout.buffer.write(data)
    else:
        path = Path(output or f"{wanted.name}.{language}{SUFFIXES[form]}")
        _write(path, data)
        click.echo(display_path(path))
    counts = Counter(unit.state for unit in units)
    click.echo(
        ", ".join(f"{counts[state]} {state}" for state in ("missing", "stale", "translated") if counts[state]), err=True
    )


def _note_edition(workspace: Workspace, issue: Issue, language: str) -> None:
    languages = languages_of(workspace.publication, issue) or (
        issue.definition.language or workspace.publication.language,
    )
    if language not in languages:
        more = ", ".join((*languages, language))
        echo_note(f"the issue has no edition in {language} yet: 'languages: [{more}]' in newsletter.yaml makes one")


def _encoded(units: list[Unit], form: str, original: str, language: str) -> bytes:
    if form == "csv":
        from newsletter.translate.table import to_csv  # noqa: PLC0415 - only the format that is wanted

        return to_csv(units, language)
    from newsletter.translate.xliff import to_xliff  # noqa: PLC0415

    return to_xliff(units, original, language)


def _write(path: Path, data: bytes) -> None:
    """Write a file, but not over one that may hold a translator's work."""
    if path.exists() and path.read_bytes() != data:
        raise UsageError(f"{display_path(path)} exists already: import or remove it, or name another with -o")
    write_atomic(path, data)


# --- import -----------------------------------------------------------------------------------------------------------


@translate.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", metavar="LANG", help="The language of FILE, where it does not say so itself.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--take-theirs", is_flag=True, help="Where a translation reads differently in FILE, take it from there.")
@click.option("--take-stale", is_flag=True, help="Take translations of an original that has changed since, too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def import_(
    get_workspace: GetWorkspace,
    file: Path,
    language: str | None,
    dry_run: bool,
    take_theirs: bool,
    take_stale: bool,
    as_json: bool,
) -> None:
    """Take the translations of FILE, XLIFF or CSV, into the archive, the issue and newsletter.yaml.

    Every other line of these stays as it is. A translation that reads differently there is shown from both sides and
    left alone, unless --take-theirs is given; one whose original has changed since FILE was made, unless
    --take-stale is. The same FILE may come again. Exit code 1 when something was left alone, or could not be placed.

    \b
    Examples:
      newsletter translate import 2017-09.fr.xlf --dry-run
      newsletter translate import 2017-09.fr.csv
      newsletter translate import back.xlf --language fr --take-theirs
    """
    from newsletter.translate.gathering import known, where  # noqa: PLC0415 - for this command only
    from newsletter.translate.returned import read  # noqa: PLC0415
    from newsletter.translate.storing import store  # noqa: PLC0415
    from newsletter.translate.taking import plan  # noqa: PLC0415

    workspace = get_workspace()
    name = display_path(file)
    returned = read(file, name)
    language = _language_of(workspace, returned, language, name)
    units = known(workspace, [text.id for text in returned.texts], language)
    _expect_some(workspace, returned, units, language, name)
    report = plan(returned, units, name, take_theirs=take_theirs, take_stale=take_stale)
    report.problems = sorted([*returned.problems, *report.problems, *_unknown(workspace, returned, units, name)])
    places = {each.unit.id: where(workspace, each.unit) for each in (*report.conflicting, *report.taken)}
    changed = store(workspace, report.values, dry_run=dry_run) if report.values else []
    for problem in (*report.problems, *report.warnings):
        click.echo(clean(str(problem)), err=True)
    if as_json:
        echo_json(_report_data(report, changed))
    else:
        _print_report(report, places, name)
    for path in changed:
        echo_note(f"{'would change' if dry_run else 'changed'} {display_path(path)}")
    if dry_run:
        echo_note("a dry run: nothing was written")
    if report.conflicting or report.stale or report.problems:
        raise click.exceptions.Exit(1)


def _language_of(workspace: Workspace, returned: ReturnedFile, given: str | None, name: str) -> str:
    from newsletter.translate.gathering import edition_language  # noqa: PLC0415 - for this command only

    said = returned.language.replace("_", "-")
    if given:
        given = _checked(given)
        if said and not same_language(said, given):
            raise UsageError(f"{name} is in '{said}', and --language says '{given}'")
        return given
    if not said:
        raise UsageError(f"{name} does not say in which language it is: name it with --language")
    language = edition_language(workspace, [text.id for text in returned.texts], _checked(said, name))
    if language != said:
        echo_note(f"{name} is in '{said}', taken for the edition in '{language}'")
    return language


def _expect_some(
    workspace: Workspace, returned: ReturnedFile, units: dict[str, Unit], language: str, name: str
) -> None:
    """Raise an error for a file that has nothing to do with this workspace."""
    if any(text.id in units for text in returned.texts):
        return
    if not returned.texts:
        raise ContentError([*returned.problems] or [Problem(Position(name), "there are no texts in it")])
    told = f"none of its {len(returned.texts)} texts is one to translate into '{language}' here"
    ours = workspace.publication.language
    hint = f"the publication is in '{ours}'" if same_language(ours, language) else "is the file of another workspace?"
    raise ContentError([Problem(Position(name), told, hint)])


def _unknown(workspace: Workspace, returned: ReturnedFile, units: dict[str, Unit], name: str) -> Iterable[Problem]:
    from newsletter.translate.gathering import unknown  # noqa: PLC0415 - for mistakes only

    for text in returned.texts:
        if text.id not in units:
            yield Problem(Position(name, text.line), *unknown(workspace, text.id, list(units)))


def _print_report(report: Report, places: Mapping[str, Position | None], name: str) -> None:
    for word, ids in (
        ("added", report.added),
        ("updated", report.updated),
        ("stale", report.stale),
        ("missing", report.missing),
        ("unreviewed", report.unreviewed),
    ):
        for each in ids[:SHOWN]:
            click.echo(f"{word} {one_line(each)}")
        if len(ids) > SHOWN:
            click.echo(f"… and {len(ids) - SHOWN:,} more")
    for word, conflicts in (("conflicting", report.conflicting), ("taken", report.taken)):
        for conflict in conflicts:
            _print_conflict(word, conflict, places[conflict.unit.id], name)
    click.echo(str(report))
    if report.stale:
        echo_note("the original of what is stale has changed since the file was made: export it anew, or --take-stale")
    if report.conflicting:
        echo_note("what is conflicting was left as it is: --take-theirs takes it from the file")


def _print_conflict(word: str, conflict: Conflict, place: Position | None, name: str) -> None:
    click.echo(f"{word} {one_line(conflict.unit.id)}")
    click.echo(f"  --- {place}")
    click.echo(f"  +++ {name}:{conflict.line}")
    for sign, text in (("-", conflict.unit.present), ("+", conflict.theirs)):
        for line in text.split("\n"):
            click.echo(f"  {sign} {one_line(line)}".rstrip())


def _report_data(report: Report, changed: list[Path]) -> dict[str, Any]:
    def told(conflict: Conflict) -> dict[str, str]:
        return {"id": conflict.unit.id, "ours": conflict.unit.present, "theirs": conflict.theirs}

    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "conflicting": [told(conflict) for conflict in report.conflicting],
        "taken": [told(conflict) for conflict in report.taken],
        "stale": report.stale,
        "missing": report.missing,
        "unreviewed": report.unreviewed,
        "problems": [str(problem) for problem in report.problems],
        "warnings": [str(problem) for problem in report.warnings],
        "files": [display_path(path) for path in changed],
    }
