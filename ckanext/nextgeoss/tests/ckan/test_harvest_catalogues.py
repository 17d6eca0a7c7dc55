"""Metadata catalogues harvested as CKAN does it: CSW, OAI-PMH, changes only, and what is said to be gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.harvesters import rehearsal
from ckanext.nextgeoss.harvesters.sources import find_source
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.harvesting import Hub, datasets, errors, run, stats

pytestmark = pytest.mark.usefixtures("with_plugins")

_RECORD = (
    "<gmd:MD_Metadata xmlns:gmd='http://www.isotc211.org/2005/gmd' "
    "xmlns:gco='http://www.isotc211.org/2005/gco' xmlns:gml='http://www.opengis.net/gml/3.2'>"
    "<gmd:fileIdentifier><gco:CharacterString>{name}</gco:CharacterString></gmd:fileIdentifier>"
    "<gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation>"
    "<gmd:title><gco:CharacterString>{title}</gco:CharacterString></gmd:title>"
    "</gmd:CI_Citation></gmd:citation><gmd:extent><gmd:EX_Extent>"
    "<gmd:geographicElement><gmd:EX_GeographicBoundingBox>"
    "<gmd:westBoundLongitude><gco:Decimal>5</gco:Decimal></gmd:westBoundLongitude>"
    "<gmd:eastBoundLongitude><gco:Decimal>6</gco:Decimal></gmd:eastBoundLongitude>"
    "<gmd:southBoundLatitude><gco:Decimal>50</gco:Decimal></gmd:southBoundLatitude>"
    "<gmd:northBoundLatitude><gco:Decimal>51</gco:Decimal></gmd:northBoundLatitude>"
    "</gmd:EX_GeographicBoundingBox></gmd:geographicElement>"
    "<gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent><gml:TimePeriod>"
    "<gml:beginPosition>2020</gml:beginPosition><gml:endPosition>2021</gml:endPosition>"
    "</gml:TimePeriod></gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement>"
    "</gmd:EX_Extent></gmd:extent></gmd:MD_DataIdentification></gmd:identificationInfo></gmd:MD_Metadata>"
)


@dataclass
class Repository:
    """Records by name with their titles, and names of those that are gone; two a page."""

    records: dict[str, str]
    gone: list[str] = field(default_factory=list[str])
    asked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def _take(self, handler: Handler) -> dict[str, str]:
        query = parse_qs(urlsplit(handler.server.seen.calls[-1].path).query)
        self.asked.append({name: values[0] for name, values in query.items()})
        return self.asked[-1]

    def csw(self, handler: Handler) -> None:
        """GetRecords."""
        asked = self._take(handler)
        names = list(self.records)
        begin = int(asked["startPosition"]) - 1
        found = [] if asked["resultType"] == "hits" else names[begin : begin + 2]
        following = 0 if begin + 2 >= len(names) else begin + 3
        records = "".join(_RECORD.format(name=name, title=self.records[name]) for name in found)
        handler.answer(
            (
                "<csw:GetRecordsResponse xmlns:csw='http://www.opengis.net/cat/csw/2.0.2'><csw:SearchResults "
                f"numberOfRecordsMatched='{len(names)}' nextRecord='{following}'>{records}"
                "</csw:SearchResults></csw:GetRecordsResponse>"
            ).encode()
        )

    def oai(self, handler: Handler) -> None:
        """ListRecords: those that are gone first."""
        asked = self._take(handler)
        names = [*self.gone, *self.records]
        begin = int(asked.get("resumptionToken", "0"))
        records = "".join(map(self._record, names[begin : begin + 2]))
        token = str(begin + 2) if begin + 2 < len(names) else ""
        handler.answer(
            (
                f"<OAI-PMH><ListRecords>{records}<resumptionToken completeListSize='{len(names)}'>{token}"
                "</resumptionToken></ListRecords></OAI-PMH>"
            ).encode()
        )

    def geonetwork(self, handler: Handler) -> None:
        """xml.search."""
        asked = self._take(handler)
        begin, end = int(asked["from"]), min(int(asked["to"]), len(self.records))
        names = list(self.records)[begin - 1 : end]
        found = "".join(_RECORD.format(name=name, title=self.records[name]) for name in names)
        summary = f"<summary count='{len(self.records)}'/>"
        handler.answer(f"<response from='{begin}' to='{end}'>{summary}{found}</response>".encode())

    def _record(self, name: str) -> str:
        identifier = f"<identifier>oai:x.example:{name}</identifier><datestamp>2024-01-01</datestamp>"
        if name in self.gone:
            return f"<record><header status='deleted'>{identifier}</header></record>"
        record = _RECORD.format(name=name, title=self.records[name])
        return f"<record><header>{identifier}</header><metadata>{record}</metadata></record>"


@contextmanager
def provider(hub: Hub, profile: str, repository: Repository, name: str = "one") -> Iterator[str]:
    """The id of a provider with this repository."""
    routes = {"/cat": repository.csw if profile == "csw" else repository.oai}
    with serve(routes | {"/cat/xml.search": repository.geonetwork}) as server:
        hub.allow(server.host)
        yield _described(hub, profile, server, name)


def _described(hub: Hub, profile: str, server: LocalServer, name: str) -> str:
    provider_id = f"{hub.tag}_{name}"
    (hub.folder / f"{provider_id}.yaml").write_text(
        f"title: Catalogue\norganization: {provider_id.replace('_', '-')}\nurl: {server.url}/cat\n"
        f"profile: {profile}\npage_size: 2\ncollections:\n  {hub.collection}: {{pattern: .*}}\n"
    )
    return provider_id


def _names(hub: Hub) -> list[str]:
    return [dataset["identifier"] for dataset in datasets(hub.collection)]


def _records(hub: Hub, *names: str) -> dict[str, str]:
    return {f"{hub.tag}-{name}": f"Title of {name}" for name in names}


@pytest.mark.parametrize(
    ("profile", "said"), [("csw", "constraint"), ("oai_pmh", "from"), ("geonetwork", "dateFrom")]
)
def test_catalogue(hub: Hub, profile: str, said: str):
    """All pages become datasets; the next run asks for changes only, and writes what differs."""
    repository = Repository(_records(hub, "a", "b", "c", "d", "e"))
    with provider(hub, profile, repository) as name:
        source = hub.source(name)
        assert stats(run(source)) == (5, 0, 0, 0)
        first = datasets(hub.collection)[0]
        assert (first["title"], first["timerange_start"][:10]) == ("Title of a", "2020-01-01")
        assert first["timerange_end"].startswith("2021-12-31")
        assert '"Polygon"' in first["spatial"]
        repository.records[f"{hub.tag}-b"] = "Another title"
        repository.asked.clear()
        job = run(source)
        assert stats(job) == (0, 1, 4, 0), errors(job)
        assert all(said in asked or "resumptionToken" in asked for asked in repository.asked)


@pytest.mark.parametrize("writer", ["auto", "classic"])
def test_deleted_by_the_provider(hub: Hub, writer: str):
    """What the provider says it has deleted goes in the slice that hears it; what it never offered, and what
    others offer, stays; what comes back comes back."""
    repository = Repository(_records(hub, "a", "b", "c"))
    settings = {"writer": writer}
    with provider(hub, "oai_pmh", repository) as name:
        source = hub.source(name, **settings)
        run(source)
        title = repository.records.pop(f"{hub.tag}-b")
        repository.gone = [f"{hub.tag}-b", f"{hub.tag}-z"]
        (done,) = list(rehearsal.rehearse(find_source(source["id"])))[-1:]
        assert done.counted["deleted"] == 1
        assert _names(hub) == [f"{hub.tag}-{each}" for each in "abc"]
        job = run(source)
        assert _names(hub) == [f"{hub.tag}-{each}" for each in "ac"]
        assert job["stats"]["deleted"] == 1
        assert stats(job)[3] == 0, errors(job)
        repository.gone = []
        repository.records[f"{hub.tag}-b"] = title
        run(source)
        assert _names(hub) == [f"{hub.tag}-{each}" for each in "abc"]


def test_deleted_by_one_of_two(hub: Hub):
    """The other one's offer keeps the dataset."""
    one, two = Repository(_records(hub, "a", "b")), Repository(_records(hub, "a", "b"))
    with provider(hub, "oai_pmh", one) as first, provider(hub, "oai_pmh", two, "two") as second:
        sources = [hub.source(first), hub.source(second)]
        for source in sources:
            run(source)
        del one.records[f"{hub.tag}-a"]
        one.gone = [f"{hub.tag}-a"]
        run(sources[0])
        assert _names(hub) == [f"{hub.tag}-{each}" for each in "ab"]
        del two.records[f"{hub.tag}-a"]
        two.gone = [f"{hub.tag}-a"]
        run(sources[1])
        assert _names(hub) == [f"{hub.tag}-b"]


