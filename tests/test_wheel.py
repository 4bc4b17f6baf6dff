"""The wheel, installed into an empty environment, works away from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.full
def test_the_wheel_builds_an_issue_in_an_empty_environment(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT], check=True
    )
    (wheel,) = tmp_path.glob("enewsupdate-*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv/bin"
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", wheel], check=True)
    bare = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    for command in (["init", "demo"], ["-C", "demo", "build"], ["-C", "demo", "doctor"]):
        done = subprocess.run(
            [programs / "newsletter", *command],
            cwd=tmp_path,
            env=bare,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
    (built,) = (tmp_path / "demo/build").glob("*/email.html")
    proof = [programs / "newsletter", "proof", built.parent.name, "--no-pdf"]
    subprocess.run(proof, cwd=tmp_path / "demo", env=bare, check=True, capture_output=True)
    assert (built.parent / "proof.html").is_file()
    preview = [programs / "newsletter", "preview", "--no-open", "--port", "0"]
    with subprocess.Popen(preview, cwd=tmp_path / "demo", env=bare, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdout
        address = server.stdout.readline().split()[2]
        for path in ("", f"issue/{built.parent.name}", "page/issue.js", "page/style.css", "api/choices"):
            with urllib.request.urlopen(address + path, timeout=30) as answer:
                assert answer.status == 200
        server.terminate()
