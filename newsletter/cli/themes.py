"""``newsletter themes``."""

from __future__ import annotations

import re
from pathlib import Path

import click
import yaml
from click.shell_completion import CompletionItem

from newsletter.cli.common import GetWorkspace, echo_json, echo_note
from newsletter.errors import (
    ContentError,
    NewsletterError,
    Position,
    TemplateError,
    UsageError,
    did_you_mean,
    display_path,
)
from newsletter.files import write_atomic
from newsletter.render.packages import NAME, Packaged, packaged
from newsletter.render.theme import WORDS, Theme, find_theme
from newsletter.render.themefile import THEME_NAME, known_names, theme_names
from newsletter.words import words
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


def _find(name: str, roots: tuple[Path, ...]) -> Theme:
    return find_theme(name, roots, {}, where=lambda *_: Position(name))


def _find_chosen(name: str, roots: tuple[Path, ...], workspace: Workspace | None) -> Theme:
    """Find a theme; with the values that newsletter.yaml gives its tokens, where it is the publication's."""
    if workspace is None or workspace.publication.theme.name != name:
        return _find(name, roots)
    return find_theme(name, roots, workspace.publication.theme.tokens, where=workspace.where)


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Complete the name of a theme."""
    roots, _ = _roots(Workspace.find)
    return [CompletionItem(name) for name in known_names(roots) if name.startswith(incomplete)]


@themes.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def list_(get_workspace: GetWorkspace, as_json: bool) -> None:
    """List the themes, and where each comes from. Exit code 1 when one of them cannot be read.

    The workspace's own come before the built-in ones, and these before those of installed packages.

    \b
    Example:
      newsletter themes list
    """
    roots, _ = _roots(get_workspace)
    packages = packaged()
    found: dict[str, Theme] = {}
    problems: list[str] = []
    for name in known_names(roots):
        try:
            found[name] = _find(name, roots)
        except NewsletterError as error:
            problems.append(str(error))
    if as_json:
        echo_json(
            [
                {
                    "name": theme.name,
                    "description": theme.file.description,
                    "folder": str(theme.folder),
                    "origin": _origin(theme, packages),
                }
                for theme in found.values()
            ]
        )
    else:
        for theme in found.values():
            click.echo(f"{theme.name}  {theme.file.description} ({_origin(theme, packages)})")
    for package in packages:
        first = found.get(package.name)
        if first and package.folder not in first.folders:
            hidden = f"the theme '{package.name}' of the package {package.distribution}"
            echo_note(f"{hidden} is hidden by one of the same name ({_origin(first, packages)})")
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.exceptions.Exit(1)


def _origin(theme: Theme, packages: list[Packaged]) -> str:
    """Say where a theme comes from: built in, the folder in the workspace, or the package."""
    if theme.folder.parent == builtin_themes():
        return "built in"
    package = next((each for each in packages if each.folder == theme.folder), None)
    return f"package {package.distribution}" if package else display_path(theme.folder)


@themes.command()
@click.argument("name", shell_complete=_complete)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def show(get_workspace: GetWorkspace, name: str, as_json: bool) -> None:
    """Show a theme: its layouts, and the tokens that newsletter.yaml may change.

    \b
    Example:
      newsletter themes show classic
    """
    roots, workspace = _roots(get_workspace)
    theme = _find_chosen(name, roots, workspace)
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


@themes.command()
@click.argument("name", shell_complete=_complete)
@click.argument("new")
@click.argument("parts", metavar="[PART]...", nargs=-1)
@click.pass_obj
def copy(get_workspace: GetWorkspace, name: str, new: str, parts: tuple[str, ...]) -> None:
    """Make a theme of your own from NAME, in templates/NEW of this workspace.

    With PARTs, NEW holds copies of just these files; everything else goes on coming from NAME, and changes with it.
    Without, NEW is a copy of the whole, and stays as it is.

    \b
    Examples:
      newsletter themes copy classic ours email.txt _items.mjml
      newsletter themes copy classic ours
    """
    workspace = get_workspace()
    theme = _find(name, workspace.theme_roots)
    target = workspace.root / "templates" / new
    if not THEME_NAME.fullmatch(new):
        raise UsageError(f"'{new}' cannot be the name of a theme: use letters, digits, '-' and '_'")
    if target.exists():
        raise UsageError(f"{display_path(target)} exists already")
    if new in theme_names((builtin_themes(),)):
        raise UsageError(f"'{new}' is built in: give yours another name")
    if taken := next((each for each in packaged() if each.name == new), None):
        raise UsageError(f"'{new}' comes with the package {taken.distribution}: give yours another name")
    known = [part for part in theme.files if part != NAME]
    for part in parts:
        if part not in known:
            hint = did_you_mean(part, known) or f"it has: {', '.join(known)}"
            raise UsageError(f"the theme {name} has no part '{part}' ({hint})")
    for part in parts or theme.files:
        if part != NAME:
            write_atomic(target / part, theme.files[part].read_bytes())
    text = re.sub(r"(?m)^name:.*", f"name: {new}", (theme.folder / NAME).read_text("utf-8-sig"), count=1)
    if parts:
        said = {"name": new, "description": theme.file.description, "extends": name}
        text = f"# Only what is changed: every other file, token and colour comes from {name}.\n" + yaml.safe_dump(
            said, allow_unicode=True, sort_keys=False, width=1000
        )
    write_atomic(target / NAME, text.encode())
    click.echo(
        f"{display_path(target)}: to use it, name it in newsletter.yaml: 'theme: {new}' or 'theme: {{name: {new}}}'"
    )


@themes.command()
@click.argument("name", shell_complete=_complete)
@click.option("--language", "languages", metavar="LANG", multiple=True, help="A language to begin a catalogue for.")
@click.pass_obj
def extract(get_workspace: GetWorkspace, name: str, languages: tuple[str, ...]) -> None:
    """Gather the words of a theme of your own for translators, into templates/NAME/words/LANG.po.

    Catalogues that are there are brought up to date, and what was translated stays. What the program says itself
    in that language is filled in. A file there that is no catalogue is told, and passed over: exit code 1.

    \b
    Examples:
      newsletter themes extract ours --language nl --language sv
      newsletter themes extract ours
    """
    from newsletter.words.extraction import extract as words_of  # noqa: PLC0415 - 40 ms, for this command only
    from newsletter.words.extraction import is_language, update  # noqa: PLC0415

    workspace = get_workspace()
    theme = _find(name, workspace.theme_roots)
    if theme.folder.parent != workspace.root / "templates":
        what = "is built in" if theme.folder.parent == builtin_themes() else "comes with a package"
        raise UsageError(f"{name} {what}: make it yours first, with 'newsletter themes copy {name} NEW'")
    folder = theme.folder / WORDS
    if unknown := [language for language in languages if not is_language(language)]:
        raise UsageError(f"'{unknown[0]}' is no language: write it as fr, pt-BR or zh-Hant")
    paths = dict.fromkeys((*(folder / f"{language}.po" for language in languages), *sorted(folder.glob("*.po"))))
    if not paths:
        raise UsageError("there is no catalogue yet: name a language to begin with, such as --language fr")
    found = words_of(name, theme.files)
    failed = False
    for path in paths:
        try:
            total, done = update(path, found)
            click.echo(f"{display_path(path)}: {total} words, {total - done} to translate")
        except ContentError as error:
            click.echo(str(error), err=True)
            failed = True
    if failed:
        raise click.exceptions.Exit(1)


@themes.command()
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=_complete)
@click.pass_obj
def check(get_workspace: GetWorkspace, names: tuple[str, ...]) -> None:
    """Check themes: each mistake in a template with its file and line. Exit code 1 when there is one.

    MJML is read as it stands; then everything is compiled, and made-up issues are rendered: each layout, 60 items
    and a single one, from right to left, without pictures, links or dates.

    \b
    Example:
      newsletter themes check classic
    """
    from newsletter.render.rehearsal import rehearse  # noqa: PLC0415 - the engines, for this command only

    roots, workspace = _roots(get_workspace)
    if workspace:
        _ = workspace.publication  # its mistakes are told once, not for each theme
    failed = False
    for name in names or known_names(roots):
        try:
            theme = _find_chosen(name, roots, workspace).check()
            if problems := rehearse(theme):
                raise TemplateError(problems)
            for problem in theme.warnings:
                click.echo(str(problem), err=True)
            _check_words(theme)
            click.echo(f"{name}: {len(theme.files)} files, no mistakes")
        except NewsletterError as error:
            click.echo(str(error), err=True)
            failed = True
    if failed:
        raise click.exceptions.Exit(1)


def _check_words(theme: Theme) -> None:
    """Say which catalogues of the theme lack words: those stay English in a mail.

    Raises:
        ContentError: the first catalogue that cannot be read.
    """
    for path in sorted((theme.folder / WORDS).glob("*.po")):
        from newsletter.words.extraction import extract as words_of  # noqa: PLC0415 - only where there is one
        from newsletter.words.extraction import language_of, missing  # noqa: PLC0415

        language = language_of(path)
        words(language, theme.words)
        lacking = missing(words_of(theme.name, theme.files), language, theme.words)
        if lacking:
            shown = ", ".join(f"'{word}'" for word in lacking[:3])
            click.echo(f"{display_path(path)}: warning: {len(lacking)} words are not translated: {shown} …", err=True)
