"""The state of a search, which is all in its URL: what it asks, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from ..eo.errors import BadValue
from ..eo.parameters import PAGING, mistakes, query_from_parameters, unknown
from ..eo.properties import Properties
from ..eo.query import Query
from ..search.parameters import asked_rows
from ..search.query import any_of, check_size, filters
from .forms import CKAN_FACETS, LAST_RESULT, OLD_FACETS, OLD_SORTS, ROWS, SORTS

Pairs = Iterable[tuple[str, str]]

# read here, not as what a query asks
_OURS = ("sort", "page", *CKAN_FACETS)
# what the page cannot answer
_LEFT_OUT = ("latest", "time_relation", *(name for name in PAGING if name != "sort"))


@dataclass(frozen=True, slots=True)
class State:
    """The parameters of a search page, in order, none empty and none twice."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Pairs) -> State:
        """From the parameters of a URL; names that start with "_" are of scripts and left out."""
        named = ((OLD_FACETS.get(name, name), value.strip()) for name, value in pairs)
        kept = (pair for pair in named if pair[1] and not pair[0].startswith("_"))
        return cls(tuple(dict.fromkeys(kept)))

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a parameter."""
        return tuple(value for key, value in self.pairs if key == name)

    def get(self, name: str) -> str:
        """The first value of a parameter; "" when there is none."""
        return next(iter(self.all(name)), "")

    def without(self, *names: str, value: str | None = None) -> State:
        """Without these parameters, or only this value of them; begins at the first page again."""
        gone = (*names, "page") if value is None else ("page",)
        return State(
            tuple(
                (key, given)
                for key, given in self.pairs
                if key not in gone and not (key in names and given == value)
            )
        )

    def plus(self, name: str, value: str) -> State:
        """With one more value of a parameter; begins at the first page again."""
        return State.of((*self.without().pairs, (name, value)))

    def on_page(self, number: int) -> State:
        """The same search, another page of it."""
        state = self.without()
        return replace(state, pairs=(*state.pairs, ("page", str(number)))) if number > 1 else state

    def url(self, path: str) -> str:
        """The address of this state."""
        return f"{path}?{urlencode(self.pairs)}" if self.pairs else path

    def lists(self) -> dict[str, list[str]]:
        """All values by parameter."""
        return {name: list(self.all(name)) for name, _ in self.pairs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a state asks. With errors (field, message) nothing is searched; notices name what was ignored."""

    query: Query = field(default_factory=Query)
    # filters for Solr: of the query, and of CKAN's facets, which are no part of a Query
    filters: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    sort: str = "newest"
    page: int = 1
    errors: dict[str, str] = field(default_factory=dict[str, str])
    # names that are not known, each with a known name that is like it, or ""
    ignored: tuple[tuple[str, str], ...] = ()


def read_state(state: State, properties: Properties, sorts: Collection[str] = tuple(SORTS)) -> Asked:
    """What the state asks, of what can be sorted by; nothing in it can make this fail."""
    rows, given = asked_rows(properties), state.lists()
    ignored = unknown(given, rows, _OURS)
    ignored |= {name: "" for name in given if name in _LEFT_OUT}
    asked = {name: given[name] for name in given if name not in (*_OURS, *ignored)}
    errors = mistakes(asked, rows)
    query = Query() if errors else query_from_parameters(asked, rows)
    try:
        check_size(query)
    except BadValue as error:
        errors[{"ids": "id", "collections": "collection"}.get(error.where, error.where)] = error.reason
    sort, page = _sort(state, sorts, errors), _page(state, errors)
    if errors:
        return Asked(errors=errors, ignored=tuple(ignored.items()), sort=sort)
    return Asked(
        query=query,
        filters=tuple(filters(query, properties)),
        plain=tuple(any_of(solr, given[name]) for name, solr in CKAN_FACETS.items() if name in given),
        sort=sort,
        page=page,
        ignored=tuple(ignored.items()),
    )


def _sort(state: State, sorts: Collection[str], errors: dict[str, str]) -> str:
    asked = state.get("sort")
    sort = OLD_SORTS.get(asked, asked)
    if sort and sort not in sorts:
        errors["sort"] = BadValue(asked, "sort", "one of " + ", ".join(sorts)).reason
    usual = "relevance" if state.get("q") else "newest"
    return next(name for name in (sort, usual, "modified") if name in sorts)


def _page(state: State, errors: dict[str, str]) -> int:
    asked, last = state.get("page") or "1", LAST_RESULT // ROWS
    if asked.isdecimal() and 1 <= int(asked[:9]) <= last:
        return int(asked)
    errors["page"] = BadValue(
        asked, "page", f"a number from 1 up to {last}; narrow the search instead"
    ).reason
    return 1
