"""Harvests from services that no simulator speaks for: CMR, WFS, OGC API Features and a JSON of its own, each
a server on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.harvesting import Hub, act, clear, datasets, errors, run, stats

pytestmark = pytest.mark.usefixtures("with_plugins")

_ABOUT = "title: {name}\norganization: {organization}\nurl: {url}\npage_size: 2\n{said}\n"


def _said(handler: Handler) -> dict[str, str]:
    query = urlsplit(handler.server.seen.calls[-1].path).query
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def _provider(
    hub: Hub, said: str, path: str, answer: Callable[[Handler], None], more: Any = None
) -> Iterator[tuple[str, LocalServer]]:
    """A provider file that says this, of a server that answers so."""
    with serve({path: answer, **(more or {})}) as server:
        hub.allow(server.host)
        name = f"{hub.tag}_one"
        text = _ABOUT.format(
            name=name, organization=name.replace("_", "-"), url=f"{server.url}/api", said=said
        )
        (hub.folder / f"{name}.yaml").write_text(text)
        yield name, server


# --- CMR


class _Cmr:
    """An archive of granules; each has a number, and a revision."""

    def __init__(self, hub: Hub) -> None:
        self.short_name = hub.collection
        self.granules = dict.fromkeys(range(5), "2024-06-05T00:00:00Z")

    def granule(self, number: int) -> dict[str, Any]:
        name, day = f"{self.short_name}.{number}", f"2024-06-0{number + 1}"
        box = dict(zip(("West", "South", "East", "North"), (170, -10, -170, 10), strict=True))
        return {
            "meta": {"revision-date": self.granules[number]},
            "umm": {
                "GranuleUR": name,
                "CollectionReference": {"ShortName": self.short_name, "Version": "1"},
                "TemporalExtent": {
                    "RangeDateTime": {
                        "BeginningDateTime": f"{day}T00:00:00Z",
                        "EndingDateTime": f"{day}T00:05:00Z",
                    }
                },
                "SpatialExtent": {
                    "HorizontalSpatialDomain": {
                        "Geometry": {
                            "BoundingRectangles": [{f"{k}BoundingCoordinate": v for k, v in box.items()}]
                        }
                    }
                },
                "CloudCover": 10 * number,
                "RelatedUrls": [{"URL": f"https://d.example/{name}.nc", "Type": "GET DATA"}],
            },
        }

    def granules_answer(self, handler: Handler) -> None:
        said = _said(handler)
        since = said.get("updated_since", "")
        start, _, end = said.get("temporal[]", ",").partition(",")
        found = [
            number for number, changed in self.granules.items()
            if changed >= since
            and (not start or f"2024-06-0{number + 1}T00:05:00Z" >= start)
            and (not end or f"2024-06-0{number + 1}T00:00:00Z" <= end)
        ]  # fmt: skip
        begin = int(handler.server.seen.calls[-1].headers.get("cmr-search-after", "0"))
        page = found[begin : begin + int(said["page_size"])]
        more = {"CMR-Search-After": str(begin + len(page))} if page else {}
        headers = {"CMR-Hits": str(len(found))} | more
        handler.answer({"hits": len(found), "items": [self.granule(n) for n in page]}, **headers)

    def collections_answer(self, handler: Handler) -> None:
        umm = {
            "ShortName": self.short_name,
            "Version": "1",
            "EntryTitle": "Granules",
            "Abstract": "Of a test.",
        }
        begin = handler.server.seen.calls[-1].headers.get("cmr-search-after")
        handler.answer({"hits": 1, "items": [] if begin else [{"meta": {}, "umm": umm}]})


def _cmr(hub: Hub, archive: _Cmr) -> Any:
    said = f"profile: cmr\nparameters: {{provider: X}}\ncollections:\n  {hub.collection}: {hub.collection}_1"
    more = {"/api/collections.umm_json": archive.collections_answer}
    return _provider(hub, said, "/api/granules.umm_json", archive.granules_answer, more)


def test_cmr(hub: Hub):
    """All granules, then nothing new, then what has changed, and what is gone in a run of everything."""
    archive = _Cmr(hub)
    with _cmr(hub, archive) as (provider, server):
        source = hub.source(provider, collections=[hub.collection])
        assert stats(run(source)) == (5, 0, 0, 0)
        found = datasets(hub.collection)
        assert [each["identifier"] for each in found] == [f"{hub.collection}.{n}" for n in range(5)]
        assert found[3]["cloud_cover"] == 30
        assert found[0]["resources"][0]["url"] == f"https://d.example/{hub.collection}.0.nc"
        assert '"MultiPolygon"' in found[0]["spatial"]

        del server.calls[:]
        archive.granules[1] = "2999-01-01T00:00:00Z"
        run(source)
        assert any("updated_since=" in call.path for call in server.calls)
        assert [each["updated"] for each in datasets(hub.collection)][1].startswith("2999")

        del archive.granules[4]
        run(source)
        assert len(datasets(hub.collection)) == 5  # changes do not tell what is gone
    assert errors(act("harvest_job_list", source_id=source["id"])[0]) == []


def test_cmr_by_time(hub: Hub):
    """The source's interval is asked."""
    with _cmr(hub, _Cmr(hub)) as (provider, server):
        run(hub.source(provider, collections=[hub.collection], start="2024-06-03", end="2024-06-04"))
        assert [each["identifier"][-1] for each in datasets(hub.collection)] == ["2", "3"]
    assert all("temporal" in call.path for call in server.calls if "granules" in call.path)


