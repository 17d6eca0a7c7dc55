"""The quality label of a dataset: eight facets in the order of the GEO label, each there, there for the
collection only, or not there; as a drawing of our own (SVG) and as JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

AVAILABLE, PARENT, NONE = "available", "parent", "none"

FACETS: Mapping[str, str] = {
    "producer_profile": "Who made it",
    "lineage": "How it was made",
    "producer_comments": "Comments of the provider",
    "compliance": "Keeps to a standard",
    "quality": "Quality information",
    "user_feedback": "User feedback",
    "expert_review": "Expert review",
    "citations": "Citations",
}
STATES: Mapping[str, str] = {
    AVAILABLE: "available",
    PARENT: "available for the collection",
    NONE: "not available",
}
# what metadata has of a facet, by the names of fields of ours and of other schemas
_SAID_BY: Mapping[str, tuple[str, ...]] = {
    "producer_profile": (
        "organization", "author", "maintainer", "contact", "contact_name", "publisher", "publisher_name",
        "providers",
    ),
    "lineage": (
        "lineage", "provenance", "processing_level", "processing_datetime", "processing_facility",
        "processing_software", "derived_from",
    ),
    "producer_comments": ("known_problems", "supplemental_information", "limitations", "use_limitations"),
    "compliance": ("conforms_to", "metadata_standard", "metadata_standard_name"),
    "quality": ("quality_status", "quality_information", "geometric_quality", "radiometric_quality"),
    "citations": ("doi", "citation", "publications", "sci_publications"),
}  # fmt: skip
# types whose metadata have passed our own schema
_OF_SCHEMA = ("eo_product", "eo_collection")
# from this level on, who speaks is an expert
_EXPERT = 4

# a circle of eight parts, the first at the top; drawn in a square of 200 and scaled
_SQUARE, _INNER, _OUTER, _ICON, _GAP = 200.0, 34.0, 94.0, 66.0, 2.2
# 20 by 20, lines only
_ICONS: Mapping[str, str] = {
    "producer_profile": "M10 2.5a4 4 0 1 1 0 8a4 4 0 1 1 0-8zM2.5 18c.6-4 3.6-5.5 7.5-5.5s6.9 1.5 7.5 5.5",
    "lineage": "M5 2.5v15M5 8c6 0 10-1 10 3v6.5M2.5 2.5h5M2.5 17.5h5M12.5 17.5h5",
    "producer_comments": "M2.5 3.5h15v10h-8l-4 4v-4h-3zM6 7h8M6 10h5",
    "compliance": "M10 2l7 2.5v5c0 4.5-3 7.5-7 8.5c-4-1-7-4-7-8.5v-5zM6.5 9.5l2.5 2.5l4.5-4.5",
    "quality": "M2.5 17.5h15M4.5 17v-5M10 17V7.5M15.5 17V3",
    "user_feedback": "M10 2l2.4 5.2l5.6.7l-4.1 3.9l1.1 5.6l-5-2.8l-5 2.8l1.1-5.6l-4.1-3.9l5.6-.7z",
    "expert_review": "M8.5 2.5a6 6 0 1 1 0 12a6 6 0 1 1 0-12zM13 13l5 5M6 8.5l2 2l3.5-3.5",
    "citations": "M3 4.5h5v6c0 3-2 4.5-4 5M12 4.5h5v6c0 3-2 4.5-4 5M3 10.5h5M12 10.5h5",
}
_INK, _PAPER, _QUIET = "#00485f", "#ffffff", "#5b6870"


@dataclass(frozen=True, slots=True)
class Words:
    """What the label says, in the language of its reader."""

    label: str = "Quality label"
    of: str = "Quality label of {title}"
    facets: Mapping[str, str] = field(default_factory=lambda: FACETS)
    states: Mapping[str, str] = field(default_factory=lambda: STATES)
    # how its language writes an average
    number: Callable[[float], str] = "{:.1f}".format


def facets(
    dataset: Mapping[str, Any],
    summary: Mapping[str, Any],
    collection: Mapping[str, Any] | None = None,
    collection_summary: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """The state of each facet of a dataset, as `package_show` and `feedback_summary` give it and its
    collection."""
    own = _there(dataset, summary)
    above = _there(collection, collection_summary or {}) if collection else set()
    return {name: AVAILABLE if name in own else PARENT if name in above else NONE for name in FACETS}


def _there(dataset: Mapping[str, Any], summary: Mapping[str, Any]) -> set[str]:
    extras = {each["key"]: each["value"] for each in dataset.get("extras") or () if "key" in each}
    said = {**extras, **dataset}
    found = {name for name, keys in _SAID_BY.items() if any(said.get(key) for key in keys)}
    if dataset.get("type") in _OF_SCHEMA and not dataset.get("problems"):
        found.add("compliance")
    levels = {int(level): number for level, number in (summary.get("by_expertise") or {}).items()}
    experts = sum(number for level, number in levels.items() if level >= _EXPERT)
    by_feedback = {
        "producer_comments": (summary.get("by_motivation") or {}).get("response"),
        "quality": summary.get("qualities"),
        "user_feedback": (summary.get("items") or 0) - experts,
        "expert_review": experts,
        "citations": summary.get("citations"),
    }
    return found | {name for name, number in by_feedback.items() if number and number > 0}


def label_json(title: str, states: Mapping[str, str], links: Mapping[str, str]) -> dict[str, Any]:
    """The label for programs."""
    return {
        "title": title,
        "facets": [
            {"name": name, "title": FACETS[name], "state": states[name], "href": links.get(name)}
            for name in FACETS
        ],
    }


def svg(
    title: str,
    states: Mapping[str, str],
    links: Mapping[str, str],
    *,
    average: float | None = None,
    size: int = 200,
    words: Words | None = None,
    name: str = "label",
) -> str:
    """The label as a drawing: its parts are links where an address is given; `name` tells its ids from those
    of other drawings on a page."""
    words = words or Words()
    lines = [f"{words.facets[facet]}: {words.states[states[facet]]}." for facet in FACETS]
    parts = "".join(
        _part(facet, at, states[facet], links.get(facet, ""), words, name) for at, facet in enumerate(FACETS)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 200 200"'
        f' role="group" aria-labelledby="{name}-title {name}-desc" class="fb-label">'
        f'<title id="{name}-title">{escape(words.of.format(title=title))}</title>'
        f'<desc id="{name}-desc">{escape(" ".join(lines))}</desc>'
        f'<defs><pattern id="{name}-half" width="6" height="6" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="6" height="6" fill="{_PAPER}"/>'
        f'<rect width="2" height="6" fill="#8fc0d0"/></pattern></defs>'
        f"{parts}{_middle(average, words)}</svg>"
    )


def _part(facet: str, at: int, state: str, link: str, words: Words, name: str) -> str:
    fill = {AVAILABLE: _INK, PARENT: f"url(#{name}-half)", NONE: _PAPER}[state]
    dashes = ' stroke-dasharray="3 3"' if state == NONE else ""
    line = {AVAILABLE: _PAPER, PARENT: _INK, NONE: _QUIET}[state]
    told = f"{words.facets[facet]}: {words.states[state]}"
    x, y = _point(45 * at, _ICON)
    mark = f'<circle r="13" cx="10" cy="10" fill="{_PAPER}"/>' if state == PARENT else ""
    drawn = (
        f"<title>{escape(told)}</title>"
        f'<path d="{_wedge(at)}" fill="{fill}" stroke="{_INK if state != NONE else _QUIET}"'
        f' stroke-width="1.5"{dashes}/>'
        f'<g transform="translate({x - 14:.2f} {y - 14:.2f}) scale(1.4)" fill="none" stroke="{line}"'
        f' stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round">{mark}'
        f'<path d="{_ICONS[facet]}"/></g>'
    )
    shown = f'class="fb-facet fb-{state}" data-facet="{facet}"'
    if not link:
        return f"<g {shown}>{drawn}</g>"
    return f"<a {shown} href={quoteattr(link)} aria-label={quoteattr(told)}>{drawn}</a>"


def _middle(average: float | None, words: Words) -> str:
    told = words.number(average) if average is not None else "\u2013"
    return (
        f'<circle cx="100" cy="100" r="{_INNER - 4:g}" fill="{_PAPER}"/>'
        f'<text x="100" y="108" text-anchor="middle" font-family="sans-serif" font-size="24"'
        f' font-weight="700" fill="{_INK}" aria-hidden="true">{told}</text>'
    )


def _wedge(at: int) -> str:
    """The outline of a part of the circle, with a gap of the same width inside and outside."""
    corners = []
    for radius in (_INNER, _OUTER):
        gap = math.degrees(_GAP / radius)
        corners.append((_point(45 * at - 22.5 + gap, radius), _point(45 * at + 22.5 - gap, radius)))
    (a, b), (d, c) = corners
    return (
        f"M{a[0]:.2f} {a[1]:.2f}A{_INNER:g} {_INNER:g} 0 0 1 {b[0]:.2f} {b[1]:.2f}"
        f"L{c[0]:.2f} {c[1]:.2f}A{_OUTER:g} {_OUTER:g} 0 0 0 {d[0]:.2f} {d[1]:.2f}Z"
    )


def _point(degrees: float, radius: float) -> tuple[float, float]:
    """A point of a circle, clockwise from the top."""
    angle = math.radians(degrees - 90)
    return _SQUARE / 2 + radius * math.cos(angle), _SQUARE / 2 + radius * math.sin(angle)
