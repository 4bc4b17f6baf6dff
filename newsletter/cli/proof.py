"""``newsletter proof``."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.build import Builder
from newsletter.cli.common import GetWorkspace, complete_issue, echo_json, echo_note
from newsletter.errors import UsageError, display_path
from newsletter.standing import mark_proofed

if TYPE_CHECKING:
    from newsletter.proof import Proof


@click.command()
@click.argument("issue", shell_complete=complete_issue)
@click.option("--language", default="", metavar="LANG", help="Only the edition in this language.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it here.")
@click.option("--pdf/--no-pdf", default=None, help="A PDF beside it [default: where there is Chromium].")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
@click.pass_obj
def proof(
    get_workspace: GetWorkspace, issue: str, language: str, out: Path | None, pdf: bool | None, as_json: bool
) -> None:
    """Make a proof of ISSUE for the person who approves it: build/ISSUE/proof.html, and proof.pdf.

    One file that opens from a mail's attachment, without this program and without the network: the inbox line, the
    mail on a desktop, on a phone and in the dark, the plain text, every link, notes, sizes, and the state that is
    approved. An issue in several languages has one in each, in build/ISSUE/LANG/.

    \b
    Examples:
      newsletter proof 2017-09
      newsletter proof 2017-09 --language fr --out ~/Desktop/epreuve.html
      newsletter proof 2017-09 --no-pdf
    """
    from newsletter.proof import proofs  # noqa: PLC0415 - not for --help
    from newsletter.proof.chromium import find  # noqa: PLC0415
    from newsletter.proof.writing import NAME, write  # noqa: PLC0415

    workspace = get_workspace()
    now = datetime.datetime.now().astimezone()
    found, seen = proofs(Builder(workspace), issue, language, now)
    if out and len(found) > 1:
        languages = ", ".join(each.edition.language for each in found)
        raise UsageError(f"--out takes one file, and there are editions in {languages}: name one with --language")
    chromium = None if pdf is False else find()
    if chromium is None and pdf is not False:
        echo_note("no PDF: there is no Chromium or Chrome on PATH (a browser prints the page as well)")
    written = []
    for each in found:
        path = out or workspace.build_dir / each.edition.path / NAME
        files, wrong = write(each, path, chromium)
        written.append(files)
        if wrong:
            echo_note(f"no PDF: {wrong}")
    shown = {each.edition.language: seen[each.edition.language] for each in found}
    mark_proofed(workspace.build_dir / found[0].edition.issue, shown, seen)
    if as_json:
        echo_json([_as_json(each, files) for each, files in zip(found, written, strict=True)])
        return
    for path in [path for files in written for path in files]:
        click.echo(f"{display_path(path.absolute())}  {path.stat().st_size:,} bytes")
    click.echo(
        f"state {found[0].code}; when it is approved: newsletter approve {found[0].edition.issue} --by NAME", err=True
    )


def _as_json(proof: Proof, files: list[Path]) -> dict[str, object]:
    return {
        "issue": proof.edition.issue,
        "language": proof.edition.language,
        "state": proof.state,
        "approved": proof.approved.by if proof.approved else None,
        "files": [str(path) for path in files],
        "measures": proof.measures.as_json(),
    }
