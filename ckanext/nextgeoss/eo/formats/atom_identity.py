"""Which product an entry of Atom is of, and of which collection: told in many places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from . import eop
from .loose_json import mapping, text

_ADDRESS = re.compile(r"https?://", re.I)
_COLLECTION_PATH = re.compile(r"/collections/([^/]+)/")
_COLLECTION_NAMES = ("collection", "parentidentifier", "osdd")
_IDENTIFIER_NAMES = ("uid", "id")
_VERSION = re.compile(r"V?\d+", re.I)


def read_identifier(said: Mapping[str, Any], exact: bool) -> str:
    """The identifier of the product: as it stands where our writer made the entry, else also of EOP or of an
    address."""
    named = text(said.get("identifier"))
    if exact:
        return named
    # some services put an address there, too
    named = _parameter(named, _IDENTIFIER_NAMES) or named
    of_eop = eop.first(mapping(said.get("EarthObservation")), "EarthObservationMetaData", "identifier")
    return named or of_eop or _from_address(text(said.get("id")))


def _from_address(identifier: str) -> str:
    """The identifier in an atom:id that is the address of a search or of the entry itself."""
    if not _ADDRESS.match(identifier):
        return identifier
    last = unquote(urlsplit(identifier).path.rstrip("/").rpartition("/")[2]).removesuffix(".atom")
    return _parameter(identifier, _IDENTIFIER_NAMES) or last or identifier


def read_collection(said: Mapping[str, Any], identifier: str) -> str:
    """The collection as EOP, the entry, its addresses, or the start of its URN name it."""
    of_eop = eop.first(mapping(said.get("EarthObservation")), "EarthObservationMetaData", "parentIdentifier")
    named = of_eop or text(said.get("parentIdentifier"))
    if named and named != identifier:
        return named
    addresses = [text(said.get("id"))]
    addresses += [text(mapping(link).get("href")) for link in said.get("link", ())]
    for found in (_parameter(address, _COLLECTION_NAMES) for address in addresses):
        if found:
            return found
    for address in addresses:
        if found := _COLLECTION_PATH.search(address):
            return unquote(found[1])
    return _of_urn(identifier)


def _parameter(address: str, names: tuple[str, ...]) -> str:
    """The first of these query parameters that an address has."""
    if not _ADDRESS.match(address):
        return ""
    try:
        query = dict(reversed(parse_qsl(urlsplit(address).query)))
    except ValueError:
        return ""
    parameters = {name.rpartition(":")[2].lower(): value.strip() for name, value in query.items()}
    return next((parameters[name] for name in names if parameters.get(name)), "")


def _of_urn(identifier: str) -> str:
    """The URN of the collection in that of a product, `collection:name` or `collection:name:version`."""
    parts = identifier.split(":")
    if parts[0].lower() != "urn" or len(parts) < 5:
        return ""
    return ":".join(parts[: -2 if _VERSION.fullmatch(parts[-1]) else -1])
