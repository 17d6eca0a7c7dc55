"""Rules of the feedback model that bind parts to each other (15-097r1 and its aspects of usage reports)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from ..eo.errors import BadValue
from ..eo.temporal import parse_time
from ..eo.worded import Worded
from .guf import DiscoveredIssue, FeedbackItem, UsageReport
from .iso import Citation, Date, Period
from .parts import Refused

ORCID = "https://orcid.org"
# what is only said to somebody who said something before
REPLIES = ("answer", "acceptedAnswer", "response", "resolution", "moderation")
_SAYS = ("rating", "user_comment", "usage", "citation", "additional_quality", "significant_event",
         "additional_lineage_steps", "external_feedback")  # fmt: skip


def check(item: FeedbackItem, now: datetime) -> None:
    """Refused with all that breaks a rule; `now` is the time that nothing of the past can be after."""
    problems = [*_whole(item), *_targets(item), *_people(item)]
    for at, report in enumerate(item.usage):
        problems += _usage(report, f"usage[{at}]", now)
    if problems:
        raise Refused(problems)


def _whole(item: FeedbackItem) -> Iterator[BadValue]:
    if not any(getattr(item, name) for name in _SAYS):
        yield BadValue(None, "feedback", Worded("at least one of {parts}", parts=", ".join(_SAYS)))
    if item.item_is_reply_to and item.rating is not None:
        yield BadValue(item.rating, "rating", Worded("no rating in a reply"))
    motivation = item.user_comment.motivation if item.user_comment else None
    if motivation in REPLIES and not item.item_is_reply_to:
        yield BadValue(motivation, "user_comment.motivation", "item_is_reply_to beside it")
    if not any(date.date_type == "creation" for date in item.date_info):
        yield BadValue(None, "date_info", "a date of the type creation")


def _targets(item: FeedbackItem) -> Iterator[BadValue]:
    if not any(target.role == "primary" for target in item.target):
        yield BadValue(None, "target", Worded("a target with the role primary"))
    for at, target in enumerate(item.target):
        for nth, cited in enumerate(target.resource_ref):
            if not (cited.identifier or cited.online_resource):
                where = f"target[{at}].resource_ref[{nth}]"
                yield BadValue(
                    cited.title, where, Worded("an identifier (code, code_space) or an online_resource")
                )


def _people(item: FeedbackItem) -> Iterator[BadValue]:
    for at, known in enumerate(item.contact.external_user_id):
        if (known.code_space or "").rstrip("/").lower().endswith("orcid.org") and not is_orcid(known.code):
            yield BadValue(
                known.code, f"contact.external_user_id[{at}].code", Worded("an ORCID with its check digit")
            )


def is_orcid(text: str) -> bool:
    """Whether a text is an ORCID with the right check digit (ISO 7064, MOD 11-2)."""
    digits = text.rpartition("/")[2].replace("-", "")
    if not re.fullmatch(r"\d{15}[\dX]", digits, re.ASCII):
        return False
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check_digit = (12 - total % 11) % 11
    return digits[-1] == ("X" if check_digit == 10 else str(check_digit))


def _usage(report: UsageReport, where: str, now: datetime) -> Iterator[BadValue]:
    yield from _aspects(report, where)
    for at, described in enumerate(report.usage_description):
        place = f"{where}.usage_description[{at}]"
        yield from _past(described.usage_date_time, f"{place}.usage_date_time", now)
        again = described.reproducible_usage
        if again and not (again.code or again.code_linkage):
            yield BadValue(None, f"{place}.reproducible_usage", Worded("code or code_linkage"))
    for at, issue in enumerate(report.discovered_issue):
        yield from _issue(issue, f"{where}.discovered_issue[{at}]", now)


def _aspects(report: UsageReport, where: str) -> Iterator[BadValue]:
    described, issues = report.usage_description, report.discovered_issue
    limited = any(each.user_determined_limitations for each in described)
    others = any(each.work_around or each.alternative_resource for each in issues)
    needs = {
        "usage": (bool(described), "usage_description"),
        "fitnessForPurpose": (bool(described), "usage_description"),
        "limitation": (limited, "usage_description with user_determined_limitations"),
        "alternative": (others, "discovered_issue with work_around or alternative_resource"),
        "problem": (bool(issues), "discovered_issue"),
    }
    for at, aspect in enumerate(report.report_aspect):
        there, needed = needs[aspect]
        if not there:
            yield BadValue(aspect, f"{where}.report_aspect[{at}]", Worded("{parts} beside it", parts=needed))


def _issue(issue: DiscoveredIssue, where: str, now: datetime) -> Iterator[BadValue]:
    yield from _past(issue.problem_date_time, f"{where}.problem_date_time", now)
    expected = issue.expected_fix_date
    if expected:
        for problem in issue.problem_date_time:
            if parse_time(expected.date) < parse_time(problem.date):
                allowed = Worded("a date not before the problem, {date}", date=problem.date)
                yield BadValue(expected.date, f"{where}.expected_fix_date.date", allowed)
    for at, cited in enumerate(issue.alternative_resource):
        yield from _findable(cited, f"{where}.alternative_resource[{at}]")


def _past(dates: Sequence[Date | Period], where: str, now: datetime) -> Iterator[BadValue]:
    for at, each in enumerate(dates):
        text = each.date if isinstance(each, Date) else each.begin
        if parse_time(text) > now:
            yield BadValue(text, f"{where}[{at}]", Worded("a time that is not in the future"))


def _findable(cited: Citation, where: str) -> Iterator[BadValue]:
    if not (cited.identifier or cited.online_resource):
        yield BadValue(cited.title, where, Worded("an identifier or an online_resource"))
