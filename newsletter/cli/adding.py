"""What ``newsletter archive add`` shows and asks."""

from __future__ import annotations

import datetime
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from newsletter.archive.naming import UNNAMED
from newsletter.cli.common import echo_note
from newsletter.cli.items import as_data, as_yaml, one_line
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from newsletter.archive.importers.webpage import WebPage
    from newsletter.model import Item
    from newsletter.publication import Publication


def look(url: str, category: str, date: str, publication: Publication) -> WebPage:
    """Fetch a page and return the item that it makes, with the person's own category and date.

    Raises:
        UsageError: the address or the date is none.
        NewsletterError: the page cannot be fetched, or says too little.
    """
    from newsletter.archive.fetching import fetch  # noqa: PLC0415 - for this command only
    from newsletter.archive.importers.webpage import read_page  # noqa: PLC0415

    changes: dict[str, object] = {}
    if date:
        try:
            changes["date"] = datetime.date.fromisoformat(date)
        except ValueError:
            raise UsageError(f"--date: '{date}' is no date: write it as YYYY-MM-DD") from None
    known = publication.category(category)
    if category:
        changes["category"] = known.name if known else category
    fetched = fetch(url)
    page = read_page(fetched.raw, fetched.address, fetched.content_type, fetched.language, publication.language)
    return replace(page, item=page.item.model_copy(update=changes))


def as_json(page: WebPage) -> dict[str, Any]:
    """Return an item and what was found for it as plain data."""
    item = as_data(page.item)
    item.pop("id")
    return {"item": item, "found": [asdict(offer) for offer in page.offers]}


def show(page: WebPage, item: Item) -> None:
    """Print an item as the archive would have it, and on stderr where each part of it comes from."""
    click.echo(as_yaml([item]).replace(f"- id: {UNNAMED}\n", ""), nl=False)
    for offer in page.offers:
        if offer.taken:
            others = [one_line(each.value)[:60] for each in page.offers if each.field == offer.field and not each.taken]
            instead = f" (instead of: {'; '.join(dict.fromkeys(others))})" if others else ""
            echo_note(f"{offer.field}: from {one_line(offer.where)}{instead}")


def ask() -> None:
    """Ask whether to write it. Raises :class:`UsageError` when nobody answers, and Exit when the answer is no."""
    try:
        wanted = click.confirm("Put it into the archive?", err=True)
    except click.Abort:
        raise UsageError("nobody said yes, and nothing was written: answer y, or say --yes") from None
    if not wanted:
        echo_note("nothing was written")
        raise click.exceptions.Exit(0)
