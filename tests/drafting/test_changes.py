"""Each change lands in the definition as a person would have written it, and nowhere else."""

from __future__ import annotations

import json

import pytest
from drafts import BAKERY, BEEKEEPER, BY_HAND, FAIR, FILE, HOUSING, NAME, Table, table  # noqa: F401

from newsletter.build import Builder
from newsletter.drafting.changes import read_changes
from newsletter.drafting.conflict import Conflict
from newsletter.drafting.draft import Draft
from newsletter.errors import ContentError, UsageError
from newsletter.workspace import Workspace


def shown(table: Table) -> dict[str, list[str]]:
    """What the issue shows, by heading; the lead as 'lead'."""
    builder = Builder(Workspace(table.root))
    (edition,) = builder.editions(Draft(builder.workspace, NAME).issue)
    lead = {"lead": [edition.lead.id]} if edition.lead else {}
    sections = [section for section in edition.sections if not section.block]
    return lead | {section.category.name: [item.id for item in section.items] for section in sections}


def diff(table: Table, kind: str, **values: object) -> list[str]:
    """The lines that a change takes away and adds."""
    lines = table.do(kind, **values).diff.splitlines()
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_values_of_the_issue(table: Table) -> None:
    assert diff(table, "set", key="subject", value="Spring: news") == ['+subject: "Spring: news"']
    assert diff(table, "set", key="subject", value="Spring") == ['-subject: "Spring: news"', "+subject: Spring"]
    assert diff(table, "set", key="number", value=2) == ["-number: 1   # the first", "+number: 2   # the first"]
    assert diff(table, "set", key="date", value="2020-03-30") == ["-date: 2020-03-31", "+date: 2020-03-30"]
    assert diff(table, "set", key="editorial", value="Dear\r\n\r\nall\n") == [
        "+editorial: |-", "+  Dear", "+", "+  all",
    ]  # fmt: skip
    assert diff(table, "set", key="subject", language="fr", value="Printemps") == [
        "+translations:", "+  fr:", "+    subject: Printemps",
    ]  # fmt: skip
    for key, language in (("subject", ""), ("editorial", ""), ("subject", "fr")):
        table.do("set", key=key, language=language, value=None)
    table.do("set", key="number", value=1)
    table.do("set", key="date", value="2020-03-31")
    assert table.text == BY_HAND


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"do": "set", "key": "date", "value": "2020-02-31"}, "there is no day 2020-02-31"),
        ({"do": "set", "key": "number", "value": "some"}, "number"),
        ({"do": "set", "key": "theme", "value": "clasic"}, "there is no theme 'clasic' (did you mean 'classic'?)"),
        ({"do": "set", "key": "subject", "value": "[[name]]"}, "unknown placeholder"),
        ({"do": "set", "key": "theme", "value": "x", "language": "fr"}, "the same in every language"),
        ({"do": "lead", "item": "a-bakery"}, "there is no item 'a-bakery'"),
        ({"do": "place", "item": "no-such", "category": "News"}, "there is no item 'no-such'"),
        ({"do": "place", "item": FAIR, "category": "Newz"}, "no section 'Newz' (did you mean 'News'?)"),
        ({"do": "place", "item": FAIR, "category": "News", "before": BEEKEEPER}, "does not stand in 'News'"),
        ({"do": "section", "category": "News", "key": "limit", "value": -1}, "at least 0"),
        ({"do": "section", "category": "News", "key": "layout", "value": "card"}, "layout"),
        ({"do": "add_section", "category": "News"}, "a second section asks for 'News'"),
        ({"do": "block", "name": "imprnt", "off": True}, "no block 'imprnt' (did you mean 'imprint'?)"),
        ({"do": "resolve_comment", "at": "2020-03-01"}, "there is no comment"),
        ({"do": "item", "item": HOUSING, "key": "date", "value": "soon"}, "'soon' is not a date"),
        ({"do": "item", "item": HOUSING, "key": "title"}, "title"),
        ({"do": "item", "item": "no-such", "key": "title", "value": "x"}, "there is no item 'no-such'"),
        ({"do": "add_item", "title": "x", "date": "soon"}, "'soon' is not a date"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(table: Table, change: dict[str, object], said: str) -> None:
    before = table.files()
    with pytest.raises(ContentError) as caught:
        table.desk.apply(NAME, read_changes([{"do": "set", "key": "preheader", "value": "first"}, change]))
    assert said in str(caught.value)
    assert table.files() == before
    assert table.desk.history() == []


def test_what_is_no_change_is_refused() -> None:
    for data in ([{"do": "fly"}], [{"do": "set", "key": "sender"}], {}, b"{", [{"do": "lead", "item": "../x"}]):
        with pytest.raises(UsageError, match="this is no change of a draft"):
            read_changes(data)


def test_an_item_is_placed_and_only_what_must_be_is_pinned(table: Table) -> None:
    table.do("place", item=HOUSING, category="News", before=BAKERY)
    assert shown(table) == {"News": [HOUSING, BAKERY], "Interviews": [BEEKEEPER]}
    assert (
        f"""
sections:
  - category: News
    items:
      - {HOUSING}
  - category: Interviews
"""
        in table.text
    )
    table.do("place", item=FAIR, category="News")  # of another month: its pin is enough; what is above stays there
    assert shown(table)["News"] == [HOUSING, BAKERY, FAIR]
    table.do("place", item=FAIR, category="Interviews", before=BEEKEEPER)
    assert shown(table) == {"News": [HOUSING, BAKERY], "Interviews": [FAIR, BEEKEEPER]}
    assert table.text.count(FAIR) == 1
    table.do("unpin", item=FAIR)
    assert shown(table) == {"News": [HOUSING, BAKERY], "Interviews": [BEEKEEPER]}


def test_the_end_of_a_section_with_a_limit_is_what_the_mail_shows(table: Table) -> None:
    table.do("section", category="News", key="limit", value=1)
    table.do("place", item=FAIR, category="News")
    assert shown(table)["News"] == [FAIR]


def test_pins_keep_their_comments_on_the_way(table: Table) -> None:
    table.write(
        f"date: 2020-03-31\nsections:\n- category: News\n  items:\n  # ask Bo\n  - {BAKERY}   # twelve\n"
        f"- category: Interviews\n  items: [{BEEKEEPER}]\n"
    )
    table.do("place", item=BAKERY, category="Interviews", before=BEEKEEPER)
    assert table.text == (
        "date: 2020-03-31\nsections:\n- category: News\n- category: Interviews\n  items:\n"
        f"  # ask Bo\n  - {BAKERY}   # twelve\n  - {BEEKEEPER}\n"
    )


def test_an_item_is_left_out_and_brought_back(table: Table) -> None:
    table.write("date: 2020-03-31\n")
    table.do("place", item=BAKERY, category="Interviews")
    table.do("lead", item=BAKERY)
    table.do("leave_out", item=BAKERY)
    assert shown(table) == {"News": [HOUSING], "Interviews": [BEEKEEPER]}
    assert "month: 2020-03" in table.text
    table.do("leave_out", item=HOUSING)
    table.do("bring_back", item=BAKERY)
    assert shown(table) == {"News": [BAKERY], "Interviews": [BEEKEEPER]}
    table.do("place", item=HOUSING, category="Interviews", before=BEEKEEPER)
    assert shown(table) == {"News": [BAKERY], "Interviews": [HOUSING, BEEKEEPER]}
    assert "exclude" not in table.text


def test_one_that_only_a_pin_brought_in_goes_with_its_pin(table: Table) -> None:
    table.do("place", item=FAIR, category="News")
    table.do("leave_out", item=FAIR)
    assert "exclude" not in table.text
    assert FAIR not in str(shown(table))


def test_the_last_of_the_named_items_is_left_out(table: Table) -> None:
    table.write(f"date: 2020-03-31\nselect:\n  ids: [{BAKERY}, {FAIR}]\n")
    table.do("leave_out", item=FAIR)
    assert table.text == f"date: 2020-03-31\nselect:\n  ids: [{BAKERY}]\n"
    table.do("leave_out", item=BAKERY)
    assert table.text.endswith(f"  exclude:\n    - {BAKERY}\n")


def test_the_lead_comes_and_goes(table: Table) -> None:
    table.do("lead", item=HOUSING)
    assert shown(table) == {"lead": [HOUSING], "News": [BAKERY], "Interviews": [BEEKEEPER]}
    table.do("place", item=HOUSING, category="News", before=BAKERY)
    assert shown(table) == {"News": [HOUSING, BAKERY], "Interviews": [BEEKEEPER]}
    table.do("lead", item=HOUSING, was=None)
    table.do("lead", item=None)
    assert "lead" not in table.text


def test_sections_move_and_go(table: Table) -> None:
    table.do("move_section", category="Interviews", before="News")
    assert list(shown(table)) == ["Interviews", "News"]
    table.do("remove_section", category="News")
    assert list(shown(table)) == ["Interviews"]
    with pytest.raises(ContentError, match="the last section cannot be removed"):
        table.do("remove_section", category="Interviews")
    table.do("add_section", category="News", before="Interviews")
    table.do("add_section", category="News", heading="Read again", items=[FAIR], only=True)
    assert table.text.count("category: News") == 2
    table.do("section", category="News", nth=1, key="heading", value="Once more")
    table.do("section", category="News", nth=1, key="heading", language="fr", value="Encore")
    table.do("place", item=FAIR, category="News")  # the section of its own had nothing else
    assert table.text.count("category: News") == 1
    table.do("section", category="News", key="only", value=True)
    assert shown(table)["News"] == [BAKERY, HOUSING, FAIR]


def test_items_without_a_category_keep_their_section(table: Table) -> None:
    path = table.root / "archive/2020/2020-03.yaml"
    path.write_text(path.read_text() + "- {id: stray, title: Stray, date: 2020-03-01}\n")
    table.do("move_section", category="Interviews", before="News")
    assert shown(table)[""] == ["stray"]


def test_overrides(table: Table) -> None:
    table.do("override", item=HOUSING, key="summary", value="")
    table.do("override", item=HOUSING, key="title", language="fr", value="À Lyon")
    table.do("override", item=HOUSING, key="title", value="Lyon")
    assert table.text.endswith(f"""
overrides:
  {HOUSING}:
    title: Lyon
    summary: ""
    translations:
      fr:
        title: À Lyon
# Ann asked for the two sections the other way round
""")
    table.do("override", item=HOUSING, key="summary")
    table.do("override", item=HOUSING, key="title", language="fr")
    table.do("override", item=HOUSING, key="title", value="")
    assert table.text == BY_HAND


def test_blocks(table: Table) -> None:
    table.do("block", name="imprint", off=True)
    assert "blocks:\n  - name: imprint\n    off: true\n" in table.text
    table.do("block", name="imprint", off=False)
    assert table.text == BY_HAND
    table.write(BY_HAND + "blocks:\n  - {name: own, text: Ours, layout: callout}\n")
    table.do("move_block", name="imprint", before="own")
    assert table.text.endswith("blocks:\n  - name: imprint\n  - {name: own, text: Ours, layout: callout}\n")


def test_comments_are_never_a_part_of_the_mail(table: Table) -> None:
    def built() -> dict[str, bytes]:
        Builder(Workspace(table.root)).build(NAME)
        return {path.name: path.read_bytes() for path in (table.root / f"build/{NAME}").iterdir() if path.is_file()}

    before = built()
    table.do("add_comment", item=BAKERY, by="Ann", at="2020-03-02T10:00:00Z", text="Is it twelve?\nReally?")
    table.do("add_comment", by="Bo", text="Thank you")
    assert built() == before
    table.do("resolve_comment", by="Ann", at="2020-03-02T10:00:00Z")
    ann, bo = Draft(Workspace(table.root), NAME).issue.definition.comments
    assert (ann.item, ann.text, ann.done, bo.by, bo.done) == (BAKERY, "Is it twelve?\nReally?", True, "Bo", False)
    table.do("remove_comment", by="Bo", at=bo.at)
    table.do("remove_comment", by="Ann", at=ann.at)
    assert table.text == BY_HAND
    assert json.loads(before["manifest.json"])["items"] == [BAKERY, HOUSING, BEEKEEPER]


def test_an_item_of_the_archive_changes_in_its_place(table: Table) -> None:
    path = table.root / "archive/2020/2020-03.yaml"
    path.write_text("# March\n" + path.read_text().replace("Lyon\n", "Lyon  # or near it\n"))
    table.do("item", item=HOUSING, key="title", value="Co-ops meet", was="Housing cooperatives meet in Lyon")
    table.do("item", item=HOUSING, key="tags", value=["housing", "lyon"])
    table.do("item", item=HOUSING, key="image.src", value="images/a.jpg")
    table.do("item", item=HOUSING, key="image.alt", value="A house")
    table.do("item", item=HOUSING, key="date", value="2020-04-01")
    table.do("item", item=HOUSING, key="title", language="fr", value="À Lyon")
    assert path.read_text().endswith(f"""\
- id: {HOUSING}
  category: News
  title: Co-ops meet  # or near it
  date: 2020-04-01
  image:
    src: images/a.jpg
    alt: A house
  tags:
    - housing
    - lyon
  translations:
    fr:
      title: À Lyon
""")
    assert path.read_text().startswith("# March\n- id: a-bakery")
    assert table.undo_all() == 6


def test_a_new_item_goes_into_the_archive_and_out_again(table: Table) -> None:
    before = table.files()
    done = table.do("add_item", title="A school opens", category="News", date="2020-05-04", url="https://example.org/s")
    assert done.ids == ("a-school-opens",)
    assert done.files == ("archive/2020/2020-05.yaml",)
    table.do("place", item="a-school-opens", category="News")
    assert "a-school-opens" in shown(table)["News"]
    with pytest.raises(ContentError, match="the archive has this item already: 'a-school-opens'"):
        table.do("add_item", title="A school opens", category="News", date="2020-05-04")
    with pytest.raises(Conflict):
        table.do("add_item", title="A school opens", category="News", date="2020-05-04", summary="Other")
    table.undo_all()
    assert table.files() == before
    assert not (table.root / "archive/2020/2020-05.yaml").exists()


def test_a_value_that_someone_else_changed_is_a_conflict(table: Table) -> None:
    table.do("set", key="subject", value="Ours", was=None)
    table.write(table.text.replace("Ours", "Theirs"))
    before = table.files()
    with pytest.raises(Conflict) as caught:
        table.do("set", key="subject", value="Yours", was="Ours")
    conflict = caught.value
    assert (conflict.was, conflict.theirs, conflict.yours) == ("Ours", "Theirs", "Yours")
    assert (conflict.position.path, conflict.position.line) == (str(table.root / FILE), 5)
    assert "subject: Yours" in conflict.your_text
    assert "subject: Theirs" in conflict.their_text
    assert table.files() == before
    assert not table.do("set", key="subject", value="Theirs", was="Ours").entry  # both want the same
    table.do("set", key="preheader", value="Else", was="")  # another line is no matter of theirs


def test_a_theme_of_its_own(table: Table) -> None:
    def theme() -> tuple[str, str]:
        builder = Builder(Workspace(table.root))
        (edition,) = builder.editions(Draft(builder.workspace, NAME).issue)
        found = builder.theme(edition.publication)
        return found.name, found.tokens["accent"]

    path = table.root / "newsletter.yaml"
    path.write_text(path.read_text() + "theme: {name: classic, tokens: {radius: 4px, accent: '#112233'}}\n", "utf-8")
    assert theme() == ("classic", "#112233")
    table.do("set", key="theme", value="letter")  # it has no radius: that is passed over
    assert theme() == ("letter", "#112233")
    path.write_text(path.read_text().replace("radius", "radios"), "utf-8")
    assert theme() == ("letter", "#112233")
    table.do("set", key="theme", value=None)
    with pytest.raises(ContentError, match="the theme 'classic' has no token 'radios'"):
        theme()
    table.do("set", key="theme", value="letter")
    table.write(table.text.replace("letter", "leter"))
    with pytest.raises(ContentError, match=r"2020-03\.yaml:\d+:8: error: there is no theme 'leter'"):
        theme()
