"""Issue definitions and newsletter.yaml: what is right is loaded, every mistake is told with its place."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from newsletter.errors import ContentError
from newsletter.issues import definition
from newsletter.workspace import load_publication

FULL = """\
number: 8
date: 2017-09-29
subject: Dear [[first_name|colleague]], news
preheader: …
editorial: |
  Dear [[ first_name | colleague ]],

  **a few** words.
select:
  month: 2017-09
  exclude: [an-item]
lead: the-lead
sections:
  - category: Spotlight Interviews with Co-operators
  - category: News
    heading: News from the field
    limit: 6
    order: oldest
    items: [first-id, second-id]
overrides:
  an-item: {title: Another title, summary: "", url: https://example.org/}
"""


def load(tmp_path: Path, text: str, name: str = "2017-09") -> definition.Issue:
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, "utf-8")
    return definition.load(path)


def mistakes(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(tmp_path, text)
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]


def test_number_date_and_month_are_enough(tmp_path: Path) -> None:
    issue = load(tmp_path, "number: 1\ndate: 2020-03-31\nselect:\n  month: 2020-03\n")
    assert issue.name == "2017-09"
    assert issue.definition.number == 1
    assert issue.definition.date == datetime.date(2020, 3, 31)
    assert issue.definition.select is not None
    assert issue.definition.select.month == "2020-03"


def test_the_full_definition(tmp_path: Path) -> None:
    wanted = load(tmp_path, FULL).definition
    assert [section.category for section in wanted.sections] == ["Spotlight Interviews with Co-operators", "News"]
    assert wanted.sections[1].limit == 6
    assert wanted.overrides["an-item"].summary == ""


MISTAKES = {
    "unknown key": ("date: 2020-01-31\nnumbr: 2\n", "2017-09.yaml:2:1", "unknown key 'numbr'", "did you mean 'number'?"),
    "unknown key below": (
        "date: 2020-01-31\nsections:\n  - category: News\n    limt: 3\n", "2017-09.yaml:4:5", "'limt'", "'limit'",
    ),
    "unknown key of nothing near": ("date: 2020-01-31\nzzz: 1\n", ":2:1", "'zzz'", "expected one of: number, date"),
    "wrong type": ("date: 2020-01-31\nnumber: eight\n", "2017-09.yaml:2:9", "a whole number", "'eight'"),
    "a list for a text": ("date: 2020-01-31\nsubject: [a]\n", ":2:10", "'subject' must be text", "a list"),
    "a text for keys": ("date: 2020-01-31\nselect: 2017-09\n", ":2:9", "keys with values", "'2017-09'"),
    "no date": ("number: 8\n", "2017-09.yaml:1:1", "'date' is missing", "add a line"),
    "an impossible date": ("date: 2017-09-31\n", ":1:7", "no day 2017-09-31", "YYYY-MM-DD"),
    "a date in words": ("date: 29 September 2017\n", ":1:7", "not a date", "2017-09-29"),
    "a month with a day": ("date: 2017-09-29\nselect: {month: 2017-9}\n", ":2:17", "not a month", "YYYY-MM"),
    "a negative limit": ("date: 2017-09-29\nselect: {limit: -1}\n", ":2:17", "limit", "'-1'"),
    "a wrong order": ("date: 2017-09-29\nselect: {order: newst}\n", ":2:17", "'newst'", "did you mean 'newest'?"),
    "since something": ("date: 2017-09-29\nselect: {since: yesterday}\n", ":2:17", "yesterday", "last-issue"),
    "not an id": ("date: 2017-09-29\nlead: An Item\n", ":2:7", "lead", "An Item"),
    "an unknown placeholder": ("date: 2017-09-29\nsubject: Dear [[firstname|you]]\n", ":2:15", "[[firstname]]", "first_name"),
    "a placeholder that is not closed": ("date: 2017-09-29\neditorial: Dear [[first_name|you,\n", ":2:17", "'[[first_name' is not closed", "[[first_name|colleague]]"),
    "a placeholder deep in a text": (
        "date: 2017-09-29\neditorial: |\n  One.\n\n  Two [[nam|x]].\n", ":5:7", "[[nam]]", "last_name",
    ),
    "a placeholder without a default": ("date: 2017-09-29\npreheader: Hi [[email]]\n", ":2:15", "no default", "|colleague"),
    "a text at the top": ("just text\n", ":1:1", "keys with values", "date"),
    "nothing": ("", ":1:1", "keys with values", "date"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "what", "hint"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_has_place_and_advice(tmp_path: Path, text: str, place: str, what: str, hint: str) -> None:
    (message,) = mistakes(tmp_path, text)
    assert place in message
    assert what in message
    assert hint in message


def test_all_mistakes_are_told_at_once_in_order(tmp_path: Path) -> None:
    text = "number: x\ndate: 2017-13-01\nsubject: '[[nobody|x]]'\nlimit: 3\nsections:\n  - categry: News\n"
    lines = mistakes(tmp_path, text)
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3", "4", "6", "6"]


def test_yaml_11_surprises_stay_text(tmp_path: Path) -> None:
    wanted = load(tmp_path, "date: 2017-09-29\nsubject: no\npreheader: 12:30\neditorial: 08\nnumber: 08\n").definition
    assert (wanted.subject, wanted.preheader, wanted.editorial, wanted.number) == ("no", "12:30", "08", 8)


def test_the_name_of_an_issue_is_an_address(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="its address"):
        load(tmp_path, "date: 2017-09-29\n", name="No 8 (draft)")


PUBLICATION = """\
title: T
organisation: {name: O, postal_address: Street 1}
sender: {name: S, address: s@example.org}
"""

PUBLICATION_MISTAKES = {
    "an unknown key": ("langauge: en\n", ":4:1", "'langauge'", "did you mean 'language'"),
    "an unknown layout": ("categories:\n  - {name: News, layout: lists}\n", ":5:26", "'lists'", "did you mean 'list'?"),
    "a category without a name": ("categories:\n  - {layout: list}\n", ":5:5", "'name' is missing", "categories[0]"),
    "two categories of one name": (
        "categories:\n  - name: News\n  - {name: Stories, aliases: [news]}\n", ":6:12", "names two categories", "",
    ),
    "a relative address": ("web_version: issues/{issue}\n", ":4:14", "not a web address", "https://"),
    "an unsubscribe address of no kind": ("unsubscribe: coop@example.org\n", ":4:14", "unsubscribe", "mailto:"),
    "a newer format": ("format: 99\n", ":4:9", "format", "'99'"),
    "a width of nothing": ("text: {width: 3}\n", ":4:15", "text.width", "'3'"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "what", "hint"), PUBLICATION_MISTAKES.values(), ids=list(PUBLICATION_MISTAKES)
)
def test_a_mistake_in_the_publication(tmp_path: Path, text: str, place: str, what: str, hint: str) -> None:
    path = tmp_path / "newsletter.yaml"
    path.write_text(PUBLICATION + text, "utf-8")
    with pytest.raises(ContentError) as caught:
        load_publication(path)
    (problem,) = caught.value.problems
    assert place in str(problem)
    assert what in str(problem)
    assert hint in str(problem)


def test_a_wrong_sender_is_told(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.yaml"
    path.write_text(PUBLICATION.replace("s@example.org", "nobody"), "utf-8")
    with pytest.raises(ContentError, match=r"newsletter\.yaml:3:28: error: 'nobody' is not an e-mail address"):
        load_publication(path)
