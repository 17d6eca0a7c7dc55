"""Template helpers of feedback; `HELPERS` lists those that templates may call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from time import time
from typing import Any

import nh3
from ckan import model
from ckan.plugins import toolkit
from markupsafe import Markup

from ..eo.footprint import Footprint
from . import code_lists, form_guard, label, measures
from . import config as options
from .extents import DataExtent, area_of
from .logic import remembered
from .logic.caller import caller_of
from .logic.front import front
from .logic.subjects import target_of
from .logic.summaries import pressing_issue, summarized
from .store.targets import COLLECTIONS
from .store.visible import Caller
from .viewer import Viewer, cut, thread

_TAGS = {"a", "p", "br", "em", "strong", "b", "i", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "del"}
_HEADING = re.compile(r"<(/?)h[1-6](?=[\s>])", re.IGNORECASE)
# how many items the section of a page has; all of them are on a page of their own
SHOWN = 3
# of the answers to an item a page of several items has so many levels, and so many of each
DEPTH, ANSWERS = 3, 5

_LISTS: Mapping[str, code_lists.CodeList] = {
    "role": code_lists.USER_ROLES,
    "motivation": code_lists.MOTIVATIONS,
    "aspect": code_lists.REPORT_ASPECTS,
    "rating": code_lists.RATINGS,
    "expertise": code_lists.EXPERTISE,
    "event": code_lists.EVENT_TYPES,
    "citation": code_lists.CITATION_MOTIVATIONS,
    "category": code_lists.PUBLICATION_CATEGORIES,
    "quality": code_lists.QUALITY_ELEMENTS,
    "severity": code_lists.SEVERITIES,
    "issue": code_lists.ISSUE_STATES,
    "code": code_lists.CODE_FORMATS,
}


def feedback_text(text: str | None) -> Markup:
    """What a person wrote in Markdown as HTML: no pictures, no headings, no markup of his own; links lead
    nowhere for search engines."""
    html = _HEADING.sub(r"<\1p", str(toolkit.h.render_markdown(text or "", auto_link=False)))
    return Markup(  # noqa: S704  what nh3 gives is clean
        nh3.clean(
            html, tags=_TAGS, attributes={"*": set(), "a": {"href"}}, url_schemes={"http", "https"},
            link_rel="nofollow ugc noopener",
        )
    )  # fmt: skip


def feedback_codes(name: str) -> dict[str, str]:
    """A code list: what its values mean, by value as text, in the order to show."""
    return {str(value): toolkit._(text) for value, text in _LISTS[name].values.items()}


def feedback_code(name: str, value: Any) -> str:
    """What a value of a code list means."""
    return toolkit._(_LISTS[name].values.get(value, str(value)))


def feedback_measures() -> dict[str, str]:
    """The measures of quality to choose from."""
    return {name: toolkit._(measure.title) for name, measure in measures.MEASURES.items()}


def feedback_summaries(ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The figures of the datasets of a page, by one query; of those that somebody has said something of."""
    found = summarized(list(ids))
    return {package_id: told for package_id, told in found.items() if told["items"]}


def feedback_of(package_id: str) -> dict[str, Any]:
    """The figures of one dataset of a list: of all that were found in this request by one query."""
    return remembered.feedback_of(package_id)


def feedback_section(dataset: Mapping[str, Any], resource_id: str = "") -> dict[str, Any]:
    """What the page of a dataset, or of a resource of it, shows of feedback."""
    context: Any = {"user": toolkit.current_user.name, "auth_user_obj": toolkit.current_user}
    asked: dict[str, Any] = {
        "package_id": dataset["id"],
        "limit": SHOWN,
        "include_replies": True,
        "sort": "helpful",
    }
    if resource_id:
        asked["resource_id"] = resource_id
    found = toolkit.get_action("feedback_list")(context, asked)
    summary = toolkit.get_action("feedback_summary")(context, {"id": dataset["id"]})
    collection = None if resource_id else collection_of(dataset)
    if collection and collection["summary"]["worst_issue"]:
        about = collection["dataset"]
        # what a visitor may see is what the figures count; who looks need not be asked for again
        caller = caller_of(context) if about["private"] else Caller()
        collection["issue"] = pressing_issue(about["id"], caller)
    return {
        "summary": summary,
        "items": found["results"],
        "count": found["count"],
        "viewer": feedback_viewer(),
        "collection": collection,
        "url": toolkit.url_for("nextgeoss_feedback.dataset", id=dataset["name"]),
        "label": "" if resource_id else feedback_label(dataset, summary, collection),
    }


