"""Options of feedback, one typed reader each; what they mean is said in config_declaration.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from ckan.exceptions import CkanConfigurationException
from ckan.plugins import toolkit

from .spam import Rules
from .states import POLICIES

_PREFIX = "ckanext.nextgeoss.feedback."
_MODERATORS = {"admin": ("admin",), "editor": ("admin", "editor")}


def check() -> None:
    """Refuse options that cannot be understood."""
    moderation()
    moderator_roles()
    spam_rules()
    doi_resolver()


def moderation() -> str:
    """When items of people who are not trusted wait for a moderator."""
    return _one_of("moderation", POLICIES)


def moderator_roles() -> tuple[str, ...]:
    """The roles in an organization that moderate feedback on its datasets."""
    return _MODERATORS[_one_of("moderators", tuple(_MODERATORS))]


def trust_after() -> int:
    """After how many approved items an author is trusted."""
    return _option("trust_after")


def max_strikes() -> int:
    """How many reports hide an item; 0: none do."""
    return _option("max_strikes")


def anonymous() -> bool:
    """Whether visitors may write."""
    return _option("anonymous")


def edit_window_hours() -> int:
    """For how long an author may edit what is published; 0: always."""
    return _option("edit_window_hours")


def edit_share() -> float:
    """How much of the words an author may change, from 0 to 1."""
    return _option("edit_share_percent") / 100


def count_provider_ratings() -> bool:
    """Whether stars of the provider's own people count."""
    return _option("count_provider_ratings")


def bayes_weight() -> float:
    """How many ratings the mean of the site stands for."""
    return float(_option("bayes_weight"))


def items_per_hour() -> int:
    """How many items one author may write in an hour; 0: any number."""
    return _option("items_per_hour")


def link_failures() -> int:
    """After how many failures in a row a link of a dataset is called broken."""
    return max(1, _option("quality.link_failures"))


def check_interval() -> int:
    """Every how many hours the scheduler has the quality of datasets checked; 0: never."""
    return max(0, _option("quality.check_interval"))


def links_per_run() -> int:
    """How many links the scheduler looks at between two runs of checks."""
    return max(0, _option("quality.links_per_run"))


def link_days() -> int:
    """After how many days a link of a dataset is looked at again."""
    return max(1, _option("quality.link_days"))


def reactions_per_hour() -> int:
    """How many votes and reports one person may send in an hour; 0: any number."""
    return _option("reactions_per_hour")


def doi_resolver() -> str:
    """The address of the resolver of DOIs, without a stroke at its end; "": DOIs are not looked up."""
    address = (_option("doi_resolver") or "").strip().rstrip("/")
    if address and not address.startswith(("https://", "http://")):
        raise CkanConfigurationException(
            f"{_PREFIX}doi_resolver: {address!r} is not allowed; expected an address such as https://doi.org/"
        )
    return address


def dois_per_hour() -> int:
    """How many DOIs one person may have looked up in an hour; 0: any number."""
    return _option("dois_per_hour")


def import_hosts() -> list[str]:
    """Hosts that feedback may be fetched from."""
    return [host.lower() for host in toolkit.aslist(_option("import_hosts"))]


def least_seconds() -> int:
    """For how many seconds a form must be open before it is sent."""
    return _option("least_seconds")


def retention_days() -> int:
    """After how many days deleted items, drafts and what items said before go."""
    return _option("retention_days")


def log_days() -> int:
    """After how many days the log of items that are gone goes; 0: never."""
    return _option("log_days")


def burst_ratings() -> int:
    """How many ratings of one dataset in 24 hours may be a burst; 0: none are."""
    return _option("burst_ratings")


def burst_score() -> float:
    """By how many deviations these must be above what is usual."""
    return float(_option("burst_score"))


def hold_bursts() -> bool:
    """Whether ratings of a burst wait for a moderator."""
    return _option("hold_bursts")


def spam_rules() -> Rules:
    """What is let through without a look."""
    return Rules(links=_option("links"), words=_words(_option("words_file") or ""))


@lru_cache(maxsize=4)
def _words(path: str) -> frozenset[str]:
    if not path:
        return frozenset()
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError as error:
        raise CkanConfigurationException(f"{_PREFIX}words_file: {path} cannot be read: {error}") from error
    return frozenset(line.strip().casefold() for line in lines if line.strip())


def _one_of(name: str, allowed: tuple[str, ...]) -> str:
    said = _option(name)
    if said not in allowed:
        raise CkanConfigurationException(
            f"{_PREFIX}{name}: {said!r} is not allowed; expected one of {', '.join(allowed)}"
        )
    return said


def _option(name: str) -> Any:
    return toolkit.config[_PREFIX + name]
