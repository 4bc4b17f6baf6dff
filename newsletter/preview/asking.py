"""What the parts of an address mean; none of them is ever a path."""

from __future__ import annotations

import re

from starlette.requests import Request

from newsletter.errors import UsageError
from newsletter.workspace import ISSUE_NAME


def issue_name(request: Request) -> str:
    """Return the issue that is asked for; a name, never a path. Raises :class:`UsageError`."""
    name: str = request.path_params["issue"]
    if not ISSUE_NAME.fullmatch(name):
        raise UsageError("there is no such issue")
    return name


def language_of(request: Request) -> str:
    """Return the edition's language that is asked for; '' for the first. Raises :class:`UsageError`."""
    language: str = request.path_params.get("language") or request.query_params.get("language", "")
    if language == "-":
        return ""
    if language and not re.fullmatch(r"[A-Za-z0-9-]{1,35}", language):
        raise UsageError("there is no such language")
    return language