# --- WFS


def _features(hub: Hub) -> Callable[[Handler], None]:
    def answer(handler: Handler) -> None:
        said = _said(handler)
        begin, size = int(said["startIndex"]), int(said["count"])
        numbers = range(begin, min(begin + size, 5)) if said.get("resultType") != "hits" else ()
        members = "".join(
            f'<wfs:member><{hub.tag} gml:id="{hub.tag}.{n}"><geom>'
            '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326">'
            f"<gml:pos>{40 + n} 7</gml:pos></gml:Point></geom><when>2024-06-0{n + 1}T10:00:00Z</when>"
            f"<file>https://d.example/{n}</file></{hub.tag}></wfs:member>"
            for n in numbers
        )
        body = (
            '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" numberMatched="5" '
            f'xmlns:gml="http://www.opengis.net/gml/3.2">{members}</wfs:FeatureCollection>'
        )
        handler.answer(body.encode(), Content_Type="text/xml")

    return answer


def test_wfs(hub: Hub):
    """All features, with places the right way round; a time is picked from what comes."""
    said = (
        "profile: wfs\nfields: {start: when, end: when, data: file}\n"
        f"collections:\n  {hub.collection}: ns:{hub.tag}"
    )
    with _provider(hub, said, "/api", _features(hub)) as (provider, server):
        source = hub.source(provider, collections=[hub.collection])
        assert stats(run(source)) == (5, 0, 0, 0)
        found = datasets(hub.collection)
        assert [each["identifier"] for each in found] == [f"{hub.tag}.{n}" for n in range(5)]
        assert json.loads(found[0]["spatial"])["coordinates"] == [7, 40]
        assert stats(run(source)) == (0, 0, 5, 0)
        clear(source)
        run(hub.source(provider, collections=[hub.collection], start="2024-06-02", end="2024-06-03"))
        assert [each["identifier"][-1] for each in datasets(hub.collection)] == ["1", "2"]
    assert all(f"typeNames=ns%3A{hub.tag}" in call.path for call in server.calls)


def test_wfs_exception(hub: Hub):
    """With status 200: an error of the job, and what was there stays."""
    said = f"profile: wfs\ncollections:\n  {hub.collection}: ns:x"

    def refusing(handler: Handler) -> None:
        words = "<ows:ExceptionText>no such type</ows:ExceptionText>"
        body = (
            '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1">'
            f'<ows:Exception exceptionCode="X">{words}</ows:Exception></ows:ExceptionReport>'
        )
        handler.answer(body.encode())

    with _provider(hub, said, "/api", refusing) as (provider, _):
        job = run(hub.source(provider, collections=[hub.collection]))
    assert any("no such type" in message for message in errors(job))


# --- JSON of its own, OGC API Features


def test_json(hub: Hub):
    """Declared paths, the whole way to datasets."""
    said = (
        'profile: json\ntemplate: "/items?from={time:start?}&to={time:end?}&start={startIndex}&n={count}"\n'
        "layout: {entries: data/items, total: data/total}\nfirst: 0\n"
        "fields: {start: t, end: t, geometry: box, data: href, cloud_cover: cc}\n"
        f"collections:\n  {hub.collection}: {{ids: theirs, pattern: '.*'}}"
    )

    def serving(handler: Handler) -> None:
        asked = _said(handler)
        begin = int(asked["start"])
        items = [
            {"id": f"{hub.tag}-{n}", "t": 1717495200000 + n, "box": [[1, 2], [3, 4]], "cc": n,
             "href": f"https://d.example/{n}"}
            for n in range(begin, min(begin + int(asked["n"]), 5))
        ]  # fmt: skip
        handler.answer({"data": {"items": items, "total": 5}})

    with _provider(hub, said, "/api/items", serving) as (provider, _):
        source = hub.source(provider, collections=[hub.collection])
        assert stats(run(source)) == (5, 0, 0, 0)
        assert [each["cloud_cover"] for each in datasets(hub.collection)] == [0, 1, 2, 3, 4]
        assert stats(run(source)) == (0, 0, 5, 0)


def test_ogc_features(hub: Hub):
    """Page after page by links."""
    said = f"profile: ogc_features\ncollections:\n  {hub.collection}: theirs"

    def serving(handler: Handler) -> None:
        asked = _said(handler)
        begin, limit = int(asked.get("offset", 0)), int(asked["limit"])
        features = [
            {"type": "Feature", "id": f"{hub.tag}-{n}", "geometry": {"type": "Point", "coordinates": [n, 40]},
             "properties": {"datetime": f"2024-06-0{n + 1}T10:00:00Z", "title": f"Number {n}"}}
            for n in range(begin, min(begin + limit, 5))
        ]  # fmt: skip
        links = [{"rel": "next", "href": f"items?offset={begin + limit}&limit={limit}"}]
        more = links if begin + limit < 5 else []
        handler.answer({"type": "FeatureCollection", "features": features, "numberMatched": 5, "links": more})

    def collections(handler: Handler) -> None:
        handler.answer({"collections": [{"id": "theirs", "title": "Theirs"}]})

    more = {"/api/collections": collections}
    with _provider(hub, said, "/api/collections/theirs/items", serving, more) as (provider, _):
        source = hub.source(provider, collections=[hub.collection])
        assert stats(run(source)) == (5, 0, 0, 0)
        assert [each["title"] for each in datasets(hub.collection)] == [f"Number {n}" for n in range(5)]
