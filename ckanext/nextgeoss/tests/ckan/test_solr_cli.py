"""`ckan nextgeoss solr show | apply | check` on cores of their own; a site whose core lacks our fields."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from ckan import config as ckan_config_package
from ckan.common import config
from ckan.lib.search import rebuild
from ckan.lib.search.common import SearchQueryError
from ckan.tests import factories
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.nextgeoss.cli import nextgeoss
from ckanext.nextgeoss.search.catalogue import core as known_core
from ckanext.nextgeoss.search.solr import SolrClient

TILTED = {"type": "Polygon", "coordinates": [[[10, 40], [12, 42], [10, 44], [8, 42], [10, 40]]]}
PLAIN = (Path(ckan_config_package.__file__).parent / "solr" / "schema.xml").read_text("utf-8")


@pytest.fixture
def new_core(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], SolrClient]]:
    """Makes a core with a given schema and lets CKAN use it; needs a Solr whose files are on this machine."""
    url, _, ours = config["solr_url"].rstrip("/").rpartition("/")
    node = SolrClient(url)
    instance = Path(
        node.get("/admin/cores", {"action": "STATUS", "core": ours})["status"][ours]["instanceDir"]
    )
    if not instance.is_dir():
        pytest.skip(f"the files of Solr ({instance}) are not on this machine")
    name = f"test-{uuid4().hex[:8]}"
    folder = instance.parent / name

    def make(schema: str) -> SolrClient:
        shutil.copytree(instance / "conf", folder / "conf")
        (folder / "conf" / "managed-schema.xml").write_text(schema, "utf-8")
        owner = instance.stat()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        node.get("/admin/cores", {"action": "CREATE", "name": name, "instanceDir": str(folder)})
        monkeypatch.setitem(config, "solr_url", f"{url}/{name}")
        known_core.cache_clear()
        return SolrClient(f"{url}/{name}")

    yield make
    node.get("/admin/cores", {"action": "UNLOAD", "core": name, "deleteInstanceDir": "true"})
    known_core.cache_clear()


def run(*words: str) -> tuple[int, str]:
    """Exit code and output of `ckan nextgeoss solr ...`."""
    result = CliRunner().invoke(nextgeoss, ["solr", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    known_core.cache_clear()
    return result.exit_code, result.output


def product() -> str:
    """The id of a new product."""
    organization = factories.Organization()
    return call_action(
        "package_create",
        {"user": factories.Sysadmin()["name"]},
        type="eo_product",
        identifier=f"P_{uuid4().hex}",
        collection_id="c",
        title="Tilted",
        owner_org=organization["id"],
        spatial=json.dumps(TILTED),
        cloud_cover=5,
        instruments=["msi", "other"],
    )["id"]


def found(uuid: str, **extras: str) -> int:
    return call_action("package_search", fq=f"id:{uuid}", extras=extras)["count"]


def test_the_core_of_the_tests_is_as_it_must_be() -> None:
    assert run("show") == (0, "the core has all our fields as they must be\n")
    assert run("apply") == (0, "nothing had to be changed\n")
    assert run("check") == (0, "Solr answers questions of place, time and EO properties\n")


def test_a_plain_core_serves_the_site_and_learns_our_fields(new_core: Callable[[str], SolrClient]) -> None:
    core = new_core(PLAIN)
    uuid = product()
    assert found(uuid) == 1
    with pytest.raises(SearchQueryError, match="ckan nextgeoss solr apply"):
        found(uuid, ext_bbox="0,0,50,50")
    with pytest.raises(SearchQueryError, match="ckan nextgeoss solr apply"):
        call_action("package_search", fq="eo_cloud_cover:[0 TO 20]")

    code, told = run("show")
    assert code == 0
    assert "can be applied: add-field eo_footprint (missing)" in told
    assert "delete-copy-field title -> title_ngram" in told
    assert run("check")[0] == 1

    code, told = run("apply")
    assert (code, "changes were made" in told) == (0, True)
    assert run("apply") == (0, "nothing had to be changed\n")
    assert run("check")[0] == 0
    assert core.select({"q": "*:*"})["response"]["numFound"] == 1, "the probe is gone, the dataset is there"

    rebuild(uuid)
    assert found(uuid, ext_bbox="9.5,41.5,10.5,42.5", ext_cloud_cover_max="6") == 1
    assert found(uuid, ext_bbox="8,40,8.4,40.4") == 0


def test_a_field_of_another_type_needs_a_new_core(new_core: Callable[[str], SolrClient]) -> None:
    core = new_core(PLAIN.replace("<fields>", '<fields><field name="eo_cloud_cover" type="string"/>'))
    code, told = run("apply")
    assert code == 1
    assert "needs a new core: eo_cloud_cover (type: string for eo_number)" in told
    assert core.get("/schema/fields/eo_cloud_cover")["field"]["type"] == "string"
    code, told = run("check")
    assert (code, told.count("\n")) == (1, 1)
    assert "eo_cloud_cover" in told
    assert "a new core" in told


def test_copies_stay_on_a_core_shared_with_other_sites(new_core: Callable[[str], SolrClient]) -> None:
    core = new_core(PLAIN)
    other = {
        "index_id": "other",
        "id": "other",
        "site_id": "other",
        "name": "other",
        "entity_type": "package",
    }
    core.add([other], commit=True)
    assert run("apply")[0] == 0
    assert "delete-copy-field" not in run("show")[1]
    uuid = product()
    assert found(uuid, ext_bbox="9.5,41.5,10.5,42.5") == 1


def test_a_solr_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(config, "solr_url", "http://127.0.0.1:9/solr/none")
    for word in ("show", "apply", "check"):
        code, told = run(word)
        assert (code, told.count("\n")) == (1, 1)
        assert told.startswith("Error: Solr: no answer from http://127.0.0.1:9/solr/none")
