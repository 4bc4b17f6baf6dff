"""Versions of the program and its engines: part of what a build depends on."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

from newsletter import __version__

ENGINES = {"mjml-python": "mjml", "premailer": "premailer"}
"""Distribution to package of what shapes a mail."""


@cache
def version_of(package: str, distribution: str) -> str:
    """Return the version of an installed package without importing it.

    The name of its metadata folder tells it; ``importlib.metadata`` would cost 30 ms of a cold build.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return "missing"
    stem = distribution.replace("-", "_")
    found = sorted(Path(spec.origin).parent.parent.glob(f"{stem}-*.dist-info"))
    if found:
        return found[-1].name[len(stem) + 1 : -len(".dist-info")]
    from importlib.metadata import version  # noqa: PLC0415 - an unusual installation

    return version(distribution)


@cache
def program_digest() -> str:
    """Return a hash of the program's own source and data, so that a changed program builds anew."""
    total = hashlib.sha256(__version__.encode())
    package = Path(__file__).parent
    for path in sorted((*package.rglob("*.py"), *package.rglob("*.po"), *package.rglob("*.json"))):
        total.update(path.relative_to(package).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def engine_versions() -> dict[str, str]:
    """Return the versions of the program and of both engines."""
    engines = {name: version_of(package, name) for name, package in ENGINES.items()}
    return {"newsletter": __version__, **engines}
