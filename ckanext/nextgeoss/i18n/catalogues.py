"""Brings the catalogues of languages in step with the texts; a language that is named gets one.

python -m ckanext.nextgeoss.i18n.catalogues [de ...]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import polib

from .extract import PACKAGE, TARGET

HOME = PACKAGE / "i18n"
DOMAIN = TARGET.stem


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parents[1].name for path in HOME.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language is; what CKAN reads, the .mo, is beside it."""
    return HOME / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def brought_up(language: str) -> polib.POFile:
    """The catalogue of a language with all texts there are now, and no other; new ones are empty."""
    path, texts = catalogue_path(language), polib.pofile(str(TARGET))
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
    catalogue.wrapwidth = 120
    catalogue.metadata = {
        **texts.metadata,
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": _plural_forms(language),
    }
    catalogue.merge(texts)
    place = {_key(entry): number for number, entry in enumerate(texts)}
    kept = [entry for entry in catalogue if _key(entry) in place]
    catalogue[:] = sorted(kept, key=lambda entry: place[_key(entry)])
    return catalogue


def write(language: str) -> int:
    """Write the catalogue of a language and what CKAN reads of it; how many texts have no translation."""
    catalogue, path = brought_up(language), catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    return len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())


def _plural_forms(language: str) -> str:
    """CKAN's own rule: it merges the catalogues of a language, and has one rule for the whole."""
    own = files("ckan").joinpath(f"i18n/{language}/LC_MESSAGES/ckan.po")
    if not own.is_file():
        raise SystemExit(f"CKAN has no language {language!r}; it has: {', '.join(_of_ckan())}")
    return polib.pofile(str(own)).metadata["Plural-Forms"]


def _of_ckan() -> list[str]:
    return sorted(path.name for path in files("ckan").joinpath("i18n").iterdir() if path.is_dir())


def _key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def main(asked: Iterable[str]) -> None:
    """Write the catalogues there are, and those asked for."""
    for language in sorted({*languages(), *asked}):
        missing = write(language)
        sys.stdout.write(f"{language}: {f'{missing} to translate' if missing else 'complete'}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
