"""Search documents of any datasets, many at once: products from rows, all others by CKAN's own functions."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from ckan import model
from ckan.lib.search.common import SearchIndexError
from ckan.plugins import toolkit
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..package import PRODUCT_TYPE
from .by_ckan import document_by_ckan
from .hooks import tell_gone
from .product_documents import write_document
from .rows import read_types
from .setwise import ProductDocuments
from .solr import SolrError

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Made:
    """What became of some datasets: documents as JSON, datasets to be taken out of the index, datasets of
    which no document could be made and why. Who is in none of these was left for another time."""

    documents: dict[str, bytes] = field(default_factory=dict[str, bytes])
    gone: list[str] = field(default_factory=list[str])
    failed: dict[str, str] = field(default_factory=dict[str, str])


class Documents:
    """Makes documents of datasets as the database holds them."""

    def __init__(self) -> None:
        self._products = ProductDocuments()
        self._products.tell()

    def make(self, connection: Connection, ids: Sequence[str], *, by_ckan: int = 50) -> Made:
        """Documents of these datasets; at most `by_ckan` of those that CKAN makes one by one, which takes
        tens of milliseconds each. `connection` reads products."""
        made = Made()
        try:
            types = read_types(connection, ids)
            made.gone = [package_id for package_id in ids if self._is_gone(types.get(package_id))]
            there = [package_id for package_id in ids if not self._is_gone(types.get(package_id))]
            is_fast = {i: types[i][0] == PRODUCT_TYPE and not self._products.obstacle for i in there}
            fast = [package_id for package_id in there if is_fast[package_id]]
            slow = [package_id for package_id in there if not is_fast[package_id]]
            if fast:
                found, left = self._products.make(connection, fast)
                slow += left
                for package_id, document in found.items():
                    made.documents[package_id] = write_document(document)
            for package_id in slow[:by_ckan]:
                _make_by_ckan(package_id, made)
            tell_gone(
                [package_id for package_id in ids if (types.get(package_id) or ("", None))[1] != "active"]
            )
        finally:
            # what the session remembers may not be true in the next batch
            model.Session.rollback()
            model.Session.remove()
        return made

    @staticmethod
    def _is_gone(found: tuple[str, str] | None) -> bool:
        if found is None:
            return True
        return found[1] in (None, "deleted") and toolkit.config["ckan.search.remove_deleted_packages"]


def _make_by_ckan(package_id: str, made: Made) -> None:
    try:
        document = document_by_ckan(package_id)
        if document is None:
            made.gone.append(package_id)
        else:
            filled = {key: value for key, value in document.items() if value is not None and value != ""}
            made.documents[package_id] = json.dumps(filled).encode()
    except (DBAPIError, SolrError, SearchIndexError):
        raise  # of the servers, not of this dataset
    except Exception as error:
        log.exception("No search document could be made of dataset %s", package_id)
        model.Session.rollback()
        made.failed[package_id] = f"{type(error).__name__}: {str(error)[:500]}"
