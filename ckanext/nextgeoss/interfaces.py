"""What other plugins may implement to take part in the hub."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ckan.plugins import Interface


class IProductIndex(Interface):
    """Add fields of one's own to the search documents of datasets."""

    def add_fields(self, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Fields by dataset id, for the datasets with these ids; one call answers a whole batch.

        The names start with a prefix of the plugin's own and are known to the Solr schema; `eo_topic` may be
        among them, a list that comes on top of the topics known already. Who gets nothing may be left out.
        """
        return {}

    def forget(self, ids: Sequence[str]) -> None:
        """These datasets are gone, and are taken out of the index; called for a whole batch. It may be told
        more than once."""


class IChores(Interface):
    """Have something done again and again by the process that starts harvests."""

    def chores(self) -> Mapping[str, tuple[float, Callable[[], object]]]:
        """By name: after how many seconds it is done again, and what is done; a failure is logged."""
        return {}
