"""Runs the migrations of the plugin `nextgeoss`."""

from __future__ import annotations

from ckanext.nextgeoss.migration.running import run
from ckanext.nextgeoss.search.model import Base

run(__file__, Base.metadata)
