"""Feedback leaves the hub in all formats; it comes back, or from elsewhere, once, and newer again."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from ckan import model
from ckan.plugins import toolkit
from click.testing import CliRunner

from ckanext.nextgeoss import config
from ckanext.nextgeoss.feedback import commands
from ckanext.nextgeoss.feedback.exports.nimmbus_request import read
from ckanext.nextgeoss.feedback.imports.guf_document import read_document
from ckanext.nextgeoss.feedback.logic.importing_nimmbus import fetch_all
from ckanext.nextgeoss.feedback.model import Item
from ckanext.nextgeoss.tests.core.local_server import serve
from ckanext.nextgeoss.tests.feedback import COLLECTION_TYPE, Hub, act, comment, make_hub, new_user, problem
from ckanext.nextgeoss.tests.xml_schemas import faults

SAMPLES = Path(__file__).parents[1] / "nimmbus_answers"
NOW = datetime(2030, 1, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def export(user: str = "", **data: Any) -> str:
    return act(user, "feedback_export", **data)["document"]


def bring(hub: Hub, document: str, user: str = "", **data: Any) -> dict[str, Any]:
    return act(user or hub.sysadmin, "feedback_import", document=document, **data)


class TestExport:
    def test_a_dataset_in_all_formats(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        made = hub.review(user, data, 4, user_comment=comment("Mail ada@plant.example"))
        act(hub.people["user"], "feedback_reply", id=made["id"], comment="I agree")
        found = read_document(export(package_id=data["name"], format="guf").encode(), NOW)
        assert [each.problems for each in found.items] == [(), ()]
        assert {each.code for each in found.items} >= {made["id"]}
        assert f"urn:uuid:{made['id']}" in export(package_id=data["name"], format="atom")
        linked = json.loads(export(package_id=data["name"], format="jsonld"))
        assert any(f"/feedback/{made['id']}" in node["@id"] for node in linked["@graph"])
        rows = list(csv.DictReader(io.StringIO(export(package_id=data["name"], format="csv"))))
        assert rows[0]["id"] == made["id"] and len(rows) == 2
        for each in ("guf", "atom", "jsonld", "csv", "iso"):
            assert "plant.example" not in export(package_id=data["name"], format=each)

    def test_guf_is_valid(self, hub: Hub) -> None:
        data = hub.dataset()
        made = hub.review(new_user(), data, 4, tag=["flood"], usage=problem())
        act(hub.people["user"], "feedback_reply", id=made["id"], comment="I agree")
        assert faults(export(package_id=data["name"]).encode(), "guf-1.0-all.xsd") == []
        empty = export(package_id=hub.dataset()["name"])
        assert faults(empty.encode(), "guf-1.0-all.xsd") == [] and 'nilReason="missing"' in empty

    def test_a_record_of_a_dataset_holds_its_feedback(self, hub: Hub) -> None:
        spatial = '{"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]]}'
        day, name = "2026-01-01T10:00:00Z", uuid4().hex
        more = {"spatial": spatial, "timerange_start": day, "timerange_end": day, "license_id": "cc-by"}
        product = hub.product("SENTINEL2_L1C", f"S2A_{name}", maintainer_email="ada@plant.example", **more)
        series = {"type": COLLECTION_TYPE, "collection_id": f"C_{name}", "notes": "Mail ada@plant.example"}
        for data in (product, hub.dataset(**series), hub.dataset(notes="Anything")):
            made = hub.review(new_user(), data, 4, user_comment=comment("Sharp"), usage=problem())
            act(hub.sysadmin, "quality_check_run", id=data["id"])
            document = export(package_id=data["name"], format="iso").encode()
            assert faults(document, "guf-1.0-all.xsd") == [] and b"plant.example" not in document
            assert data["title"].encode() in document and b"<mdq:DQ_CompletenessOmission>" in document
            (alone,) = read_document(export(id=made["id"]).encode(), NOW).items
            found = read_document(document, NOW)
            assert (found.problems, [each.item for each in found.items]) == ((), [alone.item])
        told = bring(hub, elsewhere(export(package_id=product["name"], format="iso")))
        assert (told["created"], told["problems"]) == (1, [])

    @pytest.mark.parametrize("of", ["id", "none"])
    def test_a_record_is_of_one_dataset(self, hub: Hub, of: str) -> None:
        made = hub.review(new_user(), hub.dataset())
        with pytest.raises(toolkit.ValidationError) as caught:
            export(format="iso", **({"id": made["id"]} if of == "id" else {}))
        assert set(caught.value.error_dict) == {"format"}

    def test_what_checks_found_is_in_linked_data(self, hub: Hub) -> None:
        data = hub.dataset()
        hub.review(new_user(), data)
        act(hub.sysadmin, "quality_check_run", id=data["id"])
        graph = json.loads(export(package_id=data["name"], format="jsonld"))["@graph"]
        about = next(node for node in graph if node["@id"].endswith(f"/dataset/{data['name']}"))
        titles = [each["dqv:isMeasurementOf"]["dct:title"] for each in about["dqv:hasQualityMeasurement"]]
        assert ["Publisher"] in titles

    def test_one_item(self, hub: Hub) -> None:
        made = hub.review(new_user(), hub.dataset())
        assert made["id"] in export(id=made["id"])

    def test_what_one_may_not_read_is_not_exported(self, hub: Hub) -> None:
        data = hub.dataset()
        made = hub.review(new_user(), data)
        act(hub.sysadmin, "package_patch", id=data["id"], private=True)
        with pytest.raises((toolkit.NotAuthorized, toolkit.ObjectNotFound)):
            export(package_id=data["name"])
        with pytest.raises(toolkit.ObjectNotFound):
            export(id=made["id"])
        assert made["id"] not in export()
        assert made["id"] in export(hub.people["admin"], package_id=data["name"])


def elsewhere(document: str, *changes: tuple[str, str]) -> str:
    """A document as another hub would have written it."""
    for before, after in (("/feedback</", f"/{uuid4().hex}</"), *changes):
        assert before in document
        document = document.replace(before, after)
    return document


class TestImport:
    def test_what_is_exported_comes_back_once_and_is_the_same(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        made = hub.review(user, data, 4, user_comment=comment("Sharp", "question"), tag=["flood"])
        act(hub.people["user"], "feedback_reply", id=made["id"], comment="Indeed")
        document = elsewhere(export(package_id=data["name"]))
        told = bring(hub, document, dry_run=True)
        assert (told["created"], told["failed"]) == (2, 0)
        assert act("", "feedback_summary", id=data["id"])["items"] == 1
        told = bring(hub, document)
        assert (told["created"], told["failed"], told["problems"]) == (2, 0, [])
        assert act("", "feedback_summary", id=data["id"])["items"] == 2
        assert bring(hub, document)["unchanged"] == 2
        first = act("", "feedback_show", id=told["items"][0]["id"], include_replies=True)
        assert (first["source"], first["abstract"], first["tag"]) == ("xml", "A review", ["flood"])
        assert first["thread"][0]["user_comment"]["comment"] == "Indeed"
        again = read_document(export(id=first["id"]).encode(), NOW).items[0]
        whole = read_document(document.encode(), NOW).items
        assert again.parts == next(each for each in whole if each.code == again.code).parts

    def test_a_code_space_is_the_same_with_tls_and_without(self, hub: Hub) -> None:
        host = f"{uuid4().hex}.example"
        code = uuid4().hex
        known = {"code": code, "code_space": f"http://{host}/things/"}
        target = {"resource_ref": [{"title": "A thing", "identifier": [known]}], "role": "primary"}
        made = hub.review(new_user(), hub.dataset(), target=[target])
        document = elsewhere(export(id=made["id"]))
        assert bring(hub, document)["created"] == 1
        assert bring(hub, document.replace(">http://", ">https://"))["unchanged"] == 1
        for space in ("http://{}/things/", "https://{}/things", "https://{}/things/"):
            found = act("", "feedback_list", code=code, code_space=space.format(host))
            assert found["count"] == 2, space
        assert act("", "feedback_list", code=code, code_space=f"https://{host}/other")["count"] == 0

    def test_a_dataset_is_known_by_the_address_of_the_site(self, hub: Hub) -> None:
        data = hub.dataset()
        known = {"code": data["name"], "code_space": config.site_base().replace("http://", "https://")}
        target = {"resource_ref": [{"title": "Ours", "identifier": [known]}], "role": "primary"}
        act(new_user(), "feedback_create", target=[target], abstract="Good", rating=4)
        assert act("", "feedback_summary", id=data["id"])["items"] == 1

    def test_our_own_items_are_left_alone(self, hub: Hub) -> None:
        made = hub.review(new_user(), hub.dataset())
        told = bring(hub, export(id=made["id"]))
        assert told["unchanged"] == 1 and told["items"][0]["id"] == made["id"]

    def test_a_newer_one_replaces_an_older_one(self, hub: Hub) -> None:
        data = hub.dataset()
        made = hub.review(new_user(), data, 2)
        document = elsewhere(export(id=made["id"]))
        item_id = bring(hub, document)["items"][0]["id"]
        newer = document.replace(
            "</guf:dateInfo>",
            "</guf:dateInfo><guf:dateInfo><cit:CI_Date><cit:date><gco:DateTime>2035-01-01T00:00:00Z"
            '</gco:DateTime></cit:date><cit:dateType><cit:CI_DateTypeCode codeList="x" codeListValue='
            '"revision"/></cit:dateType></cit:CI_Date></guf:dateInfo>',
            1,
        ).replace('codeListValue="2">2<', 'codeListValue="5">5<')
        assert bring(hub, newer)["updated"] == 1
        assert act("", "feedback_show", id=item_id)["rating"] == 5
        assert act("", "feedback_summary", id=data["id"])["histogram"]["5"] == 1

    def test_what_was_deleted_here_does_not_come_back(self, hub: Hub) -> None:
        document = elsewhere(export(id=hub.review(new_user(), hub.dataset())["id"]))
        item_id = bring(hub, document)["items"][0]["id"]
        act(hub.sysadmin, "feedback_delete", id=item_id)
        told = bring(hub, document)
        assert told["items"][0]["outcome"] == "unchanged"
        assert told["items"][0]["problems"] == ["it was deleted here"]

    def test_moderators_import_what_is_about_their_datasets(self, hub: Hub) -> None:
        document = elsewhere(export(id=hub.review(new_user(), hub.dataset())["id"]))
        told = bring(hub, document, hub.people["other_admin"])
        assert told["items"][0]["problems"] == ["it is not about datasets of your organization alone"]
        assert bring(hub, document, hub.people["admin"])["created"] == 1

    def test_json_of_items_is_read(self, hub: Hub) -> None:
        made = hub.review(new_user(), hub.dataset())
        told = act("", "feedback_show", id=made["id"]) | {"code_space": f"https://{uuid4().hex}.example"}
        told["item_identifier"] = {"code": made["id"], "code_space": told["code_space"]}
        assert bring(hub, json.dumps([told]))["created"] == 1

    @pytest.mark.parametrize("document", ["<a", "{", "<!DOCTYPE a><a/>", ""])
    def test_what_cannot_be_read_is_refused(self, hub: Hub, document: str) -> None:
        with pytest.raises(toolkit.ValidationError) as caught:
            bring(hub, document)
        assert set(caught.value.error_dict) == {"document"}


class TestNimmbus:
    def answers(self, hub: Hub, *documents: str, **data: Any) -> dict[str, Any]:
        """Import what a service answers, one document after the other."""
        left = [(SAMPLES / f"{name}.xml").read_bytes() if name.isidentifier() else name.encode("latin-1")
                for name in documents]  # fmt: skip
        own = {"url": "https://www.nimmbus.cat/x", "code_space": "https://catalogue.example/products",
               "dry_run": False, **data}  # fmt: skip
        model.Session.expire_all()
        return fetch_all({"user": hub.sysadmin, "ignore_auth": False}, own, lambda address: left.pop(0))

    def test_items_are_about_the_dataset_that_was_asked_for(self, hub: Hub) -> None:
        product = hub.product("SENTINEL2_L1C", "S2A_MSIL1C_20180301")
        told = self.answers(hub, "enumerate_full", package_id=[product["id"]])
        assert (told["created"], told["failed"], told["problems"]) == (3, 0, [])
        shown = act("", "feedback_summary", id=product["id"])
        assert (shown["items"], shown["ratings"]) == (3, 2)
        found = act("", "feedback_list", package_id=product["id"])["results"]
        assert {each["author"]["display_name"] for each in found} >= {"Núria Ficció", "Otto Muster"}
        assert {each["source"] for each in found} == {"nimmbus"}
        assert "@" not in json.dumps(found)
        assert self.answers(hub, "enumerate_full", package_id=[product["id"]])["unchanged"] == 3
        empty = (SAMPLES / "enumerate_short.xml").read_bytes().decode("latin-1")
        start, end = empty.index("<entry>"), empty.index("</entry>") + len("</entry>")
        gone = empty[:start] + empty[end:].replace(">1</opensearch:total", ">0</opensearch:total")
        assert self.answers(hub, gone, package_id=[product["id"]])["hidden"] == 3
        assert act("", "feedback_summary", id=product["id"])["items"] == 0
        for item in model.Session.query(Item).filter_by(source="nimmbus"):
            act(hub.sysadmin, "feedback_purge", id=item.id)

    def test_items_that_are_only_named_are_retrieved(self, hub: Hub) -> None:
        product = hub.dataset()
        told = self.answers(hub, "enumerate_short", "retrieve", package_id=[product["id"]], dry_run=True)
        assert (told["created"], told["hidden"]) == (1, 0)

    def test_a_service_is_asked_as_it_wants_to_be(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = (SAMPLES / "enumerate_full.xml").read_bytes()
        with serve({"/cgi": lambda handler: handler.answer(answer)}) as server:
            prefix = "ckanext.nextgeoss."
            monkeypatch.setitem(toolkit.config, f"{prefix}http.allowed_private_hosts", server.host)
            monkeypatch.setitem(toolkit.config, f"{prefix}feedback.import_hosts", "127.0.0.1")
            data = {"package_id": [hub.dataset()["id"]], "code_space": "http://a.example/x", "dry_run": True}
            told = act(hub.sysadmin, "feedback_import_nimmbus", url=f"{server.url}/cgi", **data)
            assert told["created"] + told["unchanged"] == 3
            asked = read(dict(parse_qsl(server.calls[0].path.partition("?")[2])))
            assert (asked.code, asked.code_space) == (data["package_id"][0], "http://a.example/x")
            monkeypatch.setitem(toolkit.config, f"{prefix}http.allowed_private_hosts", "")
            with pytest.raises(toolkit.ValidationError):
                act(hub.sysadmin, "feedback_import_nimmbus", url=f"{server.url}/cgi", **data)

    def test_redirects_lead_to_no_other_host(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = (SAMPLES / "enumerate_full.xml").read_bytes()
        with serve({"/there": lambda handler: handler.answer(answer)}) as other:
            there = f"http://localhost:{other.port}/there"
            routes = {
                "/here": lambda handler: handler.answer(status=302, Location="/again"),
                "/again": lambda handler: handler.answer(answer),
                "/away": lambda handler: handler.answer(status=302, Location=there),
            }
            with serve(routes) as server:
                prefix = "ckanext.nextgeoss."
                private = f"{server.host} localhost:{other.port}"
                monkeypatch.setitem(toolkit.config, f"{prefix}http.allowed_private_hosts", private)
                data = {"package_id": [hub.dataset()["id"]], "code_space": "x", "dry_run": True}

                def bring_from(path: str, hosts: str) -> dict[str, Any]:
                    monkeypatch.setitem(toolkit.config, f"{prefix}feedback.import_hosts", hosts)
                    return act(hub.sysadmin, "feedback_import_nimmbus", url=f"{server.url}{path}", **data)

                assert bring_from("/here", "127.0.0.1")["failed"] == 0
                told = bring_from("/away", "127.0.0.1")
                assert (told["items"], other.calls) == ([], [])
                assert "not an address that may be asked" in told["problems"][0]
                assert bring_from("/away", "127.0.0.1 LOCALHOST")["items"] and len(other.calls) == 1

    @pytest.mark.parametrize(
        "url",
        ["http://www.nimmbus.cat/x", "https://evil.example/x", "file:///etc/passwd", "https://127.0.0.1/"],
    )
    def test_other_hosts_are_not_asked(self, hub: Hub, url: str) -> None:
        data = {"package_id": [hub.dataset()["id"]], "code_space": "x", "url": url}
        with pytest.raises(toolkit.ValidationError) as caught:
            act(hub.sysadmin, "feedback_import_nimmbus", **data)
        assert set(caught.value.error_dict) == {"url"}


class TestCommands:
    def run(self, *arguments: str) -> str:
        done = CliRunner().invoke(commands.feedback, arguments)
        assert done.exit_code == 0, done.output
        return done.output

    def test_files_are_written_and_read(self, hub: Hub, tmp_path: Path) -> None:
        data = hub.dataset()
        hub.review(new_user(), data)
        file = tmp_path / "feedback.xml"
        self.run("export", str(file), "--dataset", data["name"])
        file.write_text(elsewhere(file.read_text("utf-8")), "utf-8")
        assert "1 created, 0 updated" in self.run("import", str(file), "--dry-run")
        assert "1 created, 0 updated" in self.run("import", str(file))
        assert "1 unchanged" in self.run("import", str(file))
        told = self.run("import", str(SAMPLES / "enumerate_full.xml"), "--dry-run")
        assert "3 created" in told and "rating: '9' is not kept" in told
