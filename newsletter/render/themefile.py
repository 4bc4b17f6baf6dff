"""theme.yaml: what a theme says of itself, what it takes from another, and whether its colours can be read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from newsletter import yamlfile
from newsletter.errors import ContentError, Position, Problem, did_you_mean
from newsletter.publication import LAYOUTS, Layout
from newsletter.render.contrast import LARGE, TEXT, contrast, nearest
from newsletter.render.packages import NAME, Packaged, find_packaged, packaged
from newsletter.schema import Model, Text, validate
from newsletter.yamlfile import YamlFile

TALLEST = 1.25
"""Height to width of a picture in a place without a height: more is cropped."""
THEME_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

TOKEN_FORMS = {
    "color": (re.compile(r"#[0-9a-fA-F]{6}"), "a colour such as #1a5fa8"),
    "size": (re.compile(r"\d{1,4}px"), "a size such as 16px"),
    "number": (re.compile(r"\d{1,5}"), "a whole number"),
    "font": (
        re.compile(r"[\w\s,'\-]*\b(?:serif|sans-serif|monospace|cursive|system-ui)"),
        "font names with commas between them, the last one serif, sans-serif or monospace, which every reader has",
    ),
    "name": (re.compile(r"[\w -]*"), "a name of letters, digits, spaces and hyphens"),
    "text": (re.compile(r"[^\x00-\x1f]*"), "one line of text"),
    "url": (re.compile(r"(https?://[^\s\"'<>]+)?"), "an address that begins with https://"),
    "flag": (re.compile(r"yes|no"), "yes or no"),
}
"""Type of a token to the form of its values, and how to say it."""


class Token(Model):
    """One value of a theme that a publication may change."""

    type: Literal["color", "size", "number", "font", "name", "text", "url", "flag"]
    """Its type."""
    default: Text
    """Its value when the publication gives none."""
    description: Text = ""
    """What it does."""


class Contrast(Model):
    """A text that must be readable on its grounds."""

    text: str
    """Its colour: a token, or a colour such as #ffffff."""
    on: tuple[str, ...]
    """What it stands on: tokens, or colours."""
    large: bool = False
    """It is never smaller than 24 px, or 19 px bold: less contrast will do."""


class Slot(Model):
    """A place for pictures."""

    width: Annotated[int, Field(ge=16, le=1200)]
    """Its width in pixels."""
    height: Annotated[int, Field(ge=16, le=1200)] | None = None
    """Its height in pixels: pictures are cropped to fit; without one they keep their shape."""
    weight: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Kilobytes (1,000 bytes) that a picture may weigh there; without it, one for each 1,000 pixels of the place, \
and at least 20."""

    @property
    def most_bytes(self) -> int:
        """Bytes that a picture may weigh."""
        height = self.height or round(self.width * TALLEST)
        return 1000 * (self.weight or max(20, self.width * height // 1000))


class ThemeFile(Model):
    """theme.yaml."""

    name: str
    """Name of the theme: that of its folder, or of the entry point of its package."""
    description: Annotated[str, Field(min_length=1)]
    """One sentence, for who chooses."""
    extends: Text = ""
    """Another theme: every file that this one does not have is taken from it, and whatever is not said here."""
    layouts: tuple[Layout, ...] = LAYOUTS
    """The layouts it has."""
    tokens: dict[str, Token] = {}
    """Its values that a publication may change."""
    images: dict[str, Slot] = {}
    """By layout, and `lead`, `columns` (cards in two), `sponsored` (within the frame of such a block): the place of a
    picture; what has no place shows none."""
    contrast: tuple[Contrast, ...] = ()
    """Which text stands on which ground; what is too faint is told."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a theme is, with what it takes from the themes that it extends."""

    folders: tuple[Path, ...]
    """Its own, then those of the themes that it extends: a file is taken from the first that has it."""
    file: ThemeFile
    """Its description; tokens, layouts, images and contrast of the others where it has none itself."""
    sources: tuple[YamlFile, ...]
    """The files of all of them, in the same order."""

    def position(self, *keys: str | int) -> Position:
        """Return where a value stands, in the first of the files that has it."""
        holder = next((each for each in self.sources if isinstance(each.data, dict) and keys[0] in each.data), None)
        return (holder or self.sources[0]).position(keys)


