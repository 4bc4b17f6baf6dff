"""``newsletter themes``."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import click

from newsletter.cli.common import GetWorkspace, echo_json
from newsletter.errors import NewsletterError, Position, UsageError, display_path
from newsletter.render.theme import Theme, find_theme, theme_names
from newsletter.workspace import Workspace, builtin_themes


@click.group()
def themes() -> None:
    """The themes: what there is, what they let you change, a copy of your own.

    \b
    Examples:
      newsletter themes list
      newsletter themes show classic
      newsletter themes copy classic ours
    """


def _roots(get_workspace: GetWorkspace) -> tuple[tuple[Path, ...], Workspace | None]:
    try:
        workspace = get_workspace()
    except UsageError:
        return (builtin_themes(),), None
    return workspace.theme_roots, workspace


def _find(name: str, roots: tuple[Path, ...], chosen: Mapping[str, str] | None = None) -> Theme:
    return find_theme(name, roots, chosen or {}, where=Position(name))


@themes.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def list_(get_workspace: GetWorkspace, as_json: bool) -> None:
    """List the themes: the workspace's own come before the built-in ones.

    \b
    Example:
      newsletter themes list
    """
    roots, _ = _roots(get_workspace)
    found = [_find(name, roots) for name in theme_names(roots)]
    if as_json:
        echo_json([{"name": t.name, "description": t.file.description, "folder": str(t.folder)} for t in found])
        return
    for theme in found:
        origin = "built in" if theme.folder.parent == builtin_themes() else display_path(theme.folder)
        click.echo(f"{theme.name}  {theme.file.description} ({origin})")


@themes.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def show(get_workspace: GetWorkspace, name: str, as_json: bool) -> None:
    """Show a theme: its layouts, and the tokens that newsletter.yaml may change.

    \b
    Example:
      newsletter themes show classic
    """
    roots, workspace = _roots(get_workspace)
    theme = _find(name, roots, _chosen(workspace, name))
    if as_json:
        echo_json(
            {
                "name": name,
                "folder": str(theme.folder),
                **theme.file.model_dump(),
                "values": dict(theme.tokens),
            }
        )
        return
    click.echo(f"{name}: {theme.file.description}")
    click.echo(f"layouts: {', '.join(theme.file.layouts)}")
    width = max(map(len, theme.file.tokens), default=0)
    for key, token in theme.file.tokens.items():
        click.echo(f"  {key:{width}}  {token.type:6}  {theme.tokens[key]}  {token.description}")


def _chosen(workspace: Workspace | None, name: str) -> Mapping[str, str]:
    if workspace is None or workspace.publication.theme.name != name:
        return {}
    return workspace.publication.theme.tokens


@themes.command()
@click.argument("name")
@click.argument("new")
@click.pass_obj
def copy(get_workspace: GetWorkspace, name: str, new: str) -> None:
    """Copy the theme NAME into templates/NEW of this workspace, to change it there.

    \b
    Example:
      newsletter themes copy classic ours
    """
    workspace = get_workspace()
    theme = _find(name, workspace.theme_roots)
    target = workspace.root / "templates" / new
    if not new.replace("-", "").replace("_", "").isalnum() or not new.isascii():
        raise UsageError(f"'{new}' cannot be the name of a theme: use letters, digits, '-' and '_'")
    if target.exists():
        raise UsageError(f"{display_path(target)} exists already")
    shutil.copytree(theme.folder, target, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    described = target / "theme.yaml"
    text = described.read_text(encoding="utf-8")
    described.write_text(text.replace(f"name: {name}\n", f"name: {new}\n", 1), encoding="utf-8")
    click.echo(f"{display_path(target)}: write 'theme: {new}' into newsletter.yaml to use it")


@themes.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.pass_obj
def check(get_workspace: GetWorkspace, names: tuple[str, ...]) -> None:
    """Check themes: each mistake in a template with its file and line. Exit code 1 when there is one.

    \b
    Example:
      newsletter themes check classic
    """
    roots, _ = _roots(get_workspace)
    failed = False
    for name in names or theme_names(roots):
        try:
            theme = _find(name, roots)
            theme.check()
            click.echo(f"{name}: {len(theme.files)} files, no mistakes")
        except NewsletterError as error:
            click.echo(str(error), err=True)
            failed = True
    if failed:
        raise click.exceptions.Exit(1)
