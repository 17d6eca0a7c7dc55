"""The door to rdflib and ckanext-dcat: catalogues in RDF as dataset dictionaries; nothing is fetched."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from ckan.plugins.toolkit import ObjectNotFound
from ckanext.dcat.exceptions import RDFParserException
from ckanext.dcat.processors import DCAT, HYDRA, RDF, RDFParser
from ckanext.dcat.profiles import EuropeanDCATAP2Profile

from ..eo.errors import BadAnswer
from ..eo.formats.loose_json import array, mapping, text, whole_number
from ..eo.xml import parse_xml, to_text
from .dcat_us import is_dcat_us, with_context

# rdflib holds some hundred bytes a triple
LIMIT = 24 * 1024 * 1024
_HASHED = ("tags", "resources")
_BRACKETS = re.compile(r"[\[\](){}]")
_DEEPEST = 200


class _Profile(EuropeanDCATAP2Profile):
    """DCAT-AP 2, without any schema that the site has for datasets: everywhere the same is read."""

    name = "euro_dcat_ap_2"

    def __init__(self, graph: Any, dataset_type: str = "", compatibility_mode: bool = False) -> None:
        # the schema is asked for last, and there is none of this name
        with suppress(ObjectNotFound):
            super().__init__(graph, dataset_type="without a schema", compatibility_mode=compatibility_mode)


class _Parser(RDFParser):
    """Reads by that profile, whatever the site's options say."""

    def _load_profiles(self, profile_names: Any) -> list[type[_Profile]]:
        return [_Profile]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The datasets of a page, in an order of their own; the address of the next page, and how many there are
    in all. `is_paged` tells whether the page says how to go on."""

    datasets: tuple[dict[str, Any], ...]
    next: str
    total: int | None
    is_paged: bool


def read_catalogue(body: bytes, source: str) -> Catalogue:
    """The catalogue in RDF/XML, JSON-LD, Turtle or N-Triples; BadAnswer for anything else, for what is too
    long, and for JSON-LD whose meaning stands elsewhere in the web."""
    if len(body) > LIMIT:
        raise BadAnswer(f"RDF of {len(body)} bytes, more than the {LIMIT} allowed", source)
    data, form = _safe(body, source)
    # rdflib complains to the log of each literal that is not of its type
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        # ckanext-dcat builds on a class that rdflib is going to rename
        warnings.simplefilter("ignore", DeprecationWarning)
        return _parsed(data, form, source)


def _parsed(data: str, form: str, source: str) -> Catalogue:
    parser = _Parser()
    try:
        parser.parse(data, _format=form)
        found = [_named(dataset) for dataset in parser.datasets()]
        following = parser.next_page() or ""
    except RDFParserException as error:
        raise BadAnswer(f"not {form}: {_line(error)}", source) from error
    except Exception as error:  # rdflib's parsers, and profiles on values that nobody foresaw, raise anything
        raise BadAnswer(f"RDF that cannot be read: {_line(error)}", source) from error
    totals = [whole_number(str(value)) for value in parser.g.objects(None, HYDRA.totalItems)]
    views = any(True for _ in parser.g.subjects(None, HYDRA.PartialCollectionView)) or any(
        True for _ in parser.g.subjects(None, HYDRA.PagedCollection)
    )
    if not found and not any(True for _ in parser.g.subjects(RDF.type, DCAT.Catalog)):
        raise BadAnswer("RDF without a catalogue or a dataset", source)
    found.sort(key=lambda dataset: text(dataset.get("id")))
    return Catalogue(tuple(found), following, next(iter(totals), None), views)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _safe(body: bytes, source: str) -> tuple[str, str]:
    """The text of a document and the name of its format, once nothing in it leads outside."""
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<?xml") or _is_markup(start) or body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # without a DTD there are no entities; what is parsed again is what was looked at
        return to_text(parse_xml(body, limit=LIMIT, source=source)), "xml"
    try:
        said = start.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadAnswer("neither XML, JSON nor text in UTF-8", source) from error
    if not said:
        raise BadAnswer("an empty answer instead of RDF", source)
    if _is_deep(said):
        raise BadAnswer("not RDF that is read: it is nested too deeply", source)
    if start[:1] not in (b"{", b"[") or _is_blank_node(said):
        return said, "turtle"
    try:
        document = json.loads(said)
        if is_dcat_us(document):
            document = with_context(document)
            said = json.dumps(document)
        outside = _context_outside(document)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"not JSON-LD: {_line(error)}", source) from error
    if outside:
        raise BadAnswer(f"JSON-LD with the context {outside[:100]}, which is not fetched", source)
    return said, "json-ld"


def _is_deep(said: str) -> bool:
    """Whether brackets are nested deeper than those of any catalogue, which rdflib follows by recursion."""
    depth = 0
    for bracket in _BRACKETS.finditer(said):
        depth = depth + 1 if bracket[0] in "[({" else max(depth - 1, 0)
        if depth > _DEEPEST:
            return True
    return False


def _is_markup(start: bytes) -> bool:
    """Whether it is XML and not Turtle, which may begin with an address in angle brackets."""
    head = start[:200].partition(b">")[0].lower()
    is_address = b"://" in head.split(b" ")[0].split(b"\n")[0] or head.startswith(b"<urn:")
    return start.startswith(b"<") and not is_address


def _is_blank_node(said: str) -> bool:
    return said.startswith("[") and said[1:].lstrip()[:1] not in ("{", "]")


def _context_outside(value: Any) -> str:
    """The first context that is an address: what JSON-LD processors fetch."""
    if isinstance(value, list):
        return next((found for item in cast(list[Any], value) if (found := _context_outside(item))), "")
    if not isinstance(value, dict):
        return ""
    for name, item in cast(dict[str, Any], value).items():
        if name in ("@context", "@import"):
            listed = cast(list[Any], item) if isinstance(item, list) else [item]
            if outside := next((each for each in listed if isinstance(each, str)), ""):
                return outside
        if found := _context_outside(item):
            return found
    return ""


def _named(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """A dataset with its identifier as id, and lists, which RDF has no order for, in one order."""
    extras = {text(each.get("key")): each.get("value") for each in map(mapping, array(dataset.get("extras")))}
    said = dict(dataset) | {
        "extras": [{"key": key, "value": _ordered(extras[key])} for key in sorted(extras)]
    }
    for name in _HASHED:
        if name in said:
            said[name] = sorted(
                array(said[name]), key=lambda item: json.dumps(item, sort_keys=True, default=str)
            )
    for resource in map(mapping, array(said.get("resources"))):
        resource.pop("distribution_ref", None)  # of a blank node it is another one each time
        resource["url"] = text(resource.get("download_url")) or text(resource.get("url"))
    named = (
        text(said.get("identifier")) or text(extras.get("identifier")) or _address(text(extras.get("uri")))
    )
    plain = json.loads(json.dumps(said, default=str))
    return plain | {"id": named, "type": "dataset"}


def _address(said: str) -> str:
    """The address of a node; empty for the name that a blank one has this time."""
    return said if ":" in said else ""


def _ordered(value: Any) -> Any:
    """A list in a text, in order."""
    if not isinstance(value, str) or not value.startswith("["):
        return value
    try:
        items = array(json.loads(value))
    except (ValueError, RecursionError):
        return value
    return json.dumps(sorted(items, key=lambda item: json.dumps(item, sort_keys=True)))
