"""The search, product and collection pages, as a browser without JavaScript gets them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.lib.app_globals import app_globals
from lxml import html

from ckanext.nextgeoss.tests.catalogue import HOSTILE, Catalogue, make_product


@pytest.fixture()
def get(site: Any) -> Any:
    """The page at an address, parsed, after a check of its status."""

    def page(url: str, status: int = 200, token: str = "", **parameters: Any) -> html.HtmlElement:
        headers = {"Authorization": token} if token else {}
        asked = {"query_string": parameters} if parameters else {}
        answer = site.get(url, headers=headers, follow_redirects=False, **asked)
        assert answer.status_code == status, answer.body[:2000]
        return html.fromstring(answer.body)

    return page


def titles(page: html.HtmlElement) -> list[str]:
    return page.xpath("//ol[@class='eo-cards']//h3/a/text()")


def found(page: html.HtmlElement, catalogue: Catalogue) -> set[str]:
    """What is on a page of results, by kind."""
    names = set(page.xpath("//li/@data-eo-footprint"))
    return {kind for kind, dataset in catalogue.datasets.items() if dataset["name"] in names}


def text(page: html.HtmlElement, path: str) -> str:
    return " ".join(" ".join(element.text_content().split()) for element in page.xpath(path))


def test_the_search_page_finds_by_area_time_and_cloud(get: Any, catalogue: Catalogue) -> None:
    search = {"collection": catalogue.collection}
    assert found(get("/dataset/", **search), catalogue) == {"north", "south", "across", "arctic"}
    assert found(get("/dataset/", **search, ext_bbox="0,50,20,70"), catalogue) == {"north"}
    assert found(get("/dataset/", **search, ext_bbox="170,-30,-170,0"), catalogue) == {"across"}
    assert found(get("/dataset/", **search, cloud_cover_max="12.5"), catalogue) == {"north", "across"}
    assert found(get("/dataset/", **search, start="2024-05-02"), catalogue) == set()
    inside = get("/dataset/", **search, start="2024-05-01", end="2024-05-01")
    assert len(found(inside, catalogue)) == 4


def test_facets_switch_values_on_and_off_and_have_readable_titles(get: Any, catalogue: Catalogue) -> None:
    page = get("/dataset/", collection=catalogue.collection)
    (link,) = page.xpath("//a[contains(@class, 'eo-choice')][contains(., 'Sentinel-2A')]")
    assert text(page, "//details[summary='Collections']//a[@aria-current]").startswith("Collection of Pages")
    narrowed = get(link.get("href"))
    assert found(narrowed, catalogue) == {"north"}
    (chip,) = narrowed.xpath("//ul[@aria-label='Filters in use']//a[contains(., 'Platform')]")
    assert "Sentinel-2A" in chip.text_content()
    assert len(found(get(chip.get("href")), catalogue)) == 4


def test_provider_and_access_are_facets(get: Any, catalogue: Catalogue) -> None:
    page = get("/dataset/", collection=catalogue.collection, provider=catalogue.organization["name"])
    assert len(found(page, catalogue)) == 4
    assert "Agency of Pages" in text(page, "//details[summary='Providers']//a[@aria-current]")
    assert found(get("/dataset/", collection=catalogue.collection, access="online"), catalogue) == {
        "north",
        "south",
    }


def test_ordinary_datasets_are_listed_too(get: Any, catalogue: Catalogue) -> None:
    page = get("/dataset/", q=f"Stations {catalogue.collection}")
    assert found(page, catalogue) == {"table"}
    assert text(page, "//h2[@id='results']") == "1 result"


def test_the_form_keeps_the_whole_search(get: Any, catalogue: Catalogue) -> None:
    asked = {
        "q": "PRODUCT*", "ext_bbox": "-180,-90,180,90", "start": "2024-01-01", "end": "2024-12-31T00:00:00Z",
        "cloud_cover_max": "99", "collection": catalogue.collection, "platform": "sentinel-2a",
        "sort": "oldest",
    }  # fmt: skip
    (form,) = get("/dataset/", **asked).xpath("//form[@id='eo-search']")
    assert dict(form.form_values()) == asked


def test_a_bad_value_is_said_beside_its_field_and_keeps_what_was_typed(get: Any) -> None:
    page = get("/dataset/", 400, ext_bbox="Paris", cloud_cover_max="200")
    assert page.xpath("//input[@id='field-ext_bbox']/@value") == ["Paris"]
    assert "west,south,east,north" in text(page, "//*[@id='error-ext_bbox']")
    assert page.xpath("//input[@id='field-ext_bbox']/@aria-describedby")[0].startswith("error-ext_bbox")
    assert "from 0 up to 100" in text(page, "//*[@id='error-cloud_cover_max']")
    assert text(page, "//*[@role='alert']//a") == "Area Cloud cover at most"


@pytest.mark.parametrize(
    "query",
    [
        "q=%22%27%3Cscript%3E%7B!xmlparser%7D",
        "q=title:*%20OR%20%5B",
        "q=%00",
        "platform=a%22%20OR%20*:*",
        "tags=%7B!term%20f=id%7D",
        "sort=id%20asc,%7B!func%7D1%20desc",
        "page=-1",
        "ext_bbox=1e999,0,0,0",
        "ext_bbox=nan,nan,nan,nan",
        "geometry=POLYGON((",
        "geometry=POINT(1 2)&relation=near",
        "cloud_cover=5..1",
        "fq=id:*&fl=*&defType=lucene&facet.field=x",
    ],
)
def test_no_search_is_a_server_error(site: Any, query: str) -> None:
    answer = site.get(f"/dataset/?{query}")
    assert answer.status_code in (200, 400)
    assert "Traceback" not in answer.body


def test_nothing_found_says_which_filter_costs_what(get: Any, catalogue: Catalogue) -> None:
    page = get("/dataset/", collection=catalogue.collection, cloud_cover_max="1", platform="sentinel-2a")
    assert text(page, "//h2[@id='results']") == "Nothing found"
    lines = page.xpath("//div[@class='eo-nothing']//li")
    assert [" ".join(line.text_content().split()) for line in lines][1:] == [
        "without Cloud cover at most 1 %: 1 result",
        "without Platform Sentinel-2A: 0 results",
    ]


def test_hostile_text_stays_text(site: Any, catalogue: Catalogue) -> None:
    for url in (f"/dataset/?collection={catalogue.collection}", f"/dataset/{catalogue.name('arctic')}"):
        body = site.get(url).body
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        page = html.fromstring(body)
        scripts = page.xpath("//script[@type='application/ld+json' or @type='application/json']/text()")
        assert any(
            HOSTILE in json.dumps(json.loads(script), ensure_ascii=False).replace('\\"', '"')
            for script in scripts
        )


def test_footprints_of_the_results_are_in_the_page(get: Any, catalogue: Catalogue) -> None:
    page = get("/dataset/", collection=catalogue.collection)
    footprints = json.loads(page.xpath("//script[@id='eo-footprints']/text()")[0])
    by_name = {each["id"]: each["geometry"]["type"] for each in footprints["features"]}
    assert by_name[catalogue.name("north")] == "Polygon"
    assert by_name[catalogue.name("across")] == "MultiPolygon"


def test_private_products_are_for_those_who_may_see_them(get: Any, catalogue: Catalogue) -> None:
    search = {"collection": catalogue.collection}
    assert "private" not in found(get("/dataset/", token=catalogue.stranger, **search), catalogue)
    assert "private" in found(get("/dataset/", token=catalogue.token, **search), catalogue)
    url = f"/dataset/{catalogue.name('private')}"
    get(url, token=catalogue.token)
    assert text(get(url, 404), "//h1") == text(get("/dataset/there-is-none", 404), "//h1")


def test_the_product_page_tells_what_is_known(get: Any, catalogue: Catalogue) -> None:
    page = get(f"/dataset/{catalogue.name('north')}")
    key = text(page, "//dl[@class='eo-key']")
    for expected in (
        "2024-05-01 10:00:00 – 10:00:25 UTC",
        "Collection of Pages",
        "Agency of Pages",
        "Online",
        "Sentinel-2A",
    ):
        assert expected in key
    image = "//div[@class='eo-group'][h3='Image']//"
    assert (text(page, f"{image}dt"), text(page, f"{image}dd")) == ("Cloud cover", "12.5 %")
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//table//tbody/tr")]
    assert rows == [
        "B04s3://bucket/B04.jp2 data image/jp2",
        "product data application/zip 714 MB md5 d41d8cd98f00b204e9800998ecf8427e",
    ]
    assert page.xpath("//table//a/@href") == ["https://data.example.org/product.zip"]
    assert f"/collection/{catalogue.collection}" in page.xpath("//dl[@class='eo-key']//a/@href")


def test_files_of_several_providers_tell_whose_they_are(get: Any, catalogue: Catalogue) -> None:
    """By the titles that people know; a provider that is no longer described by its id."""
    product = make_product(f"{catalogue.collection}-offers", "offered")
    offers = [("earth_search", "a"), ("gone_provider", "b"), ("cdse_odata", "c"), ("cdse_stac", "c")]
    resources = [
        {"key": "data", "roles": ["data"], "url": f"https://{host}.example.org/data", "provider": provider}
        for provider, host in offers
    ]
    catalogue.add("offered", product, resources=resources)
    page = get(f"/dataset/{catalogue.datasets.pop('offered')['name']}")
    assert page.xpath("//table//thead//th/text()")[-1] == "Provider"
    rows = zip(
        page.xpath("//table//tbody//a/@href"), page.xpath("//table//tbody/tr/td[last()]/text()"), strict=True
    )
    assert list(rows) == [
        ("https://a.example.org/data", "Earth Search"),
        ("https://b.example.org/data", "gone_provider"),
        (
            "https://c.example.org/data",
            "Copernicus Data Space Ecosystem (OData), Copernicus Data Space Ecosystem (STAC)",
        ),
    ]
    assert "Provider" not in text(get(f"/dataset/{catalogue.name('north')}"), "//table//thead")


def test_a_product_has_the_topics_of_its_collection(get: Any, catalogue: Catalogue) -> None:
    page = get(f"/dataset/{catalogue.name('north')}")
    assert page.xpath(f"//a[@href='/group/{catalogue.topic}']/text()") == ["Topic of Pages"]
    facet = "//details[summary='Topics']//a[@aria-current]"
    assert "Topic of Pages" in text(get("/dataset/", topic=catalogue.topic), facet)
    assert len(found(get("/dataset/", topic=catalogue.topic), catalogue)) == 4


def test_our_rules_leave_the_addresses_of_others_alone(site: Any) -> None:
    rules = site.flask_app.url_map.bind("test.ckan.net")
    assert rules.match("/dataset/name.jsonld")[0] == "dcat.read_dataset"
    assert rules.match("/dataset/new")[0] == "dataset.new"
    assert rules.match("/dataset/edit/name")[0] == "dataset.edit"
    assert rules.match("/eo_product/edit/name")[0] == "eo_product.edit"


def test_what_could_not_be_read_is_said(get: Any, catalogue: Catalogue) -> None:
    page = get(f"/dataset/{catalogue.name('arctic')}")
    assert text(page, "//section[@aria-labelledby='problems']//li") == "gsd: 'fine' is no number"


def test_the_product_is_a_schema_org_dataset(get: Any, catalogue: Catalogue) -> None:
    page = get(f"/dataset/{catalogue.name('north')}")
    found = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])
    assert (found["@context"], found["@type"]) == ("https://schema.org/", "Dataset")
    assert found["temporalCoverage"] == "2024-05-01T10:00:00Z/2024-05-01T10:00:25Z"
    assert found["spatialCoverage"]["geo"]["box"] == "60.0 10.0 61.0 11.0"
    assert found["distribution"] == [
        {
            "@type": "DataDownload",
            "name": "product",
            "contentUrl": "https://data.example.org/product.zip",
            "encodingFormat": "application/zip",
            "contentSize": "714060000",
        }
    ]


def test_collections_are_listed_with_what_they_hold(get: Any, catalogue: Catalogue) -> None:
    page = get("/collection")
    (entry,) = page.xpath(f"//li[@class='eo-collection'][.//a[@href='/collection/{catalogue.collection}']]")
    assert "4 products" in " ".join(entry.text_content().split())
    own = get(f"/collection/{catalogue.collection}")
    assert "2024-05-01" in text(own, "//dl[contains(@class, 'eo-key')]")
    assert own.xpath("//a[@rel]/@href")[0] == "https://spdx.org/licenses/CC-BY-4.0.html"
    (search,) = own.xpath("//a[contains(@class, 'btn-primary')]/@href")
    assert len(found(get(search), catalogue)) == 4


def moved(site: Any, url: str) -> str:
    answer = site.get(url, follow_redirects=False)
    assert answer.status_code == 301
    return answer.headers["Location"].removeprefix("http://test.ckan.net")


def test_other_addresses_of_the_same_thing_move_there(site: Any, catalogue: Catalogue) -> None:
    product, collection = catalogue.name("north"), catalogue.collection
    assert moved(site, f"/eo_product/{product}") == f"/dataset/{product}"
    assert moved(site, f"/dataset/{catalogue.datasets['north']['id']}") == f"/dataset/{product}"
    assert moved(site, f"/dataset/{collection}") == f"/collection/{collection}"
    assert moved(site, f"/eo_collection/{collection}") == f"/collection/{collection}"
    assert moved(site, "/eo_collection/") == "/collection"
    assert moved(site, "/eo_product/?q=x") == "/dataset/?q=x"


def test_forms_and_other_datasets_stay_where_ckan_has_them(get: Any, catalogue: Catalogue) -> None:
    get("/eo_product/new", token=catalogue.token)
    get("/dataset/new", token=catalogue.token)
    page = get(f"/dataset/{catalogue.name('table')}")
    assert "active" in page.xpath("//ul[contains(@class, 'nav-tabs')]/li[1]/@class")[0]


# not those that show organizations: their pictures are where their editors say
@pytest.mark.parametrize("url", ["/dataset/", "/collection", "/group/", "/about", "/user/login"])
def test_pages_name_no_file_of_another_host(get: Any, catalogue: Catalogue, url: str) -> None:
    page = get(url, token=catalogue.token)
    loaded = page.xpath(
        "//script/@src | //img/@src | //link[@rel='stylesheet' or contains(@rel, 'icon')]/@href"
    )
    assert loaded
    assert [name for name in loaded if not name.startswith("/") or name.startswith("//")] == []


def test_our_pages_need_no_inline_script(get: Any, catalogue: Catalogue) -> None:
    for url in (
        "/dataset/",
        f"/dataset/{catalogue.name('north')}",
        "/collection",
        f"/collection/{catalogue.collection}",
    ):
        page = get(url)
        assert page.xpath("//script[not(@src) and not(contains(@type, 'json'))]") == []
        assert page.xpath("//@*[starts-with(name(), 'on')] | //main//@style") == []


def test_the_start_page_welcomes_and_leads_on(get: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the words of the site where it has some."""

    def welcome() -> html.HtmlElement:
        [found] = get("/").xpath("//div[contains(@class, 'module-promotion')]")
        return found

    monkeypatch.setattr(app_globals, "site_title", "A <b>hub</b>")
    assert welcome().xpath("string(h1|*/h1)") == "Welcome to A <b>hub</b>"
    assert welcome().xpath(".//a/@href") == ["/dataset/", "/collection", "/apis"]
    monkeypatch.setattr(app_globals, "site_intro_text", "Our own *words*")
    assert welcome().xpath(".//em/text()") == ["words"] and not welcome().xpath(".//h1")
