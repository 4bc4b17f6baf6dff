"""The preview, as a page meets it: how soon a saved file is a new frame, how soon a search answers, what it holds."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from time import perf_counter, sleep
from types import TracebackType
from typing import Self
from urllib.parse import quote


class Previewed:
    """A running ``newsletter preview`` of one issue, and a page that listens to it."""

    def __init__(self, root: Path, issue: str) -> None:
        self.issue = issue
        self.path = root / f"issues/{issue}.yaml"
        self.text = self.path.read_text("utf-8")
        self._rounds = 0
        begun = perf_counter()
        command = [sys.executable, "-m", "newsletter", "preview", issue, "--no-open", "--port", "0"]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, encoding="utf-8")
        assert self._process.stdout
        found = re.search(r"http://([^/]+)", self._process.stdout.readline())
        assert found
        self.ready = perf_counter() - begun
        """Seconds from the command to the address."""
        self._line = http.client.HTTPConnection(found[1], timeout=60)
        self._page()
        self.first_frame = perf_counter() - begun
        """Seconds from the command to the first frame."""
        self._news = http.client.HTTPConnection(found[1], timeout=60)
        self._news.request("GET", "/events")
        self._events = self._news.getresponse()
        self._heard("hello")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.path.write_text(self.text, "utf-8")
        self._process.terminate()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._line.close()
        self._news.close()

    def _heard(self, what: str) -> None:
        while f"event: {what}" not in self._events.readline().decode():
            pass

    def _get(self, path: str) -> bytes:
        self._line.request("GET", path)
        return self._line.getresponse().read()

    def _page(self) -> str:
        return self._get(f"/frame/{self.issue}/email/-/page?look=light").decode()

    def save(self) -> float:
        """Save the definition; return the seconds until its new frame is here."""
        self._rounds += 1
        number = 5_000 + self._rounds
        begun = perf_counter()
        self.path.write_text(re.sub(r"number: \d+", f"number: {number}", self.text), "utf-8")
        self._heard("changed")
        html = self._page()
        seconds = perf_counter() - begun
        assert f"No. {number}" in html
        sleep(0.02)  # a hand is slower
        return seconds

    def search(self, text: str) -> float:
        """Return the seconds until the first rows of a search are here, as one types."""
        begun = perf_counter()
        answer = self._get(f"/api/archive?text={quote(text)}&unused=on&start=0&limit=60&issue={self.issue}")
        seconds = perf_counter() - begun
        assert "total" in json.loads(answer)
        return seconds

    @property
    def memory(self) -> int:
        """What the server holds: resident set, in bytes (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0
