"""A provider of products: one YAML file in providers/, with the defaults of its profile beneath."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, cast

import yaml

from ..eo.collection import load_registry
from ..eo.errors import BadConfiguration, BadValue, shown
from ..eo.file_names import NamePatterns
from ..eo.name_dates import check_period
from .declared import PARSERS, Number, Parsers, built, hint, keys_with_values, text, texts
from .enriching import Enrich, parse_enrich

_HERE = Path(__file__).parent
PROVIDERS = _HERE / "providers"
_ID = re.compile(r"[a-z][a-z0-9_]*")
LIVE, RETIRED = "live", "retired"
# regular expressions on the names of files, see eo/file_names.py
Patterns: TypeAlias = tuple[str, ...]
# how long a product lasts, such as day or 8 days
Period: TypeAlias = str
# what the products of a static STAC catalogue are
ITEMS, COLLECTIONS = "items", "collections"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionRule:
    """How a provider calls one of our collections, and which of its products belong to it."""

    # the provider's own ids of it
    ids: tuple[str, ...]
    # regular expression on the product's id or the provider's collection id
    pattern: str = ""
    # by the provider's names: values of which its products have one, where its own ids tell too little
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    # what its products are where their records do not say, as the provider's own `defaults`, before these
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])


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
    # where in a JSON answer things are, see protocols/json_rest.py: `entries`, `total`, `next`, `after`
    layout: Mapping[str, str] = field(default_factory=dict[str, str])
    # where its OpenSearch description document is, which has the template then: whole, or what is appended to
    # `url`
    description_document: str = ""
    # query parameters of each search that are always the same
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
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
    # what products are where their records do not say: properties, title, start, end, geometry
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    # what its sources add to products, unless they say otherwise
    enrich: Enrich = field(default_factory=Enrich)
    # of catalogues that list files: which files are products, and what their paths below the folder of a
    # collection tell; nothing: every file is one
    files: Patterns = ()
    # which folders there are gone into; with dates, only those that may have what is asked. Nothing: all
    folders: Patterns = ()
    # how long a product lasts whose name tells only its beginning; empty: as long as what its name tells
    period: Period = ""
    # the format of records that the listed files are; empty: the files are the products
    records: str = ""
    # whether it offers, besides the collections that the file names, those that the provider describes
    # itself; without any in the file it does
    discovers: bool = False
    # of a static STAC catalogue: `items`, or `collections` where those without items are products too
    products: str = ITEMS
    # `retired` when its service is gone: a harvest is refused then, what was harvested is read as before
    status: str = LIVE
    # id of the provider that has its products today
    replaced_by: str = ""

    def check_alive(self) -> None:
        """BadConfiguration when the service is gone."""
        if self.status == RETIRED:
            instead = f"; its products are at {self.replaced_by} today" if self.replaced_by else ""
            raise BadConfiguration(f"the provider {self.id} is retired{instead}")

    @property
    def offers_others(self) -> bool:
        """Whether collections are offered that the file does not name."""
        return self.discovers or not self.collections

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
    said = _yaml(path)
    if not _ID.fullmatch(path.stem):
        raise BadConfiguration(
            f"{where}: a provider file is named with a-z, 0-9 and _, such as earth_search.yaml"
        )
    return provider_from_mapping(path.stem, said, where)


def _yaml(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path.name}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise BadConfiguration(f"{path.name}: not YAML: {' '.join(str(error).split())}") from error


def provider_from_mapping(provider_id: str, said: object, where: str) -> Provider:
    """The provider that a mapping as in a YAML file describes; `where` begins the messages."""
    given = _inherited(keys_with_values(said, where), where, (provider_id,))
    profile = text(given.get("profile", ""), f"{where}: profile")
    if given.get("status", LIVE) not in (LIVE, RETIRED):
        raise BadConfiguration(f"{where}: status: {shown(given['status'])} is not one of {LIVE}, {RETIRED}")
    if given.get("products", ITEMS) not in (ITEMS, COLLECTIONS):
        allowed = f"{ITEMS}, {COLLECTIONS}"
        raise BadConfiguration(f"{where}: products: {shown(given['products'])} is not one of {allowed}")
    return built(Provider, _profile(profile, where), given | {"id": provider_id}, where, _PARSERS)


def _inherited(given: dict[str, Any], where: str, heirs: tuple[str, ...]) -> dict[str, Any]:
    """What a file says and, beneath it, what the shipped one says that it is `like`: collections and other
    keys with values are added to those below, or, with no value at all, take one of them away."""
    if "like" not in given:
        return given
    like = text(given["like"], f"{where}: like")
    path = PROVIDERS / f"{like}.yaml"
    if not _ID.fullmatch(like) or not path.is_file():
        raise BadConfiguration(f"{where}: like: no provider {shown(like)}{hint(like, provider_ids())}")
    if like in heirs:
        raise BadConfiguration(f"{where}: like: {shown(like)} is like {heirs[-1]} itself")
    below = _inherited(keys_with_values(_yaml(path), path.name), path.name, (*heirs, like))
    own = {name: value for name, value in given.items() if name != "like"}
    return below | {name: _upon(below.get(name), value) for name, value in own.items()}


def _upon(below: object, value: object) -> Any:
    if not isinstance(below, dict) or not isinstance(value, dict):
        return value
    both = cast(dict[str, Any], below) | cast(dict[str, Any], value)
    return {name: item for name, item in both.items() if item is not None or name not in below}


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


def _patterns(value: object, where: str) -> tuple[str, ...]:
    said = texts(value, where)
    try:
        NamePatterns.of(said)
    except BadValue as error:
        raise BadConfiguration(f"{where}: {error.reason}") from error
    return said


def _period(value: object, where: str) -> str:
    try:
        return check_period(text(value, where), where)
    except BadValue as error:
        raise BadConfiguration(str(error)) from error


_PARSERS: Parsers = {
    **PARSERS,
    "AskedLimits": _limits,
    "float | None": PARSERS["float"],
    "int | None": PARSERS["Number"],
    "Mapping[str, Any]": keys_with_values,
    "Mapping[str, CollectionRule]": _collections,
    "Patterns": _patterns,
    "Period": _period,
    "Volatile": _volatile,
    "Enrich": parse_enrich,
}


def each_provider(*folders: Path) -> Iterator[Provider]:
    """All providers, by id."""
    return (load_provider(provider_id, *folders) for provider_id in provider_ids(*folders))
