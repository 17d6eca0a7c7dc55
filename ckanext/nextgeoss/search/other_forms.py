"""Other forms of a product in the catalogue: its original, the forms of that, and the forms of itself."""

from __future__ import annotations

import re
from typing import Any

from ..eo.forms import ORIGINAL, bare, called, has_checksum, written
from ..eo.product import Product
from . import fields
from .query import any_of

MOST = 20
# what may stand before a `*` of ours
_PLAIN = re.compile(r"[A-Za-z0-9_]+")


def forms_filter(product: Product, field: str) -> str:
    """The filter for all forms of the product, itself included; `field` holds the name of the original."""
    original = str(product.properties.get(ORIGINAL) or "")
    name = original or bare(product.id)
    found = [any_of(fields.IDENTIFIER, written(name)), any_of(field, called(name))]
    if original and has_checksum(original) is False and _PLAIN.fullmatch(name):
        found.append(f"{fields.IDENTIFIER}:{name}_*")  # which of the processings is not told
    return " OR ".join(found)


def forms_request(product: Product, field: str, uuid: str) -> dict[str, Any]:
    """What /select takes for the other forms of the product whose dataset has this id."""
    return {
        "q": "*:*",
        "fq": [forms_filter(product, field), f'-id:"{uuid}"'],
        "fl": f"name,title,organization,{fields.COLLECTION}",
        "sort": f"{fields.COLLECTION} asc, {fields.IDENTIFIER} asc",
        "rows": MOST,
    }
