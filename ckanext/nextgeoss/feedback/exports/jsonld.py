"""Feedback as JSON-LD: schema.org for the web, Web Annotation (OA), Data Quality (DQV) and Dataset Usage
(DUV) for who reads RDF. No context has to be fetched: prefixes are declared in the document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

from ..guf import DiscoveredIssue, FeedbackItem, Publication, UsageDescription
from ..iso import Citation
from ..iso_quality import ConformanceResult, Quality, QuantitativeResult
from .entries import Entry, Page, clean, item_address
from .places import areas, wkt

Node: TypeAlias = dict[str, Any]

TYPE = "application/ld+json"
CONTEXT = {
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "duv": "http://www.w3.org/ns/duv#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "mdq": "http://standards.iso.org/iso/19157/-2/mdq/1.0#",
}
_MOTIVATIONS = {
    "question": "oa:questioning",
    "answer": "oa:replying",
    "acceptedAnswer": "oa:replying",
    "response": "oa:replying",
    "justification": "oa:describing",
    "resolution": "oa:replying",
    "moderation": "oa:moderating",
}
_ANSWERS = ("answer", "acceptedAnswer", "response", "resolution")


def write(page: Page) -> bytes:
    """The document of a page: its items, and the things they are about with what is said of them in sum."""
    return json.dumps(graph(page), ensure_ascii=False, indent=1).encode()


def graph(page: Page) -> Node:
    """The document as JSON, for a page of HTML to have in it."""
    things: dict[str, Node] = {}
    items = [_item(each, page.base, things) for each in page.entries]
    if page.code and page.summary:
        about = _thing(
            things, page.subject, page.code, page.code_space, page.address.rpartition("/feedback")[0]
        )
        about.update(summary_of(page.summary, about["@id"], page.base))
        if page.checks:
            found = about.setdefault("dqv:hasQualityMeasurement", [])
            found.extend(_measurements(page.checks, {"@id": about["@id"]}))
    return {"@context": CONTEXT, "@graph": [*things.values(), *items]}


def _item(entry: Entry, base: str, things: dict[str, Node]) -> Node:
    item = entry.item
    found = _targets(entry, things)
    node: Node = {
        "@id": entry.address,
        "@type": _types(entry),
        "schema:name": item.abstract,
        "schema:dateCreated": _time(entry.created),
        "schema:datePublished": _time(entry.published),
        "schema:dateModified": _time(entry.updated),
        "schema:author": _person(entry),
        "schema:keywords": list(item.tag),
        "schema:inLanguage": [each.language for each in item.locale],
        "schema:text": entry.text,
        "schema:upvoteCount": entry.up,
        "schema:downvoteCount": entry.down,
        "schema:commentCount": entry.replies,
        "oa:motivatedBy": _motives(entry),
        "oa:hasBody": {"@type": "oa:TextualBody", "rdf:value": entry.text or item.abstract},
        "oa:hasTarget": [*found, *_specific(item, found), *_above(entry, base)],
        "schema:itemReviewed" if item.rating else "schema:about": found,
        "schema:citation": [_cited(each) for each in item.citation],
        "dct:subject": _used(entry, found, things),
        "dqv:inDimension": [{"@id": f"mdq:DQ_{each.aspect}"} for each in _reports(item.additional_quality)],
        "schema:mentions": [
            _issue(each, entry, found) for told in item.usage for each in told.discovered_issue
        ],
        **_answers(entry, base),
    }
    if item.rating:
        node["schema:reviewRating"] = _rating(item.rating)
        node["duv:hasRating"] = _opinion(item.rating)
        node["schema:reviewBody"] = node.pop("schema:text")
    for thing in found[:1]:
        known = things[thing["@id"]]
        for measured in item.additional_quality:
            known.setdefault("dqv:hasQualityMeasurement", []).extend(_measurements(measured, thing))
        _references(known, item)
    return _without_gaps(node)


def _motives(entry: Entry) -> list[Node]:
    """Why it was written: to judge quality, and as its motivation says."""
    found = ["dqv:qualityAssessment", _MOTIVATIONS.get(entry.motivation, "oa:commenting")]
    found += ["oa:assessing"] if entry.item.rating else []
    return [{"@id": each} for each in dict.fromkeys(found)]


def _types(entry: Entry) -> list[str]:
    kinds = ["oa:Annotation", "dqv:UserQualityFeedback"]
    if entry.item.rating:
        return [*kinds, "duv:RatingFeedback", "schema:Review"]
    if entry.motivation == "question" and not entry.reply_to:
        return [*kinds, "schema:Question"]
    return [*kinds, "schema:Answer" if entry.motivation in _ANSWERS else "schema:Comment"]


def _person(entry: Entry) -> Node:
    """Somebody, called as he wants to be called, or not at all."""
    return {"@type": "schema:Person", "schema:name": entry.author} if entry.author else {
        "@type": "schema:Person"
    }  # fmt: skip


def _answers(entry: Entry, base: str) -> Node:
    if entry.reply_to:
        return {"schema:parentItem": {"@id": item_address(base, entry.reply_to)}}
    if entry.motivation != "question":
        return {}
    accepted = {"@id": item_address(base, entry.accepted)} if entry.accepted else None
    return {"schema:answerCount": entry.replies, "schema:acceptedAnswer": accepted}


def _above(entry: Entry, base: str) -> list[Node]:
    return [{"@id": item_address(base, entry.reply_to)}] if entry.reply_to else []


def _targets(entry: Entry, things: dict[str, Node]) -> list[Node]:
    """References to what an item is about; what is a dataset of ours has its page as its name."""
    found: list[Node] = []
    for target in entry.item.target:
        for cited in target.resource_ref[:1]:
            known = cited.identifier[0] if cited.identifier else None
            code, space = (known.code, known.code_space or "") if known else ("", "")
            link = entry.datasets.get(cited.title) or next(
                (each.linkage for each in cited.online_resource), ""
            )
            thing = _thing(things, cited.title, code, space, link)
            thing.setdefault("duv:hasFeedback", []).append({"@id": entry.address})
            found.append({"@id": thing["@id"]})
    return found


def _thing(things: dict[str, Node], title: str, code: str, space: str, link: str) -> Node:
    address = link or f"urn:x-nextgeoss:{quote(space, safe='')}:{quote(code, safe='')}"
    new: Node = {"@id": address, "@type": ["dcat:Dataset", "schema:Dataset"], "schema:name": title}
    if code:
        new["dct:identifier"] = code
    return things.setdefault(address, new)


def _specific(item: FeedbackItem, found: list[Node]) -> Iterator[Node]:
    """The parts of the first target that are meant."""
    for area in areas(item) if found else ():
        shape = {"@type": "geo:wktLiteral", "@value": wkt(area)}
        selector = {"@type": ["oa:Selector", "geo:Geometry"], "geo:asWKT": shape}
        yield {"@type": "oa:SpecificResource", "oa:hasSource": found[0], "oa:hasSelector": selector}


def _used(entry: Entry, found: list[Node], things: dict[str, Node]) -> list[Node]:
    """References to usages, which stand with the thing that was used."""
    described = [each for usage in entry.item.usage for each in usage.usage_description]
    usages = [_usage(each, f"{entry.address}#usage-{at}", found[:1]) for at, each in enumerate(described, 1)]
    for thing in found[:1]:
        if usages:
            things[thing["@id"]].setdefault("duv:hasUsage", []).extend(usages)
    return [{"@id": each["@id"]} for each in usages]


def _usage(each: UsageDescription, address: str, found: list[Node]) -> Node:
    again = each.reproducible_usage
    tool = {"@type": "duv:UsageTool", "dct:title": again.platform} if again and again.platform else None
    words = [text for text in (each.specific_usage, each.user_determined_limitations) if text]
    return _without_gaps({
        "@id": address, "@type": "duv:Usage", "dct:description": words, "duv:refersTo": found,
        "duv:hasUsageTool": tool,
    })  # fmt: skip


def _issue(issue: DiscoveredIssue, entry: Entry, found: list[Node]) -> Node:
    state = entry.issue or {}
    return _without_gaps({
        "@type": ["schema:CreativeWork", "oa:Annotation", "dqv:QualityAnnotation"],
        "dct:description": issue.known_problem,
        "schema:creativeWorkStatus": state.get("state"),
        "schema:text": list(issue.work_around),
        "oa:motivatedBy": {"@id": "dqv:qualityAssessment"},
        "oa:hasTarget": found,
        "oa:hasBody": {"@type": "oa:TextualBody", "rdf:value": issue.known_problem},
    })  # fmt: skip


def _cited(cited: Citation) -> Node:
    is_article = isinstance(cited, Publication) and cited.category == "journalArticle"
    return _without_gaps({
        "@type": ["schema:CreativeWork", *(["schema:ScholarlyArticle"] if is_article else [])],
        "schema:name": cited.title,
        "schema:identifier": [each.code for each in cited.identifier],
        "schema:url": [{"@id": each.linkage} for each in cited.online_resource if _is_iri(each.linkage)],
    })  # fmt: skip


def _references(thing: Node, item: FeedbackItem) -> None:
    """What cites the thing, by its DOI."""
    for cited in item.citation:
        for known in cited.identifier:
            if "doi.org" in (known.code_space or "") and known.code.startswith("10."):
                doi = {"@id": f"https://doi.org/{quote(known.code, safe='/')}"}
                thing.setdefault("dct:isReferencedBy", []).append(doi)


def _reports(quality: tuple[Quality, ...]) -> Iterator[Any]:
    return (report for each in quality for report in each.report)


def _measurements(quality: Quality, thing: Node) -> Iterator[Node]:
    for report in quality.report:
        names = report.measure.name_of_measure if report.measure else ()
        for result in report.result:
            kind, values = _values(result)
            metric = _metric(list(names[:1]) or report.aspect, f"mdq:DQ_{report.aspect}", kind)
            yield from (_measured(thing, metric, kind, each) for each in values)


def _values(result: Any) -> tuple[str, list[str]]:
    """The type and the values of a result that has some."""
    if isinstance(result, QuantitativeResult):
        return "xsd:double", [repr(each) for each in result.value]
    if isinstance(result, ConformanceResult):
        return "xsd:boolean", ["true" if result.conforms else "false"]
    return "", []


def _metric(title: Any, dimension: str, kind: str) -> Node:
    return {"@type": "dqv:Metric", "dct:title": title, "dqv:expectedDataType": {"@id": kind},
            "dqv:inDimension": {"@id": dimension}}  # fmt: skip


def _measured(thing: Node, metric: Node, kind: str, value: str) -> Node:
    return {"@type": "dqv:QualityMeasurement", "dqv:computedOn": thing, "dqv:isMeasurementOf": metric,
            "dqv:value": {"@type": kind, "@value": value}}  # fmt: skip


def summary_of(figures: Mapping[str, Any], address: str, base: str) -> Node:
    """What the thing at an address says of the figures of `feedback_summary`; nothing before it is rated."""
    summary: Mapping[str, Any] = clean(figures) or {}
    if summary.get("average") is None:
        return {}
    metric = {
        "@id": f"{base}/feedback/metric/user-rating",
        **_metric("Mean of the ratings of users, 1 to 5", "mdq:DQ_UsabilityElement", "xsd:double"),
    }
    mean = repr(float(summary["average"]))
    measured = _measured({"@id": address}, metric, "xsd:double", mean)
    total = {"@type": "schema:AggregateRating", "schema:ratingValue": summary["average"],
             "schema:ratingCount": summary["ratings"], "schema:bestRating": summary["maximum_possible"],
             "schema:worstRating": summary["minimum_possible"]}  # fmt: skip
    return {"schema:aggregateRating": total, "dqv:hasQualityMeasurement": [measured]}


def _rating(stars: int) -> Node:
    return {"@type": "schema:Rating", "schema:ratingValue": stars, "schema:bestRating": 5,
            "schema:worstRating": 1}  # fmt: skip


def _opinion(stars: int) -> Node:
    return {"@type": "skos:Concept", "skos:notation": str(stars), "skos:prefLabel": f"{stars} of 5"}


def _time(text: str) -> Node:
    return {"@type": "xsd:dateTime", "@value": text}


def _is_iri(text: str) -> bool:
    return not any(letter in text for letter in ' <>"{}|\\^`[]')


def _without_gaps(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, "", [])}
