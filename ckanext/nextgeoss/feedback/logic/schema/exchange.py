"""What export and import accept."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args
from ckan.plugins import toolkit

from ....eo.errors import BadValue
from ...imports.nimmbus import SERVICE
from .values import MOST_ITEMS, among, page, several, text

MOST_DOCUMENT = 16_000_000
FORMATS = ("guf", "atom", "jsonld", "csv", "iso")


@validator_args
def feedback_export_schema(ignore_missing: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """An item or a dataset, a format, and a page."""
    return {
        "id": [ignore_missing, text],
        "package_id": [ignore_missing, text],
        "format": [default("guf"), among(*FORMATS)],
        "include_replies": [default(True), boolean_validator],
        **page(MOST_ITEMS),
    }


def document(value: Any) -> str:
    """Accept the text of a document, of 16 million characters at most."""
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_DOCUMENT:
        allowed = f"the text of a document, of at most {MOST_DOCUMENT} characters"
        raise toolkit.Invalid(BadValue(value, "", allowed).reason)
    return value


@validator_args
def feedback_import_schema(not_empty: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """A document, and whether it is only looked at."""
    return {"document": [not_empty, document], "dry_run": [default(False), boolean_validator]}


@validator_args
def feedback_import_nimmbus_schema(not_empty: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """Datasets, how the service knows them, and where it is."""
    return {
        "package_id": [not_empty, several()],
        "code_space": [not_empty, text],
        "url": [default(SERVICE), text],
        "dry_run": [default(False), boolean_validator],
    }
