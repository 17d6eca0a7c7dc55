"""The Solr schema of a new core: the installed CKAN's own, with our types and fields."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

# The hook that fills our documents fills these two fields itself, and for products not at all.
DROPPED_COPIES = {("title", "title_ngram"), ("name", "name_ngram")}
WORD_LISTS = ("protwords.txt", "synonyms.txt", "stopwords.txt")


def ckan_schema() -> Path:
    """The schema file of the installed CKAN."""
    package = importlib.util.find_spec("ckan")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("CKAN is not installed")
    return Path(package.origin).parent / "config" / "solr" / "schema.xml"


def our_definitions() -> Sequence[tuple[str, Mapping[str, Any]]]:
    """What the suite adds, as `make_schema` takes it."""
    from ..search import fields  # here: its rows are read from YAML

    return fields.schema_fields()


def make_schema(original: Path, definitions: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """The XML of `original` with `definitions` (kind, attributes) inserted, without the n-gram copies.

    Kinds are those of Solr's Schema API: "field-type", "field", "dynamic-field" and "copy-field".
    """
    root = ElementTree.parse(original).getroot()  # noqa: S314 (a file of the installed CKAN)
    for copy in root.findall("copyField"):
        if (copy.get("source"), copy.get("dest")) in DROPPED_COPIES:
            root.remove(copy)
    parents = {"field-type": root.find("types"), "copy-field": root}
    for kind, attributes in definitions:
        head, _, tail = kind.partition("-")
        parent = parents.get(kind, root.find("fields"))
        assert parent is not None, f"{original} has no place for a {kind}"
        ElementTree.SubElement(
            parent, head + tail.capitalize(), {key: _text(value) for key, value in attributes.items()}
        )
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
