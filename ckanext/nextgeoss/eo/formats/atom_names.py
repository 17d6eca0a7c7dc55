"""What the attributes of Atom entries are called, and the namespaces they are written in."""

from __future__ import annotations

from .eop_names import NAMES
from .vocabulary import IGNORED, Vocabulary

NAMESPACES = {
    "": "http://www.w3.org/2005/Atom",
    "os": "http://a9.com/-/spec/opensearch/1.1/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "georss": "http://www.georss.org/georss",
    # GeoRSS has GML 3.1, EOP has 3.2
    "gml31": "http://www.opengis.net/gml",
    "gml": "http://www.opengis.net/gml/3.2",
    "om": "http://www.opengis.net/om/2.0",
    "ows": "http://www.opengis.net/ows/2.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "eop": "http://www.opengis.net/eop/2.1",
    "opt": "http://www.opengis.net/opt/2.1",
    "sar": "http://www.opengis.net/sar/2.1",
    "alt": "http://www.opengis.net/alt/2.1",
    "atm": "http://www.opengis.net/atm/2.1",
    "lmb": "http://www.opengis.net/lmb/2.1",
    # our own attributes, for what the standards have no name for
    "nextgeoss": "https://github.com/NextGEOSS/atom/1.0",
}
OWN = f"{{{NAMESPACES['nextgeoss']}}}"

_ENTRY = {
    "identifier": "id",
    "id": "id",
    "title": "title",
    "parentIdentifier": "collection",
    "date": "time",
    "start": "time",
    "end": "time",
    "sensingStartDate": "time",
    "sensingStopDate": "time",
    "validTime/*": "time",
    "polygon*": "geometry",
    "where*": "geometry",
    "line": "geometry",
    "point": "geometry",
    "box": "geometry",
    "spatial": "geometry",
    "MultiPolygon/*": "geometry",
    "Polygon/*": "geometry",
    "link/*": "assets",
    "group/*": "assets",
    "summary*": IGNORED,
    "content*": IGNORED,
    "category*": IGNORED,
    "author/*": IGNORED,
    "contributor/*": IGNORED,
    "source/*": IGNORED,
    "generator*": IGNORED,
    "rights*": IGNORED,
    "format": IGNORED,
    "offering/*": IGNORED,
    # what users of another hub say
    "feedback/*": IGNORED,
    "sha1": IGNORED,
    "publisher": "providers",
    "schemaLocation": IGNORED,
    # CMR
    "producerGranuleId": "file_name",
    "datasetId": IGNORED,
    "granuleSizeMB": IGNORED,
    "originalFormat": IGNORED,
    "dataCenter": IGNORED,
    "coordinateSystem": IGNORED,
    "onlineAccessFlag": IGNORED,
    "browseFlag": IGNORED,
    "dayNightFlag": IGNORED,
    # Mundi
    "cycleNumber": "orbit_cycle",
    "relativePassNumber": IGNORED,
}

VOCABULARY = Vocabulary(NAMES | _ENTRY)
