"""theme.yaml: what a theme takes from another, and the mistakes in saying so."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, Run

from newsletter.errors import ContentError
from newsletter.render.theme import find_theme

BUILT_IN = ROOT / "templates"


def theme(root: Path, name: str, more: str = "") -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "theme.yaml").write_text(f"name: {name}\ndescription: One of ours.\n{more}", "utf-8")
    return folder


def test_a_file_comes_from_the_first_that_has_it(tmp_path: Path) -> None:
    (theme(tmp_path, "a", "extends: b\n") / "email.txt").write_text("a", "utf-8")
    (theme(tmp_path, "b", "extends: classic\n") / "email.txt").write_text("b", "utf-8")
    (tmp_path / "b/web.html").write_text("b", "utf-8")
    found = find_theme("a", [tmp_path, BUILT_IN], {})
    assert found.files["email.txt"] == tmp_path / "a/email.txt"
    assert found.files["web.html"] == tmp_path / "b/web.html"
    assert found.files["email.mjml"] == BUILT_IN / "classic/email.mjml"
    assert found.environment.get_template("web.html").render() == "b"
    assert found.file.description == "One of ours."
    before = found.digest
    (tmp_path / "b/web.html").write_text("c", "utf-8")
    assert find_theme("a", [tmp_path, BUILT_IN], {}).digest != before


def test_tokens_layouts_and_places_are_taken_one_by_one(tmp_path: Path) -> None:
    more = "extends: classic\nlayouts: [cards]\ntokens:\n  ink: {type: color, default: '#222222'}\nimages:\n  list: {width: 100}\n"
    theme(tmp_path, "ours", more)
    found = find_theme("ours", [tmp_path, BUILT_IN], {"accent": "#004488"})
    assert (found.tokens["ink"], found.tokens["accent"], found.tokens["radius"]) == ("#222222", "#004488", "4px")
    assert found.file.layouts == ("cards",)
    assert found.file.images["list"].width == 100
    assert found.file.images["lead"].width == 528
    assert found.file.contrast == find_theme("classic", [BUILT_IN], {}).file.contrast


def test_a_workspaces_own_classic_may_extend_the_built_in_one(tmp_path: Path) -> None:
    theme(tmp_path, "classic", "extends: classic\n")
    assert find_theme("classic", [tmp_path, BUILT_IN], {}).folders == (tmp_path / "classic", BUILT_IN / "classic")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("extends: clasic\n", "a/theme.yaml:3:10: error: there is no theme 'clasic' (did you mean 'classic'?)"),
        ("extends: a\n", "a/theme.yaml:3:10: error: the theme 'a' extends itself"),
        ("extends: b\n", "b/theme.yaml:3:10: error: themes extend each other in a circle: a → b → a"),
        ("extends: ../classic\n", "a/theme.yaml:3:10: error: there is no theme '../classic'"),
        ("extends: classic\ntokens:\n  ink: {type: color, default: red}\n", "a/theme.yaml:5:31: error: 'red' is not a colour"),
        ("extends: classic\nimages:\n  leed: {width: 100}\n", "a/theme.yaml:5:9: error: there is no layout 'leed' (did you mean 'lead'"),
        ("extend: classic\n", "a/theme.yaml:3:1: error: unknown key 'extend' (did you mean 'extends'?)"),
    ],
)  # fmt: skip
def test_mistakes_have_their_place(tmp_path: Path, more: str, told: str) -> None:
    theme(tmp_path, "a", more)
    theme(tmp_path, "b", "extends: a\n")
    with pytest.raises(ContentError) as caught:
        find_theme("a", [tmp_path, BUILT_IN], {})
    assert str(caught.value.problems[0]).replace(f"{tmp_path}/", "").startswith(told)


def test_a_copy_of_single_parts_takes_the_rest_from_its_origin(run: Run, workspace: Path) -> None:
    done = run("themes", "copy", "letter", "ours", "email.txt", cwd=workspace)
    assert done.code == 0
    folder = workspace / "templates/ours"
    assert sorted(path.name for path in folder.iterdir()) == ["email.txt", "theme.yaml"]
    publication = workspace / "newsletter.yaml"
    publication.write_text(publication.read_text("utf-8") + "theme: ours\n", "utf-8")
    text = (folder / "email.txt").read_text("utf-8")
    (folder / "email.txt").write_text(text.replace("{% filter finish %}", "{% filter finish %}\nOURS\n"), "utf-8")
    assert run("build", cwd=workspace).code == 0
    assert (workspace / "build/2020-03/email.txt").read_text("utf-8").startswith("OURS\n")
    assert run("themes", "check", cwd=workspace).stdout.count("no mistakes") == 4

    taken = run("themes", "copy", "letter", "classic", cwd=workspace)
    assert (taken.code, taken.stderr) == (2, "error: 'classic' is built in: give yours another name\n")
    unknown = run("themes", "copy", "letter", "more", "email.text", cwd=workspace)
    assert unknown.code == 2
    assert "the theme letter has no part 'email.text' (did you mean 'email.txt'" in unknown.stderr
    assert not (workspace / "templates/more").exists()


def test_a_copy_of_the_whole_stands_alone_or_extends_what_its_origin_does(run: Run, workspace: Path) -> None:
    for name in ("classic", "letter"):
        assert run("themes", "copy", name, f"our-{name}", cwd=workspace).code == 0
        theirs, ours = (find_theme(each, [workspace / "templates", BUILT_IN], {}) for each in (name, f"our-{name}"))
        assert set(ours.files) == set(theirs.files)
        assert all(path.is_relative_to(workspace) for path in ours.files.values())
        assert dict(ours.tokens) == dict(theirs.tokens)
