"""Our fields on a Solr core: what it has, what it lacks, which change needs a new core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..eo.properties import Properties
from .fields import Definition, schema_fields
from .query import quoted
from .solr import SolrClient

# We fill these two fields ourselves, and for products not at all: they are a quarter of its index otherwise.
DROPPED_COPIES = (("name", "name_ngram"), ("title", "title_ngram"))

_SCHEMA_LISTS = {"field-type": "fieldTypes", "field": "fields"}


@dataclass(frozen=True, slots=True)
class Core:
    """What a core knows of the fields of a document."""

    fields: frozenset[str]
    # whether it fills the n-gram fields by itself
    copies_ngrams: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a core and what we need; `live` when it can be made without a new core."""

    command: str
    attributes: Mapping[str, Any]
    live: bool
    reason: str

    @property
    def name(self) -> str:
        """The field, type or copy it is about."""
        if "dest" in self.attributes:
            return f"{self.attributes['source']} -> {self.attributes['dest']}"
        return str(self.attributes["name"])


def read_core(client: SolrClient) -> Core:
    """What the core has, of all there is."""
    names = client.get("/schema/fields")["fields"]
    copies = client.get("/schema/copyfields")["copyFields"]
    pairs = {(copy["source"], copy["dest"]) for copy in copies}
    return Core(frozenset(field["name"] for field in names), any(pair in pairs for pair in DROPPED_COPIES))


def differences(client: SolrClient, properties: Properties, site_id: str) -> list[Change]:
    """What has to change so that the core is as we need it, in the order in which it can be done.

    N-gram copies stay on a core that holds documents of other sites, which may rely on them.
    """
    schema = client.get("/schema")["schema"]
    there = {kind: {part["name"]: part for part in schema[key]} for kind, key in _SCHEMA_LISTS.items()}
    changes = list(_compare(schema_fields(properties), there))
    dropped = () if _shared(client, site_id) else DROPPED_COPIES
    for copy in schema.get("copyFields", ()):
        if (copy["source"], copy["dest"]) in dropped:
            pair = {"source": copy["source"], "dest": copy["dest"]}
            changes.append(Change("delete-copy-field", pair, True, "filled by the index hook"))
    return changes


def apply(client: SolrClient, changes: list[Change]) -> list[Change]:
    """Make the changes that a core can take while it runs, all of them or none; gives those made."""
    made = [change for change in changes if change.live]
    client.change_schema([(change.command, change.attributes) for change in made])
    return made


def _shared(client: SolrClient, site_id: str) -> bool:
    others = {"q": "*:*", "fq": f"-site_id:{quoted(site_id)}", "rows": 0}
    return client.select(others)["response"]["numFound"] > 0


def _compare(wanted: list[Definition], there: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    for kind, attributes in wanted:
        found = there[kind].get(attributes["name"])
        if found is None:
            yield Change(f"add-{kind}", attributes, True, "missing")
            continue
        unlike = [key for key in attributes if not _same(found.get(key), attributes[key])]
        if unlike:
            told = ", ".join(f"{key}: {_text(found.get(key))} for {_text(attributes[key])}" for key in unlike)
            yield Change(f"replace-{kind}", attributes, False, told)


def _same(found: Any, wanted: Any) -> bool:
    # Solr leaves out what is the default
    if found is None:
        return wanted is False
    return _text(found) == _text(wanted)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