def test_a_limited_run_withdraws_nothing(hub: Hub):
    repository = Repository(_records(hub, "a", "b"))
    with provider(hub, "oai_pmh", repository) as name:
        run(hub.source(name))
        limited = hub.source(name, limit=1)
        run(limited)
        repository.gone = [f"{hub.tag}-a", f"{hub.tag}-b"]
        repository.records.clear()
        run(limited)
        assert _names(hub) == [f"{hub.tag}-{each}" for each in "ab"]


def test_changes_that_cannot_be_asked(hub: Hub):
    """A service that answers with an exception in a success is asked for everything."""
    repository = Repository(_records(hub, "a", "b"))
    exception = (
        b"<ows:ExceptionReport xmlns:ows='http://www.opengis.net/ows'><ows:Exception exceptionCode='NoCode'>"
        b"<ows:ExceptionText>no queryable</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
    )

    def answer(handler: Handler) -> None:
        path = handler.server.seen.calls[-1].path
        handler.answer(exception) if "constraint" in path else repository.csw(handler)

    with serve({"/cat": answer}) as server:
        hub.allow(server.host)
        source = hub.source(_described(hub, "csw", server, "one"))
        assert stats(run(source)) == (2, 0, 0, 0)
        repository.records |= _records(hub, "c")
        job = run(source)
        assert stats(job)[0] == 1, errors(job)
        assert stats(job)[3] == 0


def test_records_of_iso_are_judged_by_their_schema(hub: Hub):
    """What the provider sent is kept with the harvest, and what is wrong with it is told with the dataset."""
    with provider(hub, "csw", Repository(_records(hub, "a"))) as name:
        assert stats(run(hub.source(name))) == (1, 0, 0, 0)
        found = call_action("quality_check_run", {}, id=datasets(hub.collection)[0]["id"])
        (told,) = [result for result in found["results"] if result["check"] == "source_schema"]
        assert (told["dq_class"], told["passed"]) == ("ConceptualConsistency", False)
        assert "This element is not expected" in told["found"][0] or "Missing child" in told["found"][0]
    owner = factories.Organization(image_url="")["id"]
    made = factories.Dataset(name=f"{hub.tag}-by-hand", owner_org=owner)
    found = call_action("quality_check_run", {}, id=made["id"])
    assert "source_schema" in found["not_applicable"]
