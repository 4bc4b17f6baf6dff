"""From an edition and a theme to a message: Jinja → MJML → HTML → inlined, and plain text and web version."""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from newsletter.content import inline_html, text_direction, to_html
from newsletter.errors import NewsletterError, TemplateError
from newsletter.model import Edition, Extra, Item, Message, Picture
from newsletter.render import mjml
from newsletter.render.inline import INLINERS, StyleCache, UnbalancedError, inline
from newsletter.render.merge import ADDRESSES, Merge, WebMerge
from newsletter.render.text import text_filters
from newsletter.render.theme import TEMPLATES, Theme, theme_context
from newsletter.schema import same_language
from newsletter.words import language_name, words

if TYPE_CHECKING:
    from gettext import NullTranslations

    from jinja2 import Environment
    from jinja2.nodes import EvalContext

NO_PICTURES: Mapping[str, Picture] = MappingProxyType({})

INLINE_STYLE = re.compile(r"<mj-style\s+inline=\"inline\"\s*>(.*?)</mj-style>", re.DOTALL)
"""The stylesheet that goes into the elements; every other mj-style stays a ``<style>``."""


def render(
    edition: Edition,
    theme: Theme,
    *,
    offers: Collection[str] = ADDRESSES,
    pictures: Mapping[str, Picture] = NO_PICTURES,
    styles: StyleCache | None = None,
    web: bool = True,
) -> Message:
    """Render an edition. Pure: same input, same bytes.

    Args:
        edition: what to show.
        theme: how to show it.
        offers: names of the addresses that the mailing service fills in; a theme leaves out the others' links.
        pictures: by item, what :func:`newsletter.render.images.prepare` made; without, none are shown.
        styles: what the inliner resolved before; only makes it faster.
        web: whether to make the web version as well; empty otherwise.

    Raises:
        TemplateError: a mistake in a template, with its file and line.
    """
    merge = Merge(edition, offers)
    subject = merge.personal(edition.subject)
    preheader = merge.personal(edition.preheader)
    personal = replace(edition, subject=subject, preheader=preheader, editorial=merge.personal(edition.editorial))
    context = _context(personal, theme, merge, pictures)
    _equip(theme.environment, context)
    return Message(
        edition=edition,
        subject=subject,
        preheader=preheader,
        html=_email(theme, context, styles),
        text=_template(theme, "text", context),
        web=_web(edition, theme, pictures) if web else "",
        placeholders=merge.placeholders,
    )


def compile_template(theme: Theme, name: str, edition: Edition) -> None:
    """Compile one template of a theme as rendering ``edition`` would. Raises :class:`TemplateError`."""
    _equip(theme.environment, _context(edition, theme, Merge(edition, ())))
    try:
        theme.environment.get_template(name)
    except Exception as error:
        from newsletter.render.loader import jinja_error  # noqa: PLC0415 - only a mistake needs it

        raise jinja_error(error, theme.folders) from error


def _web(edition: Edition, theme: Theme, pictures: Mapping[str, Picture]) -> str:
    merge = WebMerge(edition, ())
    public = replace(
        edition,
        subject=merge.personal(edition.subject),
        preheader=merge.personal(edition.preheader),
        editorial=merge.personal(edition.editorial),
    )
    context = _context(public, theme, merge, pictures) | {"events_at": "events/"}
    return _tidy(_template(theme, "web", context))


def _email(theme: Theme, context: dict[str, Any], styles: StyleCache | None) -> str:
    source = _template(theme, "email", context)
    if "<mjml" not in source:
        raise TemplateError.at(theme.files[TEMPLATES["email"]], "there is no <mjml> in it")
    head, end, body = source.partition("</mj-head>")
    css = "\n".join(INLINE_STYLE.findall(head))
    source = INLINE_STYLE.sub("", head) + end + body
    inliner = INLINERS[context["publication"].inliner]()
    if theme.checked and (quick := _quick(source)):
        with contextlib.suppress(UnbalancedError):
            return _tidy(inline(quick, css, inliner, styles, strict=True))
    html = mjml.to_html(source, lambda: INLINE_STYLE.sub("", _template(theme, "email", context, marked=True)))
    return _tidy(inline(html, css, inliner, styles))


