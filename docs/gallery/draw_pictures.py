"""The pictures of the gallery's issue, drawn with Pillow: the same bytes in every run. ``make gallery`` runs this.

Flat shapes in one palette. They go into the workspace's images/, which is not in git.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parent / "workspace/images"
FINER = 3
"""Drawn so many times larger, then reduced: that makes the edges smooth."""

Point = tuple[float, float]
Draw = Callable[[], "Canvas"]

NIGHT, DEEP, SEA, TEAL, MIST, SKY = "#12233a", "#1d3f5e", "#2f6d8a", "#46a09c", "#bfe0dd", "#e4f2ef"
CREAM, SAND, SUN, AMBER, CORAL, BRICK = "#fff5e2", "#f3dfb8", "#f8bd4f", "#ef9137", "#e4654c", "#b3472f"
CRUST, RIND, WOOD, PLANK = "#cf8b45", "#8f5526", "#6e4630", "#a9744a"
LEAF, FOREST, INK, WHITE = "#86a65a", "#3f6e55", "#16222f", "#ffffff"
SKINS = ("#f0c3a0", "#b9784f", "#7b4a31", "#dca57d")


class Canvas:
    """A picture of ``width`` × ``height`` pixels; every shape is given in these."""

    def __init__(self, width: int, height: int, ground: str | None) -> None:
        self.width, self.height = width, height
        size = (width * FINER, height * FINER)
        # where a colour lets through what is below, Pillow mixes them in RGB only
        self.pixels = Image.new("RGB", size, ground) if ground else Image.new("RGBA", size, (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.pixels, "RGBA")

    def shape(self, points: Iterable[Point], fill: str) -> None:
        """Fill a polygon. A colour of eight digits lets through what is below it."""
        self._draw.polygon([(x * FINER, y * FINER) for x, y in points], fill=fill)

    def box(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> None:
        """Fill a rectangle, its corners rounded by ``radius``."""
        corners = (x * FINER, y * FINER, (x + width) * FINER - 1, (y + height) * FINER - 1)
        self._draw.rounded_rectangle(corners, radius * FINER, fill=fill)

    def oval(self, x: float, y: float, across: float, down: float, fill: str) -> None:
        """Fill an ellipse around a point, with its two radii."""
        corners = ((x - across) * FINER, (y - down) * FINER, (x + across) * FINER, (y + down) * FINER)
        self._draw.ellipse(corners, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """Fill a circle."""
        self.oval(x, y, radius, radius, fill)

    def dome(self, x: float, y: float, across: float, up: float, fill: str) -> None:
        """Fill the upper half of an ellipse that stands on ``y``."""
        corners = ((x - across) * FINER, (y - up) * FINER, (x + across) * FINER, (y + up) * FINER)
        self._draw.pieslice(corners, 180, 360, fill=fill)

    def line(self, points: Iterable[Point], fill: str, thick: float) -> None:
        """Draw a line with round ends and corners."""
        ends = [(x * FINER, y * FINER) for x, y in points]
        self._draw.line(ends, fill=fill, width=round(thick * FINER), joint="curve")
        for x, y in (ends[0], ends[-1]):
            self.disc(x / FINER, y / FINER, thick / 2, fill)

    def ring(self, x: float, y: float, radius: float, fill: str, thick: float) -> None:
        """Draw a circle's line."""
        outer = (radius + thick / 2) * FINER
        corners = (x * FINER - outer, y * FINER - outer, x * FINER + outer, y * FINER + outer)
        self._draw.ellipse(corners, outline=fill, width=round(thick * FINER))

    def curve(
        self, x: float, y: float, across: float, down: float, span: tuple[int, int], fill: str, thick: float
    ) -> None:
        """Draw a part of an ellipse's line, from one angle to another (degrees, clockwise from the right)."""
        points = [
            (x + across * math.cos(math.radians(angle)), y + down * math.sin(math.radians(angle)))
            for angle in range(span[0], span[1] + 1, 3)
        ]
        self.line(points, fill, thick)

    def sky(self, bands: Iterable[str], top: float, bottom: float) -> None:
        """Fill the width with bands of colours, from ``top`` to ``bottom``."""
        colours = list(bands)
        high = (bottom - top) / len(colours)
        for number, colour in enumerate(colours):
            self.box(0, top + number * high, self.width, high + 1, colour)

    def glow(self, x: float, y: float, radius: float, colour: str, rings: int = 4) -> None:
        """Lay rings of light around a point; ``colour`` has six digits."""
        for number in range(rings):
            self.disc(x, y, radius * (rings - number) / rings, f"{colour}1e")

    def hill(self, base: float, high: float, length: float, shift: float, fill: str) -> None:
        """Fill what lies below a wave of hills: ``length`` from top to top, ``shift`` of the first one."""
        tops = [
            (x, base - high * (1 + math.cos((x - shift) / length * math.tau)) / 2) for x in range(0, self.width + 8, 8)
        ]
        self.shape([(0, self.height), *tops, (self.width, self.height)], fill)

    def words(self, x: float, y: float, text: str, size: float, fill: str, bold: float = 0) -> None:
        """Write a line; ``y`` is its top."""
        font = ImageFont.load_default(size * FINER)
        self._draw.text((x * FINER, y * FINER), text, fill, font, stroke_width=bold * FINER, stroke_fill=fill)

    def save(self, path: Path) -> None:
        """Write the picture as PNG."""
        self.pixels.resize((self.width, self.height), Image.Resampling.LANCZOS).save(path, "PNG")


