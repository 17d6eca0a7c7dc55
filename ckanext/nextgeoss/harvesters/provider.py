"""A provider of products: one YAML file in providers/, with the defaults of its profile beneath."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from ..eo.collection import load_registry
from ..eo.errors import BadConfiguration, shown
from .declared import PARSERS, Number, Parsers, built, hint, keys_with_values, text, texts
from .enriching import Enrich, parse_enrich

_HERE = Path(__file__).parent
PROVIDERS = _HERE / "providers"
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionRule:
    """How a provider calls one of our collections, and which of its products belong to it."""

    # the provider's own ids of it
    ids: tuple[str, ...]
    # regular expression on the product's id or the provider's collection id
    pattern: str = ""
    # by the provider's names: values of which its products have one, where its own ids tell too little
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Volatile:
    """What changes although the product does not; it is not in the product's hash."""

    # query parameters taken off the addresses of assets, in any case, each with those that go along with it
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    # names of rows of schemas/eo_product.yaml
    properties: tuple[str, ...] = ()
    # keys of assets
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLimits:
    """How a provider's host is asked at most, where its file says so; 0 is no bound, None what the site's
    options say."""

    requests_per_second: float | None = None
    requests_at_once: int | None = None

    def given(self) -> Mapping[str, float]:
        """What the file says, by its name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One endpoint of a provider; its fields are the keys of the YAML file, `id` is the file's name."""

    id: str
    title: str
    # name of the CKAN organization that its products belong to
    organization: str
    # address of the service: the landing page for STAC
    url: str
    # block of profiles.yaml
    profile: str
    # module in protocols/
    protocol: str
    # by our collection id
    collections: Mapping[str, CollectionRule] = field(default_factory=dict[str, CollectionRule])
    description: str = ""
    homepage: str = ""
    # how the provider wants to be named
    attribution: str = ""
    # kind of login and references to its secrets, see auth.py; empty: none
    auth: Mapping[str, str] = field(default_factory=dict[str, str])
    # how its host is asked at most
    limits: AskedLimits = field(default_factory=AskedLimits)
    # address of a search with holes for parameters by their qualified names (OpenSearch 1.1, 5.4): whole, or
    # what is appended to `url`
    template: str = ""
    # how parts of a query are written into the hole {searchTerms}, see protocols/template.py
    clauses: Mapping[str, str] = field(default_factory=dict[str, str])
    # values of holes that are filled only when products are counted
    counting: Mapping[str, str] = field(default_factory=dict[str, str])
    # number of the first product or page
    first: Number = 1
    # the last product that can be reached by its number; 0: all can
    reach: Number = 0
    # of search requests: GET or POST
    method: str = "POST"
    # products of one answer
    page_size: int = 100
    # whether answers tell how many products match in all
    counts: bool = False
    # whether searches can be sorted
    sorts: bool = False
    # how a STAC search asks for what has changed since a time: `query` or `filter` (the extension) with the
    # name of the property; a template has a hole for it. Empty: it cannot be asked
    changes: Mapping[str, str] = field(default_factory=dict[str, str])
    # which offer of one product wins: the lowest
    rank: int = 100
    volatile: Volatile = field(default_factory=Volatile)
    # attributes of its records that are of no use here, `*` for anything; only reports speak of them
    ignored: tuple[str, ...] = ()
    # by the name of what is read: paths in the native record or URL templates, the first that answers
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    # what its sources add to products, unless they say otherwise
    enrich: Enrich = field(default_factory=Enrich)

    def canonical(self, native: str, product_id: str = "") -> str:
        """Our id of a collection that the provider calls `native`: by this file, else by the registry."""
        for ours, rule in self.collections.items():
            if rule.pattern and any(re.fullmatch(rule.pattern, text) for text in (product_id, native)):
                return ours
        for ours, rule in self.collections.items():
            if not rule.pattern and native in rule.ids:
                return ours
        known = load_registry().canonical(native)
        return known.id if known else native

    def rule(self, collection: str) -> CollectionRule:
        """How the provider calls our collection; one that is not in the file is asked by the name given."""
        if rule := self.collections.get(collection):
            return rule
        known = load_registry().canonical(collection)
        rule = self.collections.get(known.id) if known else None
        return rule or CollectionRule(ids=(collection,))

    def native(self, collection: str) -> tuple[str, ...]:
        """The provider's ids of our collection."""
        return self.rule(collection).ids


