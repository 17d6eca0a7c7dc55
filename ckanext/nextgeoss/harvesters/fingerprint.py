"""The tables of CKAN that the bulk writer was written for: it must not guess what another column is for."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

# as CKAN 2.12 and ckanext-harvest 1.6 have them
COLUMNS: dict[str, str] = {
    "package": "author author_email creator_user_id extras id license_id maintainer maintainer_email "
    "metadata_created metadata_modified name notes owner_org plugin_data private state title type url "
    "version",
    "resource": "cache_last_updated cache_url created description extras format hash id last_modified "
    "metadata_modified mimetype mimetype_inner name package_id position resource_type size state url "
    "url_type",
    "tag": "id name vocabulary_id",
    "package_tag": "id package_id state tag_id",
    "member": "capacity group_id id state table_id table_name",
    "harvest_object": "content current fetch_finished fetch_started gathered guid harvest_job_id "
    "harvest_source_id id import_finished import_started metadata_modified_date package_id report_status "
    "retry_times state",
}  # fmt: skip
_TYPES = {"package.extras": "jsonb", "resource.extras": "text", "resource.size": "bigint"}


def difference(session: Session) -> str:
    """Where the live tables are others than those the bulk writer knows; "" when they are the same."""
    rows = session.execute(
        sa.text(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name = ANY(:tables)"
        ),
        {"tables": list(COLUMNS)},
    )
    live: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        live.setdefault(table, {})[column] = kind
    return next(filter(None, (_of_table(table, live.get(table, {})) for table in COLUMNS)), "")


def _of_table(table: str, live: dict[str, str]) -> str:
    known = set(COLUMNS[table].split())
    for word, columns in (("has no", known - set(live)), ("has an unknown", set(live) - known)):
        if columns:
            return f"table {table} {word} column {', '.join(sorted(columns))}"
    for name, kind in _TYPES.items():
        if name.startswith(f"{table}.") and live[name.partition(".")[2]] != kind:
            return f"{name} is of type {live[name.partition('.')[2]]}, not {kind}"
    return ""
