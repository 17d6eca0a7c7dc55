"""Forms of one product: packed, as files of a cloud, as optimised twins; told apart by their names."""

from __future__ import annotations

import re

# the row of schemas/eo_product.yaml that names the product of which a product is another form
ORIGINAL = "original_product"
# how the Sentinel ground segments pack products; not part of a product's name
PACKAGING = ("", ".SAFE", ".SEN3", ".zip", ".nc", ".EOF", ".SAFE.zip", ".SEN3.zip", ".EOF.zip")
_PACKED = re.compile(r"(.+?)(?:\.(?:SAFE|SEN3|EOF|nc))?(?:\.zip)?")
# the twin that CDSE and CREODIAS make of a Sentinel-1 product
_TWIN = re.compile(r"(S1.{20,}?)_COG")
# a step of an address that names a product
_NAME = re.compile(r"[A-Z][A-Z0-9]{2}_[A-Z0-9_]{20,}")
# Sentinel-1: some catalogues leave out the last part, the checksum that tells two processings apart
_SENTINEL_1 = re.compile(
    r"(S1[A-D]_\w{2}_[A-Z]{3}\w_\d\w{3}_\d{8}T\d{6}_\d{8}T\d{6}_\d{6}_[0-9A-F]{6})_[0-9A-F]{4}", re.A
)


def bare(identifier: str) -> str:
    """The name of a product without its packaging: `S2A_X` of `S2A_X.SAFE` and `S2A_X.SAFE.zip`."""
    found = _PACKED.fullmatch(identifier.strip())
    return found[1] if found else identifier.strip()


def product_name(text: str) -> str:
    """The name of a product in a file name, an address or an object's key, without packaging: the last step
    that looks like one, else what is given."""
    steps = [bare(step) for step in text.strip().split("/")]
    named = [step for step in steps if _NAME.fullmatch(step)]
    return named[-1] if named else bare(text)


def original_of(identifier: str) -> str:
    """The name of the product that this one says by its own name it is a form of; "" for originals."""
    found = _TWIN.fullmatch(bare(identifier))
    return found[1] if found else ""


def written(name: str) -> tuple[str, ...]:
    """The identifiers under which catalogues have the product of this name."""
    return tuple(name + ending for ending in PACKAGING)


def called(identifier: str) -> tuple[str, ...]:
    """The names by which other forms of a product may call it: its own, and for Sentinel-1 also that without
    the last part."""
    name = bare(identifier)
    found = _SENTINEL_1.fullmatch(name)
    return (name, found[1]) if found else (name,)


def has_checksum(name: str) -> bool | None:
    """Whether the name of a Sentinel-1 product has its last part; None for names of other products."""
    if _SENTINEL_1.fullmatch(name):
        return True
    return False if _SENTINEL_1.fullmatch(f"{name}_0000") else None
