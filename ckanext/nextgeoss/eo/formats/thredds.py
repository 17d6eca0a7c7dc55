"""THREDDS catalogues (InvCatalog 0.6, 1.0 and 1.2) of TDS, Hyrax and RAMADDA: reads.

A record is a dataset with all that it inherits, as JSON: it is read again without its catalogue.
Source: docs.unidata.ucar.edu/tds/current/userguide/client_side_catalog_specification.html."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from ..errors import BadRecord
from ..footprint import Footprint
from ..product import Problem, Product
from ..text import clean_text
from ..xml import Element, attributes_of, children, descendants, is_element, local_name, text_of
from .feed import Feed, check_named
from .links import assets_of
from .loose_json import array, mapping, text
from .noted import first_footprint
from .thredds_coverage import box_of, extent_of
from .thredds_names import VOCABULARY
from .thredds_services import RESOLVER, Service, is_file, link_of, services_of

# of what is said more than once, all counts; of anything else what stands nearest to the dataset
_ALL = (
    "documentation", "creator", "publisher", "contributor", "keyword", "project", "property", "date",
    "variables",
)  # fmt: skip
_PARTS = ("metadata", "dataset", "service", "catalogRef")
_REFERENCES = ("catalogRef", "catalogref")
_BYTES = re.compile(r"bytes?$", re.I)


class Thredds:
    """The datasets of a catalogue that can be accessed, and what lies beneath it."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a catalogue, or a record of ours."""
        if is_element(document):
            return local_name(document) == "catalog" and _is_inventory(document)
        return "dataset" in mapping(document) and "access" in mapping(document)

    def feed(self, document: Any, source: str) -> Feed:
        """The datasets, their addresses by `source`, the catalogue's own."""
        if not is_element(document):
            return Feed((document,))
        return Feed(tuple(_records(document, source)), beneath=tuple(_references(document, source)))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The record as it is."""
        return mapping(entry)

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a dataset; one that has no ID is known by its path."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not a dataset but {type(entry).__name__}", position)
        view = self.view(entry)
        identifier = text(view.get("ID")) or text(view.get("urlPath")) or text(view.get("dataset"))
        check_named("dataset", identifier, collection, position)
        problems: list[Problem] = []
        return Product(
            id=identifier,
            collection=collection,
            title=text(view.get("dataset")),
            footprint=_footprint(view, problems),
            time=extent_of(mapping(view.get("timeCoverage")), problems),
            properties=VOCABULARY.read(view, problems),
            assets=assets_of((link_of(mapping(each), view) for each in array(view.get("access"))), problems),
            problems=tuple(problems),
        )


THREDDS = Thredds()


def _is_inventory(document: Element) -> bool:
    """Whether a root `catalog` is of THREDDS: by what is in it, whatever its namespace."""
    return "thredds" in str(document.tag).lower() or any(
        local_name(child) in ("dataset", "service", *_REFERENCES) for child in document if is_element(child)
    )


def _references(document: Element, source: str) -> Iterator[str]:
    """The addresses of the catalogues that this one refers to, each once."""
    found: dict[str, None] = {}
    for name in dict.fromkeys(_REFERENCES):
        for reference in descendants(document, name):
            if href := attributes_of(reference).get("href", ""):
                found.setdefault(_joined(source, href))
    yield from (address for address in found if address)


def _records(document: Element, source: str) -> Iterator[dict[str, Any]]:
    """The records of all datasets with an access, in the order of the document."""
    services = services_of(document, source)
    # a stack, since nobody knows how deep datasets are nested
    waiting: list[tuple[Element, tuple[Element, ...], str]] = [
        (child, (), attributes_of(document).get("name", ""))
        for child in reversed([*children(document, "dataset")])
    ]
    while waiting:
        dataset, inherited, parent = waiting.pop()
        about = attributes_of(dataset)
        handed_on = (*inherited, *_handed_on(dataset))
        said = (*handed_on, *_own(dataset))
        if record := _record(dataset, about, said, services):
            yield record | {"parent": clean_text(parent)}
        below = about.get("ID") or about.get("name") or parent
        waiting += [(child, handed_on, below) for child in reversed([*children(dataset, "dataset")])]


def _handed_on(dataset: Element) -> Iterator[Element]:
    """What datasets beneath inherit."""
    for metadata in children(dataset, "metadata"):
        if attributes_of(metadata).get("inherited", "").lower() == "true":
            yield from (child for child in metadata if is_element(child))


def _own(dataset: Element) -> Iterator[Element]:
    """What is said of a dataset alone."""
    for child in dataset:
        if not is_element(child):
            continue
        if local_name(child) not in _PARTS:
            yield child
        elif local_name(child) == "metadata" and attributes_of(child).get("inherited", "").lower() != "true":
            yield from (below for below in child if is_element(below))


def _record(
    dataset: Element,
    about: Mapping[str, str],
    said: tuple[Element, ...],
    services: Mapping[str, list[Service]],
) -> dict[str, Any] | None:
    """A dataset with what it inherits; None when there is no way to its data."""
    last = {local_name(element): element for element in said}
    service = about.get("serviceName") or (text_of(last["serviceName"]) if "serviceName" in last else "")
    # files before what else there is at the same address
    access = sorted(_access(dataset, about, service, services), key=lambda way: not is_file(way["service"]))
    if not access:
        return None
    record: dict[str, Any] = {"dataset": clean_text(about.get("name", "")), "access": access}
    record |= {name: clean_text(about[name]) for name in ("ID", "urlPath") if about.get(name)}
    for name in ("dataType", "dataFormat", "authority"):
        value = about.get(name) or (text_of(last[name]) if name in last else "")
        record |= {name: clean_text(value)} if value else {}
    for name, element in last.items():
        if name == "dataSize":
            record["dataSize"] = _size(element)
        elif name == "timeCoverage":
            record[name] = {local_name(part): text_of(part) for part in element if is_element(part)}
        elif name == "geospatialCoverage":
            record[name] = _tree(element)
    for element in said:
        if local_name(element) in _ALL:
            _add(record, element)
    return record


def _access(
    dataset: Element, about: Mapping[str, str], service: str, services: Mapping[str, list[Service]]
) -> Iterator[dict[str, str]]:
    """The ways to a dataset's data, by service: of its path, and those that it names."""
    ways = [(service, about["urlPath"])] if about.get("urlPath") else []
    for element in children(dataset, "access"):
        said = attributes_of(element)
        ways.append((said.get("serviceName") or service, said.get("urlPath", "")))
    for name, path in ways:
        for each in services.get(name, ()):
            if each.kind != RESOLVER and path:
                yield {"service": each.kind, "href": each.address(path)}


