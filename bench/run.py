"""Print one table: newsletter beside npm mjml + juice, in one run on one machine.

    make bench                                       the whole table, about eight minutes
    .venv/bin/python bench/run.py --quick            a few rounds, for development
    .venv/bin/python bench/run.py --write docs/performance.md

The sides take turns, so that a machine that slows down slows both. Every round has other words: what is known
from an earlier round is styles, never content. All values go to build/bench.json, which
``python -m pyperf compare_to`` reads.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import ours
import peers
import pyperf
import table
from previewing import Previewed
from table import Row, figure
from words import months, news

ROOT = Path(__file__).parent.parent
CHAIN = {
    12: (40, Fraction(1, 3)),
    48: (30, Fraction(1, 3)),
    200: (15, Fraction(1, 4)),
    1000: (8, Fraction(1, 4)),
}
BYTES = Fraction(3, 5)
THEMES = {"magazine": Fraction(115, 100), "letter": Fraction(70, 100)}
COLD = Fraction(1, 2)
ONE_MONTH = Fraction(3, 2)
MONTH = "2017-09"
PREVIEWED = {10: ("2017-10", 40), 50: ("2017-11", 40), 500: ("2017-12", 20)}


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description="Measure newsletter beside npm mjml + juice.")
    parser.add_argument("--quick", action="store_true", help="a few rounds and a small archive")
    parser.add_argument("--write", metavar="FILE", type=Path, help="put the table into FILE, between its markers")
    options = parser.parse_args()

    alone = peers.install()
    notes = [f"Measured on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}: {table.machine()}."]
    notes.append(f"{alone}." if alone else f"The other side: {peers.versions()}.")
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        rows = [
            *warm_chain(Path(folder), not alone, options.quick),
            *other_themes(Path(folder), options.quick),
            *cold_build(Path(folder), not alone, options.quick),
            *big_archive(Path(folder), options.quick),
            *preview(Path(folder), options.quick),
        ]
    text = table.markdown(rows, notes)
    print(text, end="")
    if options.write:
        table.write(text, options.write)
    keep([row.ours for row in rows] + [row.theirs for row in rows if row.theirs])


def warm_chain(folder: Path, peer: bool, quick: bool) -> list[Row]:
    """Load → compose → render → inline → text → eml in this process, against mjml + juice alone in theirs."""
    rows = []
    with ExitStack() as stack:
        other = stack.enter_context(peers.Peer()) if peer else None
        for count, (full, goal) in CHAIN.items():
            rounds = 5 if quick else full
            say(f"warm chain, {count} items, {rounds} rounds")
            warm_up = 3
            names = list(months(rounds + warm_up))
            items = {month: news(count, month) for month in names}
            root = ours.make_workspace(folder / f"chain-{count}", items)
            mjml = {m: peers.write_mjml(items[m], folder / f"{count}-{m}.mjml") for m in names} if other else {}
            ours.settle(root)
            chain = ours.Chain(root)
            gc.freeze()  # what the bench itself holds is not the program's to look through
            our_time, their_time, our_bytes, their_bytes = [], [], [], []
            for index, month in enumerate(names):
                start = perf_counter()
                html = chain(month)
                seconds = perf_counter() - start
                if index >= warm_up:
                    our_time.append(seconds)
                    our_bytes.append(len(html.encode()))
                if other:
                    seconds, size = other.convert(mjml[month])
                    if index >= warm_up:
                        their_time.append(seconds)
                        their_bytes.append(size)
            rows.append(pair(f"warm chain, {count} items", our_time, their_time, goal))
            rows.append(pair(f"HTML, {count} items", our_bytes, their_bytes, BYTES, "byte"))
    return rows


def other_themes(folder: Path, quick: bool) -> list[Row]:
    """The same issues in each of the other themes, against classic: time of the warm chain, and bytes."""
    rounds, warm_up = (5 if quick else 30), 3
    names = list(months(rounds + warm_up))
    root = ours.make_workspace(folder / "themes", {month: news(12, month) for month in names})
    ours.settle(root)
    chains = {theme: ours.Chain(root, theme) for theme in ("classic", *THEMES)}
    times: dict[str, list[float]] = {theme: [] for theme in chains}
    sizes: dict[str, list[float]] = {theme: [] for theme in chains}
    say(f"themes, 12 items, {rounds} rounds")
    for index, month in enumerate(names):
        for theme, chain in chains.items():
            start = perf_counter()
            html = chain(month)
            seconds = perf_counter() - start
            if index >= warm_up:
                times[theme].append(seconds)
                sizes[theme].append(len(html.encode()))
    rows = []
    for theme, goal in THEMES.items():
        against = "12 items (the other side: newsletter, classic)"
        rows.append(pair(f"warm chain, {theme}, {against}", times[theme], times["classic"], None))
        rows.append(pair(f"HTML, {theme}, {against}", sizes[theme], sizes["classic"], goal, "byte"))
    return rows


def cold_build(folder: Path, peer: bool, quick: bool) -> list[Row]:
    """``newsletter build 2017-09`` of the repository's workspace, against the mjml command on the same items."""
    root = ours.copy_repository(ROOT, folder / "cold")
    mjml = peers.write_mjml(ours.items_of(root, MONTH), folder / "cold.mjml")
    kinds: dict[str, Callable[[], None]] = {
        "build, first ever": lambda: forget(root / "build", root / ".newsletter"),
        "build, caches warm": lambda: forget(root / "build"),
        "build, nothing changed": lambda: None,
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    memory: dict[str, list[float]] = {kind: [] for kind in kinds}
    their_time, their_memory, direct = [], [], []
    rounds = 3 if quick else 11
    say(f"cold builds, {rounds} rounds")
    for _ in range(rounds):
        for kind, prepare in kinds.items():
            prepare()
            seconds, peak = ours.program(root, "build", MONTH)
            times[kind].append(seconds)
            memory[kind].append(peak)
        if peer:
            seconds, peak = ours.measure(peers.command_line(mjml, folder / "cold.html"), peers.FOLDER)
            their_time.append(seconds)
            their_memory.append(peak)
            alone = peers.command_line(mjml, folder / "cold.html", direct=True)
            direct.append(ours.measure(alone, peers.FOLDER)[0])
    goals = {"build, first ever": None}  # the engines read and resolve the theme, once for each state of it
    rows = [pair(f"{kind} (against `npx mjml`)", times[kind], their_time, goals.get(kind, COLD)) for kind in kinds]
    first, warm = "build, first ever", "build, caches warm"
    rows.append(pair(f"{warm} (against `mjml` itself, without npx)", times[warm], direct, None))
    return [*rows, pair(f"{first}: peak memory", memory[first], their_memory, None, "byte")]


def big_archive(folder: Path, quick: bool) -> list[Row]:
    """An archive of 100,000 items: import, index, queries, and a month's build against that among 10."""
    months_of_it = 12 if quick else 333
    say(f"archive of {months_of_it * 300:,} items: import")
    few = ours.make_workspace(folder / "few", {MONTH: news(10, MONTH)})
    many = ours.make_workspace(folder / "many", {MONTH: news(10, MONTH)})
    listing = ours.write_listing(folder / "listing.txt", [news(300, month) for month in months(months_of_it)])
    total = months_of_it * 300 + 10
    name = f"{total:,} items"
    rows = [Row(f"import of {name}", figure("import", [ours.program(many, "archive", "import", str(listing))[0]]))]
    say("index and queries")
    forget(many / ".newsletter")
    rows.append(Row(f"index of {name}, made anew", figure("index", [ours.program(many, "archive", "list")[0]])))
    rounds = 3 if quick else 11
    for label, query in ours.QUERIES.items():
        values = ours.query(many, query, rounds)
        rows.append(Row(f"query of {name}: {label}", figure(f"query {label}", values)))
    say("one month of it")
    cold: dict[Path, list[float]] = {few: [], many: []}
    warm: dict[Path, list[float]] = {few: [], many: []}
    for _ in range(rounds):
        for root in (few, many):
            forget(root / "build")
            cold[root].append(ours.program(root, "build", MONTH)[0])
    chains = {root: ours.Chain(root) for root in (few, many)}
    for index in range(rounds * 3 + 3):
        for root, chain in chains.items():
            start = perf_counter()
            chain(MONTH)
            if index >= 3:
                warm[root].append(perf_counter() - start)
    among = f"among {total:,} items (the other side: newsletter, among 10)"
    rows.append(pair(f"build of one month {among}", cold[many], cold[few], ONE_MONTH))
    rows.append(pair(f"warm chain of one month {among}", warm[many], warm[few], ONE_MONTH))
    return rows


def preview(folder: Path, quick: bool) -> list[Row]:
    """What one waits for in the preview: with the archives that :func:`big_archive` made."""
    few, many = folder / "few", folder / "many"
    rows: list[Row] = []
    for count, (month, rounds) in PREVIEWED.items():
        for root in (few, many):
            ours.add_month(root, month, news(count, month, seed=count))
            ours.settle(root)
        say(f"preview, {count} items")
        rounds = 5 if quick else rounds  # noqa: PLW2901
        with Previewed(many, month) as large, Previewed(few, month) as small:
            saves = [(large.save(), small.save()) for _ in range(rounds)][2:]
            names = ("save to new frame", f"{count} items, among 100,000 (the other side: among few)")
            one, other = ([pair_of[side] for pair_of in saves] for side in (0, 1))
            rows.append(pair(f"preview: {names[0]}, {names[1]}", one, other, None))
            late = [sorted(side)[int(len(side) * 0.95)] for side in (one, other)]
            rows.append(pair(f"preview: the same, 95th percentile, {count} items", [late[0]], [late[1]], None))
            if count == 50:
                first = [large.first_frame], [small.first_frame]
                rows.append(pair("preview: command to first frame, 50 items, among 100,000", *first, None))
                words = ("c", "co", "coop", "cooperative", "members mee", "zebra")
                searches = [large.search(word) for word in words for _ in range(2 if quick else 5)]
                rows.append(Row("preview: search of 100,000 items, as one types", figure("search", searches)))
                rows.append(memory(large, quick))
    return rows


def memory(previewed: Previewed, quick: bool) -> Row:
    """Whether the server grows: what it holds after 1,000 frames, against what it held after 100."""
    say("preview, memory")
    held = {}
    for number in range(1, (200 if quick else 1000) + 1):
        previewed.save()
        if number in (100, 200, 1000):
            held[number] = previewed.memory
    last = max(held)
    return pair(
        f"preview: memory after {last:,} frames (the other side: after 100)", [held[last]], [held[100]], None, "byte"
    )


def pair(name: str, ours: Sequence[float], theirs: Sequence[float], goal: Fraction | None, unit: str = "second") -> Row:
    """Return a row of both sides; theirs may be empty."""
    other = figure(f"{name}, the other side", theirs, unit) if theirs else None
    return Row(name, figure(name, ours, unit), other, goal)


def keep(figures: list[pyperf.Benchmark]) -> None:
    """Write all values to build/bench.json."""
    path = ROOT / "build" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    pyperf.BenchmarkSuite(figures).dump(str(path), replace=True)


def forget(*folders: Path) -> None:
    """Remove what can be made again."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def say(text: str) -> None:
    """Tell how far it is."""
    print(f"bench: {text} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
