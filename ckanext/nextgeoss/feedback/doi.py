"""What the resolver of DOIs says of a publication (CSL JSON, https://citeproc-js.readthedocs.io/en/latest/csl-json),
as a citation of feedback."""
# JSON of others has no types
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..eo import fast_json
from ..eo.errors import BadAnswer, BadValue
from . import guf
from .kinds import Doi
from .parts import Refused, read, write

CSL = "application/vnd.citationstyles.csl+json"
DOI_SPACE = "https://doi.org"
# an article of a thousand authors is cited by the first of them
_MOST_AUTHORS = 50
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_CATEGORIES = {
    "article": "journalArticle", "article-journal": "journalArticle", "journal-article": "journalArticle",
    "article-magazine": "magazineNewspaper", "article-newspaper": "magazineNewspaper", "book": "book",
    "monograph": "book", "chapter": "bookChapter", "book-chapter": "bookChapter",
    "entry-encyclopedia": "bookChapter", "report": "report", "thesis": "report", "dissertation": "report",
    "paper-conference": "conferenceProceedings", "proceedings-article": "conferenceProceedings",
    "map": "atlasMap", "software": "applicationProgram", "webpage": "webPage", "post": "socialMediaComment",
    "post-weblog": "blogWiki", "motion_picture": "videoAudio", "broadcast": "videoAudio",
}  # fmt: skip
_WRONG = "the answer is not what a resolver of DOIs says of a publication (CSL JSON with a title)"


def citation(answer: bytes, doi: str) -> dict[str, Any]:
    """The publication of a resolver's answer, as `citation` of an item; what the model would refuse is left
    out. BadAnswer when there is no title in it."""
    try:
        told = fast_json.loads(answer)
    except ValueError as error:
        raise BadAnswer(_WRONG, doi) from error
    title = _first(told.get("title")) if isinstance(told, Mapping) else ""
    if not title:
        raise BadAnswer(_WRONG, doi)
    found: dict[str, Any] = {
        "title": title[:1000],
        "category": _CATEGORIES.get(_text(told.get("type")), "report"),
        "identifier": [{"code": Doi().read(doi, "doi"), "code_space": DOI_SPACE}],
    }
    for name, value in _more(told):
        try:
            read(guf.Publication, {**found, name: value})
        except (Refused, BadValue):
            continue
        found[name] = value
    return {"type": "publication", **write(read(guf.Publication, found))}


def _more(told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    authors = [name for each in _list(told.get("author")) if (name := _name(each))][:_MOST_AUTHORS]
    if authors:
        named = [{"role": "author", "party": [{"name": name[:500]}]} for name in authors]
        yield "cited_responsible_party", named
    if day := _day(told):
        yield "date", [{"date": day, "date_type": "publication"}]
    volume, issue = _text(told.get("volume")), _text(told.get("issue"))
    series = {
        "name": _first(told.get("container-title"))[:500],
        "issue_identification": f"{volume}({issue})" if volume and issue else volume or issue,
        "page": _text(told.get("page") or told.get("article-number")),
    }
    if any(series.values()):
        yield "series", {name: text for name, text in series.items() if text}
    address = _text(told.get("URL"))
    if address and "doi.org/" not in address:
        yield "online_resource", [{"linkage": address}]


def _name(author: Any) -> str:
    if not isinstance(author, Mapping):
        return ""
    whole = _text(author.get("literal") or author.get("name"))
    parts = (author.get("given"), author.get("non-dropping-particle"), author.get("family"))
    name = whole or " ".join(filter(None, map(_text, parts)))
    return name.replace(";", ",")  # the form has semicolons between names


def _day(told: Mapping[str, Any]) -> str:
    """The day of publication; the first of the year or month where no more is known."""
    for name in ("issued", "published", "published-print", "published-online"):
        date = told.get(name)
        parts = _list(date.get("date-parts")) if isinstance(date, Mapping) else []
        numbers = [int(each) for each in _list(parts[0]) if str(each).isdecimal()] if parts else []
        if numbers:
            year, month, day = [*numbers, 1, 1][:3]
            return f"{year:04}-{month:02}-{day:02}"
    return ""


def _first(value: Any) -> str:
    """A text, the first of several."""
    return _text(value[0] if isinstance(value, list) and value else value)


def _text(value: Any) -> str:
    """Plain text: publishers put markup into titles."""
    if isinstance(value, int):
        return str(value)
    plain = html.unescape(_TAG.sub("", value)) if isinstance(value, str) else ""
    return " ".join("".join(each if each.isprintable() else " " for each in plain).split())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
