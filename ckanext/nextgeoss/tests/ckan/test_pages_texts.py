"""All texts that people read are in the catalogue of texts to translate."""

from __future__ import annotations

from ckanext.nextgeoss.i18n.extract import TARGET, catalog, pot


def test_the_committed_catalogue_has_every_text() -> None:
    assert TARGET.read_bytes() == pot(), "write it again: python -m ckanext.nextgeoss.i18n.extract"


def test_texts_of_pages_and_of_rows_are_found() -> None:
    found = {message.id for message in catalog()}
    assert {"Narrow down", "Cloud cover", "Share of the scene covered by cloud", "Orbit and tile"} <= found
    assert ("{number} result", "{number} results") in found
