"""Runs the migrations of the plugin `nextgeoss_feedback`."""

from __future__ import annotations

from ckanext.nextgeoss.feedback.model import Base
from ckanext.nextgeoss.migration.running import run

run(__file__, Base.metadata)
