"""One Sentinel product offered by CDSE (OData, STAC), CREODIAS and a national hub is one dataset; its forms
in clouds are datasets of their own that name it."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product as pairs
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.collection import load_registry
from ckanext.nextgeoss.eo.forms import bare, called, has_checksum, original_of, product_name
from ckanext.nextgeoss.eo.product import Product, dataset_name
from ckanext.nextgeoss.harvesters.offers import Offered, Terms, compose
from ckanext.nextgeoss.harvesters.protocols import protocol
from ckanext.nextgeoss.harvesters.provider_files import load_provider
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.search.other_forms import forms_filter

# --- the same product as each service writes it

_S3 = {
    "olci-1-efr": "OL_1_EFR___", "olci-1-err": "OL_1_ERR___", "olci-2-lfr": "OL_2_LFR___",
    "olci-2-lrr": "OL_2_LRR___", "olci-2-wfr": "OL_2_WFR___", "sl-1-rbt": "SL_1_RBT___",
    "sl-2-lst": "SL_2_LST___", "sl-2-wst": "SL_2_WST___", "sr-1-sra": "SR_1_SRA___",
    "sr-2-lan": "SR_2_LAN___", "sr-2-wat": "SR_2_WAT___", "syn-2-syn": "SY_2_SYN___",
    "syn-2-vgp": "SY_2_VGP___", "syn-2-vg1": "SY_2_VG1___", "syn-2-v10": "SY_2_V10___",
}  # fmt: skip
_TIMELINESS = {"ntc": "NT", "nrt": "NR", "stc": "ST"}
_S1 = {"slc": "SLC__1SDV", "grd": "GRDH_1SDV", "ocn": "OCN__2SDV", "raw": "RAW__0SDV"}
_S5P = {
    "aer-ai": "L2__AER_AI", "ch4": "L2__CH4___", "cloud": "L2__CLOUD_", "co": "L2__CO____",
    "hcho": "L2__HCHO__", "no2": "L2__NO2___", "o3": "L2__O3____", "so2": "L2__SO2___",
}  # fmt: skip


def _named(collection: str) -> tuple[str, str] | None:
    """Name and packaging of a product of a Sentinel collection; None for collections of another kind."""
    mission, _, rest = collection.partition("-")[2].partition("-")
    if mission == "1" and rest in _S1:
        return f"S1A_IW_{_S1[rest]}_20240624T050844_20240624T050909_054459_06A0A5_B8B7", ".SAFE"
    if mission == "1" and rest.startswith("aux-"):
        kind = rest.removeprefix("aux-").upper()
        return f"S1A_OPER_AUX_{kind}_OPOD_20240714T070616_V20240623T225942_20240625T005942", ".EOF"
    if mission == "2" and rest in ("l1c", "l2a"):
        return f"S2B_MSI{rest.upper()}_20240627T095559_N0510_R122_T33UWP_20240627T131842", ".SAFE"
    if mission == "3" and rest[:-4] in _S3:
        code = _TIMELINESS[rest[-3:]]
        moment = "20240620T225412_20240620T225712_20240622T084121_0179_113_372_1980_PS1_O"
        return f"S3A_{_S3[rest[:-4]]}_{moment}_{code}_004", ".SEN3"
    kind, _, mode = rest.removeprefix("l2-").rpartition("-")
    if mission == "5p" and rest.startswith("l2-") and kind in _S5P:
        moment = "20240624T103541_20240624T121711_34697_03_020600_20240626T024802"
        return f"S5P_{mode.upper()}_{_S5P[kind]}_{moment}", ".nc"
    return None


SENTINEL = {entry.id: named for entry in load_registry() if (named := _named(entry.id))}
TIME = ("2024-06-24T05:08:44.000Z", "2024-06-24T05:09:09.000Z")
BOX = "POLYGON((10 45,11 45,11 46,10 46,10 45))"


def _odata(collection: str, name: str, packaging: str) -> Any:
    return {"value": [{
        "Id": "6f0c9d1e-2a34-4b56-8c78-9d0e1f2a3b4c", "Name": name + packaging,
        "Footprint": f"geography'SRID=4326;{BOX}'",
        "ContentDate": {"Start": TIME[0], "End": TIME[1]}, "Attributes": [], "Assets": [],
    }]}  # fmt: skip


def _stac(collection: str, name: str, packaging: str) -> Any:
    return {"type": "FeatureCollection", "features": [{
        "type": "Feature", "id": name, "collection": collection, "geometry": None, "links": [],
        "properties": {"datetime": TIME[0]}, "assets": {"data": {"href": f"s3://eodata/{name}{packaging}"}},
    }]}  # fmt: skip


def _resto(collection: str, name: str, packaging: str) -> Any:
    return {"type": "FeatureCollection", "features": [{
        "type": "Feature", "id": "5c0d7f92-1e8a-5b64-a3f7-9b2e4d6c8a01", "geometry": None,
        "properties": {
            "collection": f"Sentinel{collection[9:11].strip('-').upper()}",
            "title": name + packaging, "startDate": TIME[0],
            "completionDate": TIME[1], "productIdentifier": f"/eodata/Sentinel/{name}{packaging}",
        },
    }], "properties": {"totalResults": 1}}  # fmt: skip


def _dhus(collection: str, name: str, packaging: str) -> Any:
    texts = [
        {"name": "identifier", "content": name},
        {"name": "filename", "content": name + packaging},
        {"name": "platformname", "content": f"Sentinel-{collection[9]}"},
    ]
    dates = [{"name": "beginposition", "content": TIME[0]}, {"name": "endposition", "content": TIME[1]}]
    return {"feed": {
        "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/", "opensearch:totalResults": "1",
        "entry": {"title": name, "id": "6f0c9d1e-2a34-4b56-8c78-9d0e1f2a3b4d", "str": texts, "date": dates},
    }}  # fmt: skip


HUBS: dict[str, Callable[[str, str, str], Any]] = {
    "cdse_odata": _odata,
    "cdse_stac": _stac,
    "creodias_resto": _resto,
    "dhus_national": _dhus,
}


def _read(provider_id: str, document: Any, about: str = "") -> Product:
    provider = load_provider(provider_id)
    asked = Request(url=provider.url, about=about) if about else None
    body = json.dumps(document).encode()
    answer = protocol(provider.protocol).read(provider, Response(200, {}, body, provider.url), asked)
    assert not answer.refused, answer.refused
    return answer.products[0]


def _offer(provider_id: str, product: Product) -> Offered:
    rank = load_provider(provider_id).rank
    terms = Terms(
        source_id=f"s-{provider_id}", provider_id=provider_id, owner_org=f"o-{provider_id}", rank=rank
    )
    return terms.offer(product)


@pytest.mark.parametrize("collection", SENTINEL)
def test_one_product_is_one_dataset(collection: str):
    """Whoever offers it, and whether or not it was asked for by collection: one id, one name."""
    name, packaging = SENTINEL[collection]
    offers: dict[str, Offered] = {}
    for hub, document in HUBS.items():
        if collection not in load_provider(hub).collections:
            assert hub == "cdse_stac", f"{hub} does not know {collection}"
            continue
        for about in ("", collection):
            product = _read(hub, document(collection, name, packaging), about)
            assert product.collection == collection, (hub, about)
            offers[hub] = _offer(hub, product)
    assert len(offers) >= 3
    assert len({offer.uuid for offer in offers.values()}) == 1, {
        h: o.claim.product.id for h, o in offers.items()
    }
    assert len({offer.name for offer in offers.values()}) == 1
    # the best rank gives the metadata, each gives its files
    claims = [offer.claim for offer in offers.values()]
    whole = compose(claims, uuid=next(iter(offers.values())).uuid, name="n")
    assert compose(claims[::-1], uuid=next(iter(offers.values())).uuid, name="n") == whole
    assert whole["owner_org"] == "o-cdse_odata"


@given(st.sampled_from(sorted(SENTINEL)), st.sampled_from(["", ".zip"]))
def test_packaging_is_no_part_of_the_key(collection: str, archive: str):
    """Stripped by the rule of the collection as it is by name alone."""
    name, packaging = SENTINEL[collection]
    registry = load_registry()
    for written in (name, name + packaging, name + packaging + archive):
        assert registry.product_key(collection, written) == name == bare(written)


def test_two_products_stay_two():
    """Another baseline, another checksum, another sequence of a tile."""
    names = [
        ("sentinel-2-l2a", "S2A_MSIL2A_20200305T103021_N0500_R108_T32TMT_20230630T022413"),
        ("sentinel-2-l2a", "S2A_MSIL2A_20200305T103021_N0214_R108_T32TMT_20200305T132101"),
        ("sentinel-1-grd", "S1A_IW_GRDH_1SDV_20240624T050844_20240624T050909_054459_06A0A5_B8B7"),
        ("sentinel-1-grd", "S1A_IW_GRDH_1SDV_20240624T050844_20240624T050909_054459_06A0A5_1234"),
    ]
    for (collection, one), (_, other) in pairs(names, names):
        ids = {_offer("cdse_odata", Product(id=each, collection=collection)).uuid for each in (one, other)}
        assert len(ids) == (1 if one == other else 2)


# --- other forms

SAFE = "S2A_MSIL2A_20200305T103021_N0500_R108_T32TMT_20230630T022413"
GRD = "S1A_IW_GRDH_1SDV_20240624T050844_20240624T050909_054459_06A0A5_B8B7"


def _item(identifier: str, collection: str, **more: Any) -> Any:
    document = _stac(collection, identifier, "")
    document["features"][0]["properties"] |= more.get("properties", {})
    document["features"][0]["assets"] |= more.get("assets", {})
    return document


def _manifest(name: str) -> Any:
    return {"safe-manifest": {"href": f"s3://sentinel-s1-l1c/GRD/2024/6/24/IW/DV/{name}/manifest.safe"}}


FORMS = {
    "tile of Earth Search": (
        "earth_search",
        _item("S2A_32TMT_20200305_1_L2A", "sentinel-2-l2a", properties={"s2:product_uri": f"{SAFE}.SAFE"}),
        SAFE,
    ),
    "tile of Earth Search v0": (
        "earth_search",
        _item("S2A_32TMT_20200305_0_L2A", "sentinel-s2-l2a-cogs", properties={"sentinel:product_id": SAFE}),
        SAFE,
    ),
    "radar of Earth Search": ("earth_search", _item(GRD[:-5], "sentinel-1-grd", assets=_manifest(GRD)), GRD),
    "radar under the same id": ("earth_search", _item(GRD, "sentinel-1-grd", assets=_manifest(GRD)), GRD),
    "Planetary Computer, Sentinel-2": (
        "planetary_computer",
        _item(f"{SAFE[:26]}{SAFE[32:]}", "sentinel-2-l2a", properties={"s2:product_uri": f"{SAFE}.SAFE"}),
        SAFE,
    ),
    "Planetary Computer, Sentinel-1": (
        "planetary_computer",
        _item(GRD[:-5], "sentinel-1-grd", assets=_manifest(GRD)),
        GRD,
    ),
    "twin of CDSE": ("cdse_stac", _item(f"{GRD}_COG", "sentinel-1-grd"), GRD),
    "twin of CREODIAS": ("creodias_resto", _resto("sentinel-1-grd", f"{GRD}_COG", ".SAFE"), GRD),
}


@pytest.mark.parametrize("form", FORMS)
def test_another_form_names_its_original(form: str):
    """It is in the same collection, and a dataset of its own under a name of its own."""
    provider_id, document, original = FORMS[form]
    product = _read(provider_id, document)
    assert product.properties["original_product"] == original
    safe = Product(id=f"{original}.SAFE", collection=product.collection)
    assert load_registry().canonical(product.collection)
    mine, theirs = _offer(provider_id, product), _offer("cdse_odata", safe)
    assert mine.uuid != theirs.uuid
    assert mine.name != theirs.name


def test_originals_name_none():
    """Products as the ground segment makes them."""
    for collection, (name, packaging) in SENTINEL.items():
        product = _read("cdse_odata", _odata(collection, name, packaging))
        assert "original_product" not in product.properties


def test_sequences_of_a_tile_are_two_products():
    """`_0_` and `_1_` of one tile and day."""
    ids = [f"S2A_32TMT_20200305_{n}_L2A" for n in (0, 1)]
    assert (
        len({_offer("earth_search", _read("earth_search", _item(i, "sentinel-2-l2a"))).uuid for i in ids})
        == 2
    )


def test_a_twin_offered_twice_is_one_dataset():
    """The forms have offers as originals have."""
    stac = _read("cdse_stac", FORMS["twin of CDSE"][1])
    resto = _read("creodias_resto", FORMS["twin of CREODIAS"][1])
    assert _offer("cdse_stac", stac).uuid == _offer("creodias_resto", resto).uuid


def test_names():
    """What is a product's name in all that may hold one."""
    assert product_name(f"s3://b/GRD/2024/{GRD}.SAFE/manifest.safe") == GRD
    assert product_name(f"{SAFE}.SAFE") == SAFE
    assert product_name("LC09_L2SP_190026_20240625_02_T1") == "LC09_L2SP_190026_20240625_02_T1"
    assert original_of(f"{GRD}_COG.SAFE") == GRD
    assert original_of("Copernicus_DSM_COG_10_N48_00_E016_00_DEM") == ""
    assert called(f"{GRD}.SAFE") == (GRD, GRD[:-5])
    assert [has_checksum(name) for name in (GRD, GRD[:-5], SAFE)] == [True, False, None]
    assert dataset_name(GRD, "u", unique=True) == GRD.lower()


def test_filter_of_forms():
    """Both ways: the original by its identifiers, forms by the name they give."""
    made = Product(id="S2A_32TMT_20200305_1_L2A", collection="c", properties={"original_product": SAFE})
    said = forms_filter(made, "eo_original_product")
    assert f'"{SAFE}.SAFE"' in said
    assert f'eo_original_product:("{SAFE}")' in said
    said = forms_filter(Product(id=f"{GRD}.SAFE", collection="c"), "eo_original_product")
    assert f'eo_original_product:("{GRD}" OR "{GRD[:-5]}")' in said
    made = Product(id="x", collection="c", properties={"original_product": GRD[:-5]})
    assert f"eo_identifier:{GRD[:-5]}_*" in forms_filter(made, "eo_original_product")