def spread(number: int, modulus: int) -> int:
    """Return what looks random and is the same in every run, below ``modulus``."""
    return (number * 7919 + number * number * 104_729) % modulus


# What stands in several pictures


def boule(c: Canvas, x: float, y: float, size: float, fill: str = CRUST) -> None:
    """A round loaf that stands on ``y``, scored twice."""
    c.dome(x, y, size, size * 0.78, fill)
    c.box(x - size, y - 2, 2 * size, size * 0.16, RIND, size * 0.08)
    c.curve(x - size * 0.12, y - size * 0.1, size * 0.5, size * 0.42, (200, 290), SAND, size * 0.08)
    c.curve(x + size * 0.28, y - size * 0.1, size * 0.5, size * 0.42, (200, 290), SAND, size * 0.08)


def tin_loaf(c: Canvas, x: float, y: float, size: float, fill: str = CRUST) -> None:
    """A tin loaf that stands on ``y``."""
    c.box(x - size, y - size * 0.7, 2 * size, size * 0.7, fill, size * 0.1)
    c.box(x - size * 1.08, y - size * 1.0, 2.16 * size, size * 0.52, RIND, size * 0.26)
    c.line([(x - size * 0.7, y - size * 0.76), (x + size * 0.7, y - size * 0.76)], SAND, size * 0.07)


def baguette(c: Canvas, x: float, y: float, size: float, lean: float, fill: str = CRUST) -> None:
    """A long loaf around a point, leaning by ``lean`` degrees from upright."""
    dx, dy = math.sin(math.radians(lean)), -math.cos(math.radians(lean))
    c.line([(x - dx * size, y - dy * size), (x + dx * size, y + dy * size)], RIND, size * 0.36)
    c.line([(x - dx * size, y - dy * size), (x + dx * size, y + dy * size)], fill, size * 0.28)
    for step in (-0.7, -0.25, 0.2, 0.65):
        px, py = x + dx * size * step, y + dy * size * step
        c.line([(px - size * 0.09, py + size * 0.05), (px + size * 0.09, py - size * 0.07)], SAND, size * 0.06)


def boat(c: Canvas, x: float, y: float, size: float, hull: str, sail: str | None = WHITE) -> None:
    """A boat whose waterline is at ``y``; without a sail a fishing boat with a lit cabin."""
    c.shape([(x - size, y - size * 0.3), (x + size, y - size * 0.3), (x + size * 0.7, y), (x - size * 0.75, y)], hull)
    c.line([(x, y - size * 0.3), (x, y - size * 1.9)], WOOD, size * 0.05)
    if sail:
        c.shape(
            [
                (x + size * 0.06, y - size * 1.85),
                (x + size * 0.06, y - size * 0.42),
                (x + size * 0.85, y - size * 0.42),
            ],
            sail,
        )
        c.shape(
            [(x - size * 0.06, y - size * 1.5), (x - size * 0.06, y - size * 0.42), (x - size * 0.6, y - size * 0.42)],
            sail,
        )
    else:
        c.box(x - size * 0.62, y - size * 0.78, size * 0.6, size * 0.5, CREAM, size * 0.05)
        c.box(x - size * 0.52, y - size * 0.68, size * 0.18, size * 0.2, SUN)
        c.box(x - size * 0.26, y - size * 0.68, size * 0.18, size * 0.2, SUN)


def ripples(c: Canvas, top: float, bottom: float, fill: str, count: int) -> None:
    """Short lines on water, shorter and closer together the farther they are."""
    for number in range(count):
        part = (spread(number, 97) / 97) ** 1.4
        y, long = top + (bottom - top) * part, 20 + 90 * part
        x = spread(number * 3 + 1, 1013) / 1013 * c.width
        c.box(x, y, long, 2 + 3 * part, fill, 2)


def stars(c: Canvas, bottom: float, count: int) -> None:
    """Stars above ``bottom``."""
    for number in range(count):
        x, y = spread(number + 5, 1009) / 1009 * c.width, spread(number * 5 + 2, 499) / 499 * bottom
        c.disc(x, y, 1.2 + spread(number, 3) * 0.7, f"{CREAM}c0")


def house(c: Canvas, x: float, y: float, size: tuple[float, float], fill: str, lit: str, roof: str = BRICK) -> None:
    """A narrow gabled house that stands on ``y``, with six windows."""
    width, height = size
    c.box(x, y - height, width, height, fill)
    c.shape([(x - 6, y - height), (x + width / 2, y - height - width * 0.62), (x + width + 6, y - height)], roof)
    pane = width * 0.2
    for row in range(3):
        for column in (0.2, 0.6):
            top = y - height + 18 + row * (height - 60) / 3
            c.box(x + width * column, top, pane, pane * 1.4, lit, 2)


