"""``newsletter init``."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from newsletter.errors import UsageError, display_path
from newsletter.files import write_atomic
from newsletter.reference import write_schemas
from newsletter.scaffold import scaffold
from newsletter.workspace import PUBLICATION


@click.command()
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--title", help="Name of the publication.")
@click.option("--month", metavar="YYYY-MM", help="Month of the sample issue [default: this month].")
def init(directory: Path, title: str | None, month: str | None) -> None:
    """Make a workspace in DIR: a commented newsletter.yaml, a small archive and a sample issue that build at once.

    \b
    Examples:
      newsletter init demo
      cd demo && newsletter build
    """
    month = _month(month)
    files = _files(month, title)
    taken = [name for name in files if (directory / name).exists() and name != ".gitignore"]
    if taken:
        raise UsageError(f"{display_path(directory.absolute())} has a {taken[0]} already: nothing was written")
    for name, text in files.items():
        if not (directory / name).exists():
            write_atomic(directory / name, text.encode())
            click.echo(f"wrote {display_path((directory / name).absolute())}", err=True)
    write_schemas(directory / ".newsletter")
    where = "" if directory == Path() else f"cd {directory} && "
    click.echo(f"Next: {where}newsletter build")


def _month(given: str | None) -> str:
    if given is None:
        return datetime.datetime.now().astimezone().strftime("%Y-%m")
    try:
        return datetime.date.fromisoformat(f"{given}-01").strftime("%Y-%m")
    except ValueError:
        raise UsageError(f"'{given}' is not a month: write it as YYYY-MM") from None


def _files(month: str, title: str | None) -> dict[str, str]:
    publication = scaffold("newsletter.yaml")
    if title:
        quoted = "'" + title.replace("'", "''").replace("\n", " ") + "'"
        publication = publication.replace("title: Harbour Cooperative Bulletin", f"title: {quoted}")
    schema = "# yaml-language-server: $schema=../../.newsletter/schema/archive.json\n"
    return {
        PUBLICATION: publication,
        f"archive/{month[:4]}/{month}.yaml": schema + scaffold("archive.yaml", {"month": month}),
        f"issues/{month}.yaml": scaffold(
            "issue.yaml", {"number": "1", "date": f"{month}-28", "select": f"  month: {month}"}
        ),
        ".gitignore": scaffold("gitignore"),
    }
