"""Run a CKAN command and note where its main thread is: `_sampled.py NOTES ckan-arguments`.

200 times a second. Nothing of the program is changed; NOTES, the samples by stage, is rewritten every quarter
of a second.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

INTERVAL = 0.005  # seconds
_EVERY = 50  # samples between two writings

# of all stages whose file is somewhere on the stack, the first is meant
STAGES = (
    ("index", ("/ckan/lib/search/", "/nextgeoss/search/")),
    ("write", ("/harvesters/writer.py", "/harvesters/classic.py")),
    ("request", ("/nextgeoss/http.py",)),
    ("map", ("/harvesters/remote.py", "/harvesters/offers.py")),
    ("other", ("/harvesters/importing.py", "/harvesters/gathering.py")),
    ("wait", ("/ckanext/harvest/queue.py",)),
)


def stage(frame: FrameType | None) -> str:
    """The stage that a stack belongs to."""
    files: set[str] = set()
    while frame is not None:
        files.add(frame.f_code.co_filename)
        frame = frame.f_back
    for name, parts in STAGES:
        if any(part in file for file in files for part in parts):
            return name
    return "start"


def _sample(thread: int, notes: Path) -> None:
    counts: Counter[str] = Counter()
    while True:
        for _ in range(_EVERY):
            counts[stage(sys._current_frames().get(thread))] += 1
            time.sleep(INTERVAL)
        fresh = notes.with_suffix(".new")
        fresh.write_text(json.dumps(counts))
        fresh.replace(notes)


def main() -> None:
    """Start the sampler beside the command."""
    notes, *arguments = sys.argv[1:]
    sampler = threading.Thread(target=_sample, args=(threading.get_ident(), Path(notes)), daemon=True)
    sampler.start()
    sys.argv = ["ckan", *arguments]
    from ckan.cli.cli import ckan

    ckan()


if __name__ == "__main__":
    main()
