"""The page of a provider: its endpoints, how they are doing, and only what the viewer may see."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.tests import factories
from lxml import html

from ckanext.nextgeoss.harvesters import status_page
from ckanext.nextgeoss.harvesters.model import Run
from ckanext.nextgeoss.harvesters.provider_files import PROVIDERS, load_provider
from ckanext.nextgeoss.tests.harvesting import Hub, act, clear, run

pytestmark = pytest.mark.usefixtures("with_plugins")


def _text(element: Any) -> str:
    return " ".join(element.text_content().split())


def _get(app: Any, path: str, token: str = "", status: int = 200) -> Any:
    headers = {"Authorization": token} if token else {}
    return html.fromstring(app.get(path, headers=headers, status=status).body)


def _rows(page: Any) -> dict[str, list[str]]:
    """The cells of each endpoint."""
    return {row.get("id"): [_text(cell) for cell in row] for row in page.xpath("//tbody/tr")}


def test_shipped_files_are_there_before_any_harvest(app: Any):
    """With what is known of them, and a word on what to do; of a provider that no other test harvests."""
    assert {"cdse_odata", "cdse_stac"} <= set(_rows(_get(app, "/provider/cdse")))
    page = _get(app, "/provider/jaxa")
    title, status, last, median, late, failed, products, newest, sources = _rows(page)["jaxa_earth"]
    assert title.startswith("JAXA Earth API")
    assert "stac_static" in title
    assert status == "Live"
    assert (last, median, late, failed) == ("never", *["–"] * 3)
    assert (products, newest, sources) == ("0", "none yet", "none yet")
    assert "Nothing was harvested from here yet" in _text(page)
    (link,) = page.xpath("//a[code='jaxa_earth.yaml']/@href")
    answer = app.get(link, status=200)
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.body == (PROVIDERS / "jaxa_earth.yaml").read_text("utf-8")


def test_what_there_is_not(app: Any):
    """Organizations and files that are not of this page."""
    for path in ("/provider/nobody", "/provider/cdse/nobody.yaml", "/provider/cdse/earth_search.yaml"):
        app.get(path, status=404)
    app.get("/provider/cdse/..%2Fprofiles.yaml", status=404)
    organization = factories.Organization()
    page = _get(app, f"/provider/{organization['name']}")
    assert "No provider file names this organization" in _text(page)
    links = _get(app, f"/organization/{organization['name']}").xpath("//a/@href")
    assert f"/provider/{organization['name']}" in links


def test_a_harvest_is_told(hub: Hub, app: Any):
    """When it was and how it ended, how fast and how well the service answers, what it brought."""
    with hub.provider(hub.products(4)) as (provider, _):
        source = hub.source(provider)
        run(source)
        page = _get(app, f"/provider/{load_provider(provider, hub.folder).organization}")
        (row,) = _rows(page).values()
        _, status, last, median, late, failed, products, newest, sources = row
        assert status == "Live"
        assert last.endswith("complete")
        assert median.endswith((" ms", " s"))
        assert late.endswith((" ms", " s"))
        assert failed == "0.0 %"
        assert products == "4"
        found = act("package_search", fq=f"harvest_source_id:{source['id']}", rows=10)["results"]
        latest = max(dataset["timerange_start"] for dataset in found)
        titles = {each["name"]: each["title"] for each in found if each["timerange_start"] == latest}
        (link,) = page.xpath("//tbody//a/@href[starts-with(., '/dataset/')]")
        assert newest == titles[link.removeprefix("/dataset/")]
        assert sources == source["title"]
        assert page.xpath(f"//a[@href='/harvest/{source['name']}']")
        clear(source)


def test_private_sources_are_not_revealed(hub: Hub, app: Any):
    """Neither a source, nor its products, harvests and times; nor a file of the site's own for that alone."""
    with hub.provider(hub.products(2)) as (provider, _):
        source = hub.source(provider, private_products=True)
        run(source)
        package = model.Package.get(source["id"])
        assert package is not None
        package.private = True
        model.Session.commit()
        organization = load_provider(provider, hub.folder).organization
        if model.Group.get(organization) is None:
            act("organization_create", name=organization)
        token = factories.SysadminWithToken()["token"]
        page = _get(app, f"/provider/{organization}")
        assert _rows(page) == {}
        assert source["name"] not in html.tostring(page).decode()
        app.get(f"/provider/{organization}/{provider}.yaml", status=404)
        (row,) = _rows(_get(app, f"/provider/{organization}", token)).values()
        assert row[6] == "2"
        assert row[8].startswith(source["title"])
        clear(source)


def test_products_that_are_private_are_not_counted(hub: Hub, app: Any):
    """The source may be public although its products are not; members of the organization see them."""
    with hub.provider(hub.products(3)) as (provider, _):
        source = hub.source(provider, private_products=True)
        run(source)
        path = f"/provider/{load_provider(provider, hub.folder).organization}"
        (row,) = _rows(_get(app, path)).values()
        assert (row[6], row[7]) == ("0", "none yet")
        member = factories.UserWithToken()
        act("organization_member_create", id=hub.organization(), username=member["name"], role="member")
        (row,) = _rows(_get(app, path, member["token"])).values()
        assert row[6] == "3"
        assert row[7] != "none yet"
        clear(source)


def test_a_run_that_goes_on_and_one_that_failed(hub: Hub, app: Any):
    """The last one counts."""
    with hub.provider(hub.products(1)) as (provider, _):
        source = hub.source(provider)
        path = f"/provider/{load_provider(provider, hub.folder).organization}"
        for result, word in (("failed", "failed"), (None, "running")):
            model.Session.add(
                Run(job_id=str(uuid4()), source_id=source["id"], mode="full", options={}, result=result)
            )
            model.Session.commit()
            (row,) = _rows(_get(app, path)).values()
            assert row[2].endswith(word)


def test_the_page_stays_when_solr_and_valkey_are_away(hub: Hub, app: Any, monkeypatch: pytest.MonkeyPatch):
    """Without the newest product."""
    from ckanext.nextgeoss.search.catalogue import Catalogue
    from ckanext.nextgeoss.search.solr import SolrError

    def away(*_: Any) -> Any:
        raise SolrError("away")

    with hub.provider(hub.products(1)) as (provider, _):
        source = hub.source(provider)
        run(source)
        monkeypatch.setattr(Catalogue, "newest_of", away)
        (row,) = _rows(_get(app, f"/provider/{load_provider(provider, hub.folder).organization}")).values()
        assert (row[6], row[7]) == ("1", "none yet")
        clear(source)
    assert status_page.DAYS == 30
