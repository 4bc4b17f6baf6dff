"""Conditional comments as the Word engine takes them."""

from __future__ import annotations

import pytest

from newsletter.clients.mso import holds, taken


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("mso", True),
        ("!mso", False),
        ("gte mso 9", True),
        ("lte mso 11", False),
        ("gt mso 15", True),
        ("lt mso 16", False),
        ("mso 16", True),
        ("mso 12", False),
        ("mso | IE", True),
        ("IE", False),
        ("!IE", True),
        ("(mso)|(IE)", True),
        ("(gte mso 9)&(lte mso 15)", False),
        ("!(mso|IE)", False),
        ("gte vml 1", True),
        ("MSO", True),
        ("", False),
        ("mso and so on", False),
        ("gte mso nine", False),
        ("(mso", True),
        ("mso)", False),
        ("&", False),
    ],
)
def test_conditions(condition: str, expected: bool) -> None:
    assert holds(condition) is expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<!--[if mso]>b<![endif]-->c", "abc"),
        ("a<!--[if !mso]><!-->b<!--<![endif]-->c", "ac"),
        ("a<!--[if !mso]>-->b<!--<![endif]-->c", "ac"),
        ("a<!--[if mso]><!-->b<!--<![endif]-->c", "abc"),
        ("a<![if !mso]>b<![endif]>c", "ac"),
        ("a<!--[if IE]>b<![endif]-->c", "ac"),
        ("<!--[if mso | IE]><table><tr><td><![endif]-->b<!--[if mso | IE]></td></tr></table><![endif]-->",
         "<table><tr><td>b</td></tr></table>"),
        ("a<!-- a remark -->b", "a<!-- a remark -->b"),
        ("a<![endif]-->b", "ab"),
        ("<!--[if !mso]><!-->\n\n<!--<![endif]-->b", "\n\nb"),
    ],
)  # fmt: skip
def test_what_is_shown(html: str, expected: str) -> None:
    assert taken(html) == expected
