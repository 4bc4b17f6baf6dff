"""The base of every validated model, and its errors turned into positions in a YAML file.

Pydantic finds all mistakes at once; here each becomes ``path:line:col: error: what is wrong (what to do)``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from newsletter.errors import ContentError, Problem, did_you_mean
from newsletter.yamlfile import YamlFile

T = TypeVar("T")


class Model(BaseModel):
    """Immutable, and without keys that it does not know.

    Modules of models have no ``from __future__ import annotations``: each field's annotation would be text, which
    Pydantic compiles anew at every start, 7 ms for all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


M = TypeVar("M", bound=Model)


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    """Build the error that a validator raises: ``message`` says what is wrong, ``hint`` what to write."""
    return PydanticCustomError("newsletter", "{message}", {"message": message, "hint": hint})


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _DATE.fullmatch(value):
        raise wrong(f"'{value}' is not a date", "write it as YYYY-MM-DD, such as 2017-09-29")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise wrong(f"there is no day {value} in the calendar", "write it as YYYY-MM-DD") from None


def _month(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
        raise wrong(f"'{value}' is not a month", "write it as YYYY-MM, such as 2017-09")
    return value


def _text_or_empty(value: Any) -> Any:
    return "" if value is None else value


def _one_or_many(value: Any) -> Any:
    if value is None:
        return ()
    return [value] if isinstance(value, str) else value


LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""How a language is written (BCP 47, as much of it as makes a difference to a mail)."""
MonthText = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


def _language(value: Any) -> Any:
    if not isinstance(value, str) or value in ("en", "en-GB", "en-US"):
        return value
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 20 ms that English does not need

    hint = "write it as en, fr, pt-BR or zh-Hant"
    if not LANGUAGE.fullmatch(value):
        parts = re.split("[-_]", value)
        fitting = "-".join(
            [parts[0].lower(), *(part.upper() if len(part) == 2 else part.title() for part in parts[1:])]
        )
        near = f"do you mean {fitting}?" if fitting != value and len(parts[0]) in (2, 3) else hint
        raise wrong(f"'{value}' is no language", near)
    try:
        Locale.parse(value, sep="-")
    except (UnknownLocaleError, ValueError):
        raise wrong(f"dates and months in '{value}' are not known", hint) from None
    return value


def _line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _joined(value: Any) -> Any:
    return " ".join(value.splitlines()).strip() if isinstance(value, str) else value


Language = Annotated[str, BeforeValidator(_language)]
"""A language (BCP 47) whose dates and plurals are known: one that the program can make a mail in."""
Line = Annotated[str, BeforeValidator(_line), StringConstraints(min_length=1)]
"""A text of one line: line breaks are spaces, since headers and headings have none."""
Said = Annotated[str, BeforeValidator(_joined), StringConstraints(min_length=1)]
"""Words of one line: as :data:`Line`, but no-break spaces stay."""
Date = Annotated[datetime.date, BeforeValidator(_date)]
"""A calendar date written as YYYY-MM-DD."""
Month = Annotated[str, BeforeValidator(_month, json_schema_input_type=MonthText)]
"""A month written as YYYY-MM."""
Text = Annotated[str, BeforeValidator(_text_or_empty, json_schema_input_type=str | None)]
"""Text; a key without a value is empty text."""
Words = Annotated[tuple[str, ...], BeforeValidator(_one_or_many, json_schema_input_type=str | list[str] | None)]
"""A list of texts; a single text stands for a list of one."""


def same_language(one: str, other: str) -> bool:
    """Whether two languages are one, but for script and region."""
    return one.partition("-")[0] == other.partition("-")[0]


def unless(language: str, own: str) -> str:
    """Return the language ``own`` of a text, or '' where it is that of the edition, ``language``."""
    return "" if same_language(own, language) else own


def in_language(translations: Mapping[str, T], language: str) -> T | None:
    """Return the translation for ``language`` (that of fr serves fr-CA), or None."""
    return translations.get(language) or translations.get(language.partition("-")[0])


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
"""The validator of a kind, built once: building costs more than validating."""


def in_words(part: M, words: Mapping[str, str], *keys: str) -> M:
    """Return ``part`` with its texts at ``keys`` in other words, by the original; what there are none for stays."""
    changes = {key: words[text] for key in keys if (text := getattr(part, key)) in words}
    return part.model_copy(update=changes) if changes else part


def validate(kind: type[T], file: YamlFile) -> T:
    """Validate a parsed file against a model or any type that Pydantic knows.

    Raises:
        ContentError: every mistake in the file, each at its position.
    """
    try:
        valid: T = _adapter(kind).validate_python(file.data if file.data is not None else {})
        return valid
    except ValidationError as error:
        raise ContentError(problems(error, kind, file)) from None


def problems(error: ValidationError, kind: Any, file: YamlFile) -> list[Problem]:
    """Turn each of Pydantic's errors into a :class:`Problem` at its place in ``file``."""
    found = []
    for details in error.errors(include_url=False):
        message, hint, at_key = _explain(details, kind)
        found.append(Problem(file.position(details["loc"], key=at_key), message, hint))
    return sorted(found)


def _path(location: Sequence[str | int]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


EXPECTED = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "text",
    "list": "a list ('- ' before each entry)",
    "tuple": "a list ('- ' before each entry)",
    "dict": "keys with values",
    "model": "keys with values",
    "date": "a date, YYYY-MM-DD",
}


def _explain(details: ErrorDetails, kind: Any) -> tuple[str, str, bool]:
    """Return message, hint, and whether the place to point to is the key instead of the value."""
    location, reason = details["loc"], details["type"]
    name = _path(location)
    context = details.get("ctx", {})
    if reason == "extra_forbidden":
        known = known_keys(kind, location[:-1])
        near = _below(kind, location) or did_you_mean(str(location[-1]), known)
        return f"unknown key '{location[-1]}'", near or f"expected one of: {', '.join(known)}", True
    if reason == "missing":
        where = f" in '{_path(location[:-1])}'" if location[:-1] else ""
        return f"'{location[-1]}' is missing{where}", f"add a line '{location[-1]}: …'", True
    if reason == "newsletter":
        return str(context["message"]), str(context.get("hint", "")), False
    if reason == "literal_error":
        near = did_you_mean(str(details["input"]), re.findall(r"'([^']*)'", context["expected"]))
        return (
            f"'{name}' cannot be {_shown(details['input'])}",
            near or f"expected {context['expected']}",
            False,
        )
    message, hint = _explain_value(name, reason, details)
    return message, hint, False


def _explain_value(name: str, reason: str, details: ErrorDetails) -> tuple[str, str]:
    """Return message and hint for a value that is not of the kind, the length or the size that is wanted."""
    shown, context = _shown(details["input"]), details.get("ctx", {})
    expected = EXPECTED.get(reason.removesuffix("_attributes_type").rsplit("_", 1)[0])
    if expected:
        quote = "put text that begins with '[' or '{' in quotes"
        wants_text = expected == "text" and isinstance(details["input"], list | dict)
        return f"'{name}' must be {expected}, not {shown}", quote if wants_text else ""
    if reason in ("string_too_short", "too_short"):
        return f"'{name}' is empty", "write something, or remove the line"
    if reason in ("greater_than_equal", "less_than_equal"):
        edge = "at least" if reason.startswith("g") else "at most"
        return f"'{name}' must be {edge} {context.get('ge', context.get('le'))}, not {shown}", ""
    if reason == "too_long":
        return f"'{name}' has {context.get('actual_length')} entries", f"{context.get('max_length')} at most"
    if reason == "string_pattern_mismatch" and name.rpartition(".")[2] in ("id", "lead", "name"):
        return f"'{name}' cannot be {shown}", "it has small letters, digits and single hyphens: a-short-name"
    message = details["msg"]
    return f"'{name}': {message[:1].lower()}{message[1:]}", f"it is {shown}"


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, Mapping):
        return "keys with values"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


