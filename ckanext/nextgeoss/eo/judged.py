"""The words and limits by which users and automatic checks judge data."""

from __future__ import annotations

# stars
WORST, BEST = 1, 5
# how bad the worst issue is that users report and that is open
OPEN_ISSUES = ("none", "info", "minor", "major", "blocking")
# of the score of the metadata, which is 0 to 100
BANDS = ("excellent", "good", "sufficient", "poor")
