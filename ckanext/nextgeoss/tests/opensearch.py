"""Asks OpenSearch as its clients do."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from lxml import etree

from ckanext.nextgeoss.tests.catalogue import Catalogue

ATOM = "{http://www.w3.org/2005/Atom}"
OS = "{http://a9.com/-/spec/opensearch/1.1/}"
DC = "{http://purl.org/dc/elements/1.1/}"
OWS = "{http://www.opengis.net/ows/2.0}"
PARAMETERS = "{http://a9.com/-/spec/opensearch/extensions/parameters/1.0/}"
OSDD = "application/opensearchdescription+xml"
EVERYTHING = ("across", "arctic", "north", "south")


class Hub:
    """Asks the application by path or address, as somebody or nobody."""

    def __init__(self, site: Any, catalogue: Catalogue):
        self.site, self.catalogue = site, catalogue

    def get(self, path: str, status: int = 200, token: str = "", accept: str = "", **params: Any) -> Any:
        headers = {"Authorization": token} if token else {}
        headers |= {"Accept": accept} if accept else {}
        path = path.removeprefix(toolkit.config["ckan.site_url"])
        return self.site.get(
            path, query_string=params or None, headers=headers, status=status, follow_redirects=False
        )

    def atom(self, path: str = "/opensearch/search.atom", **params: Any) -> Any:
        return etree.fromstring(self.get(path, **params).get_data())

    def found(self, **params: Any) -> Any:
        return self.atom(**({"parentIdentifier": self.catalogue.collection} | params))

    def kinds(self, **params: Any) -> list[str]:
        """The kinds of the test catalogue's products that are found."""
        kinds = {self.id(kind): kind for kind in (*EVERYTHING, "private")}
        return sorted(kinds[identifier] for identifier in identifiers(self.found(**params)))

    def described(self, osdd: str, **params: Any) -> Any:
        return etree.fromstring(self.get("/opensearch/description.xml", osdd=osdd, **params).get_data())

    def id(self, kind: str) -> str:
        return self.catalogue.datasets[kind]["identifier"]


def identifiers(feed: Any) -> list[str]:
    return [entry.findtext(f"{DC}identifier") for entry in feed.findall(f"{ATOM}entry")]


def links(element: Any) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


def total(feed: Any) -> int:
    return int(feed.findtext(f"{OS}totalResults"))


def names_of(document: Any) -> dict[str, Any]:
    url = document.find(f"{OS}Url[@type='application/atom+xml']")
    return {each.get("value"): each for each in url.findall(f"{PARAMETERS}Parameter")}


def options(parameter: Any) -> set[str]:
    return {option.get("value") for option in parameter.findall(f"{PARAMETERS}Option")}
