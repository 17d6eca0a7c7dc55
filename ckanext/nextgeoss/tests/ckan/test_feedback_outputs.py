"""Programs ask for feedback: documents by their suffix, and what widgets for NiMMbus ask."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

import pytest

from ckanext.nextgeoss.eo.xml import children, descendants, parse_xml, text_at, text_of
from ckanext.nextgeoss.feedback.imports.guf_document import read_document
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub, new_user

NOW = datetime(2030, 1, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def get(app: Any, address: str, **more: Any) -> Any:
    return app.get(address, **more)


def reviewed(hub: Hub) -> tuple[dict[str, Any], dict[str, Any]]:
    """A dataset and a review of it."""
    data = hub.dataset()
    return data, hub.review(new_user(), data, 4, user_comment=comment("<script>alert(1)</script>"))


TYPES = {
    "xml": "application/xml", "atom": "application/atom+xml", "jsonld": "application/ld+json",
    "csv": "text/csv",
}  # fmt: skip


def test_the_record_of_a_dataset_has_an_address(hub: Hub, app: Any) -> None:
    data, made = reviewed(hub)
    found = get(app, f"/dataset/{data['name']}/feedback.iso.xml?limit=1")
    assert (
        found.headers["Content-Type"].startswith("application/xml") and "Last-Modified" not in found.headers
    )
    assert found.text.count("<guf:GUF_FeedbackItem>") == 1 and "<mri:MD_DataIdentification>" in found.text
    for other in ("/feedback", f"/feedback/{made['id']}", "/dataset/nowhere/feedback"):
        get(app, f"{other}.iso.xml", status=404)


@pytest.mark.parametrize("suffix", TYPES)
def test_documents_by_their_suffix(hub: Hub, app: Any, suffix: str) -> None:
    data, made = reviewed(hub)
    for address in (f"/dataset/{data['name']}/feedback", "/feedback", f"/feedback/{made['id']}"):
        found = get(app, f"{address}.{suffix}")
        assert found.status_code == 200, address
        assert found.headers["Content-Type"].startswith(TYPES[suffix])
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert made["id"] in found.text
        again = get(app, f"{address}.{suffix}", headers={"If-None-Match": found.headers["ETag"]}, status=304)
        assert again.text == ""
    assert get(app, f"/dataset/{data['name']}/feedback.pdf", status=404)


def test_private_feedback_is_not_found(hub: Hub, app: Any) -> None:
    data, made = reviewed(hub)
    act(hub.sysadmin, "package_patch", id=data["id"], private=True)
    get(app, f"/dataset/{data['name']}/feedback.xml", status=404)
    get(app, f"/feedback/{made['id']}.xml", status=404)
    get(app, f"/nimmbus/collections/feedback/items/{made['id']}", status=404)
    assert made["id"] not in get(app, "/feedback.xml").text


def widget(code: str, space: str, operation: str = "ENUMERATE", more: str = "") -> str:
    """A request as the widget puts it together."""
    return (
        f"/nimmbus?SERVICE=WPS&REQUEST=EXECUTE&IDENTIFIER=NB_RESOURCE:{operation}&LANGUAGE=eng&STARTINDEX=1"
        "&COUNT=100&FORMAT=text/xml&TYPE=FEEDBACK&TRG_TYPE_1=CITATION&TRG_FLD_1=CODE"
        f"&TRG_VL_1={code}&TRG_OPR_1=EQ&TRG_NXS_1=AND&TRG_TYPE_2=CITATION&TRG_FLD_2=NAMESPACE"
        f"&TRG_VL_2={quote(space)}&TRG_OPR_2=EQ{more}"
    )


def test_the_widget_lists_and_retrieves(hub: Hub, app: Any) -> None:
    data, made = reviewed(hub)
    answer = get(app, widget(data["name"], "dataset"))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    feed = parse_xml(answer.data)
    assert text_at(feed, "totalResults") == "1"
    (entry,) = children(feed, "entry")
    assert text_at(entry, "title") == "A review"
    (category,) = children(entry, "category")
    assert category.get("scheme") == "https://www.nimmbus.cat/resource_type"
    (link,) = children(entry, "link")
    # this is how the widget finds the id
    assert re.search("&RESOURCE=([^&]*)&", link.get("href"))[1] == made["id"]
    one = get(app, f"/nimmbus{link.get('href').partition('/nimmbus')[2]}")
    root = parse_xml(one.data)
    named = {text_at(each, "Identifier"): each for each in descendants(root, "Output")}
    assert text_of(next(descendants(named["obj_id"], "LiteralData"))) == made["id"]
    rating = next(descendants(named["feedback"], "GUF_RatingCode"))
    assert rating.get("codeListValue") == "4"
    (found,) = read_document(one.data, NOW).items
    assert (found.code, found.parts["abstract"]) == (made["id"], "A review")


def test_our_importer_reads_our_own_service(hub: Hub, app: Any) -> None:
    data, made = reviewed(hub)
    act(hub.people["user"], "feedback_reply", id=made["id"], comment="So it is")
    found = read_document(get(app, widget(data["name"], "dataset", more="&CONTENT=full")).data, NOW)
    assert found.total == 2 and found.problems == ()
    assert {each.code for each in found.items} >= {made["id"]}
    assert all(each.item and not each.problems for each in found.items)


def test_a_summary_is_that_of_the_dataset(hub: Hub, app: Any) -> None:
    data, _ = reviewed(hub)
    root = parse_xml(get(app, widget(data["name"], "dataset", "SUMMARY")).data)
    (summary,) = descendants(root, "UFS_FeedbackSummary")
    assert text_at(summary, "averageRating") == "4.0" and text_at(summary, "numberOfRatings") == "1"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?SERVICE=WPS&REQUEST=EXECUTE&IDENTIFIER=NB_RESOURCE:CREATE&TITLE=x", 400),
        ("?SERVICE=WPS&REQUEST=EXECUTE&IDENTIFIER=NB_RESOURCE:RETRIEVE&RESOURCE=' OR 1=1", 400),
        ("?SERVICE=WPS&REQUEST=EXECUTE&IDENTIFIER=NB_RESOURCE:RETRIEVE"
         "&RESOURCE=1b4e28ba-2fa1-41d2-883f-0016d3cca427", 404),
    ],
)  # fmt: skip
def test_what_is_wrong_is_an_exception_report(hub: Hub, app: Any, query: str, status: int) -> None:
    answer = get(app, f"/nimmbus{query}", status=status)
    assert text_of(next(descendants(parse_xml(answer.data), "ExceptionText")))


def test_paths_like_those_of_ogc_apis(hub: Hub, app: Any) -> None:
    data, made = reviewed(hub)
    root = "/nimmbus/collections"
    assert json.loads(get(app, root).text)["collections"][0]["id"] == "feedback"
    assert json.loads(get(app, f"{root}/feedback").text)["id"] == "feedback"
    thing = quote(json.dumps({"code": data["name"], "codeSpace": "dataset"}))
    found = json.loads(get(app, f"{root}/feedback/items?externalIds={thing}").text)
    assert found["numberMatched"] == 1 and found["features"][0]["id"] == made["id"]
    as_xml = get(app, f"{root}/feedback/items?f=xml&externalIds={thing}")
    assert len(read_document(as_xml.data, NOW).items) == 1
    one = json.loads(get(app, f"{root}/feedback/items/{made['id']}").text)
    assert one["properties"]["rating"] == 4
    stats = json.loads(get(app, f"{root}/feedback/stats?externalIds={thing}/{thing}").text)
    assert [each["ratings"] for each in stats["summaries"]] == [1, 1]
    for wrong in ("f=pdf", "bbox=1,2,3", "limit=x", "datetime=yesterday", "externalIds={"):
        get(app, f"{root}/feedback/items?{wrong}", status=400)