def describe(name: str, roots: Sequence[Path], where: Position) -> Described:
    """Read what the theme ``name`` is, from the first of ``roots`` that has it, else from a package.

    A theme of the same name as the one that it extends is looked for behind it: a workspace's own classic may
    extend the built-in one.

    Raises:
        ContentError: there is no such theme, themes extend each other in a circle, or a mistake in a theme.yaml.
    """
    wanted, at, behind = name, where, -1
    names: list[str] = []
    folders: list[Path] = []
    sources: list[YamlFile] = []
    files: list[ThemeFile] = []
    while wanted:
        found_in = _locate(wanted, roots, behind, at) if THEME_NAME.fullmatch(wanted) else None
        if found_in is None and names and wanted == names[-1]:
            raise ContentError([Problem(at, f"the theme '{wanted}' extends itself", "name another one")])
        if found_in is None:
            known = known_names(roots)
            hint = did_you_mean(wanted, known) or f"there are: {', '.join(known) or 'none'}"
            raise ContentError([Problem(at, f"there is no theme '{wanted}'", hint)])
        index, folder, package = found_in
        if folder in folders:
            chain = " → ".join([*names, wanted])
            raise ContentError([Problem(at, f"themes extend each other in a circle: {chain}")])
        parsed = yamlfile.load(folder / NAME)
        file: ThemeFile = validate(ThemeFile, parsed)
        if package and file.name != wanted:
            what = f"the theme is '{file.name}' here, and '{wanted}' in the entry point of {package.distribution}"
            raise ContentError([Problem(parsed.position(("name",)), what, "whoever made the package must choose one")])
        names.append(wanted)
        folders.append(folder)
        sources.append(parsed)
        files.append(file)
        behind = index if file.extends == wanted else -1
        wanted, at = file.extends, parsed.position(("extends",))
    described = Described(tuple(folders), _merged(files), tuple(sources))
    found = []
    for key, token in described.file.tokens.items():
        form, expected = TOKEN_FORMS[token.type]
        if not form.fullmatch(token.default):
            at = described.position("tokens", key, "default")
            found.append(Problem(at, f"'{token.default}' is not {expected}"))
    places = ("lead", "columns", "sponsored", *LAYOUTS)
    for key in described.file.images:
        if key not in places:
            hint = did_you_mean(key, places) or f"expected one of: {', '.join(places)}"
            found.append(Problem(described.position("images", key), f"there is no layout '{key}'", hint))
    if found:
        raise ContentError(found)
    return described


def _locate(name: str, roots: Sequence[Path], behind: int, at: Position) -> tuple[int, Path, Packaged | None] | None:
    """Return where the theme ``name`` is, looking behind the root of number ``behind``: the number of the root that
    has it, its folder, and the package that it came with; packages count as a root behind all others.
    """
    for number, root in enumerate(roots):
        if number > behind and (root / name / NAME).is_file():
            return number, root / name, None
    if behind < len(roots) and (found := find_packaged(name, at)):
        package, folder = found
        return len(roots), folder, package
    return None


def _merged(files: Sequence[ThemeFile]) -> ThemeFile:
    """Return the first of the descriptions, with what it does not say itself from those that it extends."""
    first = files[0]
    changes: dict[str, object] = {
        "tokens": {key: token for file in reversed(files) for key, token in file.tokens.items()},
        "images": {key: slot for file in reversed(files) for key, slot in file.images.items()},
    }
    for key in ("layouts", "contrast"):
        changes[key] = getattr(next((file for file in files if key in file.model_fields_set), first), key)
    return first.model_copy(update=changes)


def faint(
    described: Described, tokens: Mapping[str, str], chosen: Callable[[str], Position | None]
) -> Iterator[Problem]:
    """Yield a warning for each text that cannot be read well on one of its grounds, with a colour that can.

    It is told where the publication chose one of the two colours (``chosen`` says where), else where the theme
    pairs them.
    """
    colour = TOKEN_FORMS["color"][0]
    for number, pair in enumerate(described.file.contrast):
        text = tokens.get(pair.text, pair.text)
        grounds = {name: tokens.get(name, name) for name in pair.on}
        wrong = [value for value in (text, *grounds.values()) if not colour.fullmatch(value)]
        if wrong:
            hint = (
                did_you_mean(wrong[0], list(described.file.tokens)) or "name a token that is a colour, or write #rrggbb"
            )
            raise ContentError([Problem(described.position("contrast", number), f"'{wrong[0]}' is no colour", hint)])
        least = LARGE if pair.large else TEXT
        for name, ground in grounds.items():
            if contrast(text, ground) >= least:
                continue
            moved, still = (pair.text, list(grounds.values())) if pair.text in tokens else (name, [text])
            better = nearest(tokens.get(moved, moved), still, least)
            yield Problem(
                chosen(pair.text) or chosen(name) or described.position("contrast", number),
                f"'{pair.text}' ({text}) can hardly be read on '{name}' ({ground}): "
                f"a contrast of {contrast(text, ground):.1f}, and {least:.1f} is needed",
                f"'{moved}: {better}' is the nearest that will do" if better else "choose another colour for one",
                "warning",
            )


def theme_names(roots: Sequence[Path]) -> list[str]:
    """Return the names of all themes in ``roots``."""
    return sorted({path.parent.name for root in roots if root.is_dir() for path in root.glob(f"*/{NAME}")})


def known_names(roots: Sequence[Path]) -> list[str]:
    """Return the names of all themes: those in ``roots``, and those that packages bring."""
    return sorted({*theme_names(roots), *(package.name for package in packaged())})


def is_part(path: Path) -> bool:
    """Whether a file in a theme's folder is part of the theme: it is not hidden, and no Python of a package."""
    return path.is_file() and path.name[:1] != "." and path.suffix not in (".py", ".pyc")
