"""What a page asks for: the parts of an address, none of which is ever a path, and what it sends."""

from __future__ import annotations

import json
import re
from typing import Any

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


async def body_of(request: Request) -> dict[str, Any]:
    """Return the JSON object that was sent. Raises :class:`UsageError`."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise UsageError("send JSON")
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise UsageError("this is not JSON") from None
    if not isinstance(body, dict):
        raise UsageError("send an object")
    return body
