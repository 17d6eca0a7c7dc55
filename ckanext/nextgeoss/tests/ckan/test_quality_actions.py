"""`quality_check_run`, `quality_list`, `quality_report`: what they tell, and whom."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.feedback.quality import link_store
from ckanext.nextgeoss.feedback.quality.check import DIMENSIONS
from ckanext.nextgeoss.feedback.quality.checks import BY_ID, OF_KIND
from ckanext.nextgeoss.feedback.quality.links import FAILED, Link, Look, Policy, after
from ckanext.nextgeoss.feedback.quality.model import QualityLink
from ckanext.nextgeoss.tests.quality import Provider, engine, forget_runs, run

NOW = datetime(2026, 11, 30, 9, tzinfo=timezone.utc)


@pytest.fixture()
def provider() -> Provider:
    forget_runs()
    return Provider()


def test_results_say_what_is_wrong_and_how_to_fix_it(provider: Provider) -> None:
    """What is to be mended first comes first; each result names its measure."""
    package_id = provider.add()
    before = provider.act("quality_list", id=package_id)
    assert (before["checked"], before["score"], before["results"]) == (None, None, [])
    run()
    shown = provider.act("quality_list", id=package_id)
    assert shown["is_current"] and shown["band"] in ("good", "sufficient")
    assert shown["dimensions"].keys() == DIMENSIONS.keys()
    names = {result["check"] for result in shown["results"]} | set(shown["not_applicable"])
    assert names == {check.id for check in OF_KIND["product"]}
    first = shown["results"][0]
    assert first == {
        "check": "license",
        "title": "Licence",
        "dimension": "reusability",
        "how_to_fix": BY_ID["license"].fix,
        "dq_class": "CompletenessOmission",
        "measure": {"name": "MissingItems", "id": "https://www.qualityml.org/1.0/measure/MissingItems"},
        "weight": 20,
        "value": 0.0,
        "passed": False,
        "found": ["license_id"],
    }
    assert [result["passed"] for result in shown["results"]] == sorted(
        result["passed"] for result in shown["results"]
    )
    call_action("package_patch", {"user": provider.admin}, id=package_id, notes="Other")
    assert not provider.act("quality_list", id=package_id)["is_current"]


def test_a_dataset_is_checked_when_its_editor_asks(provider: Provider) -> None:
    """At once, of each type, and its links with the next run of links."""
    package_id = provider.add()
    url = f"{provider.url}/1.tif"
    with engine().begin() as connection:
        link_store.write_links(
            connection, [Link(url=url, state="works", checked=NOW, due=NOW.replace(year=2090))]
        )
    shown = provider.act("quality_check_run", provider.editor, id=package_id)
    assert shown["is_current"] and shown["score"] is not None
    (link,) = shown["links"]
    assert link["due"] < "2089" and link["state"] == "works"
    collection = provider.act("quality_check_run", provider.editor, id=provider.describe())
    assert "description" in {result["check"] for result in collection["results"] if not result["passed"]}
    assert "gaps" in collection["not_applicable"]
    again = provider.act("quality_check_run", provider.editor, id=package_id)
    passed = {result["check"] for result in again["results"] if result["passed"]}
    assert {"license", "collection"} <= passed, "by its collection"


def refused(provider: Provider, action: str, user: str, **data: Any) -> bool:
    try:
        provider.act(action, user, **data)
    except toolkit.NotAuthorized:
        return True
    return False


@pytest.mark.parametrize("private", [False, True])
def test_who_may_what(provider: Provider, private: bool) -> None:
    """Readers of a dataset see results, its editors links and runs."""
    package_id = provider.add(private=private)
    run()
    for user in ("", provider.stranger, provider.editor, provider.admin):
        may_edit = user in (provider.editor, provider.admin)
        may_read = may_edit or not private
        assert refused(provider, "quality_list", user, id=package_id) is (not may_read), user
        assert refused(provider, "quality_check_run", user, id=package_id) is (not may_edit), user
        assert not refused(provider, "quality_report", user)
        if may_read:
            assert ("links" in provider.act("quality_list", user, id=package_id)) is may_edit, user


@pytest.mark.parametrize("action", ["quality_list", "quality_check_run"])
def test_what_is_not_there_is_not_found(provider: Provider, action: str) -> None:
    with pytest.raises(toolkit.ObjectNotFound):
        provider.act(action, provider.admin, id="nowhere")
    with pytest.raises(toolkit.ValidationError):
        provider.act(action, provider.admin)
    with pytest.raises(toolkit.ObjectNotFound):
        provider.act("quality_report", provider.admin, organization="nowhere")


def test_links_show_their_history(provider: Provider) -> None:
    """To editors; what one failure told is there, and readers see no more than the result."""
    package_id = provider.add()
    link = Link(url=f"{provider.url}/1.tif")
    for _ in range(3):
        link = after(link, Look(outcome=FAILED, status=404, reason="answered 404"), NOW, Policy())
    with engine().begin() as connection:
        link_store.write_links(connection, [link])
    run()
    shown = provider.act("quality_list", provider.editor, id=package_id)
    (told,) = shown["links"]
    assert (told["state"], told["status"], told["reason"]) == ("broken", 404, "answered 404")
    assert told["history"][0] == {
        "at": "2026-11-30T09:00:00Z", "outcome": "failed", "status": 404, "reason": "answered 404",
    }  # fmt: skip
    assert len(told["history"]) == 3
    json.dumps(shown)
    seen = provider.act("quality_list", id=package_id)
    (result,) = [result for result in seen["results"] if result["check"] == "links"]
    assert (result["passed"], result["found"]) == (False, [f"{provider.url}/1.tif: answered 404"])
    assert "links" not in seen
    model.Session.execute(sa.delete(QualityLink))
    model.Session.commit()


def test_a_report_counts_what_the_caller_may_read(provider: Provider) -> None:
    """Private datasets for members of the organization alone; nobody learns of them otherwise."""
    owner = provider.organization["name"]
    assert provider.act("quality_report", organization=owner)["finished"] is None
    secret = provider.add(private=True)
    run()
    for user in ("", provider.stranger):
        report = provider.act("quality_report", user, organization=owner)
        assert (report["datasets"], report["score"], report["checks"], report["trend"]) == (0, None, [], [])
    assert provider.act("quality_report", provider.editor, organization=owner)["datasets"] == 1
    provider.add()
    run()
    report = provider.act("quality_report", organization=owner)
    assert (report["datasets"], len(report["trend"])) == (1, 1)
    assert report["checks"][0].keys() == {"check", "title", "dimension", "failed", "how_to_fix"}
    assert report["trend"][0].keys() == {"finished", "datasets", "score", "dimensions"}
    whole = provider.act("quality_report", provider.editor, organization=owner)
    assert [told["datasets"] for told in whole["trend"]] == [1, 2]
    assert secret not in json.dumps(report)
    assert provider.act("quality_report", runs=1)["organization"] is None


def test_a_twin_that_became_private_is_not_named(provider: Provider) -> None:
    """Not even before the next run has looked at the other one again."""
    product = provider.product()
    one, twin = provider.add(product), provider.add(product, scope="other")
    run()

    def told() -> list[str]:
        results = provider.act("quality_list", id=one)["results"]
        return next(result["found"] for result in results if result["check"] == "duplicates")

    assert told() == [model.Package.get(twin).name]
    call_action("package_patch", {"user": provider.admin}, id=twin, private=True)
    assert told() == []
