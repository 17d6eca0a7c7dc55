"""Runs the migrations of the plugin `nextgeoss_feedback`."""

from __future__ import annotations

from ckanext.nextgeoss.feedback.quality.model import Quality
from ckanext.nextgeoss.migration.running import run

# of all tables of feedback, since those of quality stand on the others' base
run(__file__, Quality.metadata)
