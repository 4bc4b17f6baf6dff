"""Which clients are tried at every change; all of them by make test-full."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from newsletter.clients.support import Client

DAILY = frozenset({"gmail-web", "gmail-ios", "gmail-guest", "apple-mac", "outlook-classic", "outlook-com", "yahoo-web"})


def daily(clients: Iterable[Client]) -> list[Any]:
    """Return the clients as parameters of a test; those that are seldom tried are marked ``full``."""
    return [
        pytest.param(client, id=client.key, marks=() if client.key in DAILY else pytest.mark.full) for client in clients
    ]
