"""Documents on their way to Solr: a batch is sent, and a document that Solr refuses is found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .documents import Made
from .solr import SolrClient, SolrError

BAD_REQUEST, SERVER_ERROR = 400, 500


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends what was made of datasets to the core of a site. A `stubborn` one also takes an error of Solr's
    own (HTTP 500) for a refusal: for what Solr has answered so again and again."""

    client: SolrClient
    site_id: str
    stubborn: bool = False

    def send(self, made: Made) -> dict[str, str]:
        """Bring the index up to date; gives the datasets whose document is refused, and why. SolrError when
        Solr cannot be asked: what was sent may be sent again."""
        if made.gone:
            self.client.delete_keys([unique_key(package_id, self.site_id) for package_id in made.gone])
        return {**made.failed, **self._add(list(made.documents.items()))}

    def _add(self, documents: Sequence[tuple[str, bytes]]) -> Mapping[str, str]:
        if not documents:
            return {}
        try:
            self.client.add_written(text for _, text in documents)
        except SolrError as error:
            if not self._is_refusal(error):
                raise
            if len(documents) == 1:
                return {documents[0][0]: error.reason}
            half = len(documents) // 2
            return {**self._add(documents[:half]), **self._add(documents[half:])}
        return {}

    def _is_refusal(self, error: SolrError) -> bool:
        return error.status == BAD_REQUEST or (self.stubborn and error.status == SERVER_ERROR)


def unique_key(package_id: str, site_id: str) -> str:
    """The key of a dataset's document in the core, as CKAN makes it."""
    return hashlib.md5((package_id + site_id).encode()).hexdigest()  # noqa: S324 (a name, not a secret)
