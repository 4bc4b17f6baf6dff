"""Jinja's side of a theme: where templates are found, and where in them an error happened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import jinja2
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from newsletter.errors import ContentError, TemplateError, did_you_mean
from newsletter.render.markup import mark
from newsletter.render.themefile import is_part

_MODULE = re.compile(r"'newsletter\.[\w.]*\.(?=\w+ object')")
OUTSIDE = "an include outside the theme's folder"


class OutsideTheme(jinja2.TemplateNotFound):
    """A template was asked for by a name that leads out of the theme."""


class ThemeLoader(jinja2.BaseLoader):
    """Finds templates by name in ``roots``, the first that has it; never outside of them.

    Names with ``..``, absolute names and symbolic links that leave their root raise :class:`OutsideTheme`.
    The file's path is the template's file name, so that errors and tracebacks carry it. ``marked`` puts the
    template and line on each tag of the .mjml ones (see :func:`~newsletter.render.markup.mark`).
    """

    def __init__(self, roots: Sequence[Path], *, marked: bool = False) -> None:
        self.roots = tuple(roots)
        self.marked = marked

    def get_source(
        self,
        environment: jinja2.Environment,  # noqa: ARG002 - Jinja's interface
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, its path, and a function that tells whether it is still the same.

        Raises:
            jinja2.TemplateNotFound: no root has it, or the name leads outside.
            ContentError: the file is not UTF-8.
        """
        parts = template.split("/")
        if "" in parts or ".." in parts or "\\" in template or ":" in parts[0]:
            raise OutsideTheme(template)
        for root in self.roots:
            path = root / template
            if not path.is_file():
                continue
            if not path.resolve().is_relative_to(root.resolve()):
                raise OutsideTheme(template)
            return self._read(path)
        raise jinja2.TemplateNotFound(template)

    def _read(self, path: Path) -> tuple[str, str, Callable[[], bool]]:
        before = path.stat()
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise TemplateError.at(path, "not valid UTF-8", "save the file as UTF-8", line) from None
        if self.marked and path.suffix == ".mjml":
            text = mark(text, str(path))

        def uptodate() -> bool:
            try:
                now = path.stat()
            except OSError:
                return False
            return (now.st_mtime_ns, now.st_size, now.st_ino) == (
                before.st_mtime_ns,
                before.st_size,
                before.st_ino,
            )

        return text, str(path), uptodate

    def list_templates(self) -> list[str]:
        """Return the names of all files of the theme."""
        return sorted(
            {path.relative_to(root).as_posix() for root in self.roots for path in root.rglob("*") if is_part(path)}
        )


class ConstantTokens(Extension):
    """Puts the theme's values in the place of ``tokens.NAME`` as a template is compiled.

    A hundred of them stand in a stylesheet; a constant costs nothing at rendering.
    """

    values: Mapping[str, str]

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield what a template is made of, with a text where one of the theme's values is named."""
        before = ""
        while not stream.eos:
            part = next(stream)
            value = None
            if part.test("name:tokens") and before != "dot" and stream.current.type == "dot":
                value = self.values.get(stream.look().value)
            if value is not None:
                stream.skip(2)
                part = Token(part.lineno, "string", value)
            before = part.type
            yield part


class CompiledTemplates(jinja2.FileSystemBytecodeCache):
    """Compiled templates in a folder; the theme's values are compiled into them."""

    def __init__(self, folder: Path, values: Mapping[str, str]) -> None:
        super().__init__(str(folder))
        self._values = repr(sorted(values.items()))

    def get_source_checksum(self, source: str) -> str:
        """Return what tells apart the states of a template."""
        return super().get_source_checksum(source + self._values)


def jinja_error(error: Exception, roots: Sequence[Path]) -> ContentError:
    """Return what to tell a person about ``error``, which was raised while a template was read or rendered.

    The place is the innermost line of a template that the traceback passes (Jinja writes the templates' files
    and lines into it). An error that is already meant for a person comes back as it is.
    """
    if isinstance(error, ContentError):
        return error
    if isinstance(error, jinja2.TemplateSyntaxError):
        path = error.filename or error.name or _root(roots)
        return TemplateError.at(path, f"Jinja: {error.message or 'a syntax error'}", "", error.lineno)
    frames = list(_template_frames(error.__traceback__, roots))
    path, line, names = frames[-1] if frames else (_root(roots), 0, [])
    message, hint = _explain(error, roots, names)
    return TemplateError.at(path, message, hint, line)


def _root(roots: Sequence[Path]) -> str:
    return str(roots[0]) if roots else "template"


def _template_frames(traceback: TracebackType | None, roots: Sequence[Path]) -> Iterator[tuple[str, int, list[str]]]:
    """Yield path, line and known names of each frame that is a template's."""
    folders = [str(root) for root in roots]
    while traceback is not None:
        frame = traceback.tb_frame
        path = frame.f_code.co_filename
        own = not path.endswith(".py") and any(Path(path).is_relative_to(folder) for folder in folders)
        if own or "__jinja_exception__" in frame.f_globals:
            yield path, traceback.tb_lineno, [name for name in frame.f_locals if not name.startswith("_")]
        traceback = traceback.tb_next


def _explain(error: Exception, roots: Sequence[Path], names: list[str]) -> tuple[str, str]:
    if isinstance(error, OutsideTheme):
        return f"{OUTSIDE}: '{error.name}'", "name a file of the theme, without '..' and a leading '/'"
    if isinstance(error, jinja2.TemplateNotFound):
        return _not_found(error, roots)
    if isinstance(error, jinja2.UndefinedError):
        text = _MODULE.sub("'", str(error.message))
        unknown = text.split("'")[1] if text.startswith("'") else ""
        return text, did_you_mean(unknown, names) if text.endswith("is undefined") else ""
    if isinstance(error, KeyError) and error.args == (None,):
        return "a filter was given something that it does not know", "see what stands in its brackets"
    if isinstance(error, RecursionError):
        return "the template includes or calls itself without an end", ""
    return f"{type(error).__name__}: {error}", ""


def _not_found(error: jinja2.TemplateNotFound, roots: Sequence[Path]) -> tuple[str, str]:
    wanted = [name for name in getattr(error, "templates", [error.name]) if isinstance(name, str)]
    there = ThemeLoader(roots).list_templates()
    hint = next(filter(None, (did_you_mean(name, there) for name in wanted)), "")
    listed = ", ".join(there[:12]) or "nothing"
    names = " or ".join(f"'{name}'" for name in wanted)
    return f"there is no template {names}", hint or f"the theme has {listed}"
