"""What the YAML files may hold, told by the models themselves: JSON Schema for editors, a reference for people."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

from newsletter import __version__
from newsletter.errors import UsageError
from newsletter.files import write_atomic
from newsletter.issues.definition import IssueDefinition
from newsletter.model import Item
from newsletter.publication import Publication
from newsletter.render.themefile import ThemeFile
from newsletter.schema import known_model

KINDS: dict[str, Any] = {
    "publication": Publication,
    "issue": IssueDefinition,
    "archive": list[Item],
    "theme": ThemeFile,
}
"""Kind of file to the model behind it."""

FILES = {
    "publication": "newsletter.yaml",
    "issue": "issues/ISSUE.yaml",
    "archive": "archive/YYYY/YYYY-MM.yaml",
    "theme": "templates/NAME/theme.yaml",
}


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one kind of file.

    Raises:
        UsageError: ``kind`` is none of :data:`KINDS`.
    """
    if kind not in KINDS:
        raise UsageError(f"there is no schema '{kind}': expected one of {', '.join(KINDS)}")
    schema = TypeAdapter(KINDS[kind]).json_schema(by_alias=True)
    models = {model.__name__: model for model in _models(KINDS[kind])}
    for name, part in {**schema.get("$defs", {}), schema.get("title", ""): schema}.items():
        if name in models:
            _describe(part, models[name])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": f"{FILES[kind]} of newsletter {__version__}",
    }


def _describe(part: dict[str, Any], model: type[BaseModel]) -> None:
    told = field_docs(model)
    for name, field in model.model_fields.items():
        key = field.alias or name
        if name in told and key in part.get("properties", {}):
            part["properties"][key] = {**part["properties"][key], "description": told[name]}


@cache
def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """Return the sentence below each field of a model, read from its source."""
    told: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not (isinstance(base, type) and issubclass(base, BaseModel)) or base is BaseModel:
            continue
        (parsed,) = ast.parse(inspect.getsource(base)).body
        body = parsed.body if isinstance(parsed, ast.ClassDef) else []
        for statement, below in pairwise(body):
            if (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
            ):
                told[statement.target.id] = " ".join(str(below.value.value).split())
    return told


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    """Yield the model of ``kind`` and every model below it, each once."""
    seen: set[type[BaseModel]] = set()
    waiting = [known_model(kind)]
    while waiting:
        model = waiting.pop(0)
        if model is None or model in seen:
            continue
        seen.add(model)
        yield model
        waiting += [known_model(field.annotation) for field in model.model_fields.values()]


def write_schemas(state_dir: Path) -> None:
    """Write the schemas that the first line of each YAML file names, unless they are this version's already."""
    for kind in KINDS:
        path = state_dir / "schema" / f"{kind}.json"
        data = (json.dumps(json_schema(kind), ensure_ascii=False, indent=1) + "\n").encode()
        if not path.is_file() or path.read_bytes() != data:
            write_atomic(path, data)


def yaml_reference() -> str:
    """Return docs/yaml.md: every key of every file, from the models."""
    parts = [
        "# YAML reference\n",
        "Every key of every file that a person writes. Made from the models by `newsletter schema --reference`.\n",
        "Values are read as text and typed by these models: `no`, `08` or `12:30` stay what you wrote.\n",
    ]
    for kind, root in KINDS.items():
        first = True
        for model in _models(root):
            title = f"## {FILES[kind]}" if first else f"### {_place(root, model) or model.__name__}"
            parts += [f"{title}\n", f"{inspect.getdoc(model)}\n", *_table(model)]
            first = False
    return "\n".join(parts)


def _place(root: Any, wanted: type[BaseModel]) -> str:
    """Return under which key ``wanted`` stands: ``sections[]``, ``select``."""
    waiting: list[tuple[str, type[BaseModel] | None]] = [("", known_model(root))]
    seen = set()
    while waiting:
        path, model = waiting.pop(0)
        if model is wanted and path:
            return f"`{path}`"
        if model is None or model in seen:
            continue
        seen.add(model)
        for name, field in model.model_fields.items():
            below = known_model(field.annotation)
            if below is not None:
                many = "tuple" in str(field.annotation) or "dict" in str(field.annotation)
                key = f"{field.alias or name}{'[]' if many else ''}"
                waiting.append((f"{path}.{key}" if path else key, below))
    return ""


def _table(model: type[BaseModel]) -> list[str]:
    told = field_docs(model)
    rows = ["| key | what | default |", "| --- | --- | --- |"]
    for name, field in model.model_fields.items():
        default = "required" if field.is_required() else _default(field.default)
        words = told.get(name, "").replace("|", chr(92) + "|")
        choices = _choices(field.annotation)
        if choices and not all(choice in words for choice in choices):
            words += f" One of: {', '.join(f'`{choice}`' for choice in choices)}."
        rows.append(f"| `{field.alias or name}` | {words} | {default} |")
    return [*rows, ""]


def _choices(annotation: Any) -> list[str]:
    """Return the words that a value may be, for a key that takes no others."""
    if get_origin(annotation) is Literal:
        return [str(choice) for choice in get_args(annotation)]
    return [choice for part in get_args(annotation) for choice in _choices(part)]


def _default(value: Any) -> str:
    plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    if plain and value != "":
        return f"`{value}`"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else ""
