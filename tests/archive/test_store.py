"""The archive as the rest of the program sees it: questions, imports, ids, mistakes."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive import Archive
from newsletter.archive.naming import MAX_LENGTH, UNNAMED, make_id, slug
from newsletter.errors import ContentError
from newsletter.model import Item, Query

MONTH = "archive/2017/2017-09.yaml"


def item(title: str, day: str | None = None, item_id: str = UNNAMED, **more: object) -> Item:
    return Item.model_validate({"id": item_id, "title": title, "date": day, **more})


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Items of three months, in two languages."""
    archive = Archive(tmp_path, language="en")
    archive.add(
        [
            item("Café reopens", "2017-09-03", category="News", tags=["Food"], summary="The “gig” economy's end."),
            item("Housing in Lyon", "2017-09-03", category="Article", language="fr-CA"),
            item("Older", "2016-12-31", category="News", translations={"es": {"title": "Más viejo"}}),
            item("Newest", "2017-10-01", category="Spotlight", summary="協同組合 and التعاونيّات"),
            item("No day", category="news"),
        ]
    )
    return archive


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "newest cafe-reopens housing-in-lyon older no-day"),
        ({"order": "oldest"}, "older cafe-reopens housing-in-lyon newest no-day"),
        ({"order": "title"}, "cafe-reopens housing-in-lyon newest no-day older"),
        ({"limit": 2}, "newest cafe-reopens"),
        ({"month": "2017-09"}, "cafe-reopens housing-in-lyon"),
        ({"from": "2017-09-03"}, "newest cafe-reopens housing-in-lyon"),
        ({"to": "2017-09-03"}, "cafe-reopens housing-in-lyon older"),
        ({"from": "2017-01-01", "to": "2017-09-30"}, "cafe-reopens housing-in-lyon"),
        ({"categories": ["NEWS", "Spotlight"]}, "newest cafe-reopens older no-day"),
        ({"tags": ["food"]}, "cafe-reopens"),
        ({"ids": ["older", "cafe-reopens", "unheard-of"]}, "cafe-reopens older"),
        ({"exclude": ["newest", "no-day"]}, "cafe-reopens housing-in-lyon older"),
        ({"language": "fr"}, "housing-in-lyon"),
        ({"language": "fr-FR"}, ""),
        ({"language": "es"}, "older"),
        ({"language": "en"}, "newest cafe-reopens older no-day"),
        ({"text": "cafe"}, "cafe-reopens"),
        ({"text": "CAFÉ econom*"}, "cafe-reopens"),
        ({"text": "econom"}, ""),
        ({"text": "viejo"}, "older"),
        ({"text": "組合"}, "newest"),
        ({"text": "التعاونيات"}, "newest"),
        ({"text": '" OR 1=1 --'}, ""),
        ({"text": "café NOT reopens"}, ""),
        ({"text": "— …"}, ""),
        ({"text": "title:cafe"}, ""),
        ({"text": "gig", "categories": ["Article"]}, ""),
    ],
)
def test_questions(archive: Archive, query: dict[str, object], expected: str) -> None:
    found = archive.select(Query.model_validate(query))
    assert [each.id for each in found] == expected.split()


@given(text=st.text())
def test_no_text_is_syntax(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    with Archive(tmp_path_factory.getbasetemp() / "syntax") as archive:
        archive.root.mkdir(exist_ok=True)
        archive.add([item("Words", "2017-09-03")])
        index = (archive.root / ".newsletter/index.sqlite").stat().st_ino
        archive.select(Query(text=text, categories=(text,), tags=(text,), language=text))
        archive.select(Query(text="a " * 300))
        assert (archive.root / ".newsletter/index.sqlite").stat().st_ino == index  # nothing had to be healed


def test_small_questions(archive: Archive) -> None:
    assert list(archive.get(["older", "none", "newest"])) == ["older", "newest"]
    assert archive.months() == [("", 1), ("2016-12", 1), ("2017-09", 2), ("2017-10", 1)]
    assert archive.near("cafe-reopend") == ["cafe-reopens"]
    assert archive.near("lyon") == ["housing-in-lyon"]
    assert archive.ids() == ["cafe-reopens", "housing-in-lyon", "newest", "no-day", "older"]
    assert [each.id for each in archive] == ["older", "cafe-reopens", "housing-in-lyon", "newest", "no-day"]
    assert len(archive) == 5
    assert archive.count(Query(month="2017-09", limit=1)) == 2
    assert archive.position("unheard-of") is None
    position = archive.position("housing-in-lyon")
    assert position is not None
    assert Path(position.path) == archive.root / MONTH
    assert Path(position.path).read_text("utf-8").splitlines()[position.line - 1] == "- id: housing-in-lyon"


def test_where_items_go(archive: Archive) -> None:
    files = sorted(path.relative_to(archive.root).as_posix() for path in archive.root.rglob("*.yaml"))
    assert files == ["archive/2016/2016-12.yaml", MONTH, "archive/2017/2017-10.yaml", "archive/undated.yaml"]
    for name, up in ((MONTH, "../../"), ("archive/undated.yaml", "../")):
        first = (archive.root / name).read_text("utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema={up}.newsletter/schema/archive.json"


# --- ids --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Members' day: what's new?", "members-day-whats-new"),
        ("Été à Genève", "ete-a-geneve"),
        ("Кооператив", "kooperativ"),
        ("التعاونيات", "lt-wnyt"),
        ("協同組合", "xie-tong-zu-he"),
        ("🎉", "item"),
        ("unnamed", "unnamed-2"),
        ("x" * 100, "x" * MAX_LENGTH),
        ("The role of cooperatives in the overcoming of things", "the-role-of-cooperatives-in-the-overcoming"),
    ],
)
def test_ids_are_made_of_titles(title: str, expected: str) -> None:
    assert make_id(title, None, set()) == expected


