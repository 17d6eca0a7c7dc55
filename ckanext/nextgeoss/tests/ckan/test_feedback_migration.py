"""The tables of feedback are made as the model says, and can be dropped again."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from ckan import model

from ckanext.nextgeoss import migration
from ckanext.nextgeoss.feedback.model import Base
from ckanext.nextgeoss.feedback.moderation_model import Burst, Version
from ckanext.nextgeoss.feedback.quality.model import Quality, QualityLink, QualityRun


@pytest.fixture()
def schema(request: pytest.FixtureRequest) -> str:
    """A schema of this test's own in the database."""
    name = f"feedback_{uuid4().hex[:8]}"
    engine = model.ensure_engine()
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {name}"))

    def drop() -> None:
        with engine.begin() as connection:
            connection.execute(sa.text(f"DROP SCHEMA {name} CASCADE"))

    request.addfinalizer(drop)
    return name


def _address(schema: str) -> str:
    url = model.ensure_engine().url.update_query_dict({"options": f"-csearch_path={schema}"})
    return url.render_as_string(hide_password=False)


def _config(schema: str) -> Config:
    (folder,) = migration.__path__
    config = Config(str(Path(folder) / "nextgeoss_feedback" / "alembic.ini"))
    config.set_main_option("sqlalchemy.url", _address(schema).replace("%", "%%"))
    return config


def test_up_is_the_model_and_down_leaves_nothing(schema: str) -> None:
    command.upgrade(_config(schema), "head")
    engine = sa.create_engine(_address(schema))
    with engine.connect() as connection:
        options = {"version_table": "nextgeoss_feedback_alembic_version", "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
        names = set(sa.inspect(connection).get_table_names(schema))
    assert names >= {f"nextgeoss_feedback_{each}" for each in ("item", "target", "moderation", "summary")}
    assert names >= {table.__tablename__ for table in (Quality, QualityRun, QualityLink, Burst, Version)}
    command.downgrade(_config(schema), "base")
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names(schema) == ["nextgeoss_feedback_alembic_version"]
    engine.dispose()


def test_no_key_leads_into_tables_of_ckan() -> None:
    """Feedback outlives its dataset and its author."""
    keys = [key for table in Base.metadata.tables.values() for key in table.foreign_keys]
    assert keys == []
