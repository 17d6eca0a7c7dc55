"""Catalogues that are trees harvested whole: folders, a bucket and THREDDS, also from stored places on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from ckan import model
from ckan.plugins import toolkit

from ckanext.nextgeoss.harvesters import runs, slice_run
from ckanext.nextgeoss.harvesters.model import Slice
from ckanext.nextgeoss.tests.core.local_server import Handler, serve
from ckanext.nextgeoss.tests.file_servers import ftp_server, python_server
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, errors, run, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins")

PROVIDER = """\
title: {name}
organization: {organization}
url: {url}
profile: {profile}
folders: ['{{year}}', '{{year}}/{{month}}']
files: '(?:[\\d/]+/)?(?P<id>{tag}_(?P<product_type>[A-Z])_{{start}})\\.nc'
defaults: {{geometry: [0, 40, 10, 50]}}
collections: {{{collection}: .}}
"""
DAYS = ("20231231", "20240101", "20240201", "20240202")


@pytest.fixture
def folder(hub: Hub, tmp_path: Path) -> Path:
    """Files of four days in folders of months."""
    for day in DAYS:
        add(hub, tmp_path / "files", day)
    return tmp_path / "files"


def add(hub: Hub, folder: Path, day: str) -> Path:
    """One more file."""
    path = folder / day[:4] / day[4:6] / f"{hub.tag}_A_{day}.nc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(day)
    return path


def described(hub: Hub, url: str, profile: str) -> str:
    """The id of a provider at this address."""
    provider = f"{hub.tag}_{profile}"
    hub.allow(urlsplit(url).netloc)
    said = PROVIDER.format(name=provider, organization=provider.replace("_", "-"), url=url, profile=profile,
                           tag=hub.tag, collection=hub.collection)  # fmt: skip
    (hub.folder / f"{provider}.yaml").write_text(said)
    return provider


@contextmanager
def thredds(folder: Path) -> Iterator[str]:
    """A catalogue of each folder, with those beneath."""

    def answer(handler: Handler) -> None:
        here = folder / handler.path.removeprefix("/t/").removesuffix("catalog.xml")
        inner = ['<service name="f" serviceType="HTTPServer" base="/files/"/>']
        for each in sorted(here.iterdir()):
            if each.is_dir():
                inner.append(f'<catalogRef xlink:href="{each.name}/catalog.xml" xlink:title="x"/>')
            else:
                path = each.relative_to(folder)
                inner.append(f'<dataset name="{each.name}" ID="{path}" urlPath="{path}" serviceName="f"/>')
        body = f'<catalog xmlns:xlink="http://www.w3.org/1999/xlink">{"".join(inner)}</catalog>'
        handler.answer(body.encode(), Content_Type="application/xml")

    class Everywhere(dict[str, Any]):
        def __getitem__(self, _: str) -> Any:
            return answer

    with serve(Everywhere()) as server:
        yield f"{server.url}/t"


@contextmanager
def bucket(folder: Path) -> Iterator[str]:
    """The same as keys and prefixes."""

    def answer(handler: Handler) -> None:
        prefix = dict(parse_qsl(urlsplit(handler.path).query)).get("prefix", "")
        inner = "".join(
            f"<CommonPrefixes><Prefix>{prefix}{each.name}/</Prefix></CommonPrefixes>" if each.is_dir()
            else f"<Contents><Key>{prefix}{each.name}</Key><Size>8</Size></Contents>"
            for each in sorted((folder / prefix).iterdir()))  # fmt: skip
        handler.answer(f"<ListBucketResult><Prefix>{prefix}</Prefix>{inner}</ListBucketResult>".encode())

    with serve({"/b/": answer}) as server:
        yield f"{server.url}/b"


@contextmanager
def listing(folder: Path) -> Iterator[str]:
    """The server of Python."""
    with python_server(folder) as host:
        yield f"http://{host}"


@contextmanager
def ftp(folder: Path) -> Iterator[str]:
    """A server of FTP."""
    with ftp_server(folder) as host:
        yield f"ftp://{host}"


SERVERS = [(listing, "listing"), (ftp, "listing"), (thredds, "thredds"), (bucket, "bucket")]


@pytest.mark.parametrize(("server", "profile"), SERVERS, ids=["http", "ftp", "thredds", "s3"])
def test_harvested_and_again(hub: Hub, folder: Path, server: Any, profile: str):
    """Each file once; what is new is added, and what has not changed is not touched."""
    with server(folder) as url:
        source = hub.source(
            described(hub, url, profile), start="2023-12-01T00:00:00Z", end="2024-03-01T00:00:00Z"
        )
        job = run(source)
        assert (stats(job), errors(job)) == ((4, 0, 0, 0), [])
        found = datasets(hub.collection)
        assert [dataset["identifier"] for dataset in found] == [f"{hub.tag}_A_{day}" for day in DAYS]
        assert found[0]["timerange_start"] == "2023-12-31T00:00:00Z"
        assert found[0]["resources"][0]["url"].endswith(f"/2023/12/{hub.tag}_A_20231231.nc")
        assert {dataset["product_type"] for dataset in found} == {"A"}
        add(hub, folder, "20240203")
        assert stats(run(source)) == (1, 0, 4, 0)


def test_only_the_time_of_the_source(hub: Hub, folder: Path):
    with listing(folder) as url:
        run(
            hub.source(
                described(hub, url, "listing"), start="2024-02-01T00:00:00Z", end="2024-02-01T12:00:00Z"
            )
        )
    assert [dataset["identifier"] for dataset in datasets(hub.collection)] == [f"{hub.tag}_A_20240201"]


def test_what_is_gone_is_withdrawn(hub: Hub, folder: Path):
    """By a run that compares."""
    for day in range(1, 21):
        add(hub, folder, f"202402{day:02}")
    with listing(folder) as url:
        source = hub.source(
            described(hub, url, "listing"), start="2024-02-01T00:00:00Z", end="2024-02-28T00:00:00Z"
        )
        assert stats(run(source)) == (20, 0, 0, 0)
        add(hub, folder, "20240220").unlink()
        job = runs.start(source["id"], mode="reconcile")
        work_off_queues()
        assert act("harvest_job_show", id=job)["stats"]["deleted"] == 1
    assert len(datasets(hub.collection)) == 19


@pytest.mark.parametrize(("server", "profile"), SERVERS, ids=["http", "ftp", "thredds", "s3"])
def test_from_a_stored_place_on(
    hub: Hub, folder: Path, server: Any, profile: str, monkeypatch: pytest.MonkeyPatch
):
    """A slice that hands over after each page is gone on with from the place stored in the database."""
    monkeypatch.setattr(slice_run, "BATCH", 1)
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.harvest.hand_over_seconds", -1)
    with server(folder) as url:
        provider = described(hub, url, profile)
        path = hub.folder / f"{provider}.yaml"
        # without times in folders all is one slice
        path.write_text(path.read_text().replace("folders:", "homepage: https://example.org #"))
        job = runs.start(hub.source(provider)["id"])
        work_off_queues()
    shown = act("harvest_job_show", id=job)
    assert (shown["status"], stats(shown), errors(shown)) == ("Finished", (4, 0, 0, 0), [])
    assert model.Session.query(Slice).filter_by(job_id=job).count() > 2
    assert len(datasets(hub.collection)) == 4


def test_a_broken_folder_is_told_and_the_rest_is_read(hub: Hub, folder: Path):
    """As a record that was refused, with the reason."""

    def broken(handler: Handler) -> None:
        handler.answer(b"<html><title>Sorry</title></html>")

    def top(handler: Handler) -> None:
        name = f"{hub.tag}_A_20240101.nc"
        handler.answer(f'<title>Index of /</title><a href="2023/">2023/</a><a href="{name}">x</a>'.encode())

    with serve({"/": top, "/2023/": broken}) as server:
        job = run(hub.source(described(hub, server.url, "listing"), limit=10))
    assert stats(job) == (1, 0, 0, 1)
    assert "HTML (Sorry), not a listing" in errors(job)[0]
