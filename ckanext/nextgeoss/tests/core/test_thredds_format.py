"""THREDDS catalogues, whoever writes them."""
# ruff: noqa: E501 - catalogues are easier to read in long lines

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.formats.thredds import THREDDS
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.xml import parse_xml
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.http import Request, Response

HERE = "https://example.org/thredds/catalog/x/catalog.xml"
SERVICES = """<service name="all" serviceType="Compound" base=""><service name="f" serviceType="HTTPServer"
base="/thredds/fileServer/"/><service name="d" serviceType="OPENDAP" base="/thredds/dodsC/"/></service>"""


def catalogue(
    inner: str,
    prefix: str = "",
    namespace: str = "http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0",
) -> bytes:
    """A catalogue with these elements, with a prefix if any."""
    name = f"{prefix}:catalog" if prefix else "catalog"
    said = f'xmlns{":" + prefix if prefix else ""}="{namespace}"'
    return f'<{name} {said} xmlns:xlink="http://www.w3.org/1999/xlink" name="top">{inner}</{name}>'.encode()


def products(inner: str, **said: Any) -> list[Product]:
    """The products of a catalogue."""
    feed = THREDDS.feed(parse_xml(catalogue(inner, **said)), HERE)
    return [THREDDS.product(entry, position=n, collection="c") for n, entry in enumerate(feed.entries)]


def one(inner: str) -> Product:
    """The product of the dataset x, of which these elements tell."""
    (found,) = products(f'{SERVICES}<dataset name="x" urlPath="x.nc" serviceName="all">{inner}</dataset>')
    return found


def test_services_of_a_compound():
    """One link for each, below their bases; the file is the data."""
    found = one('<dataSize units="Mbytes">1.5</dataSize><date type="modified">2024-01-31T10:20:30Z</date>')
    assert [(asset.key, asset.roles, asset.href) for asset in found.assets] == [
        ("data", ("data",), "https://example.org/thredds/fileServer/x.nc"),
        ("opendap", ("service",), "https://example.org/thredds/dodsC/x.nc"),
    ]
    assert found.assets[0].size == 1_500_000
    assert found.id == "x.nc"
    assert found.title == "x"


def test_without_files_opendap_gives_the_data():
    (found,) = products(
        '<service name="d" serviceType="opendap" base="/d/"/><dataset name="x" urlPath="x" serviceName="d"/>'
    )
    assert [(asset.key, asset.roles) for asset in found.assets] == [("opendap", ("data",))]


def test_bases_of_services():
    """Of a compound before those within it, relative to the catalogue, with a suffix, of another host."""
    inner = """<service name="c" serviceType="Compound" base="/t/"><service name="r" serviceType="HTTPServer" base="f/"/></service>
    <service name="rel" serviceType="HTTPServer" base="files/"/>
    <service name="s" serviceType="HTTPServer" base="https://files.example.com/" suffix=".gz"/>
    <dataset name="a" urlPath="/a" serviceName="c"/><dataset name="b" urlPath="b" serviceName="rel"/>
    <dataset name="c" urlPath="c" serviceName="s"/><dataset name="d" urlPath="https://else.example.com/d" serviceName="s"/>
    <dataset name="none" urlPath="x" serviceName="unknown"/>"""
    assert [product.assets[0].href for product in products(inner)] == [
        "https://example.org/t/f/a",
        "https://example.org/thredds/catalog/x/files/b",
        "https://files.example.com/c.gz",
        "https://else.example.com/d",
    ]


def test_hyrax():
    """A prefix, accesses instead of paths, one base for files and OPeNDAP."""
    inner = """<t:service name="dap" serviceType="OPeNDAP" base="/opendap"/><t:service name="file" serviceType="HTTPServer"
    base="/opendap"/><t:dataset name="/d" ID="/opendap/d/"><t:dataset name="a.h5" ID="/opendap/d/a.h5">
    <t:dataSize units="bytes">12</t:dataSize><t:access serviceName="dap" urlPath="/d/a.h5"/>
    <t:access serviceName="file" urlPath="/d/a.h5"/></t:dataset></t:dataset>"""
    (found,) = products(inner, prefix="t")
    assert found.id == "/opendap/d/a.h5"
    (asset,) = found.assets
    assert (asset.key, asset.href, asset.size) == ("data", "https://example.org/opendap/d/a.h5", 12)
    assert asset.media_type == "application/x-hdf5"


