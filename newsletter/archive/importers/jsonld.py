"""JSON-LD in a page (schema.org): the one node that is about what the page is about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.archive.importers.moments import moment_of

MOST_SCRIPTS = 20
MOST_NODES = 500
ARTICLES = (
    "NewsArticle",
    "ReportageNewsArticle",
    "OpinionNewsArticle",
    "BlogPosting",
    "Article",
    "Report",
    "ScholarlyArticle",
    "TechArticle",
    "SocialMediaPosting",
    "PressRelease",
)
WORKS = ("VideoObject", "PodcastEpisode", "Book", "Course", "Dataset", "PublicationIssue", "JobPosting")
PAGES = ("WebPage", "ItemPage", "AboutPage")
"""Kinds of nodes, those first that say most about a page."""
EVENTS = ("Festival", "Hackathon", "CourseInstance")
"""Kinds of events whose names do not end in Event."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its kind, and what it says."""

    kind: str
    data: dict[str, Any]

    @property
    def where(self) -> str:
        """How it is called to a person."""
        return f"JSON-LD {self.kind}"

    @property
    def is_event(self) -> bool:
        """Whether it is about something that takes place."""
        return _is_event(self.kind)

    def text(self, *keys: str) -> str:
        """Return the first text that one of the keys has: of a list its first, of a node its address or name."""
        return next(filter(None, (_text(self.data.get(key)) for key in keys)), "")

    def caption(self) -> str:
        """Return what its picture shows."""
        image = self.data.get("image")
        image = image[0] if isinstance(image, list) and image else image
        return (
            next(filter(None, (_text(image.get(key)) for key in ("caption", "alternateName"))), "")
            if isinstance(image, dict)
            else ""
        )


def nodes(scripts: Sequence[str], address: str) -> Node | None:
    """Return the node of all scripts that says most about the page at ``address``; None where there is none."""
    found: list[tuple[int, bool, int, Node]] = []
    for script in scripts[:MOST_SCRIPTS]:
        try:
            data = json.loads(script.strip().removesuffix(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _walk(data):
            for kind in _kinds(node):
                rank = _rank(kind)
                if rank is not None:
                    found.append((rank, not _is_about(node, address), len(found), Node(kind, node)))
    return min(found, key=lambda each: each[:3])[3] if found else None


def _walk(data: Any) -> Iterator[dict[str, Any]]:
    waiting, count = [data], 0
    while waiting and count < MOST_NODES:
        each = waiting.pop(0)
        count += 1
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            yield each
            waiting += [each[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in each]


def _kinds(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [str(kind).rpartition("/")[2].rpartition(":")[2][:40] for kind in kinds if isinstance(kind, str)]


def _rank(kind: str) -> int | None:
    if kind in ARTICLES or _is_event(kind):
        return 0
    if kind in WORKS:
        return 1
    return 2 if kind in PAGES else None


def _is_event(kind: str) -> bool:
    return kind.endswith("Event") or kind in EVENTS


def _is_about(node: dict[str, Any], address: str) -> bool:
    bare = address.partition("#")[0].rstrip("/")
    named = (_text(node.get(key)) for key in ("url", "@id", "mainEntityOfPage"))
    return any(name.partition("#")[0].rstrip("/") == bare for name in named if name)


def _text(value: Any, depth: int = 3) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if depth and isinstance(value, list) and value:
        return _text(value[0], depth - 1)
    if depth and isinstance(value, dict):
        keys = ("url", "contentUrl", "@value", "alternateName", "name", "@id")
        return next(filter(None, (_text(value.get(key), depth - 1) for key in keys)), "")
    return ""


def of_event(node: Node) -> dict[str, str]:
    """Return when and where an event takes place: ``starts``, ``ends``, ``timezone``, ``where``."""
    starts, zone = moment_of(node.text("startDate"))
    ends, ends_zone = moment_of(node.text("endDate"))
    if len(starts) != len(ends) or ends_zone != zone or ends < starts or (ends == starts and zone):
        ends = ""
    return {"starts": starts, "ends": ends, "timezone": zone, "where": _place(node.data.get("location"))}


def _place(location: Any) -> str:
    location = location[0] if isinstance(location, list) and location else location
    if not isinstance(location, dict):
        return _text(location)
    if "VirtualLocation" in _kinds(location):
        return "Online"
    address = location.get("address")
    address = address[0] if isinstance(address, list) and address else address
    parts = [_text(location.get("name"))]
    if isinstance(address, dict):
        parts += [_text(address.get(key)) for key in ("streetAddress", "addressLocality", "addressCountry")]
    else:
        parts.append(_text(address))
    return ", ".join(dict.fromkeys(filter(None, map(str.strip, parts))))
