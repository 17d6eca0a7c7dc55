"""Written Metalink documents are judged by the schema of RFC 5854, appendix B (standards.md 1.14)."""

from __future__ import annotations

from dataclasses import replace

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.formats import metalink
from ckanext.nextgeoss.eo.page import Entry, Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import parse_time
from ckanext.nextgeoss.tests.jing import complaints
from ckanext.nextgeoss.tests.shared import standards

SCHEMA = "../metalink/metalink4.rnc"
HOSTILE = """</url><url priority="0">&amp;\x00 <![CDATA["""


def document(*products: Product, roles: tuple[str, ...] = ()) -> bytes:
    entries = tuple(Entry(uuid=str(number), name=f"name-{number}") for number in range(len(products)))
    return b"".join(
        metalink.write(
            [Page(products, entries=entries)],
            roles,
            origin="https://hub.example/export/products.meta4?q=a&collection=<b>",
            published=parse_time("2026-01-02T03:04:05Z"),
        )
    )


def test_metalinks_are_valid() -> None:
    demo = list(catalogue.products(500))
    assets = (
        Asset(key=HOSTILE, href=f"https://data.example/{HOSTILE}", size=0, checksum="sha256:" + 64 * "0"),
    )
    hostile = replace(demo[0], id=HOSTILE, assets=assets)
    written = [
        document(*demo),
        document(*demo, roles=("data", "metadata", "thumbnail")),
        document(hostile),
    ]
    assert all(written)
    assert complaints(SCHEMA, written) == []


def test_the_schema_refuses_what_is_no_metalink() -> None:
    folder = standards() / "metalink"
    assert complaints(SCHEMA, [(folder / "handmade_valid.meta4").read_bytes()]) == []
    assert complaints(SCHEMA, [(folder / "handmade_invalid.meta4").read_bytes()])
    assert complaints(SCHEMA, [b'<metalink xmlns="urn:ietf:params:xml:ns:metalink"/>'])
