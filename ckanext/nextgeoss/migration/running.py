"""How the migrations of a plugin run, on a database or as SQL text; for the env.py that Alembic reads."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import context
from sqlalchemy import engine_from_config, pool


def run(env: str, metadata: sa.MetaData) -> None:
    """Run what Alembic was told to; `env` is the path of the env.py, in a folder that is called like the
    plugin."""
    options = {"target_metadata": metadata, "version_table": f"{Path(env).parent.name}_alembic_version"}
    if context.is_offline_mode():
        url = context.config.get_main_option("sqlalchemy.url")
        context.configure(url=url, literal_binds=True, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
