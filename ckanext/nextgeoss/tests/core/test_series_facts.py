"""What all formats say of a collection."""

from __future__ import annotations

import pytest

from ckanext.nextgeoss.eo.collection import Collection
from ckanext.nextgeoss.eo.formats.series_facts import series_picture


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://x.example/t.png", "image/png"),
        ("https://x.example/t.JPG?size=2", "image/jpeg"),
        ("https://x.example/picture", None),
        ("https://x.example/t.pdf", None),
        ("", None),
    ],
)
def test_only_what_is_known_to_be_a_picture_is_one(address: str, kind: str | None) -> None:
    found = series_picture(Collection(id="c", thumbnail=address))
    assert found == (None if kind is None else (address, kind))