def known_keys(kind: Any, location: Sequence[str | int]) -> list[str]:
    """Return the keys that the model at ``location`` below ``kind`` knows."""
    return [field.alias or name for name, field in _fields(kind, location).items()]


def _fields(kind: Any, location: Sequence[str | int]) -> Mapping[str, FieldInfo]:
    model = known_model(kind)
    for part in location:
        if model is not None and isinstance(part, str) and part in model.model_fields:
            model = known_model(model.model_fields[part].annotation)
    return model.model_fields if model is not None else {}


def _below(kind: Any, location: Sequence[str | int]) -> str:
    """Say where a key belongs that stands one level too high: under one of the keys beside it."""
    for name, field in _fields(kind, location[:-1]).items():
        below = known_model(field.annotation)
        many = "dict" in str(field.annotation) or "tuple" in str(field.annotation)
        if below is not None and not many and location[-1] in below.model_fields:
            return f"it belongs under '{field.alias or name}:'"
    return ""


def known_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model that an annotation is about: ``tuple[Section, ...]`` is about ``Section``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    origin = get_origin(annotation)
    if origin in (Union, UnionType, tuple, list, dict, Annotated):
        candidates = (known_model(argument) for argument in get_args(annotation))
        return next((model for model in candidates if model is not None), None)
    return None
