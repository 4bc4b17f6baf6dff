"""``newsletter preview``."""

from __future__ import annotations

import click

from newsletter.cli.common import GetWorkspace, complete_issue


@click.command()
@click.argument("issue", required=False, default="", shell_complete=complete_issue)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8017, show_default=True, help="Port; 0 for any free one."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 lets other machines in."
)
@click.option("--open/--no-open", "opened", default=True, help="Open it in the browser.", show_default=True)
@click.pass_obj
def preview(get_workspace: GetWorkspace, issue: str, port: int, host: str, opened: bool) -> None:
    """Show an issue in the browser as readers will see it, and follow every edit of its files.

    Without ISSUE: a page with all issues. Ctrl-C ends it.

    \b
    Examples:
      newsletter preview
      newsletter preview 2017-09
      newsletter preview 2017-09 --port 9000 --no-open
      newsletter preview --host 0.0.0.0        for colleagues: they need the address with its token
    """
    workspace = get_workspace()
    name = workspace.issue_path(issue).stem if issue else ""
    from newsletter.preview.server import serve  # noqa: PLC0415 - 150 ms of import, for this command only

    def ready(address: str, note: str) -> None:
        if note:
            click.echo(f"note: {note}", err=True)
        click.echo(f"preview at {address}  (Ctrl-C ends it)")
        if opened:
            click.launch(address)

    serve(workspace, name, host, port, ready)
