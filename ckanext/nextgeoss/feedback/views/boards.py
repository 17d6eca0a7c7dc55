"""What an organization sees of the feedback on its datasets: figures, questions, issues."""

from __future__ import annotations

import csv
import io
from typing import Any

from ckan.plugins import toolkit
from flask import Response

from .. import charts, helpers
from ..states import SEVERITIES
from .common import GET, Route, call, pages_of_errors

_MOST = 10


def organization(id: str) -> str:
    """The board of an organization."""
    with pages_of_errors():
        found = call("organization_show", id=id, include_datasets=False, include_users=False)
        stats = call("feedback_stats", organization=found["id"])
        questions = call(
            "feedback_list", organization=found["id"], unanswered=True, sort="oldest", limit=_MOST
        )
        issues = call("feedback_issue_list", organization=found["id"], limit=_MOST)
        latest = call("feedback_list", organization=found["id"], limit=5)
    months = stats["by_month"]
    page = {
        "group_dict": found,
        "group_type": "organization",
        "stats": stats,
        "questions": questions,
        "issues": issues,
        "latest": latest,
        "viewer": helpers.feedback_viewer(),
        "per_month": charts.bars([(each["month"], each["items"]) for each in months]),
        "rating": charts.line([(each["month"], each["average"]) for each in months], low=1, high=5),
        "severities": charts.bars([(name, number) for name, number in _by_severity(found["id"]).items()]),
    }
    return toolkit.render("feedback/organization.html", page)


def _by_severity(organization_id: str) -> dict[str, int]:
    return {
        helpers.feedback_code("severity", severity): call(
            "feedback_issue_list", organization=organization_id, severity=[severity], limit=1
        )["count"]
        for severity in SEVERITIES
    }


def organization_csv(id: str) -> Response:
    """The figures of a board by month, for spreadsheets."""
    with pages_of_errors():
        found = call("organization_show", id=id, include_datasets=False, include_users=False)
        stats: dict[str, Any] = call("feedback_stats", organization=found["id"])
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["month", "items", "average_rating"])
    for each in stats["by_month"]:
        rows.writerow([each["month"], each["items"], "" if each["average"] is None else each["average"]])
    named = {"Content-Disposition": 'attachment; filename="feedback.csv"'}
    return Response(file.getvalue(), mimetype="text/csv", headers=named)


ROUTES: tuple[Route, ...] = (
    ("/organization/<id>/feedback", organization, GET),
    ("/organization/<id>/feedback.csv", organization_csv, GET),
)
