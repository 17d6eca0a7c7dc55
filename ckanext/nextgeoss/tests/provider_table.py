"""Writes docs/providers.md: what each provider's recorded answers are read as (`make providers`)."""

from __future__ import annotations

from collections import Counter

from ckanext.nextgeoss.harvesters.attributes import attributes_of, coverage_of
from ckanext.nextgeoss.harvesters.provider import Provider, load_provider
from ckanext.nextgeoss.tests.provider_recordings import FILES, recordings
from ckanext.nextgeoss.tests.shared import ROOT

PAGE = ROOT / "docs" / "providers.md"

_COLUMNS = (
    "provider", "profile", "login", "answers", "products", "problems noted",
    "attributes", "mapped", "ignored", "unknown",
)  # fmt: skip
_HEAD = f"""\
# Providers

What the shipped provider files make of answers that their services really gave. The answers were recorded by
many projects over many years; they are not part of this repository. `make providers` writes this page where
they are at hand, and a test compares it.

- *answers*: search answers among the recordings; documents of other kinds (error bodies, landing pages, lists
  of collections) are told in one line each and are not counted.
- *problems noted*: products of which something could not be used, or had to be mended; all of them are kept.
- *attributes*: names of members of the records (those of all assets of a STAC item count once): how many are
  read into a property or another part of the product, how many are left out on purpose, and how many nobody
  has looked at. `nextgeoss provider attributes` lists them.

| {" | ".join(_COLUMNS)} |
|{"---|" * 3}{"---:|" * (len(_COLUMNS) - 3)}
"""
_TAIL = """
The kinds of problems, with the number of products that have them:

"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """The page as it should be."""
    rows, problems = [], list[str]()
    for provider_id in sorted(FILES):
        row, noted = _row(load_provider(provider_id))
        rows.append(row)
        kinds = "; ".join(f"{words} ({number})" for words, number in sorted(noted.items()))
        problems.append(f"- `{provider_id}`: {kinds or 'none'}")
    return _HEAD + "\n".join(rows) + "\n" + _TAIL + "\n".join(problems) + "\n"


def _row(provider: Provider) -> tuple[str, Counter[str]]:
    answers = [found for each in recordings(provider.id) if (found := each.read().answer)]
    products = [product for answer in answers for product in answer.products]
    noted = Counter(
        words for product in products for words in {_kind(problem.where) for problem in product.problems}
    )
    coverage = coverage_of(
        attributes_of(provider, [record for answer in answers for record in answer.records])
    )
    login = provider.auth.get("type", "none") + (" (optional)" if "optional" in provider.auth else "")
    cells = (
        f"`{provider.id}`", provider.profile, login, len(answers), len(products),
        sum(bool(product.problems) for product in products),
        coverage.seen, coverage.mapped, coverage.ignored, coverage.unknown,
    )  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |", noted


def _kind(where: str) -> str:
    """The place of a problem without the name of an asset in it."""
    first, _, last = where.partition(".")
    return f"{first} {last.rpartition('.')[2]}" if first in ("assets", "links") and last else where


if __name__ == "__main__":
    main()
