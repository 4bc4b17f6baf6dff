"""``newsletter schema``."""

from __future__ import annotations

import click

from newsletter.cli.common import GetWorkspace, echo_json
from newsletter.errors import UsageError
from newsletter.reference import KINDS, json_schema, write_schemas, yaml_reference


@click.command()
@click.argument("kind", type=click.Choice(list(KINDS)), required=False)
@click.option("--write", is_flag=True, help="Write all of them to .newsletter/schema/ of this workspace.")
@click.option("--reference", is_flag=True, help="Print the YAML reference (Markdown) instead.")
@click.pass_obj
def schema(get_workspace: GetWorkspace, kind: str | None, write: bool, reference: bool) -> None:
    """Print the JSON Schema of a kind of file, so that an editor completes and checks as one types.

    The first line of every file that the program writes names its schema; editors with a YAML language server
    (VS Code, Neovim, JetBrains …) read it.

    \b
    Examples:
      newsletter schema issue > issue.schema.json
      newsletter schema --write
    """
    if write:
        workspace = get_workspace()
        write_schemas(workspace.state_dir)
        click.echo(str(workspace.state_dir / "schema"))
    elif reference:
        click.echo(yaml_reference(), nl=False)
    elif kind:
        echo_json(json_schema(kind))
    else:
        raise UsageError(f"name a kind of file: {', '.join(KINDS)} (or --write, --reference)")
