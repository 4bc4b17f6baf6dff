"""The index is derived: deleted, damaged, copied, outdated or locked, the answers stay right."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.archive import Archive
from newsletter.archive.naming import UNNAMED
from newsletter.errors import ContentError
from newsletter.model import Item, Query

MONTH = "archive/2017/2017-09.yaml"


def items(count: int) -> list[Item]:
    return [
        Item(id=UNNAMED, title=f"Title {number}", date=f"2017-{number % 12 + 1:02}-03", summary="Some words. " * 20)
        for number in range(count)
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with Archive(tmp_path) as archive:
        archive.add(items(60))
    return tmp_path


def index(root: Path) -> Path:
    return root / ".newsletter/index.sqlite"


def titles(root: Path) -> list[str]:
    with Archive(root) as archive:
        found = [item.title for item in archive.select(Query())]
        assert len(archive.search("words")) == len(found)
        return found


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite(path: Path) -> None:
    path.write_text("this is no database at all\n" * 500, "utf-8")


def other_database(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE meta(other TEXT)")
    connection.execute("CREATE TABLE items(other TEXT)")
    connection.commit()
    connection.close()


def other_version(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET version = '0 0.0'")
    connection.execute("UPDATE items SET json = '{}'")
    connection.commit()
    connection.close()


def changed_rows(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE items SET json = replace(json, 'Title', 'Tilte')")
    connection.commit()
    connection.close()


def dropped_table(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE words")
    connection.commit()
    connection.close()


def foreign_journal(path: Path) -> None:
    path.with_name(path.name + "-journal").write_bytes(random.Random(1).randbytes(5000))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "harm",
    [delete, empty, truncate, overwrite, other_database, other_version, changed_rows, dropped_table, foreign_journal,
     a_folder],
)  # fmt: skip
def test_a_harmed_index_gives_the_same_answers(root: Path, harm: Callable[[Path], None]) -> None:
    before = titles(root)
    harm(index(root))
    assert titles(root) == before
    assert titles(root) == before


@pytest.mark.parametrize("seed", range(8))
def test_garbage_anywhere_gives_the_same_answers(root: Path, seed: int) -> None:
    before = titles(root)
    chance = random.Random(seed)
    raw = bytearray(index(root).read_bytes())
    for page in chance.sample(range(len(raw) // 4096), 6):
        raw[page * 4096 : page * 4096 + 4096] = chance.randbytes(4096)
    index(root).write_bytes(raw)
    assert titles(root) == before


def test_an_index_that_is_deleted_or_harmed_while_it_is_open(root: Path) -> None:
    with Archive(root) as archive:
        before = archive.select(Query())
        index(root).unlink()
        assert archive.select(Query()) == before
        overwrite(index(root))
        assert archive.select(Query()) == before
        archive.add([Item(id=UNNAMED, title="New words")])
        assert len(archive) == 61
    assert len(titles(root)) == 61


def test_an_archive_kept_open_sees_whatever_happens_around_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.archive.index.SETTLED", 0.0)
    file = root / MONTH
    with Archive(root) as archive:
        first = archive.select(Query())
        for _ in range(3):  # nothing is new any more
            assert archive.select(Query()) == first
        assert archive._index._current is not None

        status = file.stat()
        file.write_text(file.read_text("utf-8").replace("Title", "Tilte"), "utf-8")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # the same size and time as before
        assert sum(item.title.startswith("Tilte") for item in archive.select(Query())) == 5

        with Archive(root) as other:
            other.add([Item(id=UNNAMED, title="From another program", date="2017-09-04")])
        assert len(archive.select(Query())) == 61
        for _ in range(3):
            assert len(archive.select(Query())) == 61

        connection = sqlite3.connect(index(root))
        connection.execute("UPDATE files SET size = 0, hash = x''")
        connection.commit()
        connection.close()
        assert len(archive.select(Query())) == 61

        file.unlink()
        assert len(archive.select(Query())) == 55


def test_an_index_copied_from_another_workspace(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    with Archive(other) as archive:
        archive.add([Item(id=UNNAMED, title="Elsewhere", date="2017-09-03", summary="words")])
    shutil.copy(index(root), index(other))
    assert titles(other) == ["Elsewhere"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps its rights elsewhere")
def test_a_workspace_that_cannot_be_written(root: Path) -> None:
    before = titles(root)
    shutil.rmtree(root / ".newsletter")
    root.chmod(0o555)
    with contextlib.ExitStack() as stack:
        stack.callback(root.chmod, 0o700)
        if os.geteuid() == 0:  # the superuser may write everywhere: nobody looks, who must be let in
            for path in (*root.parents[:-1], *root.rglob("*")):
                stack.callback(path.chmod, path.stat().st_mode)
                path.chmod(path.stat().st_mode | 0o055)
            os.seteuid(65534)
            stack.callback(os.seteuid, 0)
        with pytest.raises(PermissionError):
            (root / "x").touch()
        assert titles(root) == before
    assert not (root / ".newsletter").exists()


def test_a_locked_index_does_not_stop_a_reader(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.archive.index.WAIT", 0.1)
    before = titles(root)
    connection = sqlite3.connect(index(root), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        assert titles(root) == before
    finally:
        connection.close()
    assert titles(root) == before


def test_a_hand_edit_of_the_same_size_in_the_same_instant_is_seen(root: Path) -> None:
    path = root / MONTH
    with Archive(root) as archive:
        for letter in "abcdefgh":
            now = path.stat()
            text = path.read_text("utf-8")
            path.write_text(
                text.replace("Some", f"So{letter}e").replace(f"So{chr(ord(letter) - 1)}e", f"So{letter}e"), "utf-8"
            )
            os.utime(path, ns=(now.st_atime_ns, now.st_mtime_ns))
            assert path.stat().st_size == now.st_size
            found = archive.select(Query(month="2017-09"))
            assert {item.summary[:4] for item in found} == {f"So{letter}e"}
            assert archive.search(f"so{letter}e")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> float:
    """Seconds until a file's stamp is trusted; a file system with stamps of two seconds needs more than this."""
    monkeypatch.setattr("newsletter.archive.index.SETTLED", 0.2)
    return 0.3


