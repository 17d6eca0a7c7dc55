"""XML Schema: published schemas that are not part of the project, found by their published address."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from lxml import etree

from ckanext.nextgeoss.tests.shared import standards

_ELSEWHERE = {
    "www.w3.org/2001/03/xml.xsd": "www.w3.org/2001/xml.xsd",
    "dublincore.org/schemas/xmls/simpledc20021212.xsd": "www.openarchives.org/OAI/2.0/simpledc20021212.xsd",
}


class _Local(etree.Resolver):
    """Finds schemas in a folder laid out by host and path; the address stays the base, so that each schema
    is one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, url: str | None, public_id: str | None, context: object) -> object:
        name = re.sub(r"^https?://", "", url or "")
        name = re.sub(r"^standards\.iso\.org/iso/", "schemas.isotc211.org/", _ELSEWHERE.get(name, name))
        path = self.folder / name
        if path.is_file():
            return self.resolve_string(path.read_bytes(), context, base_url=url)
        return None


@cache
def schema(name: str) -> etree.XMLSchema:
    """A schema such as `guf-1.0-all.xsd`, or by its address; skips the test when the schemas are absent."""
    folder = standards() / "xsd"
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    parser.resolvers.add(_Local(folder))
    path = folder / re.sub(r"^https?://", "", name)
    return etree.XMLSchema(etree.fromstring(path.read_bytes(), parser, base_url=name))


def faults(document: bytes, name: str) -> list[str]:
    """What a schema refuses in a document, line by line."""
    judge = schema(name)
    if judge.validate(etree.fromstring(document)):
        return []
    return [f"{entry.line}: {entry.message}" for entry in judge.error_log]