def _add(record: dict[str, Any], element: Element) -> None:
    """What may be said more than once, by its kind."""
    name, about, words = local_name(element), attributes_of(element), " ".join(text_of(element).split())
    if name == "property":
        record.setdefault(name, {}).setdefault(
            about.get("name") or "unnamed", clean_text(about.get("value", ""))
        )
    elif name == "variables":
        found = [_variable(each) for each in children(element, "variable")]
        record.setdefault(name, []).extend(each for each in found if each)
    elif name in ("creator", "publisher"):
        names = [" ".join(text_of(each).split()) for each in children(element, "name")] or [words]
        record.setdefault(name, []).extend(clean_text(each) for each in names if each)
    elif name in ("date", "documentation"):
        kind = about.get("type") or (
            "link" if about.get("href") else "text" if name == "documentation" else "date"
        )
        said = record.setdefault(name, {})
        value = clean_text(words or about.get("href", ""))
        # of an inherited summary and one of its own, the dataset's own; of links all
        said[kind] = [*said.get(kind, []), value] if kind == "link" else value
    elif words:
        record.setdefault(name, []).append(clean_text(words))


def _variable(element: Element) -> str:
    about = attributes_of(element)
    return clean_text(about.get("vocabulary_name") or about.get("name") or text_of(element))


def _size(element: Element) -> str:
    """A size as text with its unit, such as `94.89 MB`, often written as Mbytes."""
    unit = _BYTES.sub("B", attributes_of(element).get("units", "bytes"))
    return clean_text(f"{text_of(element)} {unit}")


def _tree(element: Element) -> dict[str, Any]:
    """The parts of a coverage, two levels deep."""
    found: dict[str, Any] = dict(attributes_of(element))
    for part in element:
        if is_element(part):
            below = {local_name(each): text_of(each) for each in part if is_element(each)}
            found[local_name(part)] = below or text_of(part)
    return found


def _footprint(view: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    coverage = mapping(view.get("geospatialCoverage"))
    return first_footprint((("geospatialCoverage", lambda: box_of(coverage)),), problems)


def _joined(source: str, href: str) -> str:
    try:
        return urljoin(source, href)
    except ValueError:  # brackets that are no IPv6 address
        return ""
