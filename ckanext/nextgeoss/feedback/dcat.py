"""The door to rdflib and ckanext-dcat: a profile by which the DCAT documents of datasets tell how users rate
them, in the words of feedback's own JSON-LD (DQV and schema.org)."""

from __future__ import annotations

import json
from typing import Any

from ckanext.dcat.profiles import RDFProfile
from rdflib import Graph

from .. import config as site
from .exports.jsonld import CONTEXT, summary_of
from .logic.remembered import feedback_of

NAME = "nextgeoss_feedback"
OPTION = "ckanext.dcat.rdf.profiles"
# what ckanext-dcat writes by when a site says nothing
_USUAL = "euro_dcat_ap_3"


class FeedbackProfile(RDFProfile):
    """Adds to each dataset the mean of its ratings and how many there are."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> None:
        """Add what users say of a dataset, which whoever asks may read; one query for all of a page."""
        said = summary_of(feedback_of(dataset_dict["id"]), str(dataset_ref), site.site_base())
        if said:
            document = {"@context": CONTEXT, "@id": str(dataset_ref), **said}
            for triple in Graph().parse(data=json.dumps(document), format="json-ld"):
                self.g.add(triple)


def offer(config: Any) -> None:
    """Have DCAT documents written by our profile, too, unless the site names other profiles itself."""
    if config.get(OPTION) in (None, "", _USUAL):
        config[OPTION] = f"{_USUAL} {NAME}"
