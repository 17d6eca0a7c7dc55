"""What a provider file may say of records: paths, lists of paths, URL templates; types parse."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.eo.formats.stac import read_item
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters.mapping import ProductMapping, at, without_parameters
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping

SIGNED = {"sig": ("se", "sp"), "token": ()}


def _item(**more: Any) -> dict[str, Any]:
    item: dict[str, Any] = {
        "type": "Feature",
        "id": "a/b",
        "collection": "c",
        "geometry": {"type": "Point", "coordinates": [16.37, 48.21]},
        "properties": {"datetime": "2024-01-01T00:00:00Z", "cc": "12.5", "other": {"names": ["x", "y"]}},
        "assets": {"file": {"href": "https://example.org/f?se=1&sig=abc&v=2"}},
        "links": [],
    }
    return item | more


def _read(item: dict[str, Any], **said: Any) -> Product:
    base = {"title": "X", "organization": "x", "url": "https://stac.example.org", "profile": "stac"}
    provider = provider_from_mapping("x", base | said, "x.yaml")
    return ProductMapping(provider).product(read_item(item), item)


def test_paths():
    """Steps are names of members and positions of arrays; what is not there is nothing."""
    record = {"a": [{"b": 1}, {"b:c": "x"}]}
    assert at(record, "a/0/b") == 1
    assert at(record, "a/1/b:c") == "x"
    assert at(record, "a/2/b") is None
    assert at(record, "a/b") is None
    assert at(record, "a/0/b/c") is None


def test_type_of_the_field_parses():
    """Text of a number becomes a number, because the row says so."""
    assert _read(_item(), fields={"cloud_cover": "properties/cc"}).properties["cloud_cover"] == 12.5


def test_value_that_does_not_parse_is_a_problem():
    """It is noted with the product, which is kept."""
    product = _read(_item(), fields={"cloud_cover": "properties/other/names/0"})
    assert "cloud_cover" not in product.properties
    assert [problem.where for problem in product.problems] == ["fields.cloud_cover"]
    assert "'x' is not allowed" in product.problems[0].reason


def test_first_path_that_answers():
    """Empty answers are passed over."""
    assert _read(_item(), fields={"title": ["properties/title", "properties/other/names/1"]}).title == "y"


def test_template():
    """Addresses are made of what the record says, escaped; a template with a gap gives nothing."""
    asset = _read(_item(), fields={"thumbnail": "https://t.example/{collection}/{id}.png"}).assets[-1]
    assert (asset.key, asset.roles, asset.href) == (
        "thumbnail",
        ("thumbnail",),
        "https://t.example/c/a%2Fb.png",
    )
    assert len(_read(_item(), fields={"thumbnail": "https://t.example/{properties/no}.png"}).assets) == 1


def test_identity_time_and_place():
    """Id, title, collection, times and geometry may be elsewhere, too."""
    item = _item(
        properties={
            "name": "N",
            "series": "S",
            "from": "2024-01-01",
            "to": "2024-01-02",
            "wkt": "POINT (1 2)",
        }
    )
    product = _read(
        item,
        collections={"ours": "S"},
        fields={
            "id": "properties/name",
            "collection": "properties/series",
            "start": "properties/from",
            "end": "properties/to",
            "geometry": "properties/wkt",
        },
    )
    assert (product.id, product.collection) == ("N", "ours")
    assert product.time.isoformat() == "2024-01-01T00:00:00Z/2024-01-02T23:59:59.999999Z"
    assert product.footprint and product.footprint.wkt == "POINT (1 2)"


def test_bad_time_and_place_are_problems():
    """What was read before stays."""
    item = _item(properties={"datetime": "2024-01-01T00:00:00Z", "from": "yesterday", "wkt": "POLYGON"})
    product = _read(item, fields={"start": "properties/from", "geometry": "properties/wkt"})
    assert product.time.isoformat() == "2024-01-01T00:00:00Z"
    assert product.footprint and product.footprint.centroid == (16.37, 48.21)
    assert {problem.where for problem in product.problems} == {"fields.geometry", "fields.start/end"}


def test_unknown_names_are_refused():
    """With what was probably meant."""
    with pytest.raises(
        BadConfiguration, match=r"x: fields: unknown name 'cloudcover', did you mean cloud_cover\?"
    ):
        _read(_item(), fields={"cloudcover": "properties/cc"})
    with pytest.raises(
        BadConfiguration, match=r"volatile\.properties: unknown name 'updatet', did you mean updated"
    ):
        _read(_item(), volatile={"properties": ["updatet"]})


# --- what is volatile


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/f?se=1&sig=abc&v=2", "https://example.org/f?v=2"),
        ("https://example.org/f?SP=r&SIG=abc#part", "https://example.org/f#part"),
        ("https://example.org/f?se=1&v=2", "https://example.org/f?se=1&v=2"),
        ("https://example.org/f?token=x", "https://example.org/f"),
        ("https://example.org/f?tokens=x&q=a%20b", "https://example.org/f?tokens=x&q=a%20b"),
        ("https://example.org/f", "https://example.org/f"),
    ],
)
def test_signatures_are_taken_off(url: str, kept: str):
    """With what goes along with them; short names alone may mean something else."""
    assert without_parameters(url, SIGNED) == kept


def test_two_reads_have_one_hash():
    """Another signature, other times of the answer, another way to draw the preview."""
    volatile = {"properties": ["updated"], "assets": ["preview"]}

    def read(signature: str, time: str) -> Product:
        properties = {"datetime": "2024-01-01T00:00:00Z", "updated": time}
        assets = {
            "file": {"href": f"https://example.org/f?sig={signature}&se={time}"},
            "preview": {"href": f"https://example.org/draw?at={time}", "roles": ["overview"]},
        }
        links = [{"rel": "self", "href": f"https://example.org/{signature}"}]
        return _read(_item(properties=properties, assets=assets, links=links), volatile=volatile)

    one, two = read("abc", "2024-05-05T00:00:00Z"), read("xyz", "2024-06-06T00:00:00Z")
    assert one.content_hash() == two.content_hash()
    assert one.assets[0].href == two.assets[0].href == "https://example.org/f"
    # they are left out of the hash, not of the product
    assert len(one.assets) == 2
    assert "updated" in one.properties


def test_another_product_has_another_hash():
    """What is not volatile counts."""
    item = _item(assets={"file": {"href": "https://example.org/g"}})
    assert _read(item).content_hash() != _read(_item()).content_hash()
