"""Recorded listings and catalogues that are trees; skipped where the recordings are not."""

from __future__ import annotations

from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests.provider_recordings import manifest
from ckanext.nextgeoss.tests.shared import provider_samples

ABOUT = {"title": "X", "organization": "x", "collections": {"ours": "."}}


def _read(file: str, profile: str, url: str, asked: str, **said: str) -> Answer:
    provider = provider_from_mapping("x", ABOUT | {"profile": profile, "url": url} | said, "x")
    body = (provider_samples() / file).read_bytes()
    return protocol(provider.protocol).read(
        provider, Response(200, {}, body, asked), Request(url=asked, about="ours")
    )


def test_folders_of_records():
    """One record and one folder, by Apache and by nginx; or one file, where files are the products."""
    for server in ("apache", "nginx"):
        url = f"https://example.org/{server}-folder"
        file = f"iso-waf/waf_{server}.html"
        answer = _read(file, "listing", url, f"{url}/", records="opensearch", files=r".*\.xml")
        assert [child.url for child in answer.children] == [f"{url}/subfolder/", f"{url}/record-1.xml"]
        (product,) = _read(file, "listing", url, f"{url}/").products
        assert product.id == "record-1.xml"
        assert product.assets[0].size == 364544 if server == "apache" else 364868
        assert str(product.properties["updated"]).startswith("2024-11-07 15:00")


def test_records_of_iso():
    """A file of such a folder, in the format that the provider file names."""
    url = "https://example.org/waf"
    answer = _read("iso-waf/gemini_dataset1.xml", "listing", url, f"{url}/gemini.xml", records="iso")
    (product,) = answer.products
    assert product.collection == "ours"
    assert product.footprint is not None


def test_references_of_catalogues():
    """Each that a catalogue has, but those of other hosts and of other places of the same."""
    counted = {
        "ucar_top_catalog": 6,
        "ucar_rap_catalog": 738,
        "ucar_forecast_models": 0,
        "ramadda_top": 10,
        "ramadda_entry": 11,
    }
    for name, least in counted.items():
        file = f"thredds/{name}.xml"
        asked = str(manifest()[file]["request_url"])
        host = asked.split("/")[2]
        base = f"http://{host}/" + asked.split(host)[1].split("/")[1].partition("?")[0]
        children = _read(file, "thredds", base, asked).children
        assert len(children) >= least, file
        assert all(child.url.startswith(f"{base}/") for child in children)
