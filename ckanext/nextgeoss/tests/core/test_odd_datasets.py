"""Whatever stands in a dataset that CKAN holds, what can be read of it can be written in each format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.collection import Collection
from ckanext.nextgeoss.eo.formats import (
    atom_write,
    csv_table,
    dhus_write,
    eo_geojson,
    eop_write,
    features_write,
    geojson_table,
    metalink,
    odata2_write,
    product_json,
    record_write,
    rss_write,
    stac_write,
    url_list,
)
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.package import dataset_from_product
from ckanext.nextgeoss.search.index import entry_of, readable_product
from ckanext.nextgeoss.tests.answers import FEED, SITE
from ckanext.nextgeoss.tests.core.strategies import junk, modest, products, words

ROWS = load_properties()
SEARCH = dhus_write.DhusSearch(
    address="https://hub.example/dhus/search", words="*", start=0, rows=10, order="",
    updated=datetime(2024, 5, 1, tzinfo=timezone.utc),
)  # fmt: skip
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
# of a page of one product
WRITERS: dict[str, Callable[[Page], Any]] = {
    "stac": lambda page: stac_write.write_entry(*pair(page), SITE, ROWS),
    "feature": lambda page: features_write.write_feature(*pair(page), SITE, CRS84),
    "record": lambda page: record_write.write_record(*pair(page), Collection(id="c"), SITE),
    "product_json": lambda page: product_json.write(*pair(page)),
    "odata": lambda page: odata2_write.write_entity(*pair(page), SITE, with_attributes=True),
    "eop": lambda page: eop_write.write(page.products[0]),
    "atom": lambda page: atom_write.write_feed(page, FEED, SITE),
    "rss": lambda page: rss_write.write_feed(page, FEED, SITE),
    "eo_geojson": lambda page: eo_geojson.write_answer(page, FEED, SITE),
    "dhus json": lambda page: dhus_write.write_json(page, SEARCH, SITE),
    "dhus atom": lambda page: dhus_write.write_atom(page, SEARCH, SITE),
    "csv": lambda page: list(csv_table.write([page], tuple(ROWS))),
    "geojson": lambda page: list(geojson_table.write([page])),
    "metalink": lambda page: list(metalink.write([page])),
    "txt": lambda page: list(url_list.write([page])),
}


def pair(page: Page) -> tuple[Any, Any]:
    return page.products[0], page.entries[0]


# columns of a resource are text, whatever people write there
texts = st.text(st.characters(codec="utf-8"), max_size=12)
resource = st.fixed_dictionaries(
    {"id": words, "url": texts},
    optional={
        "name": texts | st.none(), "hash": texts | st.none(), "mimetype": texts | st.none(),
        "format": texts, "key": texts, "size": st.none() | st.integers(-5, 2**62),
        "roles": st.lists(texts, max_size=2), "provider": texts,
    },
)  # fmt: skip
members = st.fixed_dictionaries(
    {},
    optional={
        "title": texts, "notes": texts, "resources": st.lists(resource, max_size=3),
        "spatial": texts | junk.map(json.dumps), "timerange_start": texts, "timerange_end": texts,
        **dict.fromkeys(("cloud_cover", "platform", "instruments", "created", "absolute_orbit"), junk),
    },
)  # fmt: skip


@modest
@given(products(), members)
def test_each_format(product: Any, changes: Mapping[str, Any]) -> None:
    dataset = dataset_from_product(product, owner_org="o", uuid="u", name="n") | changes
    stored = json.loads(json.dumps(dataset))
    read = readable_product(stored, ROWS)
    page = Page((read,), 1, entries=(entry_of(stored, read),))
    for name, write in WRITERS.items():
        try:
            write(page)
        except Exception as error:
            raise AssertionError(f"{name}: {stored}") from error


@pytest.mark.parametrize("text", ["md5:0", "abc", "crc32:12345678", "none", "d41d8cd98f00b204", " "])
def test_a_hash_that_is_no_checksum_is_left_out(text: str) -> None:
    dataset = {
        "id": "u", "name": "n", "identifier": "P", "collection_id": "c",
        "resources": [{"id": "r", "url": "https://data.example/a.zip", "hash": text}],
    }  # fmt: skip
    (asset,) = readable_product(dataset, ROWS).assets
    assert (asset.href, asset.checksum) == ("https://data.example/a.zip", "")
