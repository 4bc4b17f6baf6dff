"""Debian's Firefox for the tests, driven as it is: WebDriver BiDi (W3C) over a WebSocket, and no network but ours."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("firefox-esr", "firefox")
NOWHERE = 9  # the port "discard": nobody listens there
PREFERENCES: dict[str, Any] = {
    "network.proxy.type": 1,  # whatever is not on this machine goes to a proxy that is not there
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": NOWHERE,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": NOWHERE,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.proxy.failover_direct": False,
    "network.proxy.allow_bypass": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.prefetch-next": False,
    "network.dns.disablePrefetch": True,
    "network.trr.mode": 5,  # no DNS over HTTPS
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "app.update.checkInstallTime": False,
    "browser.newtabpage.enabled": False,
    "browser.newtabpage.activity-stream.feeds.system.topstories": False,
    "browser.region.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.blocklist.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",  # as Firefox's own tests have it
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "data:,",
}
KEYS = {"Alt": "\ue00a", "ArrowDown": "\ue015", "ArrowUp": "\ue013", "Enter": "\ue007", "Escape": "\ue00c"}
"""The keys that are no characters (WebDriver, 17.4.2)."""
PATIENCE = 20.0
"""How long something is waited for, in seconds; CI may be busy with other tests."""


def find_firefox() -> str:
    """Return Firefox's path. Raises :class:`RuntimeError` that says how to get one."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError("Firefox is missing: 'sh tests/setup.sh checkers' installs it, or says how")


@contextmanager
def firefox(profile: Path, scheme: str = "light") -> Iterator[Firefox]:
    """A running Firefox without a window, on a fresh ``profile``; ``scheme`` is what the system prefers."""
    preferences = PREFERENCES | {"layout.css.prefers-color-scheme.content-override": int(scheme == "light")}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
    (profile / "user.js").write_text("".join(lines), "utf-8")
    command = [find_firefox(), "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile)]
    said = profile / "said.txt"  # a file, so that Firefox never waits for someone to read what it says
    with said.open("wb") as output:
        environment = os.environ | {"MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}  # else services.settings.server is not heard
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        with connect(f"{_address(process, said)}/session", proxy=None, max_size=None) as line:
            yield Firefox(line)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """Return where Firefox listens, as it says at its start."""
    end = time.monotonic() + 3 * PATIENCE
    while process.poll() is None and time.monotonic() < end:
        found = re.search(r"WebDriver BiDi listening on (ws://\S+)", said.read_text("utf-8", "replace"))
        if found:
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"Firefox did not start: {said.read_text('utf-8', 'replace')}")


class Firefox:
    """One session with one tab.

    ``asked`` holds the addresses that were asked for, ``wrong`` the errors on the console.
    """

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._count = 0
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.tab = self.ask("browsingContext.create", type="window")["context"]  # the first one never has the focus

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result. Raises :class:`RuntimeError` with Firefox's words when it fails."""
        self._count += 1
        self._line.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._line.recv(3 * PATIENCE))
            if told["type"] == "event":
                self._note(told["method"], told["params"])
            elif told["id"] == self._count:
                if told["type"] == "error":
                    raise RuntimeError(f"{method}: {told['error']}: {told['message']}")
                return told["result"]

    def _note(self, event: str, told: dict[str, Any]) -> None:
        if event == "network.beforeRequestSent":
            self.asked.append(told["request"]["url"])
        elif event == "log.entryAdded" and told["level"] == "error":
            self.wrong.append(str(told["text"]))

    def visit(self, address: str, *, width: int = 1360, height: int = 850) -> None:
        """Open a page, and wait until it has loaded."""
        self.ask("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})
        self.ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def value(self, expression: str) -> Any:
        """Return what an expression of JavaScript comes to in the page, or its promise: any JSON."""
        program = f"(async () => JSON.stringify(await ({expression}) ?? null))()"
        target = {"context": self.tab}
        told = self.ask("script.evaluate", expression=program, target=target, awaitPromise=True)
        assert told["type"] == "success", f"{expression}: {told['exceptionDetails']['text']}"
        return json.loads(told["result"]["value"])

    def wait(self, expression: str, value: Any = None) -> None:
        """Wait until an expression is true in the page, or is ``value``."""
        asked, wanted = (f"Boolean({expression})", True) if value is None else (expression, value)
        end = time.monotonic() + PATIENCE
        while (found := self.value(asked)) != wanted:
            assert time.monotonic() < end, f"{asked} is {found!r}"
            time.sleep(0.05)

    def press(self, *keys: str) -> None:
        """Press keys together, as ``press("Alt", "ArrowUp")``."""
        codes = [KEYS.get(key, key) for key in keys]
        self._keys([*(("keyDown", code) for code in codes), *(("keyUp", code) for code in reversed(codes))])

    def type(self, text: str) -> None:
        """Type text, one key after the other."""
        self._keys([(way, letter) for letter in text for way in ("keyDown", "keyUp")])

    def _keys(self, actions: list[tuple[str, str]]) -> None:
        steps = [{"type": way, "value": code} for way, code in actions]
        self.ask("input.performActions", context=self.tab, actions=[{"type": "key", "id": "keys", "actions": steps}])

    def mouse(self, *steps: tuple[float, float] | str) -> None:
        """Move the mouse to places (px from the viewport's top left) and do ``down`` or ``up`` there."""
        actions: list[dict[str, Any]] = []
        for step in steps:
            if isinstance(step, str):
                actions.append({"type": f"pointer{step.title()}", "button": 0})
            else:
                actions.append({"type": "pointerMove", "x": round(step[0]), "y": round(step[1]), "duration": 30})
        self.ask(
            "input.performActions", context=self.tab, actions=[{"type": "pointer", "id": "mouse", "actions": actions}]
        )

    def box(self, element: str) -> dict[str, float]:
        """Return where an element is (px: x, y, width, height), scrolled into view; ``element`` is an expression."""
        self.wait(f"({element})?.checkVisibility()")
        found: dict[str, float] = self.value(
            f"({element}).scrollIntoView({{block: 'nearest'}}), ({element}).getBoundingClientRect()"
        )
        return found

    def click(self, element: str, times: int = 1) -> None:
        """Click the middle of an element."""
        box = self.box(element)
        self.mouse((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), *["down", "up"] * times)

    def screenshot(self, path: Path) -> None:
        """Write what is seen of the page as a PNG."""
        path.write_bytes(base64.b64decode(self.ask("browsingContext.captureScreenshot", context=self.tab)["data"]))
