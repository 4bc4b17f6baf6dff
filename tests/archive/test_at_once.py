"""Several programs at once, and one that is killed: nothing is lost, nothing is half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from newsletter.archive import Archive, editing
from newsletter.archive.naming import UNNAMED
from newsletter.model import Item, Query

IMPORT = """
import sys
from pathlib import Path
from newsletter.archive import Archive
from newsletter.archive.naming import UNNAMED
from newsletter.model import Item
root, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
archive = Archive(root)
print("ready", flush=True)
for start in range(first, first + count, 20):
    archive.add([
        Item(id=UNNAMED, title=f"Title {n}", date=f"2017-{n % 5 + 1:02}-03", summary="Words.")
        for n in range(start, min(start + 20, first + count))
    ])
"""


def start(root: Path, first: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", IMPORT, str(root), str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def test_two_imports_and_a_reader_at_once_lose_nothing(tmp_path: Path) -> None:
    programs = [start(tmp_path, first, 60) for first in (0, 40, 1000)]  # the first two overlap
    with Archive(tmp_path) as reader:
        while any(program.poll() is None for program in programs):
            ids = [item.id for item in reader.select(Query())]
            assert len(ids) == len(set(ids))
    for program in programs:
        _, errors = program.communicate()
        assert (program.returncode, errors) == (0, "")
    with Archive(tmp_path) as archive:
        assert {item.title for item in archive} == {f"Title {n}" for n in (*range(100), *range(1000, 1060))}
        assert len(archive) == 160


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
def test_a_killed_import_leaves_whole_files_and_is_finished_by_the_next(tmp_path: Path) -> None:
    chance = random.Random(9)
    for _ in range(4):
        program = start(tmp_path, 0, 200)
        assert program.stdout
        assert program.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.2))
        program.send_signal(signal.SIGKILL)
        program.communicate()
        with Archive(tmp_path) as archive:
            titles = [item.title for item in archive.select(Query())]
            assert len(titles) == len(set(titles))
    program = start(tmp_path, 0, 200)
    _, errors = program.communicate()
    assert (program.returncode, errors) == (0, "")
    with Archive(tmp_path) as archive:
        assert sorted(item.title for item in archive) == sorted(f"Title {n}" for n in range(200))


def test_threads_share_an_archive(tmp_path: Path) -> None:
    failures: list[BaseException] = []
    with Archive(tmp_path) as archive:

        def work(number: int) -> None:
            try:
                for step in range(5):
                    archive.add([Item(id=UNNAMED, title=f"Thread {number} {step}", date="2017-09-03")])
                    archive.select(Query(text="thread"))
            except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(archive) == 20


def test_what_a_person_saves_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "archive/2017/2017-09.yaml"
    with Archive(tmp_path) as archive:
        archive.add([Item(id="first", title="First", date="2017-09-03")])
        real, saved = editing.splice, []

        def splice(*args: object) -> object:
            result = real(*args)  # type: ignore[arg-type]
            if not saved:
                saved.append(path.write_text(path.read_text("utf-8").replace("First", "By hand"), "utf-8"))
            return result

        monkeypatch.setattr(editing, "splice", splice)
        archive.add([Item(id="second", title="Second", date="2017-09-03")])
        assert [item.title for item in archive] == ["By hand", "Second"]
