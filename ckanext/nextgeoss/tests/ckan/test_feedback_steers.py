"""What users and automatic checks say steers searches by all APIs, and is told by what they answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.exceptions import CkanConfigurationException
from ckan.lib.search import rebuild
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from jsonschema import Draft7Validator
from lxml import etree, html

from ckanext.nextgeoss import config
from ckanext.nextgeoss.eo.formats.atom import read_page as read_atom
from ckanext.nextgeoss.eo.formats.stac import read_item
from ckanext.nextgeoss.eo.formats.stac_others import read_others
from ckanext.nextgeoss.feedback.logic import summaries
from ckanext.nextgeoss.feedback.logic.indexing import fields_of
from ckanext.nextgeoss.feedback.quality.model import Quality
from ckanext.nextgeoss.search import catalogue as catalogues
from ckanext.nextgeoss.search.model import Outbox
from ckanext.nextgeoss.search.outbox import enqueue
from ckanext.nextgeoss.tests.feedback import Hub, act, fit, make_hub, new_user, problem
from ckanext.nextgeoss.tests.harvesting import index_waiting
from ckanext.nextgeoss.tests.loaded import site_app
from ckanext.nextgeoss.tests.opensearch import OS, PARAMETERS

ATOM = "{http://www.w3.org/2005/Atom}"
THR = "{http://purl.org/syndication/thread/1.0}"
GUF = "{https://github.com/NextGEOSS/guf/1.0}"
DOI = "10.5194/essd-12-1-2020"


@dataclass
class Story:
    """A collection with products that users judge, by what they are."""

    hub: Hub
    app: Any
    collection: str
    data: dict[str, dict[str, Any]]

    def kinds(self, identifiers: list[str]) -> list[str]:
        """What the products with these identifiers are."""
        names = {each["identifier"]: kind for kind, each in self.data.items()}
        return [names[each] for each in identifiers]

    def action(self, **asked: Any) -> list[str]:
        """What `product_search` finds."""
        found = act("", "product_search", collection=self.collection, **asked)["results"]
        return self.kinds([each["id"] for each in found])

    def stac(self, **asked: Any) -> list[str]:
        """What a search by POST finds."""
        answer = self.app.post("/stac/search", json={"collections": [self.collection], "limit": 50, **asked})
        assert answer.status_code == 200, answer.body
        return self.kinds([each["id"] for each in answer.json["features"]])

    def opensearch(self, status: int = 200, **asked: Any) -> list[str]:
        """What OpenSearch finds."""
        given = {"parentIdentifier": self.collection, **asked}
        answer = self.app.get("/opensearch/search.json", query_string=given, status=status)
        if status != 200:
            return [answer.body]
        return self.kinds([each["properties"]["identifier"] for each in json.loads(answer.body)["features"]])

    def fields(self, kind: str) -> dict[str, Any]:
        """The fields of the search document."""
        return fields_of([self.data[kind]["id"]]).get(self.data[kind]["id"], {})


@pytest.fixture(scope="module")
def story(plugins: None) -> Story:
    hub, collection = make_hub(), f"steered-{uuid4().hex[:8]}"
    kinds = ("loved", "blocked", "fit", "silent")
    made = {kind: hub.product(collection, f"{kind}_{uuid4().hex[:6]}") for kind in kinds}
    farmer = {"contact": {"application_domain": ["Agriculture"]}}
    for stars in (5, 4):
        hub.review(new_user(), made["loved"], stars, usage=fit(), **farmer)
    hub.review(new_user(), made["loved"], 5, usage=problem("Small stripes"), severity="minor", **farmer)
    cited = {
        "type": "publication", "title": "Crops from space", "category": "journalArticle",
        "identifier": [{"code": DOI, "code_space": "doi.org"}],
    }  # fmt: skip
    hub.review(new_user(), made["fit"], 2, usage=fit(), citation=[cited], **farmer)
    hub.review(new_user(), made["blocked"], 3, usage=fit(), **farmer)
    act(
        new_user(), "feedback_create", package_id=made["blocked"]["id"], abstract="Useless", usage=problem(),
        severity="blocking", **farmer,
    )  # fmt: skip
    for kind in ("loved", "silent"):
        act(hub.sysadmin, "quality_check_run", id=made[kind]["id"])
    summaries.site_mean.cache_clear()
    index_waiting()
    catalogues._domains.cache_clear()
    return Story(hub, site_app(), collection, made)


# --- asked


def test_product_search_asks_it(story: Story) -> None:
    assert story.action(rating_min=4) == ["loved"]
    assert story.action(reviews_min=3) == ["loved"]
    assert set(story.action(fit_for="AGRICULTURE")) == {"loved", "fit"}
    score = story.fields("silent")["guf_metadata_score"]
    assert set(story.action(metadata_score=score, sort="-metadata_score")) >= {"silent"}
    assert set(story.action(metadata_score_min=0)) == {"loved", "silent"}
    (found,) = act("", "product_search", collection=story.collection, reviews_min=1, rating_max=2)["results"]
    said = found["feedback"]
    assert (said["average"], said["ratings"], said["items"]) == (2.0, 1, 1)
    assert said["publications"] == [{"doi": DOI, "citation": "Crops from space"}]
    assert act("", "product_show", id=found["uuid"])["feedback"] == said
    with pytest.raises(toolkit.ValidationError, match="from 1 up to 5"):
        story.action(rating_min=7)


def test_stac_asks_it(story: Story) -> None:
    assert story.stac(query={"guf:rating": {"gte": 4}}) == ["loved"]
    assert story.stac(query={"guf:rating.average": {"gte": 4}, "guf:rating.count": {"gt": 2}}) == ["loved"]
    assert set(story.stac(query={"guf:fit_for": {"eq": "agriculture"}})) == {"loved", "fit"}
    text = {"filter-lang": "cql2-text"}
    assert story.stac(filter="guf:reviews >= 3 AND guf:open_issues <> 'blocking'", **text) == ["loved"]
    assert set(story.stac(filter="A_CONTAINS(guf:fit_for, ('agriculture'))", **text)) == {"loved", "fit"}
    assert set(story.stac(filter="guf:metadata_score IS NULL", **text)) == {"blocked", "fit"}
    tree = {"op": ">=", "args": [{"property": "guf:rating"}, 4]}
    assert story.stac(filter=tree) == ["loved"]
    by_rank = story.stac(sortby=[{"field": "guf:rank", "direction": "desc"}])
    assert by_rank[0] == "loved" and by_rank[-1] == "silent"


def test_stac_says_that_it_can_be_asked(story: Story) -> None:
    address = f"/stac/collections/{story.collection}/queryables"
    told = story.app.get(address).json["properties"]
    assert told["guf:rating"]["type"] == "number" and told["guf:rating"]["minimum"] == 2
    assert told["guf:fit_for"]["items"]["enum"] == ["agriculture"]
    assert told["guf:open_issues"]["enum"] == ["blocking", "minor", "none"]
    assert {"guf:reviews", "guf:metadata_score", "guf:metadata_band", "guf:latest"} <= told.keys()
    orders = story.app.get(address.replace("queryables", "sortables")).json["properties"]
    assert {"guf:rating", "guf:rank", "guf:metadata_score"} <= orders.keys()


def test_opensearch_asks_it(story: Story) -> None:
    assert story.opensearch(minRating="4") == ["loved"]
    assert story.opensearch(**{"guf:minRating": "4.5", "{guf}minReviews": "3"}) == ["loved"]
    assert set(story.opensearch(fitFor="agriculture")) == {"loved", "fit"}
    assert story.opensearch(openIssues="blocking") == ["blocked"]
    assert set(story.opensearch(minMetadataScore="1")) == {"loved", "silent"}
    assert story.opensearch(sortBy="rating")[0] == "loved"
    assert story.opensearch(sortBy="rating")[-1] == "silent"
    assert story.opensearch(sortBy="reviews", sortKeys="start,,1")[0] == "loved"
    assert set(story.opensearch(fitFirst="agriculture")[:2]) == {"loved", "fit"}
    (told,) = story.opensearch(400, minRating="9")
    assert "minRating" in told and "from 1 up to 5" in told
    (told,) = story.opensearch(400, sortBy="price")
    assert "rating, reviews, latest, metadata" in told


def test_the_description_document_offers_it(story: Story) -> None:
    document = story.app.get("/opensearch/description.xml", query_string={"osdd": story.collection}).body
    root = etree.fromstring(document.encode())
    url = root.find(f"{OS}Url[@type='application/atom+xml']")
    assert root.nsmap["guf"] == GUF[1:-1]
    offered = {each.get("value"): each for each in url.iterfind(f"{PARAMETERS}Parameter")}
    for name in ("minRating", "minReviews", "fitFor", "fitFirst", "sortBy", "openIssues", "minMetadataScore"):
        assert f"{name}={{guf:{name}?}}" in url.get("template")
        assert offered[f"{{guf:{name}}}"].get("title")
    assert offered["{guf:minRating}"].get("minInclusive") == "1"
    assert offered["{guf:minRating}"].get("maxInclusive") == "5"

    def options(name: str) -> list[str]:
        return [each.get("value") for each in offered[f"{{guf:{name}}}"]]

    assert options("fitFor") == options("fitFirst") == ["agriculture"]
    assert options("sortBy") == ["rating", "reviews", "latest", "metadata"]
    assert set(options("openIssues")) == {"none", "minor", "blocking"}


def test_ogc_apis_ask_it(story: Story) -> None:
    for root in ("features", "records"):
        found = story.app.get(
            f"/{root}/collections/{story.collection}/items", query_string={"filter": "rating >= 4"}
        )
        assert found.json["numberMatched"] == 1


# --- what is fit comes first


def test_what_is_fit_comes_first_on_all_pages(story: Story) -> None:
    """Before the order that is asked for, which holds within what is fit and within the rest."""
    assert story.action(fit_first="agriculture", sort="-rating")[:2] == ["loved", "fit"]
    assert story.action(fit_first="agriculture", sort="rating")[:3] == ["fit", "loved", "blocked"]
    assert story.action(fit_first="nothing of the kind", sort="-rating") == story.action(sort="-rating")
    found, cursor = [], ""
    while True:
        page = act(
            "", "product_search", collection=story.collection, fit_first="Agriculture", sort="rating",
            limit=1, **({"cursor": cursor} if cursor else {}),
        )  # fmt: skip
        found += [each["id"] for each in page["results"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert story.kinds(found) == story.action(fit_first="agriculture", sort="rating")
    ckan = call_action(
        "package_search", {"user": ""}, fq=f"eo_collection:{story.collection}", sort="guf_rating asc",
        extras={"ext_fit_first": "agriculture"},
    )["results"]  # fmt: skip
    assert story.kinds([each["identifier"] for each in ckan])[:2] == ["fit", "loved"]


def test_what_is_fit_is_an_order_of_stac_and_ogc_apis(story: Story) -> None:
    """The same one as elsewhere, over all pages, before another and alone."""
    for rest, fields in (("", []), ("-rating_rank", [{"field": "guf:rank", "direction": "desc"}])):
        expected = story.action(fit_first="agriculture", **({"sort": rest} if rest else {}))
        assert set(expected[:2]) == {"loved", "fit"}
        first = {"field": "guf:fit_for.Agriculture", "direction": "desc"}
        assert story.stac(sortby=[first, *fields]) == expected
        given = ",".join(filter(None, ("-properties.guf:fit_for.agriculture", "-guf:rank" if rest else "")))
        ask: dict[str, str] | None = {"collections": story.collection, "sortby": given, "limit": "1"}
        found, address = [], "/stac/search"
        while address:
            page = story.app.get(address, query_string=ask).json
            found += [each["id"] for each in page["features"]]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            address = following[0].removeprefix(toolkit.config["ckan.site_url"]) if following else ""
            ask = None
        assert story.kinds(found) == expected
        own = ",".join(filter(None, ("-fit_for.agriculture", rest)))
        for root in ("records", "features"):
            items = f"/{root}/collections/{story.collection}/items"
            page = story.app.get(items, query_string={"sortby": own}).json
            assert story.kinds([each["id"] for each in page["features"]]) == expected
    last = story.stac(sortby=[{"field": "guf:fit_for.agriculture", "direction": "asc"}])
    assert set(last[:2]) == {"blocked", "silent"}


def test_sortables_name_the_fields_of_application(story: Story) -> None:
    for root, name in (("stac", "guf:fit_for"), ("records", "fit_for"), ("features", "fit_for")):
        address = f"/{root}/collections/{story.collection}/sortables"
        told = story.app.get(address).json["properties"]
        assert [each for each in told if each.startswith(name)] == [f"{name}.agriculture"]
        assert told[f"{name}.agriculture"]["type"] == "boolean"
        asked = story.app.get(address.replace("sortables", "queryables")).json["properties"]
        assert f"{name}.agriculture" not in asked


@pytest.mark.parametrize(
    "domain",
    [
        '"', "\\", '\\"', '") desc, id asc', "{!lucene}*:*", "$q", "')", "a,b) desc,title_string", "\x00\x07",
        "_query_:x", "日本 🛰", "\ud800", "sea ice (north)",
    ],
)  # fmt: skip
def test_no_text_of_a_domain_is_read_by_solr(story: Story, domain: str) -> None:
    usual = story.action(sort="-rating")
    assert story.action(fit_first=domain, sort="-rating") == usual
    if domain != "\ud800":  # which JSON cannot have
        keys = [{"field": f"guf:fit_for.{domain}"}, {"field": "guf:rating", "direction": "desc"}]
        assert story.stac(sortby=keys) == usual
    if domain.isprintable() and domain[0] != "\ud800":
        assert sorted(story.opensearch(fitFirst=domain)) == sorted(usual)
        ask = {"fit_first": domain, "collection": story.collection}
        assert story.app.get("/dataset/", query_string=ask, status=200)


def test_a_domain_with_any_letters_is_found(story: Story) -> None:
    """What is escaped is read as what it was."""
    data, other = (story.hub.product(f"odd-{uuid4().hex[:8]}", f"odd_{uuid4().hex[:6]}") for _ in range(2))
    domain = 'snow & "ice", (north) \\ 100 %'
    hub = story.hub
    hub.review(new_user(), data, 1, usage=fit(), contact={"application_domain": [domain]})
    hub.review(new_user(), other, 5)
    index_waiting()
    found = act("", "product_search", id=[data["id"], other["id"]], fit_first=domain, sort="-rating")
    assert [each["uuid"] for each in found["results"]] == [data["id"], other["id"]]


# --- told


def test_items_tell_it_by_an_extension_of_our_own(story: Story) -> None:
    items = story.app.get(f"/stac/collections/{story.collection}/items").json["features"]
    told = dict(zip(story.kinds([each["id"] for each in items]), items, strict=True))
    address = f"{toolkit.config['ckan.site_url']}/stac/extensions/guf/v1.0.0/schema.json"
    loved = told["loved"]["properties"]
    assert loved["guf:rating"] == {"average": 4.6667, "count": 3, "best": 5, "worst": 1}
    assert loved["guf:open_issues"] == "minor" and loved["guf:fit_for"] == ["agriculture"]
    assert loved["guf:metadata_score"] == story.fields("loved")["guf_metadata_score"]
    assert loved["guf:metadata_band"] in ("excellent", "good", "sufficient", "poor")
    (replies,) = (link for link in told["loved"]["links"] if link["rel"] == "replies")
    assert replies["guf:count"] == 3
    assert story.app.get(replies["href"].removeprefix(toolkit.config["ckan.site_url"])).status_code == 200
    assert not any(link["rel"] == "replies" for link in told["silent"]["links"])
    schema = story.app.get(address.removeprefix(toolkit.config["ckan.site_url"])).json
    Draft7Validator.check_schema(schema)
    for item in items:
        assert address in item["stac_extensions"]
        assert [error.message for error in Draft7Validator(schema).iter_errors(item)] == []
    loved["guf:rating"]["average"] = 7
    assert list(Draft7Validator(schema).iter_errors(told["loved"]))


def test_publications_of_users_are_told_and_not_kept(story: Story) -> None:
    """Who writes the item back, or harvests it, does not make them properties of the product."""
    identifier = story.data["fit"]["identifier"]
    item = story.app.get(f"/stac/collections/{story.collection}/items/{identifier}").json
    assert item["properties"]["sci:publications"] == [
        {"doi": DOI, "citation": "Crops from space", "guf:cited_by": "users"}
    ]
    assert any("/scientific/" in each for each in item["stac_extensions"])
    assert "publications" not in read_item(item).properties
    assert read_others(item["properties"], config.eo_properties()) == ""


def test_atom_entries_tell_it(story: Story) -> None:
    answer = story.app.get("/opensearch/search.atom", query_string={"parentIdentifier": story.collection})
    feed = etree.fromstring(answer.body.encode())
    entries = {
        story.kinds([each.findtext("{http://purl.org/dc/elements/1.1/}identifier")])[0]: each
        for each in feed.iterfind(f"{ATOM}entry")
    }
    links = entries["loved"].findall(f"{ATOM}link[@rel='replies']")
    assert [each.get("type") for each in links] == ["application/atom+xml", "text/html"]
    assert links[0].get(f"{THR}count") == "3" and links[0].get(f"{THR}updated").endswith("Z")
    assert links[0].get("href").endswith(f"/dataset/{story.data['loved']['name']}/feedback.atom")
    told = entries["loved"].find(f"{GUF}feedback")
    assert (told.get("average"), told.get("ratings"), told.get("items")) == ("4.6667", "3", "3")
    assert [each.text for each in told] == ["agriculture"]
    silent = entries["silent"]
    assert not silent.findall(f"{ATOM}link[@rel='replies']")
    assert silent.find(f"{GUF}feedback").get("metadataScore")
    page = read_atom(answer.body.encode())
    assert all(not each.problems for each in page.products)
    assert all("rating" not in each.properties for each in page.products)


# --- the score of the metadata


def test_a_score_that_changes_is_indexed(story: Story) -> None:
    data = story.hub.product(story.collection + "-s", f"scored_{uuid4().hex[:6]}")
    index_waiting()

    def waits() -> int:
        model.Session.rollback()
        return model.Session.scalar(
            sa.select(sa.func.count()).select_from(Outbox).where(Outbox.package_id == data["id"])
        )

    act(story.hub.sysadmin, "quality_check_run", id=data["id"])
    assert waits() == 1
    index_waiting()
    found = act("", "product_search", id=[data["id"]], facets=["metadata_band"])
    score = fields_of([data["id"]])[data["id"]]["guf_metadata_score"]
    assert [each["count"] for each in found["facets"]["metadata_band"]] == [1]
    assert act("", "product_search", id=[data["id"]], metadata_score=score)["count"] == 1
    act(story.hub.sysadmin, "quality_check_run", id=data["id"])
    assert waits() == 0, "nothing has changed"
    model.Session.execute(sa.update(Quality).where(Quality.package_id == data["id"]).values(score=1))
    model.Session.commit()
    act(story.hub.sysadmin, "quality_check_run", id=data["id"])
    assert waits() == 1


def test_fields_of_a_batch_are_two_queries(story: Story) -> None:
    """However many datasets there are, and one when nobody cites anything."""
    told: list[str] = []

    def note(*given: Any) -> None:
        told.append(given[2])

    ids = [each["id"] for each in story.data.values()]
    fields_of(ids)
    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        fields_of(ids)
        assert len(told) == 2
        told.clear()
        fields_of([story.data["loved"]["id"], story.data["silent"]["id"]])
        assert len(told) == 1
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


# --- pages


def cards(page: str) -> dict[str, str]:
    """The text of each card by the name of its dataset, in order."""
    tree = html.document_fromstring(page)
    return {
        each.get("data-eo-footprint"): " ".join(each.text_content().split())
        for each in tree.xpath("//li[@data-eo-footprint]")
    }


def test_the_search_page_has_what_is_fit_first(story: Story) -> None:
    ask = {"collection": story.collection, "fit_first": "agriculture", "sort": "rating"}
    page = story.app.get("/dataset/", query_string=ask).body
    found = cards(page)
    names = {each["name"]: kind for kind, each in story.data.items()}
    assert [names[each] for each in found] == ["loved", "fit", "blocked", "silent"]
    assert "2 of 3 users found it fit for agriculture" in found[story.data["loved"]["name"]]
    assert "1 of 1 user found it fit for agriculture" in found[story.data["fit"]["name"]]
    assert "fit for" not in found[story.data["blocked"]["name"]]
    tree = html.document_fromstring(page)
    (chosen,) = tree.xpath("//select[@name='fit_first']/option[@selected]")
    assert chosen.text == "agriculture"
    assert any("First, what is fit for: agriculture" in " ".join(each.text_content().split())
               for each in tree.xpath("//ul[@class='eo-chips']/li"))  # fmt: skip
    only = cards(story.app.get("/dataset/", query_string={**ask, "fit_for": "agriculture"}).body)
    assert [names[each] for each in only] == ["loved", "fit"]


def test_the_search_page_narrows_by_the_quality_of_metadata(story: Story) -> None:
    band = story.fields("silent")["guf_metadata_band"]
    ask = {"collection": story.collection, "metadata_band": band, "sort": "metadata"}
    page = story.app.get("/dataset/", query_string=ask).body
    assert story.data["silent"]["name"] in cards(page) and "Quality of the metadata" in page
    assert story.data["fit"]["name"] not in cards(page)


def test_what_users_say_goes_along_to_exports_and_programs(story: Story) -> None:
    """Facets of feedback are part of the query, which all APIs answer."""
    ask = {"collection": story.collection, "rating_min": "4", "sort": "rating"}
    page = html.document_fromstring(story.app.get("/dataset/", query_string=ask).body)
    (address,) = (each.get("href") for each in page.xpath("//div[@class='eo-exports']//a")
                  if ".csv" in each.get("href"))  # fmt: skip
    lines = story.app.get(address).body.splitlines()
    assert len(lines) == 2 and story.data["loved"]["identifier"] in lines[1]
    shown = story.app.get("/apis", query_string=ask).body
    assert "minRating=4" in shown and "guf%3Arating" in shown


def test_ckans_own_lists_have_stars_by_one_query(story: Story) -> None:
    """Of an organization, of a group, and of a user."""
    told: list[str] = []

    def note(*given: Any) -> None:
        told.append(given[2])

    topic = factories.Group(image_url="", user={"name": story.hub.sysadmin})["name"]
    user = new_user()
    for data in story.data.values():
        call_action("member_create", {"user": story.hub.sysadmin}, id=topic, object=data["id"],
                    object_type="package", capacity="public")  # fmt: skip
        model.Package.get(data["id"]).creator_user_id = model.User.get(user).id
    model.Session.commit()
    for data in story.data.values():
        rebuild(data["id"])
    engine = model.ensure_engine()
    for path in (f"/organization/{story.hub.organization['name']}?q={story.collection}",
                 f"/group/{topic}", f"/user/{user}"):  # fmt: skip
        told.clear()
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            tree = html.document_fromstring(story.app.get(path).body)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        lines = sorted(each.text_content() for each in tree.xpath('//*[@class="fb-line"]//strong'))
        assert {"2.0", "3.0", "4.7"} <= set(lines), path
        assert len([text for text in told if "nextgeoss_feedback_summary" in text]) == 1


# --- what is good weighs more


def test_what_is_good_comes_sooner_where_the_site_wants_it(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two products that a word finds equally well; without the option their ratings do not matter."""
    word, collection = f"w{uuid4().hex[:10]}", f"boosted-{uuid4().hex[:8]}"
    bad, good = (
        story.hub.product(collection, f"{name}_{uuid4().hex[:6]}", title=f"About {word}") for name in "bg"
    )
    for _ in range(5):
        story.hub.review(new_user(), bad, 1)
        story.hub.review(new_user(), good, 5)
    summaries.site_mean.cache_clear()
    index_waiting()
    names = {bad["id"]: "bad", good["id"]: "good"}

    def orders() -> list[list[str]]:
        found = act("", "product_search", q=word, sort=["-score", "title"])["results"]
        page = cards(story.app.get("/dataset/", query_string={"q": word, "sort": "relevance"}).body)
        by_name = {each["name"]: each["id"] for each in (bad, good)}
        return [[names[each["uuid"]] for each in found], [names[by_name[each]] for each in page]]

    def scores() -> set[float]:
        asked = {"q": word, "fl": "id,score", "rows": 2, "defType": "edismax", "qf": "text title^4"}
        boost = catalogues.site_boost()
        answer = catalogues.client().select({**asked, **({"boost": boost} if boost else {})})
        return {round(each["score"], 4) for each in answer["response"]["docs"]}

    assert catalogues.site_boost() == "" and len(scores()) == 1
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.search.boost_rating", 2.0)
    assert orders() == [["good", "bad"]] * 2 and len(scores()) == 2
    for each, score in ((bad, 100), (good, 0)):
        row = Quality(
            package_id=each["id"], version=0, kind="product", checked=datetime(2024, 1, 1), failed={},
            skipped=[], score=score,
        )  # fmt: skip
        model.Session.add(row)
    enqueue(model.Session(), names)
    model.Session.commit()
    index_waiting()
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.search.boost_rating", 0.0)
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.search.boost_metadata", 0.5)
    assert orders() == [["bad", "good"]] * 2
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.search.boost_rating", 10.0)
    assert orders() == [["good", "bad"]] * 2
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.search.boost_rating", -1.0)
    with pytest.raises(CkanConfigurationException, match="from 0 up to 10"):
        config.search_boost()
