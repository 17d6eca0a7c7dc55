"""Progress of a job: what its counters say, and the lines of the console."""

from __future__ import annotations

import pytest

from ckanext.nextgeoss.harvesters.progress import Progress, duration, line, summary

RUNNING = Progress(
    seen=250, added=200, unchanged=50, slices=4, done=1, running=1, total=1000, seconds=50.0, requests=9,
    bytes=2_500_000,
)  # fmt: skip


def test_rate_share_and_time_left_follow_from_the_counters():
    assert (RUNNING.rate, RUNNING.share, RUNNING.seconds_left, RUNNING.waiting) == (5.0, 0.25, 150.0, 2)


def test_without_a_total_slices_tell_the_share_and_nothing_the_time():
    untold = Progress(seen=250, slices=4, done=1, failed=1, running=2, seconds=50.0)
    assert (untold.share, untold.seconds_left) == (0.5, None)
    assert (Progress().share, Progress().rate, Progress().seconds_left) == (None, 0.0, None)


def test_more_products_than_the_provider_told_is_no_more_than_all():
    assert Progress(seen=12, total=10, slices=1, seconds=1.0).share == 1.0
    assert Progress(seen=12, total=10, slices=1, seconds=1.0).seconds_left == 0.0
    assert Progress(total=0, slices=0, seconds=1.0).share == 1.0


@pytest.mark.parametrize(
    ("seconds", "said"), [(7.6, "8 s"), (59.9, "1 min 0 s"), (125, "2 min 5 s"), (12_000, "3 h 20 min")]
)
def test_durations_as_people_say_them(seconds: float, said: str):
    assert duration(seconds) == said


def test_the_line_of_the_console():
    assert line(RUNNING) == "[######------------------] 250/1000 products, 1/4 slices, 5.0/s, 2 min 30 s left"
    failing = Progress(seen=3, slices=2, failed=1, errored=2, running=1, seconds=3.0)
    assert line(failing) == "[############------------] 3/? products, 0/2 slices, 1.0/s, 3 errors"


def test_the_summary_has_all_that_is_asked():
    assert dict(summary(RUNNING)) == {
        "added": "200",
        "updated": "0",
        "not modified": "50",
        "deleted": "0",
        "errored": "0",
        "slices": "1 of 4 done",
        "time": "50 s, 5.0 products/s",
        "asked": "9 requests, 2.5 MB",
    }
    ended = dict(summary(Progress(slices=3, done=1, failed=1, stopped=1)))
    assert ended["slices"] == "1 of 3 done, 1 failed, 1 stopped"
