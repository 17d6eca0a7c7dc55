"""Each catalogue of translations is whole: all texts, the same placeholders and markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import polib
import pytest

from ckanext.nextgeoss.i18n import catalogues

LANGUAGES = pytest.mark.parametrize("language", catalogues.languages())
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\(\w+\)[sd]|%[sd]")
_TAG = re.compile(r"</?[a-z][^>]*>")
# a text that ends so is translated by one that ends so
_ENDS = (":", "?", ".", "…")


def read(language: str) -> polib.POFile:
    return polib.pofile(str(catalogues.catalogue_path(language)))


def forms(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """Each translation with the text that it translates."""
    if not entry.msgid_plural:
        yield entry.msgid, entry.msgstr
    for number, text in entry.msgstr_plural.items():
        yield entry.msgid_plural if number else entry.msgid, text


def differing(language: str, of: re.Pattern[str]) -> list[str]:
    return [
        text
        for entry in read(language)
        for said, text in forms(entry)
        if Counter(of.findall(said)) != Counter(of.findall(text))
    ]


def test_the_languages_of_the_project_are_there() -> None:
    assert {"ca", "es", "fr"} <= set(catalogues.languages())


@LANGUAGES
def test_a_catalogue_has_all_texts_and_each_is_translated(language: str) -> None:
    texts, found = polib.pofile(str(catalogues.TARGET)), read(language)
    said = f"run `make translations` and fill {catalogues.catalogue_path(language)}"
    assert [(e.msgctxt, e.msgid, e.msgid_plural) for e in found] == [
        (e.msgctxt, e.msgid, e.msgid_plural) for e in texts
    ], said
    assert [e.msgid for e in found if not e.translated()] == [], said
    assert found.obsolete_entries() == []


@LANGUAGES
def test_placeholders_and_markup_are_those_of_the_text(language: str) -> None:
    assert differing(language, _PLACEHOLDER) == []
    assert differing(language, _TAG) == []


@LANGUAGES
def test_a_text_ends_as_its_translation_does(language: str) -> None:
    def end(text: str) -> str:
        return text[-1] if text.endswith(_ENDS) else ""

    assert [text for entry in read(language) for said, text in forms(entry) if end(said) != end(text)] == []
    spaces = re.compile(r"^\s*|\s*$|  ")
    assert [
        text
        for entry in read(language)
        for said, text in forms(entry)
        if spaces.findall(said) != spaces.findall(text)
    ] == []


def test_no_line_of_french_begins_with_a_colon() -> None:
    breaks = re.compile(r" [:;?!»](\s|$)")
    assert [text for entry in read("fr") for _, text in forms(entry) if breaks.search(text)] == []


@LANGUAGES
def test_plural_forms_are_those_of_ckan_whatever_rule_is_used(language: str) -> None:
    """CKAN takes the rule of the last plugin for the texts of all."""
    catalogue = read(language)
    own = polib.pofile(str(files("ckan").joinpath(f"i18n/{language}/LC_MESSAGES/ckan.po")))
    assert catalogue.metadata["Plural-Forms"] == own.metadata["Plural-Forms"]
    (number,) = re.findall(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])
    for entry in catalogue:
        if entry.msgid_plural:
            assert sorted(entry.msgstr_plural) == list(range(int(number))), entry.msgid
            if number == "3":
                assert entry.msgstr_plural[1] == entry.msgstr_plural[2], entry.msgid


@LANGUAGES
def test_what_ckan_reads_is_what_was_translated(language: str) -> None:
    catalogue = read(language)
    compiled = polib.mofile(str(catalogues.catalogue_path(language).with_suffix(".mo")))
    told = [
        {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in each if e.msgid}
        for each in (catalogue, compiled)
    ]
    assert told[0] == told[1], "run `make translations`"
    assert compiled.metadata["Plural-Forms"] == catalogue.metadata["Plural-Forms"]


def test_a_language_is_begun_and_brought_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "HOME", tmp_path)
    texts = polib.pofile(str(catalogues.TARGET))
    assert catalogues.write("de") == len(texts)
    assert catalogues.languages() == ["de"]
    path = catalogues.catalogue_path("de")
    begun = polib.pofile(str(path))
    begun.find("Search").msgstr = "Suchen"
    begun.append(polib.POEntry(msgid="Said no more", msgstr="Nicht mehr gesagt"))
    begun.remove(begun.find("Feedback"))
    begun.save()
    assert catalogues.write("de") == len(texts) - 1
    again = polib.pofile(str(path))
    assert [entry.msgid for entry in again] == [entry.msgid for entry in texts]
    assert again.find("Search").msgstr == "Suchen"
    assert {entry.msgid: entry.msgstr for entry in polib.mofile(str(path.with_suffix(".mo")))} == {
        "Search": "Suchen"
    }
    with pytest.raises(SystemExit, match="xx"):
        catalogues.write("xx")
