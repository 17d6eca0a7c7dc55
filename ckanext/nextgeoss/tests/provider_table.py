"""Writes docs/providers.md: what each provider's recorded answers are read as, and how it is harvested
(`make providers`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ckanext.nextgeoss.harvesters.attributes import attributes_of, coverage_of
from ckanext.nextgeoss.harvesters.protocols import CHANGES, TIME, Answer, protocol
from ckanext.nextgeoss.harvesters.protocols.description import read_description
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import load_provider, provider_ids
from ckanext.nextgeoss.harvesters.reading import read_answer, sample_pages
from ckanext.nextgeoss.http import Response
from ckanext.nextgeoss.tests.provider_recordings import recordings
from ckanext.nextgeoss.tests.shared import ROOT

PAGE = ROOT / "docs" / "providers.md"
SAMPLES = Path(__file__).parent / "samples"

_TEXTS = ("provider", "protocol", "status", "login", "time slices", "incremental", "deletes")
_NUMBERS = ("recordings", "products", "problems noted", "attributes", "mapped", "ignored", "unknown")
_HEAD = f"""\
# Providers

What the shipped provider files make of answers that their services really gave, and how each is harvested.
The answers were recorded by many projects over many years; they are not part of this repository.
`make providers` writes this page where they are at hand, and a test compares it.

- *status*: `retired` when the service is gone; its file says where its products are today.
- *time slices*: `counted` when the provider tells how many products an interval has, and intervals are cut to
  fit; `months` when it can be asked for a time only; `one` when it cannot, and each collection is read whole.
- *incremental*: `changes` when it can be asked what has changed since the last run; `compared` when
  everything is read again and only differences are written.
- *deletes*: `told` when the provider says what it has deleted; `reconciled` when a reconcile run finds out.
- *recordings*: search answers among the recordings; documents of other kinds (error bodies, landing pages,
  lists of collections) are told in one line each and are not counted. Without any, the columns to the right
  are those of the hand-written sample.
- *problems noted*: products of which something could not be used, or had to be mended; all of them are kept.
- *attributes*: names of members of the records (those of all assets of a STAC item count once): how many are
  read into a property or another part of the product, how many are left out on purpose, and how many nobody
  has looked at. `nextgeoss provider attributes` lists them.

| {" | ".join(_TEXTS + _NUMBERS)} |
|{"---|" * len(_TEXTS)}{"---:|" * len(_NUMBERS)}
"""
_TAIL = """
The kinds of problems, with the number of products of recordings that have them; other providers have none:

"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """The page as it should be."""
    found = [_read(load_provider(name)) for name in provider_ids() if not name.startswith("nextgeoss_demo")]
    problems = [f"- `{each.provider.id}`: {each.kinds()}" for each in found if each.kinds()]
    return _HEAD + "\n".join(each.row() for each in found) + "\n" + _TAIL + "\n".join(problems) + "\n"


@dataclass(frozen=True)
class _Read:
    """A provider, and the answers of it that are read."""

    provider: Provider
    answers: Sequence[Answer]
    is_recorded: bool

    def row(self) -> str:
        """Its line in the table."""
        provider = self.provider
        asks = protocol(provider.protocol).asks(searching(provider))
        slices = "one" if TIME not in asks else "counted" if provider.counts else "months"
        login = provider.auth.get("type", "none") + (" (optional)" if "optional" in provider.auth else "")
        products = [product for answer in self.answers for product in answer.products]
        records = [record for answer in self.answers for record in answer.records]
        coverage = coverage_of(attributes_of(provider, records))
        cells = (
            f"`{provider.id}`", provider.profile, provider.status, login, slices,
            "changes" if CHANGES in asks else "compared",
            "told" if protocol(provider.protocol).tells_deletions else "reconciled",
            len(self.answers) if self.is_recorded else 0, len(products),
            sum(bool(product.problems) for product in products),
            coverage.seen, coverage.mapped, coverage.ignored, coverage.unknown,
        )  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"

    def kinds(self) -> str:
        """The kinds of problems of its products."""
        products = [product for answer in self.answers for product in answer.products]
        noted = Counter(
            words for product in products for words in {_kind(problem.where) for problem in product.problems}
        )
        return "; ".join(f"{words} ({number})" for words, number in sorted(noted.items()))


def searching(provider: Provider) -> Provider:
    """The provider with its search template, which may be in a description document beside its sample."""
    if not provider.description_document:
        return provider
    body = (SAMPLES / provider.id / "description.xml").read_bytes()
    return read_description(Response(200, {}, body, provider.url)).results().of(provider)


def _read(provider: Provider) -> _Read:
    answers = [found for each in recordings(provider.id) if (found := each.read().answer)]
    if answers:
        return _Read(provider, answers, True)
    pages = sample_pages(SAMPLES / provider.id)[:1]
    read = [read_answer(provider, page.read_bytes(), page.name).answer for page in pages]
    return _Read(provider, [answer for answer in read if answer], False)


def _kind(where: str) -> str:
    """The place of a problem without the name of an asset in it."""
    first, _, last = where.partition(".")
    return f"{first} {last.rpartition('.')[2]}" if first in ("assets", "links") and last else where


if __name__ == "__main__":
    main()
