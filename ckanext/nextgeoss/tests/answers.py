"""What tests of written answers have in common: an answer, our addresses, and products of many kinds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ckanext.nextgeoss.demo.catalogue import COLLECTIONS
from ckanext.nextgeoss.eo.collection import Collection
from ckanext.nextgeoss.eo.formats.opensearch_feed import Facet, FacetTerm, Feed, FeedLink
from ckanext.nextgeoss.eo.formats.site import OSDD_TYPE, Site
from ckanext.nextgeoss.eo.held import CollectionPage, Held, Holdings
from ckanext.nextgeoss.eo.page import Entry
from ckanext.nextgeoss.eo.product import Product, product_uuid
from ckanext.nextgeoss.eo.temporal import TemporalExtent, parse_time
from ckanext.nextgeoss.tests.provider_recordings import listed, recordings

_TIME = TemporalExtent.parse("2015-06-27T10:20:30.5Z/2024-02-03T00:00:00Z")
SITE = Site("https://hub.example")
_SEARCH = "https://hub.example/opensearch/search.atom?q=%22a%22&bbox=170,-10,-170,10"
FEED = Feed(
    title="Products <of> a search & more",
    address=f"{_SEARCH}&startIndex=11",
    updated=parse_time("2026-01-02T03:04:05Z"),
    total=57,
    start_index=11,
    items_per_page=3,
    links=(
        FeedLink("search", SITE.description("dataset"), OSDD_TYPE, "Search"),
        FeedLink("first", _SEARCH, "application/atom+xml"),
        FeedLink("previous", _SEARCH, "application/atom+xml"),
        FeedLink("next", f"{_SEARCH}&startIndex=21", "application/atom+xml", "Next page"),
        FeedLink("last", f"{_SEARCH}&startIndex=51", "application/atom+xml"),
        FeedLink("alternate", "https://hub.example/opensearch/search.rss", "application/rss+xml"),
    ),
    echo={
        "searchTerms": '"a" <b>',
        "count": "10",
        "startIndex": "11",
        "geo:box": "170,-10,-170,10",
        "geo:relation": "intersects",
        "time:start": "2020-01-01",
        "time:end": "2020-02-01T00:00:00Z",
        "eo:cloudCover": "[0,20]",
        "sru:sortKeys": "start,,0",
    },
    facets=(
        Facet(
            name="eo:platform",
            title="Platform",
            terms=(
                FacetTerm("sentinel-2a", 31, f"{_SEARCH}&platform=sentinel-2a"),
                FacetTerm("<b>&", 2, f"{_SEARCH}&platform=%3Cb%3E"),
            ),
        ),
    ),
)


# what users and automatic checks could say, in all that there is
FEEDBACK = {
    "average": 4.6667, "ratings": 3, "items": 5, "latest": "2025-01-02T03:04:05.000Z",
    "open_issues": "minor", "fit_for": ["ice & <snow>", "agriculture"], "metadata_score": 71,
    "metadata_band": "good", "publications": ["10.5194/essd-12-1-2020\tSnow & <ice>", "\tA report"],
}  # fmt: skip


def entry_of(product: Product) -> Entry:
    """What a catalogue could know of a product."""
    uuid = product_uuid(product.collection, product.id)
    return Entry(
        uuid=uuid,
        name=f"product-{uuid[:8]}",
        provider="esa",
        provider_title="ESA & <partners>",
        created=parse_time("2024-01-01T00:00:00Z"),
        modified=parse_time("2024-02-03T04:05:06.7Z"),
        access="online",
        feedback=FEEDBACK,
    )


def entries_of(products: Iterable[Product]) -> tuple[Entry, ...]:
    """The entries of products, in their order."""
    return tuple(map(entry_of, products))


@cache
def recorded_products() -> tuple[Product, ...]:
    """Products of all recorded answers of providers, a few of each; skips the test without them."""
    found: list[Product] = []
    for recording in (each for rules in listed("read") for each in recordings(rules)):
        answer = recording.read().answer
        found += answer.products[:4] if answer else ()
    return tuple(found)


def series_page() -> CollectionPage:
    """The collections of the demo, one that nothing is known of, and one of a hostile author."""
    held = [
        Held(
            collection=each,
            holdings=Holdings(count=12, time=_TIME, bbox=(-10.5, 40.0, 20.0, 60.25)),
            matched=number,
            entry=entry_of(Product(id=each.id, collection="series")),
        )
        for number, each in enumerate(COLLECTIONS)
    ]
    hostile = Collection(
        id="a/b&c<d>",
        title="\x00<script>&",
        description="One.\n\n<b>Two</b>\x0b",
        keywords=("<k>", "&"),
        license="CC-BY-4.0",
        doi="10.5270/S2-znk9xsj",
        providers=("ESA",),
        platforms=("sentinel-2a",),
        instruments=("msi", "olci"),
        thumbnail="https://x.example/t.png",
    )
    around = Holdings(
        count=1, time=TemporalExtent.parse("2020-01-01T00:00:00Z/.."), bbox=(170, -10, -170, 10)
    )
    held.append(Held(collection=hostile, holdings=around, matched=1))
    return CollectionPage(tuple(held), len(held))