def _quick(source: str) -> str | None:
    """Return the HTML of a mail whose frame the engine knows; None where the engine must see the whole.

    A checked theme closes in each mj-raw what it opens there. What may be wrong all the same (a value that the
    theme calls safe) shows when styles are put in, and then the engine sees the whole and says what it is.
    """
    if mjml.MARK in source:
        return None
    frame, contents = mjml.frame(source)
    try:
        return mjml.fill(mjml.convert_frame(frame), contents)
    except mjml.EngineError:
        return None


def _tidy(html: str) -> str:
    """Return HTML without indentation, empty lines and line ends between tags: bytes that no client needs."""
    lines = "\n".join(filter(None, (line.strip(" \t\r") for line in html.split("\n"))))
    return lines.replace(">\n<", "><") + "\n"


def _template(theme: Theme, kind: str, context: dict[str, Any], *, marked: bool = False) -> str:
    environment = theme.environment
    if marked:
        environment = theme.marked_environment
        _equip(environment, context)
    try:
        return environment.get_template(TEMPLATES[kind]).render(context)
    except NewsletterError:
        raise
    except Exception as error:
        from newsletter.render.loader import jinja_error  # noqa: PLC0415 - only a mistake needs it

        raise jinja_error(error, theme.folders) from error


def _context(
    edition: Edition, theme: Theme, merge: Merge, pictures: Mapping[str, Picture] = NO_PICTURES
) -> dict[str, Any]:
    language = edition.language.replace("-", "_")
    rtl = _is_rtl(edition.language)
    base = edition.publication.base_url
    return {
        "publication": edition.publication,
        "edition": edition,
        "merge": merge,
        "pictures": pictures,
        "events_at": f"{base.rstrip('/')}/{edition.path}/events/" if base else "",
        "lang": edition.language,
        "dir": "rtl" if rtl else "ltr",
        "start": "right" if rtl else "left",
        "end": "left" if rtl else "right",
        "date_filter": _date_filter(language),
        "translations": words(edition.language, theme.words),
        **theme_context(theme),
    }


def _is_rtl(language: str) -> bool:
    return language.partition("-")[0] in ("ar", "fa", "he", "ur", "ps", "ckb", "yi", "dv", "ug")


def _equip(environment: Environment, context: dict[str, Any]) -> None:
    """Give the environment its words and filters: the edition's language, the publication's width of text."""
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        *_safe_words(context["translations"]), newstyle=True
    )
    environment.filters |= {
        "date": context["date_filter"],
        **_language_filters(context["lang"], context["dir"]),
        **_event_filters(context["lang"].replace("-", "_")),
        "markdown": lambda text: Markup(to_html(text)),  # noqa: S704 - sanitised by to_html
        "markdown_inline": lambda text: Markup(inline_html(text)),  # noqa: S704
        **text_filters(context["publication"]),
    }


def _safe_words(translations: NullTranslations) -> tuple[Callable[..., str], Callable[..., str]]:
    """Return ``gettext`` and ``ngettext`` whose words are text and no markup, whatever a translator writes."""
    from jinja2 import pass_eval_context  # noqa: PLC0415 - loaded already, with the templates

    def gettext(context: EvalContext, message: str) -> str:
        said = translations.gettext(message)
        return escape(said) if context.autoescape else said

    def ngettext(context: EvalContext, one: str, many: str, number: int) -> str:
        said = translations.ngettext(one, many, number)
        return escape(said) if context.autoescape else said

    return pass_eval_context(gettext), pass_eval_context(ngettext)