@pytest.mark.parametrize("namespace", ["http://www.unidata.ucar.edu/thredds", "urn:another"])
def test_any_namespace(namespace: str):
    """Old versions have others, or none."""
    inner = f'{SERVICES}<dataset name="x" urlPath="x" serviceName="all"/>'
    assert len(products(inner, namespace=namespace)) == 1
    document = parse_xml(f'<catalog version="0.6">{inner}</catalog>'.encode())
    assert THREDDS.recognises(document)
    assert not THREDDS.recognises(parse_xml(b"<catalog><book/></catalog>"))


def test_what_is_inherited():
    """Down to all datasets beneath, unless they say it themselves; what is not to be inherited is not."""
    inner = f"""{SERVICES}<dataset name="top" ID="top"><metadata inherited="true"><serviceName>all</serviceName>
    <documentation type="summary">of all</documentation><documentation type="rights">free</documentation>
    <creator><name>maker</name></creator><publisher><name>hub</name></publisher><keyword>sea</keyword>
    <timeCoverage><start>2020-01-01</start><end>2020-12-31</end></timeCoverage></metadata>
    <metadata><keyword>not handed on</keyword></metadata>
    <dataset name="a" urlPath="a"/><dataset name="group"><metadata inherited="true"><keyword>ice</keyword></metadata>
    <dataset name="b" urlPath="b"><documentation type="summary">of b</documentation>
    <timeCoverage><start>2021-01-01T00:00:00Z</start><duration>2 days</duration></timeCoverage></dataset></dataset>
    <dataset name="c" urlPath="c"/></dataset>"""
    a, b, c = products(inner)
    assert [product.id for product in (a, b, c)] == ["a", "b", "c"]
    assert a.time.isoformat() == "2020-01-01T00:00:00Z/2020-12-31T23:59:59.999999Z"
    assert a.properties["description"] == "of all"
    assert a.properties["keywords"] == c.properties["keywords"] == ("sea",)
    assert b.properties["keywords"] == ("sea", "ice")
    assert b.properties["description"] == "of b"
    assert b.properties["use_limitation"] == "free"
    assert b.properties["data_originator"] == "maker"
    assert b.properties["providers"] == ("hub",)
    assert b.time.isoformat() == "2021-01-01T00:00:00Z/2021-01-03T00:00:00Z"


@pytest.mark.parametrize(
    ("said", "expected", "problems"),
    [
        ("<start>2014-09-26 02:56:17 UTC</start><end>2014-09-27 00:00:00 UTC</end>",
         "2014-09-26T02:56:17Z/2014-09-27T00:00:00Z", 0),
        ("<end>2020-01-31T00:00:00Z</end><duration>P1D</duration>", "2020-01-30T00:00:00Z/2020-01-31T00:00:00Z", 0),
        ("<start>2020-01-31T00:00:00Z</start><duration>90 minutes</duration>",
         "2020-01-31T00:00:00Z/2020-01-31T01:30:00Z", 0),
        ("<start>2020-01-31T00:00:00Z</start><end>present</end>", "2020-01-31T00:00:00Z/..", 0),
        ("<end>present</end><duration>45 days</duration>", "../..", 0),
        ("<start>2020-02-01T00:00:00Z</start><end>2020-01-01T00:00:00Z</end>",
         "2020-01-01T00:00:00Z/2020-02-01T00:00:00Z", 1),
        ("<start>last week</start>", "../..", 1),
        ("<start>2020-01-31T00:00:00Z</start><duration>a while</duration>", "2020-01-31T00:00:00Z/..", 1),
        ("<start>2020-01-31T00:00:00Z</start><duration>999999 years</duration>", "2020-01-31T00:00:00Z/..", 0),
        ("", "../..", 0),
    ],
)  # fmt: skip
def test_times(said: str, expected: str, problems: int):
    found = one(f"<timeCoverage>{said}</timeCoverage>")
    assert found.time.isoformat() == expected
    assert len(found.problems) == problems


def _range(name: str, start: str, size: str, units: str) -> str:
    return f"<{name}><start>{start}</start><size>{size}</size><units>{units}</units></{name}>"


