"""What an organization sees of the feedback on its datasets and of their quality: figures, questions, issues,
links that do not work."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from ckan.plugins import toolkit
from flask import Response

from .. import charts, helpers
from ..states import SEVERITIES
from .common import GET, Route, call, pages_of_errors

_MOST = 10
# lines of a table for spreadsheets
_MOST_LINKS = 1000
# what may begin a formula in a spreadsheet
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def organization(id: str) -> str:
    """The board of an organization."""
    with pages_of_errors():
        found = _organization(id)
        stats = call("feedback_stats", organization=found["id"])
        questions = call(
            "feedback_list", organization=found["id"], unanswered=True, sort="oldest", limit=_MOST
        )
        issues = call("feedback_issue_list", organization=found["id"], limit=_MOST)
        latest = call("feedback_list", organization=found["id"], limit=5)
        quality = call("quality_report", organization=found["id"], links=_MOST)
    months = stats["by_month"]
    page = {
        "group_dict": found,
        "group_type": "organization",
        "stats": stats,
        "questions": questions,
        "issues": issues,
        "latest": latest,
        "quality": quality,
        "viewer": helpers.feedback_viewer(),
        "per_month": charts.bars([(each["month"], each["items"]) for each in months]),
        "rating": charts.line([(each["month"], each["average"]) for each in months], low=1, high=5),
        "severities": charts.bars([(name, number) for name, number in _by_severity(found["id"]).items()]),
        **_of_quality(quality),
    }
    return toolkit.render("feedback/organization.html", page)


def _organization(id: str) -> dict[str, Any]:
    return call("organization_show", id=id, include_datasets=False, include_users=False)


def _by_severity(organization_id: str) -> dict[str, int]:
    return {
        helpers.feedback_code("severity", severity): call(
            "feedback_issue_list", organization=organization_id, severity=[severity], limit=1
        )["count"]
        for severity in SEVERITIES
    }


def _of_quality(quality: dict[str, Any]) -> dict[str, charts.Chart]:
    """Charts of the scores of metadata: how many datasets are in each band, the dimensions, the trend."""
    trend = [(each["finished"][:10], each["score"]) for each in quality["trend"]]
    titles = bands()
    return {
        "in_bands": charts.bars([(titles[name], quality["bands"][name]) for name in reversed(titles)]),
        "in_dimensions": charts.bars(
            [(title, quality["dimensions"][name] or 0) for name, title in dimensions().items()], most=100
        ),
        "trend": charts.line(trend, low=0, high=100),
    }


def bands() -> dict[str, str]:
    """The bands of scores, the best first."""
    _ = toolkit._
    return {
        "excellent": _("Excellent"), "good": _("Good"), "sufficient": _("Sufficient"), "poor": _("Poor"),
    }  # fmt: skip


def dimensions() -> dict[str, str]:
    """The dimensions of the score of metadata."""
    _ = toolkit._
    return {
        "findability": _("Findable"), "accessibility": _("Accessible"),
        "interoperability": _("Interoperable"), "reusability": _("Reusable"), "context": _("Context"),
    }  # fmt: skip


def organization_csv(id: str) -> Response:
    """The figures of a board by month, for spreadsheets."""
    with pages_of_errors():
        stats = call("feedback_stats", organization=_organization(id)["id"])
    rows = [[each["month"], each["items"], each["average"]] for each in stats["by_month"]]
    return _csv("feedback", ["month", "items", "average_rating"], rows)


def scores_csv(id: str) -> Response:
    """The scores of metadata, by run; of the last one also how many datasets are in each band."""
    with pages_of_errors():
        found = call("quality_report", organization=_organization(id)["id"], runs=1000)
    last = len(found["trend"]) - 1
    rows = [
        [each["finished"], each["datasets"], each["score"],
         *(each["dimensions"][name] for name in dimensions()),
         *(found["bands"][name] if at == last else None for name in bands())]
        for at, each in enumerate(found["trend"])
    ]  # fmt: skip
    return _csv("scores", ["finished", "datasets", "score", *dimensions(), *bands()], rows)


def links_csv(id: str) -> Response:
    """The links that do not work, with the datasets that have them."""
    with pages_of_errors():
        found = call("quality_report", organization=_organization(id)["id"], runs=1, links=_MOST_LINKS)
    rows = [
        [each["url"], each["reason"], each["status"], each["failures"], each["checked"], each["number"],
         " ".join(named["name"] for named in each["datasets"])]
        for each in found["links"]
    ]  # fmt: skip
    names = ["url", "reason", "status", "failures", "checked", "datasets", "names"]
    return _csv("links", names, rows)


def _csv(name: str, names: list[str], rows: Iterable[list[Any]]) -> Response:
    file = io.StringIO()
    lines = csv.writer(file)
    lines.writerow(names)
    lines.writerows([["" if each is None else _plain(each) for each in row] for row in rows])
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(file.getvalue(), mimetype="text/csv", headers=named)


def _plain(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


ROUTES: tuple[Route, ...] = (
    ("/organization/<id>/feedback", organization, GET),
    ("/organization/<id>/feedback.csv", organization_csv, GET),
    ("/organization/<id>/feedback/scores.csv", scores_csv, GET),
    ("/organization/<id>/feedback/links.csv", links_csv, GET),
)
