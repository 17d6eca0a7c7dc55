"""Records of ISO 19139 that providers sent, judged by the schemas that ckanext-spatial brings along."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ...eo.errors import BadAnswer
from ...eo.xml import Element, Schema, descendants, namespace_of, parse_xml
from .findings import LONGEST_FOUND, MOST_FOUND

_LIMIT = 4_000_000
_GMD, _GMI = "http://www.isotc211.org/2005/gmd", "http://www.isotc211.org/2005/gmi"
_NAMES = {_GMD: "MD_Metadata", _GMI: "MI_Metadata"}
# those of 2005 have another GML than those of 2007, which know imagery, too
_OLD_GML = b'"http://www.opengis.net/gml"'
_OLD, _NEW = "iso19139/gmx/gmx.xsd", "iso19139ngdc/schema.xsd"
_NAMESPACE = re.compile(r"\{[^}]*\}")


def faults_of(text: str) -> tuple[str, ...] | None:
    """What the schema refuses in the record that is in a document, or that it is no document; None when it
    holds no record that can be judged."""
    data = text.encode()
    if not any(name.encode() in data for name in _NAMES.values()):
        return None
    try:
        root = parse_xml(data, limit=_LIMIT)
    except BadAnswer as error:
        return (str(error)[:LONGEST_FOUND],)
    for namespace, name in _NAMES.items():
        record = next((each for each in descendants(root, name) if namespace_of(each) == namespace), None)
        if record is not None:
            return _judged(record, namespace, is_old=_OLD_GML in data)
    return None


def _judged(record: Element, namespace: str, *, is_old: bool) -> tuple[str, ...] | None:
    if is_old and namespace == _GMI:
        return None
    schema = _schema(_OLD if is_old else _NEW)
    if schema is None:
        return None
    told = (_NAMESPACE.sub("", fault)[:LONGEST_FOUND] for fault in schema.faults(record))
    return tuple(dict.fromkeys(told))[:MOST_FOUND]


@cache
def _schema(path: str) -> Schema | None:
    """The schema, compiled once; None where it is not installed."""
    spec = find_spec("ckanext.spatial")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder) / "validation/xml" / path
        if file.is_file():
            return Schema(str(file))
    return None
