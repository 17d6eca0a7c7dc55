"""Runs the migrations of the plugin `nextgeoss_harvester`."""

from __future__ import annotations

from ckanext.nextgeoss.harvesters.model import Base
from ckanext.nextgeoss.migration.running import run

run(__file__, Base.metadata)
