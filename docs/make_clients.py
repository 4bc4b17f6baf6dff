"""The facts of newsletter/clients/caniemail.json, from caniemail's published JSON.

    .venv/bin/python docs/make_clients.py FILE

FILE is https://www.caniemail.com/api/data.json, or the same file (data/caniemail.json) in the npm package caniemail.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from newsletter.clients.condense import condensed  # noqa: E402 - the checkout, whatever is installed
from newsletter.files import write_atomic  # noqa: E402

DATA = ROOT / "newsletter/clients/caniemail.json"


def text(facts: dict[str, object]) -> str:
    """Return the facts as JSON with a line for each feature, so that a change shows as one."""
    features = facts["features"]
    assert isinstance(features, dict)
    head = {name: value for name, value in facts.items() if name != "features"}
    compact = json.JSONEncoder(separators=(",", ":")).encode
    lines = ",\n".join(f" {compact(slug)}:{compact(feature)}" for slug, feature in features.items())
    return json.dumps(head, indent=1, ensure_ascii=False)[:-2] + ',\n "features": {\n' + lines + "\n }\n}\n"


def main() -> int:
    """Write the facts, and say of what date they are."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    facts = condensed(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    write_atomic(DATA, text(facts).encode())
    print(f"{DATA.relative_to(ROOT)}: {len(facts['features'])} features, {facts['date']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
