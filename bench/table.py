"""Figures, their ratios and goals, as one Markdown table."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

import pyperf

BEGIN, END = "<!-- bench: written by make bench -->", "<!-- /bench -->"


@dataclass(frozen=True)
class Row:
    """One line: ours, the other side's, and how they should stand to each other."""

    name: str
    ours: pyperf.Benchmark
    theirs: pyperf.Benchmark | None = None
    goal: Fraction | None = None

    @property
    def ratio(self) -> float | None:
        """Ours divided by theirs, medians."""
        return self.ours.median() / self.theirs.median() if self.theirs else None

    def __str__(self) -> str:
        ratio = self.ratio
        goal = "" if self.goal is None else f"≤ {_fraction(self.goal)}"
        met = "" if ratio is None or self.goal is None else "✓" if ratio <= self.goal else "✗"
        cells = (
            self.name,
            shown(self.ours),
            shown(self.theirs) if self.theirs else "–",
            "" if ratio is None else f"{ratio:.2f}",
            f"{goal} {met}".strip(),
        )
        return "| " + " | ".join(cells) + " |"


def figure(name: str, values: Sequence[float], unit: str = "second") -> pyperf.Benchmark:
    """Return the values of several rounds; unit ``second`` or ``byte``."""
    run = pyperf.Run(list(values), metadata={"name": name, "unit": unit}, collect_metadata=False)
    return pyperf.Benchmark([run])


def shown(benchmark: pyperf.Benchmark) -> str:
    """Return the median, and the least and the most in brackets where they differ."""
    values = benchmark.get_values()
    middle, least, most = benchmark.median(), min(values), max(values)
    if benchmark.get_unit() == "byte":
        return f"{middle / 2**20:,.0f} MiB" if middle > 8 * 2**20 else f"{middle:,.0f} bytes"
    if middle >= 2:
        return f"{middle:.1f} s" + (f" ({least:.1f}–{most:.1f})" if len(values) > 1 else "")
    return f"{_ms(middle)} ms" + (f" ({_ms(least)}–{_ms(most)})" if len(values) > 1 else "")


def markdown(rows: list[Row], notes: list[str]) -> str:
    """Return the table, and what it was measured on."""
    head = [
        "| median (least–most) | newsletter | the other side | ratio | goal |",
        "|---|---:|---:|---:|---|",
    ]
    return "\n".join([*head, *map(str, rows), "", *(f"- {note}" for note in notes)]) + "\n"


def machine() -> str:
    """Return what the figures were measured on: no names, only what makes them differ."""
    engines = ", ".join(f"{name} {version(name)}" for name in ("mjml-python", "premailer", "jinja2", "pydantic"))
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {engines}"


def write(text: str, path: Path) -> None:
    """Put the table between its markers in ``path``, or at the end where there are none yet."""
    block = f"{BEGIN}\n{text}{END}"
    page = path.read_text("utf-8") if path.is_file() else "# How fast it is\n"
    found = re.search(f"{re.escape(BEGIN)}.*?{re.escape(END)}", page, re.DOTALL)
    page = page[: found.start()] + block + page[found.end() :] if found else f"{page.rstrip()}\n\n{block}\n"
    path.write_text(page, "utf-8")


def _fraction(goal: Fraction) -> str:
    return f"{goal.numerator}/{goal.denominator}" if goal.numerator == 1 and goal < 1 else f"{float(goal):.2f}"


def _ms(seconds: float) -> str:
    ms = seconds * 1000
    return f"{ms:.0f}" if ms >= 100 else f"{ms:.1f}"
