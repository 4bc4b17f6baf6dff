"""A person's own editor, opened at a line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from newsletter.errors import NewsletterError, UsageError


def open_editor(path: str, line: int) -> None:
    """Open ``path`` at ``line`` in $VISUAL, $EDITOR or what is usual here, and wait until it is closed.

    Raises:
        UsageError: there is no editor.
        NewsletterError: it ended with an error.
    """
    command = editor_command(_editor(), path, line)
    try:
        done = subprocess.run(command, check=False)
    except OSError as error:
        raise UsageError(f"{command[0]} does not start ({error.strerror}): set EDITOR to your editor") from None
    if done.returncode:
        raise NewsletterError(f"{command[0]} ended with code {done.returncode}")


def _editor() -> list[str]:
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if chosen:
        return shlex.split(chosen, posix=os.name == "posix")
    usual = ("notepad",) if os.name == "nt" else ("sensible-editor", "nano", "vim", "vi")
    found = next((name for name in usual if shutil.which(name)), None)
    if found is None:
        raise UsageError("no editor was found: set EDITOR to yours, such as EDITOR=nano")
    return [found]


def editor_command(editor: list[str], path: str, line: int) -> list[str]:
    """Return the command that opens ``path`` at ``line`` in ``editor``; at its top where we do not know how."""
    name = Path(editor[0].strip('"')).stem.casefold()
    if name in ("vi", "vim", "nvim", "view", "gvim", "nano", "pico", "emacs", "emacsclient", "micro", "joe", "jed"):
        return [*editor, f"+{line}", path]
    if name in ("code", "code-insiders", "codium", "vscodium", "cursor"):
        return [*editor, *([] if {"-w", "--wait"} & set(editor) else ["--wait"]), "-g", f"{path}:{line}"]
    if name in ("subl", "sublime_text", "zed"):
        return [*editor, *([] if {"-w", "--wait"} & set(editor) else ["--wait"]), f"{path}:{line}"]
    if name in ("hx", "helix"):
        return [*editor, f"{path}:{line}"]
    return [*editor, path]
