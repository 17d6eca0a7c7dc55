"""What the front page tells of feedback, to everybody the same: the latest, and the collections that users
rate best. Only what a visitor may read is among it, whoever looks."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.lib.search.common import SearchError, SolrConnectionError
from ckan.plugins import toolkit

from ...package import COLLECTION_TYPE
from ...remembering import remembered_for
from ...search import fields
from ...search.solr import SolrError
from .. import config
from ..store import counting, pages
from . import shown
from .caller import caller_of
from .summaries import summarized

LATEST, BEST = 4, 5
# so many times as many are looked at
_CANDIDATES = 4


def front() -> dict[str, list[dict[str, Any]]]:
    """`latest`: items as `feedback_show` gives them; `best`: `name`, `title` and `summary` of collections."""
    visitor = caller_of({"user": ""})
    latest = pages.latest(model.Session(), visitor, LATEST)
    ids = best_rated()
    summaries = summarized(ids, visitor) if ids else {}
    packages = model.Session.query(model.Package).filter(model.Package.id.in_(ids)).all() if ids else []
    by_id = {package.id: package for package in packages}
    best = [
        {"name": by_id[each].name, "title": by_id[each].title or by_id[each].name, "summary": summaries[each]}
        for each in ids
        if each in by_id and each in summaries and summaries[each]["ratings"]
    ]
    # the index ranks by the mean that the site had when each was indexed
    best.sort(key=lambda each: (-each["summary"]["bayes"], -each["summary"]["ratings"]))
    return {"latest": shown.documents(latest, visitor), "best": best[:BEST]}


@remembered_for(300)
def best_rated() -> list[str]:
    """The ids of the collections that are rated best, some minutes old; their figures are read each time.
    Where the index does not answer, the summaries in the database tell, which takes longer."""
    search = {
        "q": "*:*", "rows": _CANDIDATES * BEST, "fl": "id",
        "sort": f"{fields.RATING_RANK} desc, {fields.REVIEWS} desc",
        "fq": f"+dataset_type:{COLLECTION_TYPE} +capacity:public +{fields.REVIEWS}:[1 TO *]",
    }  # fmt: skip
    try:
        found = toolkit.get_action("package_search")({"user": "", "auth_user_obj": None}, search)
    except (SearchError, SolrConnectionError, SolrError):
        visitor, most = caller_of({"user": ""}), _CANDIDATES * BEST
        return counting.best_rated(model.Session(), visitor, COLLECTION_TYPE, most, config.bayes_weight())
    return [each["id"] for each in found["results"]]
