"""Our side: workspaces to measure in, the warm chain, and the real program in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter, sleep

from words import CATEGORIES, News, listing

from newsletter.archive.index import SETTLED
from newsletter.compose import compose
from newsletter.export.eml import to_eml
from newsletter.issues import definition, ledger
from newsletter.model import Item, Query
from newsletter.render.inline import StyleCache
from newsletter.render.pipeline import render
from newsletter.render.theme import find_theme
from newsletter.services import find_service
from newsletter.workspace import Workspace

PUBLICATION = """\
title: ILO COOP eNewsUpdate
organisation:
  name: International Labour Organization, Cooperatives Unit
  postal_address: 4 route des Morillons, 1211 Geneva 22
sender: {name: ILO COOP, address: coop@coop.example.org}
base_url: https://coop.example.org
web_version: https://coop.example.org/{issue}
unsubscribe: https://coop.example.org/unsubscribe
categories:
"""

QUERIES = {
    "a month": Query(month="2017-09"),
    "words": Query(text="cooperative refugees", limit=20),
    "a category's newest 20": Query(categories=(CATEGORIES[1],), limit=20),
}


def make_workspace(root: Path, items: dict[str, list[News]]) -> Path:
    """Make a workspace with these items, and an issue for each month of them."""
    (root / "issues").mkdir(parents=True)
    categories = "".join(f"  - name: {name}\n" for name in CATEGORIES)
    (root / "newsletter.yaml").write_text(PUBLICATION + categories, "utf-8")
    for number, month in enumerate(sorted(items), 1):
        text = f"number: {number}\ndate: {month}-28\nselect:\n  month: {month}\n"
        (root / "issues" / f"{month}.yaml").write_text(text, "utf-8")
    Workspace(root).archive.add([item for month in sorted(items) for item in _made(month, items[month])])
    return root


def add_month(root: Path, month: str, items: list[News]) -> None:
    """Add a month with its issue to a workspace."""
    (root / "issues" / f"{month}.yaml").write_text(f"number: 1\ndate: {month}-28\nselect:\n  month: {month}\n", "utf-8")
    Workspace(root).archive.add(_made(month, items))


def _made(month: str, items: list[News]) -> list[Item]:
    return [
        Item(
            id=f"news-{month}-{index}",
            category=item.category,
            title=item.title,
            date=item.date,
            summary=item.summary,
            url=item.url,
        )
        for index, item in enumerate(items)
    ]


class Chain:
    """The whole warm chain of one workspace, as a running program has it (preview, ``build --all``).

    It keeps the theme, the styles that it resolved, and the index open; newsletter.yaml, the definition and the
    ledger are read anew, and the archive's files are looked at anew.
    """

    def __init__(self, root: Path, theme: str = "") -> None:
        workspace = Workspace(root)
        publication = workspace.publication
        self._root = root
        self._archive = workspace.archive
        self._styles = StyleCache()
        self._theme = find_theme(
            theme or publication.theme.name, workspace.theme_roots, publication.theme.tokens
        ).check()
        self._service = find_service(publication.service)

    def __call__(self, name: str) -> str:
        """Load → compose → render → inline → text → eml, from files to a finished mail; return its HTML."""
        workspace = Workspace(self._root)
        issue = definition.load(workspace.issue_path(name))
        wanted = issue.definition
        published = ledger.read(workspace.ledger_dir)
        carried = ledger.carried_before(published, name, wanted.date, wanted.number)
        edition = compose(workspace.publication, issue, self._archive, carried)
        offers = self._service.offers(edition)
        message = render(edition, self._theme, offers=offers, styles=self._styles, web=False)
        outgoing = self._service.fill(message)
        to_eml(outgoing, edition)
        return outgoing.html


def settle(root: Path) -> None:
    """Wait until the archive's files are not new any more: those just written are read at every question."""
    sleep(SETTLED + 0.2)
    Workspace(root).archive.refresh()


def items_of(root: Path, month: str) -> list[News]:
    """Return a month's items, for the other side."""
    found = Workspace(root).archive.select(Query(month=month))
    return [
        News(item.category, item.title, item.date, item.summary, item.url or "https://coop.example.org/")
        for item in found
        if item.date
    ]


def write_listing(path: Path, months: list[list[News]]) -> Path:
    """Write the items as a listing to import."""
    path.write_text(listing([item for month in months for item in month]), "utf-8")
    return path


def copy_repository(repository: Path, root: Path) -> Path:
    """Copy the repository's own workspace: no caches, nothing built."""
    root.mkdir()
    shutil.copy(repository / "newsletter.yaml", root)
    for folder in ("archive", "issues", "templates"):
        shutil.copytree(repository / folder, root / folder)
    return root


def query(root: Path, asked: Query, rounds: int) -> list[float]:
    """Return the seconds that each answer takes, warm; a fresh archive every time."""
    times = []
    for _ in range(rounds):
        workspace = Workspace(root)
        start = perf_counter()
        workspace.archive.select(asked)
        times.append(perf_counter() - start)
    return times


def program(root: Path, *arguments: str) -> tuple[float, int]:
    """Run ``newsletter`` in ``root``; return seconds and peak memory in bytes."""
    return measure([str(Path(sys.executable).parent / "newsletter"), *arguments], root)


def measure(command: list[str], cwd: Path) -> tuple[float, int]:
    """Run a command; return its wall time in seconds and its peak memory in bytes. It must succeed."""
    launcher = [sys.executable, "-I", "-S", str(Path(__file__).with_name("measure.py"))]
    done = subprocess.run([*launcher, *command], cwd=cwd, capture_output=True, encoding="utf-8", check=True)
    result = json.loads(done.stdout)
    if result["code"]:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return result["seconds"], result["peak"]
