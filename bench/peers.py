"""The other side: npm's mjml and juice, installed once into a folder that git ignores."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from jinja2 import Environment, FileSystemLoader
from words import CATEGORIES, News

HERE = Path(__file__).parent
FOLDER = HERE.parent / "build" / "bench-peers"
PACKAGES = {"mjml": "5", "juice": "11"}


def install() -> str:
    """Install the peers where they are missing; return why there are none, or an empty text."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "npm is not installed here, so newsletter stands alone"
    if not all((FOLDER / "node_modules" / name / "package.json").is_file() for name in PACKAGES):
        print("installing npm mjml and juice …", file=sys.stderr)
        FOLDER.mkdir(parents=True, exist_ok=True)
        wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(FOLDER), *wanted]
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
            return "npm could not install mjml and juice, so newsletter stands alone"
    return ""


def versions() -> str:
    """Return what the peers are, for the table's foot."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    found = [f"Node {node.removeprefix('v')}"]
    for name in PACKAGES:
        package = json.loads((FOLDER / "node_modules" / name / "package.json").read_text("utf-8"))
        found.append(f"npm {name} {package['version']}")
    return ", ".join(found)


def command_line(mjml: Path, html: Path, *, direct: bool = False) -> list[str]:
    """Return the ``mjml`` command as people run it (``npx mjml``), or the file that npx looks for, called directly."""
    arguments = [str(mjml), "-o", str(html)]
    return [str(FOLDER / "node_modules" / ".bin" / "mjml"), *arguments] if direct else ["npx", "mjml", *arguments]


def write_mjml(items: list[News], path: Path) -> Path:
    """Write the items in the ordinary template to ``path``: a section a category, three mj-text an item."""
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True)
    sections = [(name, [item for item in items if item.category == name]) for name in CATEGORIES]
    template = environment.get_template("ordinary.mjml")
    text = template.render(
        title="ILO COOP eNewsUpdate",
        preview="News, stories and statements on cooperatives",
        sections=[section for section in sections if section[1]],
    )
    path.write_text(text, "utf-8")
    return path


class Peer:
    """mjml and juice, warm in a Node process that takes its turns."""

    def __enter__(self) -> Peer:
        self._process = subprocess.Popen(
            ["node", HERE / "peer.mjs", FOLDER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def convert(self, mjml: Path) -> tuple[float, int]:
        """Return the seconds that mjml and juice take for one file, and the bytes of the mail."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"mjml": str(mjml), "rounds": 1}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return sum(answer["ms"][0]) / 1000, answer["bytes"]