def person(c: Canvas, x: float, y: float, tall: float, coat: str, skin: str, cap: str) -> None:
    """Somebody in a coat, seen from afar, standing on ``y``."""
    c.box(x - tall * 0.09, y - tall * 0.35, tall * 0.075, tall * 0.35, INK, tall * 0.03)
    c.box(x + tall * 0.015, y - tall * 0.35, tall * 0.075, tall * 0.35, INK, tall * 0.03)
    c.box(x - tall * 0.15, y - tall * 0.78, tall * 0.3, tall * 0.52, coat, tall * 0.11)
    c.disc(x, y - tall * 0.88, tall * 0.095, skin)
    c.dome(x, y - tall * 0.9, tall * 0.105, tall * 0.1, cap)


def bust(c: Canvas, x: float, y: float, size: float, skin: str, coat: str) -> None:
    """Shoulders, neck, face and a smile; ``y`` is the middle of the face, ``size`` its half width."""
    c.dome(x, y + size * 3.6, size * 2.1, size * 2.1, coat)
    c.box(x - size * 0.36, y + size * 0.7, size * 0.72, size * 1.1, shade(skin), size * 0.3)
    c.oval(x, y, size, size * 1.2, skin)
    for side in (-1, 1):
        c.disc(x + side * size * 0.38, y - size * 0.05, size * 0.085, INK)
        c.curve(x + side * size * 0.38, y - size * 0.28, size * 0.2, size * 0.12, (200, 340), shade(skin), size * 0.07)
        c.disc(x + side * size * 0.58, y + size * 0.38, size * 0.17, f"{CORAL}48")
    c.line([(x, y), (x - size * 0.08, y + size * 0.28)], shade(skin), size * 0.07)
    c.curve(x, y + size * 0.42, size * 0.34, size * 0.24, (20, 160), INK, size * 0.075)


def shade(colour: str) -> str:
    """Return a colour a little darker."""
    return "#" + "".join(f"{round(int(colour[at : at + 2], 16) * 0.78):02x}" for at in (1, 3, 5))


