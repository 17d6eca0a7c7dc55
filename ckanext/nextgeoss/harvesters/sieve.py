"""What a provider cannot be asked is picked from what it gives: the rest of a query, product by product."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..eo.product import Product
from ..eo.query import Condition, Query
from ..eo.temporal import ALWAYS
from .protocols import AREA, CHANGES, COLLECTIONS, IDS, TIME, Answer

# key of a provider's `changes`: what has changed is picked from all, by the property that it names
SIEVED = "sieve"


def askable(query: Query, asks: frozenset[str]) -> Query:
    """The part of a query that a provider can be asked."""
    return replace(
        query,
        collections=query.collections if COLLECTIONS in asks else (),
        time=query.time if TIME in asks else ALWAYS,
        footprint=query.footprint if AREA in asks else None,
        ids=query.ids if IDS in asks else (),
        conditions=query.conditions if CHANGES in asks else _others(query.conditions),
    )


def sieved(answer: Answer, query: Query) -> Answer:
    """The answer with the products that match a query, and their records; its total says nothing then."""
    kept = [match for match in zip(answer.products, answer.records, strict=True) if matches(match[0], query)]
    products, records = tuple(product for product, _ in kept), tuple(record for _, record in kept)
    return replace(answer, products=products, records=records, total=None)


def matches(product: Product, query: Query) -> bool:
    """Whether a product is among what a query asks; one whose time or place is not known is, since nothing
    says that it is not."""
    if query.collections and product.collection not in query.collections:
        return False
    if query.ids and product.id not in query.ids:
        return False
    if query.time and product.time and not product.time.intersects(query.time):
        return False
    if any(_is_older(product, each) for each in query.conditions):
        return False
    return not (query.footprint and product.footprint) or product.footprint.intersects(query.footprint)


def _others(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return tuple(each for each in conditions if not _is_since(each))


def _is_since(condition: Condition) -> bool:
    """Whether a condition asks for changes since a time."""
    return (condition.property, condition.operator) == ("updated", ">=")


def _is_older(product: Product, condition: Condition) -> bool:
    """Whether a product says that it has not changed since."""
    told, since = product.properties.get("updated"), condition.value
    if not _is_since(condition) or not isinstance(told, datetime) or not isinstance(since, datetime):
        return False
    return told < since