def collection_of(dataset: Mapping[str, Any]) -> dict[str, Any] | None:
    """The collection of a product, with the figures of the feedback on it."""
    name = dataset.get("collection_id")
    if not name or dataset.get("type") == "eo_collection":
        return None
    context: Any = {"user": toolkit.current_user.name, "auth_user_obj": toolkit.current_user}
    try:
        about = target_of(context, name, COLLECTIONS)
        # how many products it has is not asked for: that is Solr's work
        found = about and toolkit.get_action("package_show")(context, {"id": about.package_id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None
    if not found:
        return None
    return {"dataset": found, "summary": summarized([found["id"]])[found["id"]]}


def feedback_label(
    dataset: Mapping[str, Any],
    summary: Mapping[str, Any],
    collection: Mapping[str, Any] | None,
    size: int = 168,
) -> Markup:
    """The quality label of a dataset as a drawing."""
    above = collection or {}
    states = label.facets(dataset, summary, above.get("dataset"), above.get("summary"))
    return Markup(  # noqa: S704  label.svg escapes
        label.svg(
            dataset.get("title") or dataset["name"], states, feedback_links(dataset),
            average=summary["average"], size=size, words=feedback_label_words(),
        )
    )  # fmt: skip


def feedback_label_words() -> label.Words:
    """The words of the label in the language of the reader."""
    _ = toolkit._
    return label.Words(
        _("Quality label"),
        _("Quality label of {title}"),
        {name: _(text) for name, text in label.FACETS.items()},
        {name: _(text) for name, text in label.STATES.items()},
        lambda average: toolkit.h.nextgeoss_number(average, 1),
    )


def feedback_links(dataset: Mapping[str, Any]) -> dict[str, str]:
    """Where each facet of the label leads."""
    page = toolkit.url_for(f"{_page_of(dataset)}", id=dataset["name"])
    url = toolkit.url_for("nextgeoss_feedback.dataset", id=dataset["name"])
    return {
        "producer_profile": page,
        "lineage": page,
        "compliance": page,
        "producer_comments": url,
        "quality": url,
        "user_feedback": url,
        "expert_review": f"{url}?expertise=4,5",
        "citations": url,
    }


def _page_of(dataset: Mapping[str, Any]) -> str:
    return {"eo_product": "nextgeoss_pages.product", "eo_collection": "nextgeoss_pages.collection"}.get(
        str(dataset.get("type")), "dataset.read"
    )


def feedback_dataset_url(dataset: Mapping[str, Any]) -> str:
    """The page of a dataset of any type."""
    return toolkit.url_for(_page_of(dataset), id=dataset["name"])


def feedback_area(box: Mapping[str, float]) -> str:
    """A box of the standard in words: from south to north, from west to east."""
    _ = toolkit._

    def degrees(number: float, plus: str, minus: str) -> str:
        return f"{abs(number):g}° {plus if number >= 0 else minus}"

    south, north = (degrees(box[f"{side}_bound_latitude"], _("N"), _("S")) for side in ("south", "north"))
    west, east = (degrees(box[f"{side}_bound_longitude"], _("E"), _("W")) for side in ("west", "east"))
    return f"{south} – {north}, {west} – {east}"


def feedback_authors(citation: Mapping[str, Any]) -> str:
    """The authors of a publication, the first three of many."""
    parties = [each for each in citation.get("cited_responsible_party") or () if each["role"] == "author"]
    names = [party["name"] for each in parties for party in each["party"] if party.get("name")]
    return ", ".join(names[:3]) + (toolkit._(" and others") if len(names) > 3 else "")


def feedback_place(dataset: Mapping[str, Any] | None) -> dict[str, Any]:
    """Where the data of a dataset is, for a map: `footprints` as GeoJSON, and the `frame` around them."""
    title = (dataset or {}).get("title") or (dataset or {}).get("name") or ""
    return _on_map([DataExtent.of(dataset_fields(dataset or {})).footprint], title)


def feedback_areas(extent: Mapping[str, Any]) -> dict[str, Any]:
    """The areas of an extent of the standard, for a map, as `feedback_place`."""
    found = [area_of(each) for each in extent.get("geographic_element") or ()]
    return _on_map(found, extent.get("description") or "")


def _on_map(areas: Iterable[Footprint | None], title: str) -> dict[str, Any]:
    """Areas as GeoJSON, and the frame around the first of them; "" without any."""
    found = [area for area in areas if area]
    features = [
        {
            "type": "Feature",
            "id": str(at),
            "geometry": area.geojson,
            "properties": {"title": title, "url": ""},
        }
        for at, area in enumerate(found)
    ]
    frame = ",".join(f"{number:.6g}" for number in found[0].bbox) if found else ""
    return {"footprints": {"type": "FeatureCollection", "features": features}, "frame": frame}


def dataset_fields(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a dataset by name, also those that stand among its extras."""
    extras = {each["key"]: each["value"] for each in dataset.get("extras") or () if "key" in each}
    return {**extras, **dataset}


def feedback_viewer() -> Viewer:
    """Who looks at the page."""
    user = toolkit.current_user
    signed_in = bool(user.is_authenticated)

    def changes(package_id: str) -> bool:
        return model.Package.get(package_id) is not None and toolkit.h.check_access(
            "package_update", {"id": package_id}
        )

    return Viewer(user.id if signed_in else None, changes, writes=signed_in or options.anonymous())


def feedback_thread(item: Mapping[str, Any], *, whole: bool = True) -> dict[str, Any]:
    """The answers to an item as a tree (`nodes`), or its beginning, with how many `more` there are."""
    nodes = thread(item)
    kept, more = (nodes, 0) if whole else cut(nodes, DEPTH, ANSWERS)
    return {"nodes": kept, "more": more if whole else more + item.get("thread_more", 0)}


def feedback_stamp() -> str:
    """When a form was opened, signed."""
    return form_guard.stamp(time(), toolkit.config["SECRET_KEY"])


def feedback_moderates() -> bool:
    """Whether who looks moderates something."""
    return bool(toolkit.current_user.is_authenticated) and toolkit.h.check_access("feedback_moderation_list")


def feedback_front() -> dict[str, list[dict[str, Any]]]:
    """What the front page tells of feedback."""
    return front()


HELPERS: dict[str, Callable[..., Any]] = {
    f"nextgeoss_{function.__name__}": function
    for function in (
        feedback_text, feedback_codes, feedback_code, feedback_measures, feedback_summaries, feedback_section,
        feedback_label, feedback_dataset_url, feedback_viewer, feedback_thread, feedback_stamp,
        feedback_moderates, feedback_area, feedback_areas, feedback_authors, feedback_of, feedback_front,
    )
}  # fmt: skip
