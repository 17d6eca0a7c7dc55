"""Runs the migrations of the plugin `nextgeoss`, on a database or as SQL text."""

from __future__ import annotations

from pathlib import Path

from alembic import context
from sqlalchemy import engine_from_config, pool

from ckanext.nextgeoss.search.model import Base

config = context.config
name = Path(__file__).parent.name
options = {"target_metadata": Base.metadata, "version_table": f"{name}_alembic_version"}


def run_offline() -> None:
    """Write the SQL text only."""
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Change the database."""
    section = config.get_section(config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
