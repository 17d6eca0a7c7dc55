"""What a provider cannot be asked is picked from what it gives."""

from __future__ import annotations

import json

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.protocols import AREA, COLLECTIONS, IDS, TIME, protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.harvesters.slices import plan
from ckanext.nextgeoss.http import Request, Response

ABOUT = {"title": "X", "organization": "x", "url": "https://x.example", "profile": "opensearch"}
QUERY = Query(
    collections=("ours",),
    time=TemporalExtent.parse("2024-06-01/2024-06-30"),
    footprint=Footprint.from_bbox(0, 40, 10, 50),
)


def _provider(template: str) -> Provider:
    return provider_from_mapping("x", {**ABOUT, "template": template, "collections": ["ours", "other"]}, "x")


def _feature(name: str, collection: str, date: str, point: list[float] | None) -> dict[str, object]:
    geometry = {"type": "Point", "coordinates": point} if point else None
    said = {"identifier": name, "parentIdentifier": collection, "date": date}
    return {"type": "Feature", "geometry": geometry, "properties": said}


FEATURES = [
    _feature("in", "ours", "2024-06-10T00:00:00Z", [5, 45]),
    _feature("early", "ours", "2024-05-10T00:00:00Z", [5, 45]),
    _feature("elsewhere", "ours", "2024-06-10T00:00:00Z", [50, 45]),
    _feature("other", "other", "2024-06-10T00:00:00Z", [5, 45]),
    _feature("nowhere", "ours", "2024-06-10T00:00:00Z", None),
]


def _answer(request: Request) -> Response:
    features = FEATURES if request.params.get("from", "1") == "1" else []
    body = {"type": "FeatureCollection", "features": features, "totalResults": len(FEATURES)}
    return Response(200, {}, json.dumps(body).encode(), request.url)


def test_what_a_template_can_ask():
    """It has a hole for it."""
    whole = _provider("/s?c={eo:parentIdentifier}&t={time:start?}&b={geo:box?}&u={geo:uid?}&n={count}")
    assert protocol("opensearch").asks(whole) == {COLLECTIONS, TIME, AREA, IDS}
    assert protocol("opensearch").asks(_provider("/s?n={count}")) == frozenset()


def test_the_rest_is_picked():
    """Time, place and collection of products decide; what is not known of one does not exclude it."""
    catalogue = RemoteCatalogue(_provider("/s?n={count}&from={startIndex}"), _answer)
    answers = list(catalogue.pages(QUERY))
    assert [product.id for answer in answers for product in answer.products] == ["in", "nowhere"]
    assert [len(answer.records) for answer in answers] == [2]
    assert answers[0].total is None, "of all products, not of those wanted"
    assert catalogue.count(QUERY) is None
    assert [product.id for answer in catalogue.pages(QUERY, limit=1) for product in answer.products] == ["in"]


def test_one_slice_where_time_cannot_be_asked():
    """It would come whole with each."""
    now = QUERY.time.end
    assert now is not None
    cut = list(plan(Query(), ["a", "b"], lambda _: None, {}, now, by_time=False))
    assert [piece.key for piece in cut] == ["a/../..", "b/../.."]