@given(st.text(min_size=1))
def test_any_title_has_an_id(title: str) -> None:
    assert Item(id=slug(title), title=title)


def test_collisions_are_told_apart_by_date_then_number(tmp_path: Path) -> None:
    days = ["2017-09-26", "2017-09-27", "2017-09-27", None, None]
    items = [item("Same", day, category=str(number)) for number, day in enumerate(days)]
    report = Archive(tmp_path).add(items)
    assert [each.id for each in report.added] == ["same", "same-2017-09-27", "same-2017-09-27-2", "same-2", "same-3"]


# --- imports ----------------------------------------------------------------------------------------------------------


def test_a_second_import_changes_nothing(archive: Archive) -> None:
    before = {path: path.read_bytes() for path in archive.root.rglob("*.yaml")}
    items = [each.model_copy(update={"id": UNNAMED, "source": "elsewhere:1"}) for each in archive]
    report = archive.add(items)
    assert str(report) == "added 0, unchanged 5, conflicting 0"
    assert before == {path: path.read_bytes() for path in archive.root.rglob("*.yaml")}


def test_what_a_person_added_is_no_conflict(archive: Archive) -> None:
    report = archive.add([item("CAFE reopens", "2017-09-03", category="News")])
    (conflict,) = report.conflicting  # the title is spelt differently
    assert [each.field for each in conflict.differences] == ["title"]
    assert archive.add([item("Café reopens", "2017-09-03")]).unchanged == ("cafe-reopens",)


def test_a_conflict_shows_both_sides_and_keeps_ours(archive: Archive) -> None:
    before = (archive.root / MONTH).read_bytes()
    theirs = item("Café reopens", "2017-09-03", category="News", summary="Other words", source="x.txt:3")
    report = archive.add([theirs])
    (conflict,) = report.conflicting
    assert [(each.field, each.ours, each.theirs) for each in conflict.differences] == [
        ("summary", "The “gig” economy's end.", "Other words")
    ]
    assert conflict.position == archive.position("cafe-reopens")
    assert conflict.source == "x.txt:3"
    assert (archive.root / MONTH).read_bytes() == before


def test_theirs_is_taken_when_asked(archive: Archive) -> None:
    theirs = item("Café reopens", "2017-09-03", category="News", summary="Other words")
    assert str(archive.add([theirs], take_theirs=True)) == "added 0, unchanged 0, conflicting 0, taken 1"
    now = archive.get(["cafe-reopens"])["cafe-reopens"]
    assert (now.summary, now.tags) == ("Other words", ("Food",))
    assert archive.add([theirs]).unchanged == ("cafe-reopens",)


@pytest.mark.parametrize(
    ("incoming", "fields"),
    [
        (item("Café reopens", "2017-09-03", category="Article"), ["category"]),
        (item("No day", "2017-09-09", category="News"), ["category", "date"]),
        (item("Café reopens", category="News"), []),
        (item("Quite another title", "2017-09-03", item_id="cafe-reopens"), ["title"]),
    ],
)
def test_a_story_is_recognised(archive: Archive, incoming: Item, fields: list[str]) -> None:
    report = archive.add([incoming], dry_run=True)
    assert report.added == ()
    assert [each.field for conflict in report.conflicting for each in conflict.differences] == fields


def test_a_story_is_recognised_by_its_address(archive: Archive) -> None:
    archive.add([item("With address", "2017-09-03", url="https://example.org/a")])
    report = archive.add([item("Retitled", "2017-09-04", url="https://example.org/a")])
    assert [each.field for each in report.conflicting[0].differences] == ["title", "date"]