def provider_ids(*folders: Path) -> tuple[str, ...]:
    """The ids of all providers, in the shipped folder and in others."""
    found = {path.stem for folder in (PROVIDERS, *folders) for path in folder.glob("*.yaml")}
    return tuple(sorted(found))


def load_provider(provider_id: str, *folders: Path) -> Provider:
    """The provider of this id; BadConfiguration names the nearest id there is."""
    return load_file(provider_file(provider_id, *folders))


def provider_file(provider_id: str, *folders: Path) -> Path:
    """Where the file of a provider is; BadConfiguration names the nearest id there is."""
    for folder in (PROVIDERS, *folders):
        path = folder / f"{provider_id}.yaml"
        if _ID.fullmatch(provider_id) and path.is_file():
            return path
    raise BadConfiguration(f"no provider {shown(provider_id)}{hint(provider_id, provider_ids(*folders))}")


def load_file(path: Path) -> Provider:
    """The provider of a YAML file."""
    where = path.name
    try:
        said = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{where}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise BadConfiguration(f"{where}: not YAML: {' '.join(str(error).split())}") from error
    if not _ID.fullmatch(path.stem):
        raise BadConfiguration(
            f"{where}: a provider file is named with a-z, 0-9 and _, such as earth_search.yaml"
        )
    return provider_from_mapping(path.stem, said, where)


def provider_from_mapping(provider_id: str, said: object, where: str) -> Provider:
    """The provider that a mapping as in a YAML file describes; `where` begins the messages."""
    given = keys_with_values(said, where)
    profile = text(given.get("profile", ""), f"{where}: profile")
    return built(Provider, _profile(profile, where), given | {"id": provider_id}, where, _PARSERS)


def profile_provider(name: str) -> Provider:
    """A provider that says nothing of its own: only the profile's rules."""
    about = {"title": name, "organization": name, "url": "", "profile": name}
    return provider_from_mapping(name, about, "profile")


@cache
def profiles() -> Mapping[str, Mapping[str, Any]]:
    """The blocks of profiles.yaml, by name."""
    return cast(Mapping[str, Mapping[str, Any]], yaml.safe_load((_HERE / "profiles.yaml").read_text("utf-8")))


def _profile(name: str, where: str) -> Mapping[str, Any]:
    if name not in profiles():
        raise BadConfiguration(f"{where}: no profile {shown(name)}{hint(name, profiles())}")
    return profiles()[name]


def _collections(value: object, where: str) -> Mapping[str, CollectionRule]:
    """From a list of ids, or from our ids with the provider's: one, several, or `{ids, pattern}`."""
    if isinstance(value, list):
        return {name: CollectionRule(ids=(name,)) for name in texts(cast(object, value), where)}
    rules = keys_with_values(value, where)
    return {name: _rule(name, said, f"{where}.{name}") for name, said in rules.items()}


def _rule(name: str, said: object, where: str) -> CollectionRule:
    if said is None:
        return CollectionRule(ids=(name,))
    if not isinstance(said, dict):
        return CollectionRule(ids=texts(said, where))
    rule = built(CollectionRule, {"ids": name}, keys_with_values(cast(object, said), where), where, _PARSERS)
    try:
        re.compile(rule.pattern)
    except re.error as error:
        raise BadConfiguration(f"{where}: pattern {shown(rule.pattern)}: {error}") from error
    return rule


def _volatile(value: object, where: str) -> Volatile:
    return built(Volatile, {}, keys_with_values(value, where), where, _PARSERS)


def _limits(value: object, where: str) -> AskedLimits:
    return built(AskedLimits, {}, keys_with_values(value, where), where, _PARSERS)


_PARSERS: Parsers = {
    **PARSERS,
    "AskedLimits": _limits,
    "float | None": PARSERS["float"],
    "int | None": PARSERS["Number"],
    "Mapping[str, CollectionRule]": _collections,
    "Volatile": _volatile,
    "Enrich": parse_enrich,
}


def each_provider(*folders: Path) -> Iterator[Provider]:
    """All providers, by id."""
    return (load_provider(provider_id, *folders) for provider_id in provider_ids(*folders))
