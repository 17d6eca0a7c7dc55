"""What deleted sources offered goes: a batch after another while there is time, and on in the next round."""

from __future__ import annotations

import time
from collections.abc import Iterable

from ckan import model

from . import offered
from .offers import Terms
from .protocols import Answer
from .writers import withdrawing_writer

_BATCH = 200


def gone_among(answers: Iterable[Answer], terms: Terms, collections: Iterable[str]) -> set[str]:
    """The ids of the datasets of what a provider says it has no more, unless it came later; of an identifier
    alone it is not told in which of the collections it was."""
    names = tuple(dict.fromkeys(collections))
    found: set[str] = set()
    for answer in answers:
        found.update(terms.uuid(name, identifier) for identifier in answer.gone for name in names)
        found.difference_update(terms.uuid(product.collection, product.id) for product in answer.products)
    return found


def withdraw_deleted(seconds: float) -> None:
    """Take back, for about so many seconds, what sources offered whose dataset is deleted or gone."""
    until = time.monotonic() + seconds
    session = model.Session()
    for source_id in offered.deleted_sources(session):
        writer = withdrawing_writer(source_id)
        while batch := offered.offered_packages(session, source_id, _BATCH):
            writer.withdraw(batch)
            if time.monotonic() > until:
                return
