"""The facts of newsletter/clients/caniemail.json, from caniemail's published JSON, and the tables of docs/clients.md.

    .venv/bin/python docs/make_clients.py [FILE]

Without FILE only the tables are made. FILE is https://www.caniemail.com/api/data.json
(or the same file (data/caniemail.json) in the npm package caniemail).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from newsletter.clients.condense import condensed  # noqa: E402 - the checkout, whatever is installed
from newsletter.clients.inbox import ROOMS  # noqa: E402
from newsletter.clients.support import CLIENTS, DATA, data_date, features  # noqa: E402
from newsletter.files import write_atomic  # noqa: E402

PAGE = ROOT / "docs/clients.md"


def text(facts: dict[str, object]) -> str:
    """Return the facts as JSON with a line for each feature, so that a change shows as one."""
    features = facts["features"]
    assert isinstance(features, dict)
    head = {name: value for name, value in facts.items() if name != "features"}
    compact = json.JSONEncoder(separators=(",", ":")).encode
    lines = ",\n".join(f" {compact(slug)}:{compact(feature)}" for slug, feature in features.items())
    return json.dumps(head, indent=1, ensure_ascii=False)[:-2] + ',\n "features": {\n' + lines + "\n }\n}\n"


RECOLOURS = {"no": "no change", "part": "in part", "full": "in full", "unknown": "not known"}


def clients_table() -> str:
    """Return the clients that can be simulated, as a table of Markdown."""
    rows = ["| Key | Client | Known | In the dark |", "|---|---|---|---|"]
    for client in CLIENTS:
        found = [
            feature.verdicts[client.data].support for feature in features().values() if client.data in feature.verdicts
        ]
        known = sum(support != "unknown" for support in found)
        dark = "own rules" if client.own_dark else RECOLOURS[client.recolours]
        if client.own_dark and client.recolours == "part":
            dark += "; in part"
        rows.append(f"| `{client.key}` | {client.name} | {known} of {len(features())} | {dark} |")
    return "\n".join(rows)


def rooms_table() -> str:
    """Return what the lists of mails show, as a table of Markdown."""
    rows = ["| List | Subject | Preheader | Better no longer than |", "|---|---|---|---|"]
    for room in ROOMS:
        better = f"{room.recommended_subject} and {room.recommended_preheader}"
        rows.append(f"| {room.client}, {room.device} | {room.subject} | {room.preheader} | {better} |")
    return "\n".join(rows)


def with_tables(page: str) -> str:
    """Return the page with its tables and the date as they are now."""
    for name, table in (("clients", clients_table()), ("inbox", rooms_table())):
        page = re.sub(
            rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", lambda m, t=table: m[1] + t + m[2], page, flags=re.DOTALL
        )
    return re.sub(r"(data of )\*\*[^*]*\*\*", rf"\1**{data_date():%-d %B %Y}**", page)


def main() -> int:
    """Write the facts and the tables, and say of what date they are."""
    if len(sys.argv) > 2:
        print(__doc__, file=sys.stderr)
        return 2
    for name in sys.argv[1:]:
        facts = condensed(json.loads(Path(name).read_text("utf-8")))
        write_atomic(DATA, text(facts).encode())
    write_atomic(PAGE, with_tables(PAGE.read_text("utf-8")).encode())
    print(f"{DATA.relative_to(ROOT)}: {len(features())} features, {data_date()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