@pytest.mark.parametrize(
    ("north", "east", "box"),
    [
        (("10", "20"), ("-30", "40"), (-30, 10, 10, 30)),
        (("30", "-20"), ("10", "-40"), (-30, 10, 10, 30)),
        (("-90", "180"), ("0", "360"), (-180, -90, 180, 90)),
        (("0", "10"), ("350", "20"), (-10, 0, 10, 10)),
        (("0", "10"), ("170", "20"), (170, 0, -170, 10)),
        (("80", "20"), ("0", "1"), (0, 80, 1, 90)),
        (("46.5", "0"), ("7.9", "0"), (7.9, 46.5, 7.9, 46.5)),
        (("many", "1"), ("0", "1"), None),
        (("nan", "1"), ("0", "1"), None),
    ],
)
def test_places(north: tuple[str, str], east: tuple[str, str], box: tuple[float, ...] | None):
    said = _range("northsouth", *north, "degrees_north") + _range("eastwest", *east, "degrees_east")
    found = one(f"<geospatialCoverage>{said}</geospatialCoverage>")
    assert (found.footprint and found.footprint.bbox) == box
    assert bool(found.problems) == (box is None)


def test_places_in_other_units():
    """Are noted, not taken for degrees."""
    said = _range("northsouth", "0", "100", "km") + _range("eastwest", "0", "100", "km")
    found = one(f"<geospatialCoverage>{said}</geospatialCoverage>")
    assert found.footprint is None
    assert "degrees" in found.problems[0].reason
    everywhere = one("<geospatialCoverage><name>global</name></geospatialCoverage>")
    assert everywhere.footprint is not None
    assert one("<geospatialCoverage/>").footprint is None


def test_resolvers_are_left_out():
    """What leads to the newest one is no product."""
    inner = f"""{SERVICES}<service name="latest" serviceType="Resolver" base=""/><dataset name="x" serviceName="all">
    <dataset name="Latest x" urlPath="latest.xml"><serviceName>latest</serviceName></dataset>
    <dataset name="y" urlPath="y" serviceName="all"/></dataset>"""
    assert [product.id for product in products(inner)] == ["y"]


def test_variables_and_properties():
    inner = """<variables vocabulary="CF-1.0"><variable name="t" vocabulary_name="air_temperature" units="K"/>
    <variable name="p"/><variable>q</variable></variables><property name="instrument" value="MSI"/>
    <property name="Conventions" value="CF-1.6"/><property/><documentation>words</documentation>
    <documentation xlink:href="https://example.org/1"/><documentation xlink:href="https://example.org/2"/>"""
    found = one(inner)
    assert found.properties["measured_variables"] == ("air_temperature", "p", "q")
    assert found.properties["instruments"] == ("msi",)
    assert found.properties["publications"] == ("https://example.org/1", "https://example.org/2")
    assert found.properties["description"] == "words"


@pytest.mark.parametrize("entry", [None, [], 1, "x", {}, {"dataset": "", "access": []}])
def test_what_is_no_dataset(entry: Any):
    with pytest.raises(BadRecord):
        THREDDS.product(entry, collection="c")


@pytest.mark.parametrize("junk", [None, 1, "x", [1], {"a": [None, {"b": 1}]}])
def test_odd_members(junk: Any):
    """Never an error: what cannot be read is empty or noted."""
    names = ("dataset", "urlPath", "access", "timeCoverage", "geospatialCoverage", "documentation", "property", "dataSize",
             "creator", "date", "variables", "keyword")  # fmt: skip
    THREDDS.product({"ID": "x"} | dict.fromkeys(names, junk), collection="c")


def test_datasets_within_datasets_without_end():
    """Nobody counts on how deep they are."""
    deep = (
        '<dataset name="d">' * 1500
        + '<dataset name="x" urlPath="x" serviceName="all"/>'
        + "</dataset>" * 1500
    )
    assert len(products(SERVICES + deep)) == 1


# --- the protocol

ABOUT = {
    "title": "X",
    "organization": "x",
    "profile": "thredds",
    "url": "https://example.org/thredds/catalog/x",
}


