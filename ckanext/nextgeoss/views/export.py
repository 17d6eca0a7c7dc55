"""`/export/products.csv`, `.geojson`, `.txt`, `.meta4`: a whole result as a file, sent while it is read."""

from __future__ import annotations

import json
import logging
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from itertools import chain

from ckan.plugins import toolkit
from flask import Blueprint, Response, request

from .. import config
from ..eo.conditions import values_of
from ..eo.formats import csv_table, geojson_table, metalink, url_list
from ..eo.page import Page
from ..eo.query import Query
from ..search.catalogue import Catalogue
from ..search.parameters import BadParameters, catalogue_query
from .api import VARY, Problem, api, takes_gzip
from .caller import catalogue_of_caller

log = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
# as good as without a bound
_ALL = 10**12
_OWN = ("limit", "roles")
_PAGES_ONLY = ("offset", "cursor", "facets")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+", re.A)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is exported, in which order, of whose catalogue, and how many products that are."""

    catalogue: Catalogue
    query: Query
    pages: Iterable[Page]
    roles: tuple[str, ...]
    count: int


Writer = Callable[[Asked], Iterator[bytes]]


def _csv(asked: Asked) -> Iterator[bytes]:
    return csv_table.write(asked.pages, asked.catalogue.occurring(asked.query))


def _metalink(asked: Asked) -> Iterator[bytes]:
    now = datetime.now(timezone.utc).replace(microsecond=0)
    return metalink.write(asked.pages, asked.roles, origin=request.url, published=now)


# media type, what writes it, and whether files can be chosen by their roles
_FORMS: Mapping[str, tuple[str, Writer, bool]] = {
    "csv": (csv_table.MEDIA_TYPE, _csv, False),
    "geojson": (geojson_table.MEDIA_TYPE, lambda asked: geojson_table.write(asked.pages), False),
    "txt": (url_list.MEDIA_TYPE, lambda asked: url_list.write(asked.pages, asked.roles), True),
    "meta4": (metalink.MEDIA_TYPE, _metalink, True),
}
FORMS = tuple(_FORMS)


def _told(problem: Problem) -> tuple[str, str]:
    """An error as RFC 9457 has it, with the parameter that it is about."""
    said = {"type": "about:blank", "title": problem.code, "status": problem.status, "detail": problem.reason}
    return json.dumps(said | ({"parameter": problem.where} if problem.where else {})), PROBLEM_TYPE


blueprint: Blueprint = api("nextgeoss_export", _told)


@blueprint.errorhandler(BadParameters)
def _bad_parameters(error: BadParameters) -> Response:
    return _answered(Problem(400, "InvalidParameterValue", str(error), next(iter(error.reasons))))


def _answered(problem: Problem) -> Response:
    body, media_type = _told(problem)
    return Response(body, problem.status, content_type=media_type)


@blueprint.get(f"/export/products.<any({', '.join(FORMS)}):form>")
def products(form: str) -> Response:
    """All products that the parameters of `product_search` ask for, in a form of FORMS."""
    media_type, write, has_roles = _FORMS[form]
    asked = _asked(dict(request.args.lists()), has_roles)
    pieces = write(asked)
    # what can go wrong goes wrong before the answer begins
    first = next(pieces, None)
    if first is None:
        reason = toolkit._("No product of this result has a file to download.")
        return _answered(Problem(404, "NotFound", reason))
    response = Response(_sent(chain([first], pieces), takes_gzip()), content_type=media_type)
    if takes_gzip():
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(asked.query, form)}"'
    response.headers["X-Total-Count"] = str(asked.count)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(VARY)
    return response


def _asked(given: dict[str, list[str]], has_roles: bool) -> Asked:
    """What is asked, with its first page; BadParameters for a result that is larger than an export may be."""
    reasons = {name: "an export is the whole result, without pages" for name in _PAGES_ONLY if name in given}
    if not has_roles and "roles" in given:
        reasons["roles"] = "only .txt and .meta4 are lists of files"
    if reasons:
        raise BadParameters(reasons)
    catalogue, most = catalogue_of_caller(), config.most_exported()
    # one text may be a list with commas in it
    single = {name: values[0] if len(values) == 1 else values for name, values in given.items()}
    query = catalogue_query(single, catalogue.properties, _OWN)
    limit = _limit("".join(given.get("limit", ())), most)
    query = replace(query, limit=limit or most or _ALL)
    pages = catalogue.scan(query)
    first = next(pages)
    total = first.total or 0
    if not limit and most and total > most:
        raise BadParameters({"limit": _too_many(total, most)})
    roles = values_of(single, "roles", apart=True)
    return Asked(catalogue, query, chain([first], pages), roles, min(total, query.limit))


def _limit(text: str, most: int) -> int:
    """How many products at most; 0 when that is not said."""
    if not text:
        return 0
    good = text.isascii() and text.isdigit() and len(text) < 12
    if not good or not 1 <= int(text) <= (most or _ALL):
        allowed = f"a whole number from 1 up to {most}" if most else "a whole number from 1"
        raise BadParameters({"limit": f"{text[:80]!r} is not allowed; expected {allowed}"})
    return int(text)


def _too_many(total: int, most: int) -> str:
    text = toolkit._(
        "the result has {total} products, and an export at most {most}; narrow the search, or set a limit"
    )
    return text.format(total=total, most=most)


def _file_name(query: Query, form: str) -> str:
    """What the file is called: by its collection if it is of one."""
    collection = query.collections[0] if len(query.collections) == 1 else ""
    words = _NOT_IN_NAMES.sub("-", collection)[:80].strip("-.")
    return f"products-{words}.{form}" if words else f"products.{form}"


def _sent(pieces: Iterable[bytes], packed: bool) -> Iterator[bytes]:
    """The pieces as they go over the wire. Where one cannot be made the answer breaks off without its end,
    so that nobody takes it for the whole."""
    packer = zlib.compressobj(1, wbits=31) if packed else None
    try:
        for piece in pieces:
            if data := packer.compress(piece) if packer else piece:
                yield data
    except Exception as error:
        log.warning("An export broke off: %s", error)
        raise
    if packer:
        yield packer.flush()
