"""Feedback as a table (CSV): a line an item, nothing of persons."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from .entries import Entry, Page
from .places import areas, wkt

TYPE = "text/csv; charset=utf-8"
COLUMNS = (
    "id", "address", "published", "modified", "reply_to", "abstract", "comment", "motivation", "rating",
    "contact_role", "expertise_level", "application_domain", "is_provider", "report_aspect",
    "specific_usage", "user_determined_limitations", "known_problem", "work_around", "issue_state",
    "issue_severity", "citations", "significant_events", "quality_reports", "tag", "target_code",
    "target_code_space", "target_role", "area", "replies", "votes_up", "votes_down",
)  # fmt: skip
# what a spreadsheet takes for a formula begins with one of these
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BETWEEN = "; "


def write(page: Page) -> bytes:
    """The table; several values of one cell stand with `; ` between, and a text that a spreadsheet would take
    for a formula begins with an apostrophe."""
    made = StringIO()
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _row(each)] for each in page.entries)
    return made.getvalue().encode()


def _row(entry: Entry) -> Iterator[Any]:
    item = entry.item
    described = [each for usage in item.usage for each in usage.usage_description]
    issues = [each for usage in item.usage for each in usage.discovered_issue]
    known = [(each, target) for target in item.target for cited in target.resource_ref
             for each in cited.identifier[:1]]  # fmt: skip
    issue = entry.issue or {}
    yield from (entry.id, entry.address, entry.published, entry.updated, entry.reply_to)
    yield from (item.abstract, entry.text, entry.motivation, item.rating, item.contact_role)
    yield from (item.contact.expertise_level, item.contact.application_domain, entry.is_provider)
    yield dict.fromkeys(aspect for usage in item.usage for aspect in usage.report_aspect)
    yield [each.specific_usage for each in described if each.specific_usage]
    yield [each.user_determined_limitations for each in described if each.user_determined_limitations]
    yield [each.known_problem for each in issues]
    yield [text for each in issues for text in each.work_around]
    yield from (issue.get("state"), issue.get("severity"))
    yield [each.title for each in item.citation]
    yield [each.abstract for each in item.significant_event]
    yield len(item.additional_quality)
    yield item.tag
    yield [each.code for each, _ in known]
    yield [each.code_space or "" for each, _ in known]
    yield [target.role for _, target in known]
    yield [wkt(area) for area in areas(item)]
    yield from (entry.replies, entry.up, entry.down)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else _BETWEEN.join(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
