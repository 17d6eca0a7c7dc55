"""Hypothesis strategies for the values of eo/."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from hypothesis import assume, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.property import Property
from ckanext.nextgeoss.eo.spellings import SPELLINGS
from ckanext.nextgeoss.eo.temporal import TemporalExtent

# modest, so that all core tests together take seconds
modest = settings(max_examples=50, deadline=None)

ROWS = load_properties()

times = st.datetimes(datetime(1957, 10, 4), datetime(2100, 1, 1), timezones=st.just(timezone.utc))
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
identifiers = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,40}", fullmatch=True)

longitudes = st.floats(-180, 180).map(lambda x: round(x, 4))
latitudes = st.floats(-89, 89).map(lambda y: round(y, 4))


@st.composite
def extents(draw: st.DrawFn) -> TemporalExtent:
    """Instants, intervals, half-open ones and the extent without ends."""
    first, second = sorted([draw(times), draw(times)])
    ends: list[tuple[datetime | None, datetime | None]]
    ends = [(first, first), (first, second), (first, None), (None, second), (None, None)]
    return TemporalExtent(*draw(st.sampled_from(ends)))


@st.composite
def convex_rings(draw: st.DrawFn) -> list[tuple[float, float]]:
    """A closed ring of 4 to 8 points round a centre at any longitude, up to 160 degrees wide, in one plane:
    its longitudes may leave -180..180."""
    x, y = draw(longitudes), draw(st.integers(-60, 60))
    width, height = draw(st.integers(1, 80)), draw(st.integers(1, 25))
    corners = draw(st.sampled_from([4, 5, 6, 8]))
    unit = [(1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7)]
    chosen = {4: unit[::2], 5: unit[:5], 6: unit[:6], 8: unit}[corners]
    ring = [(round(x + width * dx, 4), round(y + height * dy, 4)) for dx, dy in chosen]
    return [*ring, ring[0]]


@st.composite
def footprints(draw: st.DrawFn) -> Footprint:
    """Areas anywhere, areas with holes, boxes of any width, lines and points."""
    kind = draw(st.sampled_from(["ring", "hole", "box", "line", "point"]))
    if kind == "box":
        south, north = sorted([draw(latitudes), draw(latitudes)])
        return Footprint.from_bbox(draw(longitudes), south, draw(longitudes), north)
    geometry: dict[str, Any]
    if kind == "point":
        geometry = {"type": "Point", "coordinates": [draw(longitudes), draw(latitudes)]}
    elif kind == "line":
        points = draw(st.lists(st.tuples(longitudes, latitudes), min_size=2, max_size=5))
        geometry = {"type": "LineString", "coordinates": points}
    else:
        ring = draw(convex_rings())
        middle = (
            sum(x for x, _ in ring[1:]) / (len(ring) - 1),
            sum(y for _, y in ring[1:]) / (len(ring) - 1),
        )
        hole = [(middle[0] + (x - middle[0]) / 4, middle[1] + (y - middle[1]) / 4) for x, y in ring]
        geometry = {"type": "Polygon", "coordinates": [ring, hole] if kind == "hole" else [ring]}
    found = Footprint.from_geojson(geometry)
    assert found is not None
    return found


def values(row: Property) -> st.SearchStrategy[Any]:
    """Values a row allows."""
    numbers = {"min_value": row.minimum, "max_value": row.maximum}
    whole = {name: None if limit is None else int(limit) for name, limit in numbers.items()}
    texts = st.sampled_from(row.choices) if row.choices else words
    if row.spelling:
        texts = st.sampled_from(["sentinel-2a", "msi", "oli_tirs", "c-sar", "L2A"]).map(
            SPELLINGS[row.spelling]
        )
    return {
        "text": texts,
        "integer": st.integers(
            **{"min_value": -(2**53), "max_value": 2**53} | {n: v for n, v in whole.items() if v is not None}
        ),
        "number": st.floats(**numbers, allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0),
        "time": times,
        "list": st.lists(texts, min_size=1, max_size=3, unique=True).map(tuple),
        "boolean": st.booleans(),
    }[row.type]


checksums = st.sampled_from([("md5", 32), ("sha1", 40), ("sha256", 64), ("sha512", 128)]).flatmap(
    lambda kind: st.text("0123456789abcdef", min_size=kind[1], max_size=kind[1]).map(
        lambda hex_: f"{kind[0]}:{hex_}"
    )
)

assets = st.builds(
    Asset,
    key=identifiers,
    href=identifiers.map(lambda name: f"https://data.example/{name}"),
    roles=st.lists(
        st.sampled_from(["data", "metadata", "thumbnail", "overview"]), unique=True, max_size=2
    ).map(tuple),
    title=st.just("") | words,
    media_type=st.sampled_from(["", "image/tiff; application=geotiff", "image/png", "application/zip"]),
    size=st.none() | st.integers(0, 2**50),
    checksum=st.just("") | checksums,
)


@st.composite
def products(draw: st.DrawFn) -> Product:
    """Products over all rows of the schema."""
    rows = draw(st.lists(st.sampled_from(list(ROWS.values())), unique_by=lambda row: row.name, max_size=8))
    try:
        properties = {row.name: row.parse(draw(values(row))) for row in rows}
    except BadValue:
        assume(False)
        raise
    return Product(
        id=draw(identifiers),
        collection=draw(identifiers),
        title=draw(st.just("") | words),
        footprint=draw(st.none() | footprints()),
        time=draw(extents()),
        properties=properties,
        assets=tuple(draw(st.lists(assets, unique_by=lambda asset: asset.key, max_size=3))),
    )


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Pages of up to three products, with and without a total and a next page."""
    found = tuple(draw(st.lists(products(), max_size=3)))
    total = draw(st.none() | st.integers(0, 10**9))
    return Page(found, total, draw(st.sampled_from(["", "https://hub.example/s?q=a&page=2"])))


# any JSON value, small
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
