"""What the search page shows, made ready for its template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckan.plugins import toolkit

from .. import config
from ..eo.properties import Properties
from ..search.hooks import facet_titles
from .cards import Card, card
from .export_links import export_links
from .footprints import feature, feature_collection, frame, stored_geometry
from .forms import LAST_RESULT, ROWS
from .search_page_titles import facet_title, feedback_values, part_labels
from .search_state import Asked, State
from .words import readable

# what is not a filter and keeps no place among the chips
_NOT_FILTERS = ("sort", "page")
# fields of the form; everything else of the state goes along in hidden fields
FORM_FIELDS = ("q", "ext_bbox", "start", "end", "cloud_cover_max", "sort", "page")
_OPEN_FACETS = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its address switches it on, or off when it is chosen."""

    value: str
    title: str
    count: int | None
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values, most frequent first."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use: what it says and the address without it; `count` is what would be found then."""

    label: str
    value: str
    url: str
    state: State
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The context of the search page; `failure` says why nothing could be searched."""

    state: State
    asked: Asked
    path: str
    # names of orders that can be chosen
    orders: tuple[str, ...] = ()
    count: int = 0
    cards: tuple[Card, ...] = ()
    facets: tuple[Facet, ...] = ()
    chips: tuple[Chip, ...] = ()
    footprints: dict[str, Any] = field(default_factory=lambda: feature_collection(()))
    frame: str = ""
    failure: str = ""

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """Filters without a field in the form, to be sent along with it."""
        return tuple(pair for pair in self.state.pairs if pair[0] not in FORM_FIELDS)

    @property
    def sorts(self) -> dict[str, str]:
        """The orders to choose from, by name."""
        return {name: title for name, title in sort_titles().items() if name in self.orders}

    @property
    def domain(self) -> str:
        """The field of application that was picked: what is fit for it comes first, or stays alone."""
        return self.asked.query.fit_first or self.state.get("fit_for")

    @property
    def domains(self) -> tuple[str, ...]:
        """The fields of application to pick from, in the order of the alphabet."""
        found = next((facet.choices for facet in self.facets if facet.name == "fit_for"), ())
        return tuple(sorted({each.value for each in found} | set(filter(None, [self.asked.query.fit_first]))))

    @property
    def pages(self) -> tuple[tuple[int, str], ...]:
        """Number and address of the pages around this one, and of the first and last; a gap is (0, "")."""
        last = self.last_page
        near = {1, last, *range(self.asked.page - 2, self.asked.page + 3)}
        found: list[tuple[int, str]] = []
        for number in sorted(number for number in near if 1 <= number <= last):
            if found and number > found[-1][0] + 1:
                found.append((0, ""))
            found.append((number, self.page_url(number)))
        return tuple(found)

    @property
    def last_page(self) -> int:
        """The number of the last page that can be opened."""
        return max(1, -(-min(self.count, LAST_RESULT) // ROWS))

    def page_url(self, number: int) -> str:
        """The address of another page of the same search."""
        return self.state.on_page(number).url(self.path)

    @property
    def exports(self) -> tuple[tuple[str, str], ...]:
        """Title and address of each form in which the products found can be had."""
        return export_links(self.state, self.asked) if self.count else ()

    @property
    def most_exported(self) -> int:
        """How many products an export has at most where these are more, else 0."""
        most = config.most_exported()
        return most if 0 < most < self.count else 0

    @property
    def panel_url(self) -> str:
        """What is shown when the panel of programs is opened."""
        return self.state.url(toolkit.url_for("nextgeoss_apis.panel"))

    @property
    def code_url(self) -> str:
        """The page of APIs with this search."""
        return self.state.url(toolkit.url_for("nextgeoss_apis.apis"))

    @property
    def first(self) -> int:
        """The place of the first result of this page among all."""
        return (self.asked.page - 1) * ROWS + 1


def results(datasets: list[dict[str, Any]], properties: Properties) -> dict[str, Any]:
    """Cards, footprints and the frame around them, of the datasets found."""
    cards = tuple(card(dataset, properties, dataset_url) for dataset in datasets)
    features = [
        feature(each.name, each.title, each.url, geometry)
        for each, dataset in zip(cards, datasets, strict=True)
        if (geometry := stored_geometry(dataset))
    ]
    return {"cards": cards, "footprints": feature_collection(features), "frame": frame(features)}


def dataset_url(name: str) -> str:
    """The address of the page of a dataset."""
    return toolkit.url_for("dataset.read", id=name)


def facets(
    state: State,
    path: str,
    fields: Mapping[str, str],
    counted: Mapping[str, Any],
    properties: Properties,
) -> tuple[Facet, ...]:
    """The facets that have values, or a chosen one, in the order of `fields` (parameter, Solr field)."""
    titles = facet_titles()
    found: list[Facet] = []
    for name, solr in fields.items():
        items = counted.get(solr, {}).get("items", ())
        title = titles.get(solr) or facet_title(name, properties)
        choices = _choices(state, path, name, items, properties)
        if choices:
            chosen = any(choice.chosen for choice in choices)
            found.append(Facet(name, title, choices, chosen or len(found) < _OPEN_FACETS))
    return tuple(found)


def _choices(state: State, path: str, name: str, items: Any, properties: Properties) -> tuple[Choice, ...]:
    chosen = state.all(name)
    shown = value_namer(name, items, properties)
    counts = {item["name"]: item["count"] for item in items}
    ranks = {value: rank for rank, value in enumerate(feedback_values(name))}
    order = sorted(counts, key=lambda value: (ranks.get(value, 0), -counts[value], shown(value).lower()))
    # of the least there is one
    others = state.without(name) if name.endswith("_min") else state
    values = [*order, *(value for value in chosen if value not in counts)]
    return tuple(
        Choice(
            value,
            shown(value),
            counts.get(value),
            value in chosen,
            (state.without(name, value=value) if value in chosen else others.plus(name, value)).url(path),
        )
        for value in values
    )


def value_namer(name: str, items: Any, properties: Properties) -> Callable[[str], str]:
    """How the values of a facet are called for people."""
    if name in properties:
        return lambda value: readable(properties[name], value)
    titles = {item["name"]: item.get("display_name") or item["name"] for item in items}
    titles |= feedback_values(name)
    return lambda value: titles.get(value, value)


def chips(state: State, path: str, facets: tuple[Facet, ...], properties: Properties) -> tuple[Chip, ...]:
    """The filters in use, in the order of the address."""
    titles = {(facet.name, choice.value): choice.title for facet in facets for choice in facet.choices}
    labels = {facet.name: facet.title for facet in facets} | part_labels()
    found: list[Chip] = []
    for name, value in state.pairs:
        if name in _NOT_FILTERS:
            continue
        rest = state.without(name, value=value)
        label = labels.get(name) or facet_title(name, properties)
        text = titles.get((name, value)) or f"{value} {_unit(name, properties)}".rstrip()
        found.append(Chip(label, text, rest.url(path), rest))
    return tuple(found)


def _unit(name: str, properties: Properties) -> str:
    base = name if name in properties else name.rpartition("_")[0]
    return properties[base].unit if base in properties else ""


def sort_titles() -> dict[str, str]:
    """The orders that there are, by name."""
    _ = toolkit._
    return {
        "newest": _("Newest acquisition"),
        "oldest": _("Oldest acquisition"),
        "relevance": _("Best match"),
        "cloud": _("Least cloud"),
        "title": _("Title"),
        "modified": _("Last changed here"),
        "rating": _("Best rated"),
        "reviews": _("Most rated"),
        "feedback": _("Latest feedback"),
        "metadata": _("Best described"),
    }
