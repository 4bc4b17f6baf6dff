"""``newsletter completion``."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands, options and the names of issues and themes in your shell.

    \b
    Examples:
      newsletter completion bash >> ~/.bashrc
      newsletter completion zsh >> ~/.zshrc
      newsletter completion fish > ~/.config/fish/completions/newsletter.fish
    """
    from newsletter.cli import cli  # noqa: PLC0415 - the group imports this module when it is called

    kind = get_completion_class(shell) or BashComplete
    click.echo(kind(cli, {}, "newsletter", "_NEWSLETTER_COMPLETE").source())