@pytest.mark.parametrize(
    ("title", "date"),
    [
        ("A bakery in Lyon becomes a cooperative", "2017-09-03"),  # the title was corrected
        ("A bakery becomes a cooperative", "2017-09-13"),  # the date was
        ("Bread for all", "2017-09-13"),  # both were
    ],
)
def test_a_story_that_a_person_corrected_is_no_new_one(tmp_path: Path, title: str, date: str) -> None:
    came = Item(id=UNNAMED, title="A bakery becomes a cooperative", date="2017-09-03", source="news.txt:1")
    with Archive(tmp_path) as archive:
        archive.add([came])
        file = tmp_path / "archive/2017/2017-09.yaml"
        text = file.read_text("utf-8").replace("A bakery becomes a cooperative", title).replace("2017-09-03", date)
        file.write_text(text, "utf-8")
        report = archive.add([came])
        assert (len(report.added), len(report.conflicting), len(archive)) == (0, 1, 1)
        archive.add([came], take_theirs=True)
        (item,) = archive.select(Query())
        assert (item.id, item.title, str(item.date)) == ("a-bakery-becomes-a-cooperative", came.title, "2017-09-03")


@pytest.mark.parametrize("source", ["news.txt:1", "stdin:1", ""])
@pytest.mark.parametrize(
    ("title", "date"),
    [
        ("Bulletin No. 13 is out", "2020-06-04"),
        ("Bulletin No. 13 is out", "2020-05-04"),
        ("Bulletin No. 12 is out", "2020-06-04"),  # the same words, a month later
    ],
)
def test_another_story_from_the_same_place_is_a_new_one(tmp_path: Path, title: str, date: str, source: str) -> None:
    with Archive(tmp_path) as archive:
        archive.add([Item(id=UNNAMED, title="Bulletin No. 12 is out", date="2020-05-04", source=source)])
        for take_theirs in (False, True):
            archive.add([Item(id=UNNAMED, title=title, date=date, summary="x", source=source)], take_theirs=take_theirs)
            assert len(archive) == 2
        assert archive.get(["bulletin-no-12-is-out"])["bulletin-no-12-is-out"].title == "Bulletin No. 12 is out"


def test_one_import_may_hold_a_story_twice(archive: Archive) -> None:
    twice = [item("Twice", "2017-09-05", summary=text) for text in ("one", "one", "two")]
    report = archive.add(twice)
    assert str(report) == "added 1, unchanged 1, conflicting 1"
    assert archive.get(["twice"])["twice"].summary == "one"


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    report = Archive(tmp_path).add([item("New", "2017-09-05")], dry_run=True)
    assert [each.id for each in report.added] == ["new"]
    assert not (tmp_path / "archive").exists()


def test_items_may_stand_in_any_file(archive: Archive) -> None:
    own = archive.root / "archive/special/ours.yml"
    own.parent.mkdir()
    own.write_text("- {id: by-hand, title: By hand, date: 2017-09-02}\n", "utf-8")
    assert [each.id for each in archive.select(Query(month="2017-09"))][-1] == "by-hand"
    archive.add([item("By hand", "2017-09-02", summary="More")], take_theirs=True)
    assert "summary: |-\n    More" in own.read_text("utf-8")


# --- mistakes ---------------------------------------------------------------------------------------------------------


def test_mistakes_of_all_files_are_told_at_once_and_mended_files_are_fine(archive: Archive) -> None:
    month, other = archive.root / MONTH, archive.root / "archive/undated.yaml"
    good = month.read_text("utf-8")
    month.write_text(good.replace("date: 2017-09-03", "date: 2017-09-31"), "utf-8")
    other.write_text("- id: no-day\n  titel: No day\n", "utf-8")
    with pytest.raises(ContentError) as caught:
        archive.select(Query())
    told = str(caught.value)
    assert told.count("there is no day 2017-09-31") == 2
    assert "undated.yaml:2:3: error: unknown key 'titel' (did you mean 'title'?)" in told
    month.write_text(good, "utf-8")
    other.unlink()
    assert len(archive) == 4


@pytest.mark.parametrize("again", [1, 2])
def test_an_id_that_stands_twice_is_told_with_both_places(archive: Archive, again: int) -> None:
    copy = archive.root / "archive/copy.yaml"
    copy.write_text("\n- id: older\n  title: Copy\n", "utf-8")
    for _ in range(again):
        with pytest.raises(ContentError) as caught:
            archive.months()
    (problem,) = caught.value.problems
    assert "copy.yaml:2" in problem.hint or problem.position.path.endswith("copy.yaml")
    assert "2016-12.yaml:3" in f"{problem}"
    copy.unlink()
    assert len(archive) == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: a\ntitle: A\n", "is a list of items"),
        ("- a\n", "1:3: error"),
        ("- id: a\n  title: A\n- id: a\n  title: B\n", "3:7: error: the id 'a' is taken"),
        ("- id: A b\n  title: A\n", "1:7: error"),
        ("- id: a\n\ttitle: A\n", "a tab is used for indentation"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive/x.yaml").write_text(text, "utf-8")
    with pytest.raises(ContentError) as caught:
        Archive(tmp_path).ids()
    assert message in str(caught.value)


def test_dates_of_every_age(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add([Item(id="old", title="Old", date=datetime.date(17, 9, 3))])
    assert [each.id for each in archive.select(Query(month="0017-09"))] == ["old"]
    assert (tmp_path / "archive/0017/0017-09.yaml").is_file()
