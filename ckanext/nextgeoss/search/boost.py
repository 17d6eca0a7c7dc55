"""What is good comes first among what is found by words: a factor for the score, where the site wants one."""

from __future__ import annotations

from collections.abc import Container

from ..eo.judged import BEST, WORST
from . import fields

# of what nobody has rated or checked yet: the middle, so that it is not punished for being new
_UNRATED = (WORST + BEST) / 2
_UNCHECKED = 50


def boost_function(rating: float, metadata: float, known: Container[str]) -> str:
    """The function of Solr that the score is multiplied with; "" without weights, or where the core does not
    know the fields. With a weight of 1 the best counts twice as much as the worst."""
    parts: list[str] = []
    if rating and fields.RATING_RANK in known:
        share = f"div(sub(def({fields.RATING_RANK},{_UNRATED:g}),{WORST}),{BEST - WORST})"
        parts.append(f"sum(1,product({rating:g},{share}))")
    if metadata and fields.METADATA_SCORE in known:
        share = f"div(def({fields.METADATA_SCORE},{_UNCHECKED}),100)"
        parts.append(f"sum(1,product({metadata:g},{share}))")
    return f"product({','.join(parts)})" if len(parts) > 1 else "".join(parts)