def read(inner: str, request: Request | None = None, **said: Any) -> Answer:
    provider = provider_from_mapping("x", ABOUT | {"collections": {"ours": "."}} | said, "x")
    body = catalogue(inner)
    return protocol("thredds").read(
        provider, Response(200, {}, body, request.url if request else "saved.xml"), request
    )


def test_references():
    """Relative to the catalogue, each once, on this host and below the provider's address."""
    references = ["a/catalog.xml", "./a/catalog.xml", "/thredds/catalog/x/b/catalog.xml", "../catalog.xml",
                  "https://else.example.com/catalog.xml", "http://example.org/thredds/catalog/x/c/catalog.xml", "",
                  "http://[bad"]  # fmt: skip
    inner = "".join(f'<catalogRef xlink:href="{href}" xlink:title="t"/>' for href in references)
    answer = read(f'<dataset name="top">{inner}</dataset>', Request(url=HERE, about="ours"))
    assert [child.url for child in answer.children] == [
        f"https://example.org/thredds/catalog/x/{name}/catalog.xml" for name in "abc"
    ]
    assert {child.about for child in answer.children} == {"ours"}


def test_only_folders_of_the_time():
    """Folders that tell dates are gone into where these are asked, a day more on each side."""
    inner = "".join(
        f'<catalogRef xlink:href="{name}/catalog.xml"/>' for name in ("2019", "2020", "2021", "info")
    )
    asked = Request(url=f"{HERE}#time=2020-12-31T12:00:00Z/2020-12-31T13:00:00Z")
    answer = read(inner, asked, folders=["{year}", "{year}/{month}"])
    assert [child.url.partition("#")[0][-16:] for child in answer.children] == [
        "2020/catalog.xml",
        "2021/catalog.xml",
    ]
    assert all(
        child.url.endswith("#time=2020-12-31T12:00:00Z/2020-12-31T13:00:00Z") for child in answer.children
    )


def test_names_tell_what_catalogues_leave_out():
    """Times and properties; datasets that no pattern matches are none of ours, those of other times neither."""
    names = ("A_20200101.nc", "A_20200102.nc", "readme.txt")
    inner = SERVICES + "".join(
        f'<dataset name="{name}" urlPath="p/{name}" serviceName="all"/>' for name in names
    )
    asked = Request(url=f"{HERE}#time=2020-01-01T00:00:00Z/2020-01-01T10:00:00Z", about="ours")
    said = {"files": r"(?P<product_type>[A-Z])_{start}\.nc", "folders": ["{year}"]}
    (found,) = read(inner, asked, **said).products
    assert found.time.isoformat() == "2020-01-01T00:00:00Z/2020-01-01T23:59:59.999999Z"
    assert found.properties["product_type"] == "A"
    assert [product.id for product in read(inner, **said).products] == ["p/A_20200101.nc", "p/A_20200102.nc"]


def test_records_are_read_without_their_catalogue():
    """With all that they inherited, and their absolute addresses."""
    inner = f"""{SERVICES}<dataset name="top"><metadata inherited="true"><keyword>sea</keyword></metadata>
    <dataset name="a" urlPath="a" serviceName="all"/></dataset>"""
    answer = read(inner, Request(url=HERE, about="ours"))
    provider = provider_from_mapping("x", ABOUT | {"collections": {"ours": "."}}, "x")
    body = answer.records[0].text().encode()
    again = protocol("thredds").read(
        provider, Response(200, {}, body, "https://other.example.org"), Request("x", about="ours")
    )
    assert again.products == answer.products
    assert json.loads(body)["access"][0]["href"].startswith("https://example.org/")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><head><title>HTTP Status 400</title></head></html>", "HTML (HTTP Status 400)"),
        (b"Throwable exception handled : null", "not JSON"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "XML (feed), not a catalogue"),
        (b"{}", "not a catalogue"),
        (b"", "an empty answer"),
        (catalogue("<dataset name='x'/>")[:80], "XML that is cut short"),
        (b"<!DOCTYPE x><catalog/>", "DTD"),
    ],
)
def test_bad_answers(body: bytes, words: str):
    provider = provider_from_mapping("x", ABOUT, "x")
    with pytest.raises(BadAnswer) as error:
        protocol("thredds").read(provider, Response(200, {}, body, HERE), Request(url=HERE))
    assert words in str(error.value)
    assert "\n" not in str(error.value)
