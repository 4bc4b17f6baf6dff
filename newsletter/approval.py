"""Approvals: who said yes to an issue, and to which state of it. issues/approvals/ISSUE.yaml, entries only ever added.

What is approved is what readers see, not the files that it was made of (:mod:`newsletter.fingerprint`): a comment in a
definition changes nothing, and another picture does. It is the same on every machine.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from newsletter import __version__, yamlfile
from newsletter.errors import ContentError, NewsletterError
from newsletter.files import write_atomic
from newsletter.publication import Publication
from newsletter.schema import Line, Model, Text, validate, wrong
from newsletter.yamltext import key_text, scalar_lines

FOLDER = "approvals"
HEAD = (
    "# Who approved this issue, and which state of it. Written by 'newsletter approve'; entries are only ever added.\n"
)
LOCK_WAIT = 30.0
"""How long to wait for another who approves, in seconds."""
_HASH = r"^[0-9a-f]{64}$"
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise wrong(f"'{value}' is no time with its zone", "as 2017-09-28T10:12:00+02:00")
    return moment


class Approval(Model):
    """Somebody's yes."""

    by: Line
    """Who said it."""
    at: Annotated[datetime.datetime, BeforeValidator(_moment)]
    """When (RFC 3339, with its zone)."""
    note: Text = ""
    """What this person said besides."""
    hash: Annotated[str, Field(pattern=_HASH)]
    """Of all editions together."""
    editions: Annotated[dict[str, Annotated[str, Field(pattern=_HASH)]], Field(min_length=1)]
    """By language: a hash of what readers of that edition see."""
    program: Text = ""
    """Version of the program that rendered them."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if self.hash != together(self.editions):
            raise wrong(
                f"the approval by {self.by} was changed: its 'hash' is not that of its 'editions'",
                "entries are only ever added: restore the file from version control",
            )
        return self


def together(editions: Mapping[str, str]) -> str:
    """Return one hash for all editions of an issue, whatever their order."""
    lines = "".join(f"{language} {digest}\n" for language, digest in sorted(editions.items()))
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def path_of(issues_dir: Path, issue: str) -> Path:
    """Return the file of an issue's approvals, whether it is there or not."""
    return issues_dir / FOLDER / f"{issue}.yaml"


def read(issues_dir: Path, issue: str) -> tuple[Approval, ...]:
    """Return the approvals of an issue in their order; none where there is no file.

    Raises:
        ContentError: the file has mistakes, or the marks of a merge conflict.
    """
    path = path_of(issues_dir, issue)
    return _parsed(yamlfile.read_text(path), path) if path.exists() else ()


def _parsed(text: str, path: Path) -> tuple[Approval, ...]:
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        hint = "keep the entries of both sides, and remove the lines of <<<<<<<, ======= and >>>>>>>"
        raise ContentError.at(path, "the file has the marks of a merge conflict", hint, line, 1)
    file = yamlfile.parse(text, path)
    if file.data is None:
        return ()
    entries: list[Approval] = validate(list[Approval], file)
    return tuple(entries)


def current(approvals: Sequence[Approval], editions: Mapping[str, str]) -> Approval | None:
    """Return the latest approval of just these editions, or None."""
    wanted = together(editions)
    return next((each for each in reversed(approvals) if each.hash == wanted), None)


def changed(approvals: Sequence[Approval], editions: Mapping[str, str]) -> list[str]:
    """Return the languages of the editions that are not as the last approval saw them, and of those that are gone."""
    known = approvals[-1].editions if approvals else {}
    return sorted(language for language in {*known, *editions} if known.get(language) != editions.get(language))


def record(
    issues_dir: Path, issue: str, editions: Mapping[str, str], *, by: str, at: datetime.datetime, note: str = ""
) -> Approval:
    """Add an approval to an issue's file and return it. What stands there stays as it is.

    Args:
        issues_dir: the workspace's issues.
        issue: its name.
        editions: by language, the hash (:func:`newsletter.fingerprint.fingerprint`) of what is approved.
        by: who says yes.
        at: when, with a zone.
        note: what this person says besides.

    Raises:
        ContentError: the file has mistakes, or is written in a way that nothing can be added to.
        pydantic.ValidationError: ``by`` is empty.
    """
    from filelock import FileLock  # noqa: PLC0415 - 40 ms, for writing only

    approval = Approval(
        by=by,
        at=at.replace(microsecond=0),
        note=note.strip(),
        hash=together(editions),
        editions=dict(sorted(editions.items())),
        program=__version__,
    )
    lock = issues_dir.parent / ".newsletter" / "approvals.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(lock, timeout=LOCK_WAIT):
        _add(path_of(issues_dir, issue), approval)
    return approval


def _add(path: Path, approval: Approval) -> None:
    text = yamlfile.read_text(path) if path.exists() else HEAD
    before = _parsed(text, path)
    new = (text if text.endswith("\n") or not text else f"{text}\n") + "\n".join(_lines(approval)) + "\n"
    try:
        whole = _parsed(new, path) == (*before, approval)
    except ContentError:
        whole = False
    if not whole:
        what = "an entry cannot be added: the file is not written as the program writes it"
        raise ContentError.at(path, what, "begin each entry with '- by:' at the beginning of a line", 1, 1)
    write_atomic(path, new.encode("utf-8", "surrogatepass"), durable=True)


def _lines(approval: Approval) -> list[str]:
    lines = [*scalar_lines("- by: ", approval.by, 4), f"  at: {approval.at.isoformat()}"]
    if approval.note:
        lines += scalar_lines("  note: ", approval.note, 4)
    lines += [f"  hash: {approval.hash}", "  editions:"]
    lines += [f"    {key_text(language)}: {digest}" for language, digest in approval.editions.items()]
    return [*lines, f"  program: {approval.program}"]


def require(
    publication: Publication, approvals: Sequence[Approval], issue: str, editions: Mapping[str, str]
) -> Approval | None:
    """Return the approval that an issue has as it is now; where newsletter.yaml asks for one, it must be there.

    Publishing and scheduling call this with :meth:`newsletter.build.Builder.seen`.

    Raises:
        NewsletterError: ``approval: required``, and nobody approved this state of the issue.
    """
    approval = current(approvals, editions)
    if approval or publication.approval != "required":
        return approval
    after = f"newsletter proof {issue}', and then 'newsletter approve {issue} --by NAME"
    if not approvals:
        raise NewsletterError(f"{issue} is not approved, and newsletter.yaml has 'approval: required': '{after}'")
    last = approvals[-1]
    which = changed(approvals, editions)
    what = f" ({', '.join(which)})" if len(editions) > 1 and which else ""
    program = f"; it was rendered by newsletter {last.program}, and this is {__version__}"
    raise NewsletterError(
        f"{issue} has changed{what} since {last.by} approved it on {last.at.date()}"
        f"{program if last.program not in ('', __version__) else ''}: '{after}'"
    )