def scarf(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """A headscarf on a bust, tied at the side."""
    c.dome(x, y - size * 0.44, size * 1.12, size * 1.06, colour)
    c.box(x - size * 1.12, y - size * 0.64, size * 2.24, size * 0.28, shade(colour), size * 0.14)
    c.shape([(x + size, y - size * 0.6), (x + size * 1.55, y - size * 0.4), (x + size * 1.3, y + size * 0.1)], colour)


def shelf(c: Canvas, y: float, left: float, right: float) -> None:
    """A board with its shadow."""
    c.box(left, y, right - left, 16, PLANK, 3)
    c.box(left, y + 16, right - left, 7, f"{INK}38")


# The pictures


def night_oven() -> Canvas:
    """Two bakers before a glowing oven, the harbour behind the window."""
    c = Canvas(1200, 675, "#2a2030")
    for number in range(60):
        x, y = number % 12 * 110 - (number // 12 % 2) * 55, number // 12 * 96
        c.box(x + 4, y + 4, 102, 40, "#33263a", 4)
    window(c, 90, 80)
    c.box(0, 560, 1200, 115, "#1c1523")
    oven(c, 690, 560)
    for x, y, wide in ((1030, 216, 150), (1030, 336, 150)):
        shelf(c, y, x, x + wide)
        boule(c, x + 42, y, 30)
        boule(c, x + 108, y, 30, AMBER)
    person(c, 450, 610, 330, CREAM, SKINS[1], WHITE)
    c.line([(478, 415), (640, 478)], PLANK, 12)
    c.line([(470, 400), (505, 440)], shade(CREAM), 26)
    c.oval(652, 484, 44, 12, PLANK)
    person(c, 945, 612, 320, CORAL, SKINS[0], SAND)
    c.line([(918, 430), (880, 480)], shade(CORAL), 26)
    return c


def window(c: Canvas, x: float, y: float) -> None:
    """A window with the harbour at night."""
    c.box(x - 14, y - 14, 268, 308, WOOD, 6)
    c.box(x, y, 240, 280, DEEP)
    c.disc(x + 176, y + 66, 30, CREAM)
    c.box(x, y + 178, 240, 102, NIGHT)
    for number in range(5):
        c.line([(x + 150 + number % 2 * 14, y + 192 + number * 16), (x + 196, y + 192 + number * 16)], f"{CREAM}70", 3)
    boat(c, x + 78, y + 214, 46, BRICK, MIST)
    c.box(x + 116, y, 8, 280, WOOD)
    c.box(x, y + 136, 240, 8, WOOD)


def oven(c: Canvas, x: float, y: float) -> None:
    """An oven of bricks with a fire in it, standing on ``y``."""
    c.box(x - 210, y - 330, 420, 330, "#7c3a2a", 20)
    c.dome(x, y - 300, 210, 150, "#7c3a2a")
    c.glow(x, y - 90, 330, SUN, 5)
    for number in range(15):
        turn = math.pi + math.pi * (number + 0.5) / 15
        px, py = x + 158 * math.cos(turn), y - 140 + 158 * math.sin(turn)
        c.disc(px, py, 19, BRICK if number % 2 else CORAL)
    c.box(x - 136, y - 140, 272, 110, "#2b1210")
    c.dome(x, y - 138, 136, 136, "#2b1210")
    for size, colour in ((1.0, BRICK), (0.76, CORAL), (0.52, AMBER), (0.3, SUN)):
        flame(c, x + 16, y - 34, 118 * size, colour)
    for offset in (-92, -36):
        boule(c, x + offset, y - 34, 30)
    c.box(x - 176, y - 34, 352, 24, SAND, 4)


def flame(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """Three tongues of a flame that stand on ``y``."""
    for shift, high in ((-0.5, 1.1), (0.05, 1.65), (0.6, 1.2)):
        c.shape(
            [(x + (shift - 0.34) * size, y), (x + shift * size, y - high * size), (x + (shift + 0.34) * size, y)],
            colour,
        )


def barge() -> Canvas:
    """A barge with bricks on a canal."""
    c = Canvas(1200, 675, SKY)
    c.sky((MIST, "#d3e8df", SAND, "#fbe6bd"), 0, 330)
    c.glow(880, 250, 240, SUN)
    c.disc(880, 250, 70, SUN)
    c.hill(350, 70, 640, 180, "#a8c3a0")
    for number in range(11):
        x, high = 40 + number * 112 + spread(number, 30), 210 + spread(number, 60)
        c.box(x - 4, 350, 8, 40, WOOD)
        c.oval(x, 380 - high / 2, 26 + spread(number, 8), high / 2, FOREST if number % 2 else "#54845f")
    c.box(0, 376, 1200, 299, LEAF)
    c.box(0, 404, 1200, 271, SEA)
    c.sky((TEAL, "#3a8796", SEA, "#285f7b"), 404, 675)
    ripples(c, 420, 668, f"{MIST}78", 36)
    c.shape([(150, 470), (1010, 470), (1080, 430), (1040, 560), (210, 560)], BRICK)
    c.box(150, 470, 880, 16, CREAM)
    for row in range(3):
        for column in range(11 - row):
            c.box(300 + column * 44 + row * 22, 446 - row * 26, 40, 23, CORAL if (row + column) % 3 else AMBER, 2)
    c.box(846, 376, 130, 96, DEEP, 6)
    c.box(866, 396, 34, 34, SUN, 3)
    c.box(916, 396, 34, 34, SUN, 3)
    person(c, 220, 474, 150, DEEP, SKINS[2], SUN)
    c.shape([(210, 560), (1040, 560), (1000, 590), (260, 590)], f"{NIGHT}60")
    return c


def interview() -> Canvas:
    """A woman behind a counter full of loaves."""
    c = Canvas(1200, 675, TEAL)
    c.disc(700, 280, 300, "#5cb0aa")
    for y in (150, 320):
        shelf(c, y, 0, 360)
        for number in range(4):
            (boule if (number + y) % 3 else tin_loaf)(c, 50 + number * 88, y, 34, (CRUST, AMBER, "#b87436")[number % 3])
    shelf(c, 240, 1020, 1200)
    for number in range(5):
        baguette(c, 1050 + number * 30, 180, 62, 4 - number * 2)
    c.oval(700, 290, 118, 132, WOOD)
    bust(c, 700, 270, 96, SKINS[0], CORAL)
    scarf(c, 700, 270, 96, SUN)
    c.box(620, 452, 160, 170, CREAM, 20)
    c.line([(640, 470), (640, 420)], CREAM, 16)
    c.line([(760, 470), (760, 420)], CREAM, 16)
    for side in (-1, 1):
        c.line([(700 + side * 176, 548), (700 + side * 138, 452)], shade(CORAL), 70)
        c.disc(700 + side * 170, 560, 30, SKINS[0])
    c.box(0, 570, 1200, 105, WOOD)
    c.box(0, 558, 1200, 22, PLANK)
    for number, x in enumerate((70, 212, 354, 1010, 1140)):
        boule(c, x, 558, 62, (CRUST, AMBER, "#b87436")[number % 3])
    return c


def hands() -> Canvas:
    """Hands around a loaf on a table, from above."""
    c = Canvas(1200, 675, PLANK)
    for number in range(7):
        c.box(0, number * 98, 1200, 94, ("#b37d52", "#a9744a", "#b98559")[number % 3])
    c.oval(600, 340, 430, 270, "#e9d3b0")
    c.oval(600, 340, 390, 236, "#f4e3c6")
    for number in range(90):
        angle, far = spread(number, 360), 250 + spread(number * 3, 260)
        x, y = 600 + far * math.cos(math.radians(angle)), 340 + far * 0.66 * math.sin(math.radians(angle))
        c.disc(x, y, 2 + spread(number, 4), f"{CREAM}b0")
    c.disc(600, 356, 196, f"{RIND}48")
    c.disc(600, 338, 192, "#f0d6a4")
    c.disc(588, 322, 164, "#f8e4bb")
    for shift in (-50, 0, 50):
        c.curve(560 + shift, 340, 150, 130, (310, 400), "#e0c08a", 9)
    for start, to, sleeve, skin in (
        ((60, 40), (410, 232), DEEP, SKINS[2]),
        ((60, 640), (414, 446), DEEP, SKINS[2]),
        ((1140, 30), (790, 230), CORAL, SKINS[0]),
        ((1140, 650), (786, 448), CORAL, SKINS[0]),
    ):
        arm(c, start, to, sleeve, skin)
    return c


def arm(c: Canvas, start: Point, to: Point, sleeve: str, skin: str) -> None:
    """An arm that reaches from the edge to a point, in a sleeve rolled up halfway."""
    far = math.dist(start, to)
    dx, dy = (to[0] - start[0]) / far, (to[1] - start[1]) / far
    c.line([start, to], skin, 62)
    c.line([start, (start[0] + dx * far * 0.45, start[1] + dy * far * 0.45)], sleeve, 96)
    c.disc(*to, 46, skin)
    for lean in (-34, -12, 10, 32):
        turn = math.radians(lean)
        fx, fy = dx * math.cos(turn) - dy * math.sin(turn), dx * math.sin(turn) + dy * math.cos(turn)
        c.line([(to[0] + fx * 24, to[1] + fy * 24), (to[0] + fx * 84, to[1] + fy * 84)], skin, 21)
        c.line([(to[0] + fx * 40, to[1] + fy * 40), (to[0] + fx * 52, to[1] + fy * 52)], f"{INK}18", 3)


def fish_quay() -> Canvas:
    """A small blue bakery at dawn."""
    c = Canvas(1200, 675, SKY)
    c.sky(("#f6cfa8", "#f9dcb4", "#fbe8c8", CREAM), 0, 480)
    c.glow(980, 330, 260, SUN)
    c.disc(980, 330, 74, SUN)
    c.box(0, 470, 1200, 205, SEA)
    ripples(c, 484, 668, f"{CREAM}80", 30)
    boat(c, 1010, 560, 80, DEEP, WHITE)
    boat(c, 830, 510, 42, BRICK, CREAM)
    c.box(0, 560, 760, 115, "#8d8f8f")
    for number in range(16):
        c.box(
            number % 8 * 96 - (number // 8) * 40, 566 + number // 8 * 54, 90, 48, ("#9a9c9b", "#a4a6a4")[number % 2], 4
        )
    c.box(170, 190, 420, 372, TEAL)
    c.shape([(140, 196), (380, 60), (620, 196)], DEEP)
    c.disc(380, 146, 30, CREAM)
    c.box(216, 330, 190, 150, DEEP, 4)
    c.box(226, 340, 170, 130, SUN)
    shelf(c, 446, 226, 396)
    for number in range(3):
        boule(c, 260 + number * 52, 446, 22)
    c.box(446, 330, 104, 232, WOOD, 4)
    c.box(462, 350, 72, 90, SUN, 3)
    for number in range(10):
        x = 180 + number * 40
        c.box(x, 270, 40, 46, CORAL if number % 2 else WHITE)
        c.disc(x + 20, 316, 20, CORAL if number % 2 else WHITE)
    person(c, 650, 600, 190, DEEP, SKINS[3], SUN)
    return c


def rye() -> Canvas:
    """Ears of rye before hills and a low sun."""
    c = Canvas(1200, 675, SKY)
    c.sky(("#f7d9a8", "#fae3b8", "#fcedcf"), 0, 420)
    c.glow(340, 300, 300, AMBER)
    c.disc(340, 300, 96, AMBER)
    c.hill(420, 130, 900, 760, "#9fbd93")
    c.hill(470, 110, 700, 260, LEAF)
    c.hill(520, 70, 1100, 1000, FOREST)
    house(c, 880, 395, (44, 50), CREAM, DEEP)
    c.box(0, 540, 1200, 135, "#d9a33f")
    for number in range(46):
        x = number * 27 + spread(number, 16)
        ear(c, x, 690, 190 + spread(number * 3, 130), ("#e8b64f", SUN, "#cf9434")[number % 3])
    return c


def ear(c: Canvas, x: float, y: float, tall: float, colour: str) -> None:
    """An ear on its stalk, leaning a little."""
    lean = tall * 0.1
    c.line([(x, y), (x + lean, y - tall)], shade(colour), 4)
    for number in range(7):
        py, px = y - tall + number * 13, x + lean * (1 - number * 13 / tall)
        c.oval(px - 7, py, 6, 10, colour)
        c.oval(px + 7, py, 6, 10, colour)
        c.line([(px + 6, py - 6), (px + 16, py - 32)], colour, 1.5)
        c.line([(px - 6, py - 6), (px - 16, py - 32)], colour, 1.5)


def bicycle() -> Canvas:
    """A bicycle with a basket full of loaves."""
    c = Canvas(1200, 675, "#f7d6b4")
    for x, wide, high, colour in (
        (0, 260, 430, CORAL),
        (260, 300, 500, "#f1c27a"),
        (560, 280, 450, TEAL),
        (840, 360, 520, "#e8896b"),
    ):
        c.box(x, 530 - high, wide, high, colour)
        for number in range(4):
            left, top = x + wide * (0.16 + 0.44 * (number % 2)), 590 - high + number // 2 * 150
            c.box(left, top, wide * 0.24, 92, CREAM, 4)
            c.box(left + 6, top + 6, wide * 0.24 - 12, 80, SEA, 2)
    c.box(0, 520, 1200, 155, "#8a8580")
    for number in range(60):
        c.box(
            number % 20 * 62 - number // 20 * 24,
            526 + number // 20 * 50,
            56,
            44,
            ("#9b958e", "#a8a29a", "#928c86")[spread(number, 3)],
            12,
        )
    wheels(c)
    for x, lean in ((794, -16), (832, -4), (872, 8), (908, 18)):
        baguette(c, x, 300, 78, lean)
    boule(c, 812, 352, 44, AMBER)
    boule(c, 890, 352, 44)
    c.shape([(742, 340), (958, 340), (930, 456), (770, 456)], PLANK)
    for number in range(5):
        c.line([(752 + number * 5, 356 + number * 22), (948 - number * 5, 356 + number * 22)], WOOD, 5)
    return c


def wheels(c: Canvas) -> None:
    """The bicycle itself."""
    for x in (380, 800):
        c.ring(x, 520, 104, INK, 12)
        for number in range(8):
            turn = math.tau * number / 8
            c.line([(x, 520), (x + 98 * math.cos(turn), 520 + 98 * math.sin(turn))], f"{CREAM}b0", 2)
        c.disc(x, 520, 12, INK)
    frame = [(380, 520), (480, 330), (700, 350), (560, 530), (380, 520)]
    c.line(frame, BRICK, 15)
    c.line([(560, 530), (468, 300)], BRICK, 15)
    c.line([(800, 520), (700, 280)], BRICK, 15)
    c.line([(650, 268), (720, 276)], INK, 13)
    c.box(420, 284, 104, 24, INK, 12)
    c.disc(560, 530, 24, INK)
    c.line([(536, 562), (584, 500)], INK, 9)


def shelves() -> Canvas:
    """Three shelves with loaves, and one empty place."""
    c = Canvas(1200, 675, "#fbe9cb")
    c.box(70, 0, 1060, 675, "#f3dbb0")
    kinds: tuple[Callable[..., None], ...] = (boule, tin_loaf, boule)
    for row, y in enumerate((200, 410, 620)):
        shelf(c, y, 70, 1130)
        for number in range(6):
            if (row, number) == (1, 3):
                c.curve(160 + number * 176, y - 4, 64, 12, (180, 360), f"{RIND}60", 3)
                continue
            x, colour = 160 + number * 176, (CRUST, AMBER, "#b87436", RIND)[spread(row * 6 + number, 4)]
            if (row * 6 + number) % 5 == 4:
                for step in range(3):
                    baguette(c, x - 40 + step * 40, y - 74, 62, -8 + step * 8)
            else:
                kinds[(row + number) % 3](c, x, y, 64, SAND if colour == RIND else colour)
    c.box(40, 0, 30, 675, WOOD)
    c.box(1130, 0, 30, 675, WOOD)
    return c


def bram() -> Canvas:
    """A man with a grey beard and round glasses."""
    c = Canvas(256, 256, "#f3c98b")
    c.oval(128, 100, 54, 46, "#d9dbd8")
    bust(c, 128, 108, 48, SKINS[3], FOREST)
    c.dome(124, 86, 62, 42, DEEP)
    c.box(66, 78, 136, 12, shade(DEEP), 6)
    beard = [(80, 122), (92, 132), (128, 130), (164, 132), (176, 122), (170, 164), (128, 190), (86, 164)]
    c.shape(beard, "#d9dbd8")
    c.oval(128, 152, 42, 34, "#d9dbd8")
    c.curve(128, 140, 17, 10, (15, 165), INK, 4)
    for side in (-1, 1):
        c.ring(128 + side * 19, 105, 15, INK, 3.5)
    c.line([(124, 104), (132, 104)], INK, 3.5)
    return c


def amina() -> Canvas:
    """A woman with a teal headscarf."""
    c = Canvas(256, 256, "#f6b9a0")
    c.dome(128, 256, 104, 120, TEAL)
    c.oval(128, 112, 68, 82, TEAL)
    bust(c, 128, 116, 46, SKINS[1], SAND)
    c.dome(128, 100, 54, 52, "#5cb0aa")
    c.shape(
        [(72, 130), (84, 128), (96, 176), (128, 192), (160, 176), (172, 128), (184, 130), (176, 208), (80, 208)], TEAL
    )
    return c


def lantern(c: Canvas, x: float, y: float, colour: str) -> None:
    """A round paper lantern, and its light."""
    c.glow(x, y, 76, SUN, 3)
    c.oval(x, y, 22, 26, colour)
    c.box(x - 9, y - 30, 18, 6, INK)
    c.box(x - 9, y + 24, 18, 6, INK)


def dance() -> Canvas:
    """Lanterns over a quay at night, boats behind, people dancing."""
    c = Canvas(1200, 675, NIGHT)
    c.sky((NIGHT, "#182c49", DEEP, "#27507a"), 0, 380)
    stars(c, 300, 60)
    c.sky(("#1b3c5c", "#18334f", "#142a43"), 370, 520)
    for x, size, hull in ((190, 92, BRICK), (470, 70, SEA), (780, 84, CORAL), (1060, 100, DEEP)):
        boat(c, x, 440, size, hull, None)
        for number in range(4):
            c.line([(x - 50 + number * 8, 452 + number * 14), (x + 6 - number * 6, 452 + number * 14)], f"{SUN}80", 4)
    c.box(0, 520, 1200, 155, "#3b3644")
    c.box(0, 514, 1200, 14, "#565062")
    for strand, (left, right, top) in enumerate(((-20, 620, 70), (580, 1220, 60), (200, 1000, 150))):
        points = [(left + (right - left) * at / 24, top + 90 * (1 - ((at - 12) / 12) ** 2)) for at in range(25)]
        c.line(points, f"{CREAM}90", 3)
        for number, (x, y) in enumerate(points[2:-1:4]):
            lantern(c, x, y + 30, (CORAL, SUN, CREAM, AMBER)[(number + strand) % 4])
    coats = (CORAL, SUN, TEAL, CREAM, BRICK, MIST, AMBER, SEA)
    for number in range(8):
        x, y = 110 + number * 140 + number % 2 * -36, 640 - spread(number, 26)
        person(c, x, y, 150 + spread(number, 24), coats[number], SKINS[number % 4], coats[(number + 3) % 8])
        if number % 2:
            c.line([(x - 16, y - 92), (x - 58, y - 100)], coats[number], 13)
    return c


def cover(ground: str, kind: str, lines: tuple[str, ...], ink: str) -> Canvas:
    """The cover of a publication, without its picture."""
    c = Canvas(360, 480, ground)
    c.box(0, 0, 14, 480, f"{INK}22")
    c.words(36, 30, kind.upper(), 15, ink, 0.4)
    c.box(36, 56, 46, 4, ink)
    for number, line in enumerate(lines):
        c.words(36, 74 + number * 38, line, 33, ink, 0.7)
    c.words(36, 444, "Harbour Bakers  2031", 14, ink)
    return c


def cover_heat() -> Canvas:
    """Cover: a sun over a row of arches."""
    c = cover(BRICK, "Report", ("How we", "counted heat"), CREAM)
    c.disc(220, 262, 70, SUN)
    c.box(14, 330, 346, 96, DEEP)
    for number in range(5):
        c.dome(54 + number * 68, 426, 28, 66, AMBER if number % 2 else CORAL)
        c.dome(54 + number * 68, 426, 15, 40, NIGHT)
    return c


def cover_quarrels() -> Canvas:
    """Cover: two speech bubbles that share a loaf."""
    c = cover("#f4dcae", "Handbook", ("The small", "handbook of", "good quarrels"), DEEP)
    for x, y, colour, tail in ((132, 280, CORAL, 80), (240, 318, TEAL, 292)):
        c.oval(x, y, 92, 68, colour)
        c.shape([(x - 24, y + 52), (x + 24, y + 52), (tail, y + 104)], colour)
    boule(c, 186, 326, 56)
    return c


def lighthouse() -> Canvas:
    """A lighthouse over a bay at night; one window in town is lit."""
    c = Canvas(1200, 800, NIGHT)
    c.sky(("#0f1d33", NIGHT, "#172d49", DEEP, "#25527a"), 0, 520)
    stars(c, 430, 90)
    c.hill(520, 120, 1300, 1000, "#183450")
    for number in range(13):
        x, high = 560 + number * 50, 56 + spread(number, 60)
        c.box(x, 520 - high, 44, high, ("#13283f", "#162f49")[number % 2])
        c.shape([(x - 3, 520 - high), (x + 22, 492 - high), (x + 47, 520 - high)], "#0f2136")
    c.glow(885, 482, 46, SUN, 3)
    c.box(876, 472, 16, 20, SUN, 2)
    c.box(0, 520, 1200, 280, DEEP)
    c.sky(("#1d4566", "#1a3c5a", "#16324c"), 520, 800)
    ripples(c, 532, 790, f"{MIST}50", 40)
    for number in range(6):
        c.line([(870 + number % 2 * 8, 536 + number * 22), (898, 536 + number * 22)], f"{SUN}90", 4)
    c.shape([(262, 190), (1200, 40), (1200, 330), (262, 212)], f"{SUN}30")
    c.shape([(262, 194), (1200, 110), (1200, 262), (262, 208)], f"{CREAM}38")
    c.hill(700, 120, 1500, 190, "#0d1a2b")
    tower(c, 240, 640)
    return c


def tower(c: Canvas, x: float, y: float) -> None:
    """A lighthouse that stands on ``y``."""
    for number in range(6):
        top, low = y - 400 + number * 67, y - 400 + (number + 1) * 67
        half, wider = 44 + number * 6, 44 + (number + 1) * 6
        c.shape([(x - half, top), (x + half, top), (x + wider, low), (x - wider, low)], CREAM if number % 2 else CORAL)
    c.box(x - 60, y - 416, 120, 18, INK, 3)
    c.glow(x + 6, y - 444, 110, SUN)
    c.box(x - 34, y - 470, 68, 56, SUN, 3)
    c.dome(x, y - 468, 46, 44, BRICK)
    for window_y in (y - 300, y - 168):
        c.box(x - 9, window_y, 18, 30, DEEP, 9)


def panorama() -> Canvas:
    """Eight narrow houses and their lights in the water, in the evening."""
    c = Canvas(1200, 480, DEEP)
    c.sky(("#2b4a74", "#56618c", "#a06f8b", "#e08a78", "#f6b26b"), 0, 300)
    c.disc(1024, 236, 46, SUN)
    c.box(0, 316, 1200, 164, "#24486a")
    c.sky(("#5a6a8c", "#3f5d82", "#2c4f75", "#21426a"), 316, 480)
    coats = (CORAL, CREAM, TEAL, AMBER, SEA, SAND, BRICK, MIST)
    for number, colour in enumerate(coats):
        x, size = 36 + number * 116, (98, 126 + spread(number, 58))
        house(c, x, 310, size, colour, SUN if number % 3 else "#ffd98a", ("#6b3340", "#4b3a55")[number % 2])
        for step in range(5):
            y = 330 + step * 24
            c.line([(x + 14 + step % 2 * 10, y), (x + 72 - step * 4, y)], f"{colour}90", 6)
    c.box(0, 306, 980, 14, "#3a3048")
    boat(c, 1104, 410, 66, INK, CREAM)
    ripples(c, 330, 474, f"{CREAM}40", 26)
    return c


def mill() -> Canvas:
    """A windmill among fields, under a wide sky."""
    c = Canvas(1200, 540, SKY)
    c.sky(("#bfe0e6", "#d3eaea", "#e6f3ee", CREAM), 0, 400)
    for x, y, size in ((180, 110, 44), (880, 150, 36), (1050, 84, 30)):
        for shift, part in ((-1.1, 0.7), (0, 1.0), (1.2, 0.75)):
            c.oval(x + shift * size, y, size * part * 1.3, size * part * 0.7, WHITE)
    c.hill(400, 60, 800, 240, "#a9c68e")
    c.hill(450, 50, 1200, 900, LEAF)
    for number in range(9):
        c.shape(
            [(number * 150 - 60, 540), (number * 150 + 10, 540), (500 + number * 40, 446), (480 + number * 40, 446)],
            f"{SUN}70",
        )
    c.shape([(520, 470), (560, 190), (640, 190), (680, 470)], WHITE)
    c.shape([(600, 470), (600, 190), (640, 190), (680, 470)], "#e7ecea")
    c.dome(600, 196, 48, 50, BRICK)
    c.box(578, 400, 44, 70, WOOD, 22)
    c.box(588, 280, 24, 34, SEA, 3)
    for quarter in range(4):
        sail(c, 600, 176, 62 + quarter * 90)
    return c


def sail(c: Canvas, x: float, y: float, angle: float) -> None:
    """One of the four arms of a windmill."""
    dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    c.line([(x, y), (x + dx * 170, y + dy * 170)], WOOD, 8)
    near, far = (x + dx * 44, y + dy * 44), (x + dx * 166, y + dy * 166)
    c.shape([near, far, (far[0] - dy * 36, far[1] + dx * 36), (near[0] - dy * 36, near[1] + dx * 36)], f"{CORAL}e8")
    c.disc(x, y, 12, INK)


def sign(ink: str, wave: str) -> Canvas:
    """The co-operative's sign: a loaf that sails, and its name, on no ground."""
    c = Canvas(352, 104, None)
    c.dome(52, 66, 46, 44, AMBER)
    for shift in (-16, 4, 24):
        c.curve(52 + shift, 66, 24, 32, (205, 275), CREAM, 4)
    for row, y in enumerate((74, 88)):
        for step in range(4 - row):
            c.curve(13 + row * 13 + step * 26, y, 13, 7, (0, 180), wave, 5)
    c.words(118, 8, "Harbour", 40, ink, 1)
    c.words(118, 52, "Bakers", 40, ink, 1)
    return c


PICTURES: dict[str, Draw] = {
    "night-oven": night_oven,
    "barge": barge,
    "interview": interview,
    "hands": hands,
    "fish-quay": fish_quay,
    "rye": rye,
    "bicycle": bicycle,
    "shelf": shelves,
    "bram": bram,
    "amina": amina,
    "dance": dance,
    "cover-heat": cover_heat,
    "cover-quarrels": cover_quarrels,
    "lighthouse": lighthouse,
    "panorama": panorama,
    "mill": mill,
    "logo": lambda: sign(DEEP, SEA),
    "logo-dark": lambda: sign(WHITE, MIST),
}


def draw(folder: Path) -> Iterator[Path]:
    """Draw every picture into a folder, and yield their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        path = folder / f"{name}.png"
        picture().save(path)
        yield path


def main() -> int:
    """Draw the pictures, and say how large they are."""
    for path in draw(FOLDER):
        print(f"{path.name}  {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
