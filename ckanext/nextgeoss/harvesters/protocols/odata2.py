"""OData 2 as DHuS speaks it (odata.org, OData 2.0, URI conventions)."""

from __future__ import annotations

import re

from .opensearch import OpenSearchProtocol
from .template import ClauseLanguage

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def _quoted(text: str) -> str:
    """A text as it stands between apostrophes; a time has no zone there and is UTC."""
    return text[:-1] if _MOMENT.fullmatch(text) else text.replace("'", "''")


class OData2Protocol(OpenSearchProtocol):
    """OData 2 searches: an answer that names no next page is counted on."""

    language = ClauseLanguage(" and ", " or ", "", _quoted)
