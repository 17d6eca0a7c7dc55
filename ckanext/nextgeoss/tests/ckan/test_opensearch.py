"""OpenSearch over HTTP: documents, searches, pages, errors; the clients of the original hub."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from ckan.plugins import toolkit
from lxml import etree

from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters.protocols.description import read_description
from ckanext.nextgeoss.http import Response
from ckanext.nextgeoss.tests.catalogue import Catalogue

ATOM = "{http://www.w3.org/2005/Atom}"
OS = "{http://a9.com/-/spec/opensearch/1.1/}"
DC = "{http://purl.org/dc/elements/1.1/}"
PARAMETERS = "{http://a9.com/-/spec/opensearch/extensions/parameters/1.0/}"
OSDD = "application/opensearchdescription+xml"


class Hub:
    """Asks the application by path, as somebody or nobody."""

    def __init__(self, site: Any, catalogue: Catalogue):
        self.site, self.catalogue = site, catalogue

    def get(self, path: str, status: int = 200, token: str = "", **params: Any) -> Any:
        base = toolkit.config["ckan.site_url"]
        headers = {"Authorization": token} if token else {}
        return self.site.get(
            path.removeprefix(base), query_string=params or None, headers=headers, status=status
        )

    def atom(self, path: str = "/opensearch/search.atom", **params: Any) -> Any:
        return etree.fromstring(self.get(path, **params).body_bytes())

    def ids(self, **params: Any) -> list[str]:
        feed = self.atom(**{"parentIdentifier": self.catalogue.collection} | params)
        return [entry.findtext(f"{DC}identifier") for entry in feed.findall(f"{ATOM}entry")]

    def described(self, osdd: str, **params: Any) -> Any:
        return etree.fromstring(
            self.get("/opensearch/description.xml", osdd=osdd, **params).get_data()
        )

    def id(self, kind: str) -> str:
        return self.catalogue.datasets[kind]["identifier"]


@pytest.fixture(scope="module")
def hub(site: Any, catalogue: Catalogue) -> Hub:
    return Hub(site, catalogue)


def links(feed: Any) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
