"""The DHuS-style API: forms of answers and errors, files, pictures, what only some may see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ckanext.nextgeoss.eo.formats.dhus import DHUS
from ckanext.nextgeoss.eo.formats.feed import read_page
from ckanext.nextgeoss.eo.xml import parse_xml

if TYPE_CHECKING:
    from ckanext.nextgeoss.tests.catalogue import Catalogue

PRODUCTS = "/dhus/odata/v1/Products('{}')"


@pytest.fixture()
def search(site: Any, catalogue: Catalogue) -> Any:
    """Searches among the products of this catalogue; the answer."""

    def found(words: str = "*", status: int = 200, token: str = "", **params: str) -> Any:
        headers = {"Authorization": token} if token else {}
        asked = {"q": f"collection:{catalogue.collection} AND ({words})", **params}
        return site.get("/dhus/search", query_string=asked, headers=headers, status=status)

    return found


def titles(answer: Any) -> list[str]:
    return [entry["title"] for entry in json.loads(answer.body)["feed"].get("entry", [])]


def test_atom_and_json_say_the_same(search: Any, catalogue: Catalogue):
    atom, said = search(), search(format="json")
    assert atom.headers["Content-Type"] == "application/atom+xml"
    first = read_page(DHUS, parse_xml(atom.body.encode()), "")
    second = read_page(DHUS, json.loads(said.body), "")
    assert first.products == second.products
    assert first.total == second.total == len(first.products) == 4
    assert {product.collection for product in first.products} == {catalogue.collection}
    hostile = catalogue.datasets["arctic"]["title"]
    assert hostile in [product.title for product in first.products]


def test_rows_start_and_order(search: Any):
    everything = titles(search(format="json", orderby="beginposition asc,identifier desc"))
    assert everything == titles(search(format="json", orderby="identifier desc"))
    assert titles(search(format="json", orderby="identifier desc", rows="2", start="1")) == everything[1:3]
    nothing = json.loads(search(format="json", rows="0").body)["feed"]
    assert (nothing["opensearch:totalResults"], "entry" in nothing) == ("4", False)


def test_nobody_sees_what_is_private(site: Any, search: Any, catalogue: Catalogue):
    """Neither by a search nor by its id; who may see it does."""
    private = catalogue.datasets["private"]
    entity = PRODUCTS.format(private["id"])
    for token in ("", catalogue.stranger):
        assert titles(search(f"uuid:{private['id']}", format="json", token=token)) == []
        headers = {"Authorization": token} if token else {}
        for path in ("", "/$value", "/Name/$value", "/Products('Quicklook')/$value"):
            site.get(entity + path, headers=headers, status=404, follow_redirects=False)
    headers = {"Authorization": catalogue.token}
    found = json.loads(site.get(entity, headers=headers, status=200).body)
    assert found["d"]["Name"] == private["identifier"]


def test_a_file_is_fetched_from_its_provider(site: Any, catalogue: Catalogue):
    """The first that can be fetched over HTTP, also when one in a bucket stands before it."""
    entity = PRODUCTS.format(catalogue.datasets["north"]["id"])
    answer = site.get(f"{entity}/$value", status=302, follow_redirects=False)
    assert answer.headers["Location"] == "https://data.example.org/product.zip"
    assert site.get(f"{entity}/Checksum/Value/$value").body == "D41D8CD98F00B204E9800998ECF8427E"
    assert site.get(f"{entity}/Online/$value").body == "true"
    assert site.get(f"{entity}/Attributes('Filename')/Value/$value").body == "product.zip"
    without = PRODUCTS.format(catalogue.datasets["across"]["id"])
    site.get(f"{without}/$value", status=404, follow_redirects=False)
    assert site.get(f"{without}/Online/$value").body == "false"


def test_attributes_when_they_are_asked_for(site: Any, catalogue: Catalogue):
    entity = PRODUCTS.format(catalogue.datasets["north"]["id"])
    assert "results" not in json.loads(site.get(entity).body)["d"]["Attributes"]
    expanded = site.get(entity, query_string={"$format": "json", "$expand": "Attributes"})
    told = {each["Name"]: each["Value"] for each in json.loads(expanded.body)["d"]["Attributes"]["results"]}
    assert (told["Satellite name"], told["cloudcoverpercentage"]) == ("Sentinel-2", "12.5")


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"words": "nosuchfield:1"}, "q: 'nosuchfield' is not allowed"),
        ({"words": "cloudcoverpercentage:x"}, "cloudcoverpercentage: 'x' is not allowed"),
        ({"rows": "1001"}, "rows: '1001' is not allowed"),
        ({"format": "csv"}, "format: 'csv' is not allowed; expected xml or json"),
        ({"orderby": "footprint asc"}, "q: 'footprint' is not allowed"),
    ],
)
def test_what_is_wrong_is_told(search: Any, params: dict[str, str], told: str):
    error = json.loads(search(status=400, **params).body)["error"]
    assert error["code"] == "InvalidParameterValue"
    assert error["message"]["value"].startswith(told)


@pytest.mark.parametrize(
    "path", ["", "/$value", "/Nothing/$value", "/Attributes('x')/Value/$value", "/../$value"]
)
def test_what_is_not_there(site: Any, path: str):
    answer = site.get(PRODUCTS.format("nothing") + path, status=404)
    assert json.loads(answer.body)["error"]["message"]["value"]


def test_another_form_of_an_entity(site: Any, catalogue: Catalogue):
    entity = PRODUCTS.format(catalogue.datasets["north"]["id"])
    site.get(entity, query_string={"$format": "atom"}, status=400)