def test_a_settled_file_is_not_read_again(root: Path, settled: float) -> None:
    read: list[tuple[int, int]] = []
    time.sleep(settled)
    titles(root)
    archive = Archive(root, progress=lambda done, total: read.append((done, total)))
    assert len(archive) == 60
    assert read == []
    archive.close()


def test_files_that_come_and_go(root: Path) -> None:
    with Archive(root) as archive:
        moved = root / "archive/moved.yaml"
        (root / MONTH).rename(moved)
        position = archive.position("title-8")
        assert position is not None
        assert Path(position.path) == moved
        moved.unlink()
        assert len(archive) == 55
        shutil.rmtree(root / "archive")
        assert len(archive) == 0
        assert archive.months() == []


def test_a_broken_file_does_not_make_the_others_be_read_again(root: Path, settled: float) -> None:
    read: list[int] = []
    (root / "archive/broken.yaml").write_text("- id: [", "utf-8")
    index(root).unlink()
    with Archive(root) as archive, pytest.raises(ContentError, match=r"broken\.yaml"):
        archive.ids()
    time.sleep(settled)
    with Archive(root) as archive, pytest.raises(ContentError, match=r"broken\.yaml"):
        archive.ids()  # settles the others
    with (
        Archive(root, progress=lambda _, total: read.append(total)) as archive,
        pytest.raises(ContentError, match=r"broken\.yaml"),
    ):
        archive.ids()
    assert set(read) == {1}


def test_names_that_hide_or_are_no_yaml_are_passed_over(root: Path) -> None:
    for name in (".hidden.yaml", ".2017-09.yaml.abc.tmp", "notes.txt", "2017-09.yaml.orig", ".git/x.yaml"):
        path = root / "archive" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("not: [a list", "utf-8")
    assert len(titles(root)) == 60
