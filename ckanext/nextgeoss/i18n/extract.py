"""Writes the catalogue of texts to translate: python -m ckanext.nextgeoss.i18n.extract"""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from ..feedback import code_lists, label, measures

PACKAGE = Path(str(files("ckanext.nextgeoss")))
TARGET = PACKAGE / "i18n" / "ckanext-nextgeoss.pot"

_METHODS = [
    ("tests/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "ckan.lib.extract:extract_ckan"),
    # mails
    ("**/templates/**.txt", "ckan.lib.extract:extract_ckan"),
    ("schemas/eo_*.yaml", "ckanext.nextgeoss.i18n.extract:schema_texts"),
]
# `Worded` is what pages say of wrong values
_KEYWORDS = DEFAULT_KEYWORDS | {"Worded": None}
_HEADER = [rb'"Project-Id-Version: ckanext-nextgeoss\n"', rb'"Content-Type: text/plain; charset=utf-8\n"']


def schema_texts(file: BinaryIO, keywords: Any, comments: Any, options: Any) -> Iterator[Any]:
    """Labels, helps and sections of the rows of a ckanext-scheming file, as Babel asks for them."""
    schema = yaml.safe_load(file)
    for row in [*schema["dataset_fields"], *schema["resource_fields"]]:
        choices = [choice["label"] for choice in row.get("choices") or ()]
        for text in (row.get("label"), row.get("help_text"), row.get("section"), *choices):
            if text:
                yield 0, "_", text, []


def catalog() -> Catalog:
    """All texts of the package, with the files they are in."""
    found = Catalog(project="ckanext-nextgeoss", fuzzy=False)
    for name, _line, message, comments, context in extract_from_dir(PACKAGE, _METHODS, keywords=_KEYWORDS):
        found.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    for text in _feedback_texts():
        found.add(text, locations=[("feedback/code_lists.py", 0)])
    return found


def _feedback_texts() -> Iterator[str]:
    """Meanings of code lists, of measures and of the facets of the quality label."""
    for codes in vars(code_lists).values():
        if isinstance(codes, code_lists.CodeList):
            yield from codes.values.values()
    yield from (measure.title for measure in measures.MEASURES.values())
    yield from (*label.FACETS.values(), *label.STATES.values())


def pot() -> bytes:
    """The catalogue as a .pot file, the same in every run: no line numbers, no date."""
    file = io.BytesIO()
    write_po(file, catalog(), omit_header=True, sort_output=True, include_lineno=False, width=120)
    head = b"\n".join([b'msgid ""', b'msgstr ""', *_HEADER, b"", b""])
    return head + file.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(pot())
