"""When products are written in batches, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model, plugins
from ckan.plugins import toolkit

from ckanext.nextgeoss.harvesters import writers
from ckanext.nextgeoss.harvesters.bulk import BulkWriter
from ckanext.nextgeoss.harvesters.classic import ClassicWriter
from ckanext.nextgeoss.harvesters.fingerprint import COLUMNS, difference
from ckanext.nextgeoss.harvesters.offers import Terms
from ckanext.nextgeoss.harvesters.source import parse_config
from ckanext.nextgeoss.harvesters.suitability import obstacle

pytestmark = pytest.mark.usefixtures("with_plugins")

TERMS = Terms(source_id="a source", provider_id="p", owner_org="o")


class Watching(plugins.SingletonPlugin):
    """A plugin of somebody else."""

    plugins.implements(plugins.IPackageController, inherit=True)

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """Look at a new dataset."""


class Rows(plugins.SingletonPlugin):
    """One that wants to see rows of the ORM."""

    plugins.implements(plugins.IDomainObjectModification, inherit=True)

    def notify(self, entity: Any, operation: Any) -> None:
        """Look at a row."""


class Chaining(plugins.SingletonPlugin):
    """One that changes an action."""

    plugins.implements(plugins.IActions)

    def get_actions(self) -> dict[str, Any]:
        """One action."""

        @toolkit.chained_action
        def package_update(next_action: Any, context: Any, data_dict: Any) -> Any:
            return next_action(context, data_dict)

        return {"package_update": package_update}


class Quiet(plugins.SingletonPlugin):
    """One that has nothing to do with datasets that are written."""

    plugins.implements(plugins.IPackageController, inherit=True)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Look at a search."""
        return search_params


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing is remembered of the plugins of another test."""
    writers._obstacle.cache_clear()
    writers._tell_once.cache_clear()
    yield
    writers._obstacle.cache_clear()


@pytest.fixture()
def loaded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let more plugins take part."""
    real = plugins.PluginImplementations

    def load(*kinds: type) -> None:
        def iterate(interface: Any) -> list[Any]:
            more = [kind() for kind in kinds if interface.implemented_by(kind)]
            return [*real(interface), *more]

        monkeypatch.setattr(plugins, "PluginImplementations", iterate)

    return load


def chosen(**settings: Any) -> Any:
    """The writer that a source with these settings gets."""
    said = ", ".join(
        f'"{key}": "{value}"' for key, value in {"provider": "nextgeoss_demo", **settings}.items()
    )
    return type(writers.writer_for(TERMS, "", "", parse_config(f"{{{said}}}")))


def test_our_own_set_of_plugins_writes_batches():
    assert obstacle() == ""
    assert chosen() is BulkWriter


@pytest.mark.parametrize(
    ("plugin", "told"),
    [
        (Watching, "plugin Watching wants to see each dataset (after_dataset_create)"),
        (Rows, "plugin Rows wants to see each changed row (IDomainObjectModification)"),
        (Chaining, "plugin Chaining changes the action package_update"),
    ],
)
def test_a_plugin_that_a_batch_would_pass_by_is_an_obstacle(loaded: Any, plugin: type, told: str):
    loaded(plugin)
    assert obstacle() == told


def test_a_plugin_that_only_looks_at_searches_is_none(loaded: Any):
    loaded(Quiet)
    assert obstacle() == ""


def test_what_a_source_asks_for_counts(caplog: pytest.LogCaptureFixture):
    assert chosen(writer="classic") is ClassicWriter
    assert chosen(activities="full") is ClassicWriter
    assert "source a source: products are written one by one: its configuration asks for it" in caplog.text


def test_the_reason_is_told_once(loaded: Any, caplog: pytest.LogCaptureFixture):
    loaded(Rows)
    assert [chosen(), chosen()] == [ClassicWriter, ClassicWriter]
    lines = [record.getMessage() for record in caplog.records if "one by one" in record.getMessage()]
    assert lines == [
        "source a source: products are written one by one: "
        "plugin Rows wants to see each changed row (IDomainObjectModification)"
    ]


def test_default_views_are_an_obstacle(monkeypatch: pytest.MonkeyPatch, loaded: Any):
    class View(plugins.SingletonPlugin):
        plugins.implements(plugins.IResourceView, inherit=True)

        def info(self) -> dict[str, Any]:
            return {"name": "image_view"}

    loaded(View)
    monkeypatch.setitem(toolkit.config, "ckan.views.default_views", "image_view text_view")
    assert obstacle() == "ckan.views.default_views wants image_view for each resource"


def test_another_table_of_ckan_is_seen():
    assert difference(model.Session()) == ""
    with model.meta.engine.connect() as connection:
        session = sa.orm.Session(connection)
        connection.execute(sa.text("ALTER TABLE member ADD COLUMN since date"))
        assert difference(session) == "table member has an unknown column since"
        connection.execute(sa.text("ALTER TABLE member DROP COLUMN since, DROP COLUMN capacity"))
        assert difference(session) == "table member has no column capacity"
        connection.rollback()
    assert "capacity" in COLUMNS["member"]
