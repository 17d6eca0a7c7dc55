"""Namespaces of feedback in XML, GUF 1.0 with the parts of ISO 19115-3 and ISO 19157-2 that it stands on."""

from __future__ import annotations

from ...eo.xml import Builder

_ISO = "http://standards.iso.org/iso"
NAMESPACES = {
    "guf": "http://www.opengis.net/guf/1.0/core",
    "qcm": "http://www.opengis.net/guf/1.0/common",
    "ufc": "http://www.opengis.net/guf/1.0/collection",
    "ufs": "http://www.opengis.net/guf/1.0/summary",
    "pqm": "http://www.geoviqua.org/gvq/1.0",
    "cit": f"{_ISO}/19115/-3/cit/1.0",
    "gco": f"{_ISO}/19115/-3/gco/1.0",
    "gcx": f"{_ISO}/19115/-3/gcx/1.0",
    "gex": f"{_ISO}/19115/-3/gex/1.0",
    "lan": f"{_ISO}/19115/-3/lan/1.0",
    "mcc": f"{_ISO}/19115/-3/mcc/1.0",
    "mri": f"{_ISO}/19115/-3/mri/1.0",
    "mrl": f"{_ISO}/19115/-3/mrl/1.0",
    "mco": f"{_ISO}/19115/-3/mco/1.0",
    "mdb": f"{_ISO}/19115/-3/mdb/1.0",
    "mrd": f"{_ISO}/19115/-3/mrd/1.0",
    "mdq": f"{_ISO}/19157/-2/mdq/1.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "xlink": "http://www.w3.org/1999/xlink",
}
make = Builder(NAMESPACES)

MEDIA_TYPE = "application/xml"
# GUF 1.0 has no place for usage that can be repeated: it stands in a citation that is known by this code
# space
REPRODUCIBLE = "https://github.com/NextGEOSS/guf/reproducible-usage"
