"""``newsletter approve``."""

from __future__ import annotations

import datetime

import click

from newsletter import approval
from newsletter.build import Builder
from newsletter.cli.common import GetWorkspace, complete_issue, echo_json, echo_note
from newsletter.errors import UsageError, display_path
from newsletter.issues import definition


@click.command()
@click.argument("issue", shell_complete=complete_issue)
@click.option("--by", metavar="NAME", required=True, help="Who says yes.")
@click.option("--note", metavar="TEXT", default="", help="What this person says besides.")
@click.option("--json", "as_json", is_flag=True, help="Print what was recorded as JSON.")
@click.pass_obj
def approve(get_workspace: GetWorkspace, issue: str, by: str, note: str, as_json: bool) -> None:
    """Record that somebody approved ISSUE as it is now, in issues/approvals/ISSUE.yaml.

    What is recorded is a hash of what readers see: every edition's subject, text, pictures and looks. When one of
    them changes, the approval does not count any more, and 'newsletter status' says so. Commit the file: it counts
    for colleagues too. With 'approval: required' in newsletter.yaml an issue is not published without.

    \b
    Examples:
      newsletter approve 2017-09 --by 'Ana Example'
      newsletter approve 2017-09 --by 'Ana Example' --note 'After the correction in the lead.'
    """
    if not by.strip():
        raise UsageError("--by needs a name: who says yes?")
    workspace = get_workspace()
    builder = Builder(workspace)
    found = definition.load(workspace.issue_path(issue))
    builder.build(found.name)
    seen = builder.seen(found, builder.editions(found))
    before = approval.current(approval.read(workspace.issues_dir, found.name), seen)
    now = datetime.datetime.now().astimezone()
    done = approval.record(workspace.issues_dir, found.name, seen, by=by, at=now, note=note)
    if before:
        echo_note(f"{before.by} approved the same state on {before.at.date()}")
    if as_json:
        echo_json({"issue": found.name, **done.model_dump(mode="json")})
        return
    path = display_path(approval.path_of(workspace.issues_dir, found.name))
    click.echo(f"{found.name} approved by {done.by} ({done.hash[:12]}): {path}")