@lru_cache(maxsize=16)
def _language_filters(lang: str, direction: str) -> dict[str, Callable[..., Any]]:
    """Return filters for what is in another language or direction than the mail. All give mostly nothing.

    ``item|foreign`` are the attributes of an element that holds an item, or a text in a language; with ``true`` it is
    aligned as well. ``item|placed("CLASS")`` are these and its classes, one more where it is ``item|turned``: where it
    runs the other way. ``item|native`` are the attributes of what stands in the mail's own language within it,
    ``item|tongue`` is the name of that other language, and ``text|spoken(language)`` is a text in an element of its
    own where it needs one.
    """
    ours = Markup(' lang="{}" dir="{}"').format(lang, direction)
    nothing = Markup("")

    @lru_cache(maxsize=4096)
    def seen(language: str, text: str) -> tuple[Markup, Markup, str]:
        """Return the attributes of a text, with and without ``align``, and its direction where it is another one."""
        other = bool(language) and language != lang
        way = ("rtl" if _is_rtl(language) else "ltr") if other else text_direction(text)
        turned = way if way != direction else ""
        if not other and not turned:
            return nothing, nothing, ""
        told = Markup(' lang="{}"').format(language) if other else nothing
        told += Markup(' dir="{}"').format(way)
        side = Markup(' align="{}"').format("right" if way == "rtl" else "left") if turned else nothing
        return told, told + side, turned

    def about(what: Item | str) -> tuple[Markup, Markup, str]:
        return seen(what, "") if isinstance(what, str) else seen(what.language, what.title)

    classed = cache(Markup(' class="{}"').format)

    def placed(what: Item | str, classes: str = "") -> Markup:
        _, attributes, turned = about(what)
        if not attributes:
            return classed(classes) if classes else nothing
        classes = f"{classes} turned".strip() if turned else classes
        return (classed(classes) if classes else nothing) + attributes

    def tongue(item: Item) -> str:
        """Name the language of an item that is not in the mail's."""
        other = item.language and not same_language(item.language, lang)
        return language_name(item.language, lang) if other else ""

    def spoken(text: str, language: str = "") -> Markup:
        attributes = seen(language, text.striptags() if isinstance(text, Markup) else text)[0]
        return Markup("<span{}>{}</span>").format(attributes, text) if attributes else escape(text)

    return {
        "foreign": lambda what, aligned=False: about(what)[aligned],
        "placed": placed,
        "turned": lambda what: bool(about(what)[2]),
        "native": lambda what: ours if about(what)[0] else nothing,
        "tongue": tongue,
        "spoken": spoken,
    }


def _event_filters(language: str) -> dict[str, Callable[..., Any]]:
    """Return ``item.extra|when``, when an event takes place in words, and ``items|by_month``."""

    def when(extra: Extra | None) -> str:
        if extra is None or extra.when or not extra.starts:
            return extra.when if extra else ""
        from newsletter.render.events import when  # noqa: PLC0415 - events only

        return when(extra, language)

    def by_month(items: Sequence[Item]) -> list[tuple[str, list[Item]]]:
        from newsletter.render.events import by_month  # noqa: PLC0415 - events only

        return by_month(items, language)

    return {"when": when, "by_month": by_month}


def _date_filter(language: str) -> Callable[..., str]:
    """Return a filter: ``{{ item.date|date('long') }}``, or of an event's ``starts`` (short, medium, long, full, or a
    CLDR skeleton as yMMMM).
    """

    def date(value: datetime.date | str | None, form: str = "long") -> str:
        if isinstance(value, str) and value:  # an event's first day
            value = datetime.date.fromisoformat(value[:10])
        return _date(value, form, language) if value else ""

    return date


@lru_cache(maxsize=4096)
def _date(value: datetime.date, form: str, language: str) -> str:
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415 - 20 ms of import

    if form in ("short", "medium", "long", "full"):
        return format_date(value, form, locale=language)
    return format_skeleton(form, value, locale=language)
