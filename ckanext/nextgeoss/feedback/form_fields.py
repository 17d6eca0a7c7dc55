"""The fields of the form of feedback: where the value of each stands among the parts of an item, and how it
is spelled in a form. A row here and a line in a template make a field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import measures
from .doi import DOI_SPACE
from .form_paths import Every, Path, Pick, Step
from .form_spelling import AUTHOR, AUTHORS, DOI, NUMBER, TEXT, WHOLE, WORDS, Spelling

# the sides of a box, by the end of the name of their field
SIDES = {
    "west": "west_bound_longitude",
    "south": "south_bound_latitude",
    "east": "east_bound_longitude",
    "north": "north_bound_latitude",
}
# what has a box, by the beginning of the names of its fields
BOXES = ("event", "scope")


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in the form, its group, the place of its value, and what must stand beside the value
    where there is one (place and value)."""

    name: str
    group: str
    path: Path
    spelling: Spelling = TEXT
    # says nothing on its own: the choice of a list that has something chosen from the beginning
    weak: bool = False
    beside: tuple[tuple[Path, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that make a part: its place, which goes when all its fields are empty; what stands there with
    any of its fields; which of its fields must be filled, one of each tuple."""

    name: str
    root: Path = ()
    constants: tuple[tuple[Path, Any], ...] = ()
    needed: tuple[tuple[str, ...], ...] = ()


_USED: Path = ("usage", 0, "usage_description", 0)
_AGAIN: Path = (*_USED, "reproducible_usage")
_ISSUE: Path = ("usage", 0, "discovered_issue", 0)
_CITED: Path = ("citation", 0)
_EVENT: Path = ("significant_event", 0)
_QUALITY: Path = ("additional_quality", 0)
_REPORT: Path = (*_QUALITY, "report", 0)
_SCOPE: Path = ("target", 0, "scope")

GROUPS: tuple[Group, ...] = (
    Group("main"),
    Group("comment", ("user_comment",)),
    Group("code", _AGAIN, needed=(("code", "code_url"),)),
    Group("usage", _USED),
    Group("issue", _ISSUE, needed=(("known_problem",),)),
    Group(
        "publication",
        _CITED,
        (((*_CITED, "category"), "journalArticle"), ((*_CITED, "type"), "publication")),
        (("publication_title",),),
    ),
    Group("event", _EVENT, (((*_EVENT, "extent"), {}),), (("event_abstract",),)),
    Group("scope", _SCOPE, (((*_SCOPE, "level"), "dataset"),)),
    Group(
        "quality",
        _QUALITY,
        (((*_QUALITY, "scope", "level"), "dataset"),),
        (("quality_measure",), ("quality_value", "quality_statement")),
    ),
)


def _of(group: str, root: Path, *fields: Field) -> list[Field]:
    return [
        replace(each, group=group, path=(*root, *each.path),
                beside=tuple(((*root, *path), value) for path, value in each.beside))
        for each in fields
    ]  # fmt: skip


def _field(
    name: str,
    *path: Step,
    spelling: Spelling = TEXT,
    weak: bool = False,
    beside: tuple[tuple[Path, Any], ...] = (),
) -> Field:
    return Field(name, "", path or (name,), spelling, weak, beside)


def _box(name: str, *extent: Step) -> list[Field]:
    """The four sides of a box."""
    where = (*extent, "geographic_element", Pick("type", "box", "box"))
    return [_field(f"{name}_{side}", *where, step, spelling=NUMBER) for side, step in SIDES.items()]


_DOI = Pick("code_space", DOI_SPACE)

FIELDS: tuple[Field, ...] = (
    *_of(
        "main",
        (),
        _field("rating", spelling=WHOLE),
        _field("abstract"),
        _field("contact_role", weak=True),
        _field("expertise_level", "contact", "expertise_level", spelling=WHOLE, weak=True),
        _field("application_domain", "contact", "application_domain", spelling=WORDS),
        _field("tag", spelling=WORDS),
    ),
    *_of("comment", ("user_comment",), _field("comment"), _field("motivation", weak=True)),
    *_of(
        "usage",
        _USED,
        _field("specific_usage"),
        _field("used_from", "usage_date_time", 0, "begin"),
        _field("used_until", "usage_date_time", 0, "end"),
        _field("limitation", "user_determined_limitations"),
    ),
    *_of(
        "code",
        _AGAIN,
        _field("code"),
        _field("code_url", "code_linkage", "linkage"),
        _field("code_media_type", weak=True),
        _field("platform"),
        _field("platform_version", "version"),
    ),
    *_of(
        "issue",
        _ISSUE,
        _field("known_problem"),
        _field(
            "problem_date", "problem_date_time", 0, "date",
            beside=((("problem_date_time", 0, "date_type"), "validityBegins"),),
        ),
        _field("work_around", "work_around", 0),
        _field(
            "alternative_url", "alternative_resource", 0, "online_resource", 0, "linkage",
            beside=((("alternative_resource", 0, "title"), "Alternative"),),
        ),
    ),
    *_of(
        "publication",
        _CITED,
        _field("publication_title", "title"),
        _field("publication_doi", "identifier", _DOI, "code", spelling=DOI),
        _field(
            "publication_authors", "cited_responsible_party", Every("role", AUTHOR), spelling=AUTHORS
        ),
        _field("publication_date", "date", Pick("date_type", "publication"), "date"),
        _field("publication_series", "series", "name"),
        _field("publication_issue", "series", "issue_identification"),
        _field("publication_pages", "series", "page"),
        _field("publication_url", "online_resource", 0, "linkage"),
        _field("publication_category", "category", weak=True, beside=((("type",), "publication"),)),
        _field("publication_motivation", "motivation", weak=True),
    ),
    *_of(
        "event",
        _EVENT,
        _field("event_abstract", "abstract"),
        _field("event_type", "event_type", weak=True),
        _field("event_place", "extent", "description"),
        *_box("event", "extent"),
        _field("event_begin", "extent", "temporal_element", 0, "begin"),
        _field("event_end", "extent", "temporal_element", 0, "end"),
    ),
    *_of(
        "scope",
        _SCOPE,
        _field("scope_words", "level_description", 0),
        *_box("scope", "extent", 0),
        _field("scope_begin", "extent", 0, "temporal_element", 0, "begin"),
        _field("scope_end", "extent", 0, "temporal_element", 0, "end"),
    ),
    *_of(
        "quality",
        _REPORT,
        _field(
            "quality_measure", "measure", "measure_identification", "code",
            beside=((("measure", "measure_identification", "code_space"), measures.CODE_SPACE),),
        ),
        _field(
            "quality_value", "result", Pick("type", "quantitative", "quantitative"), "value", 0,
            spelling=NUMBER,
        ),
        _field(
            "quality_unit", "result", Pick("type", "quantitative", "quantitative"), "value_unit", weak=True
        ),
        _field("quality_statement", "result", Pick("type", "descriptive", "quantitative"), "statement"),
    ),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
