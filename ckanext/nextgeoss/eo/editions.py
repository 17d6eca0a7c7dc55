"""Editions of a scene: products of one acquisition that were processed more than once.

A collection's rule is a regular expression on product keys. What its groups `scene`, `scene2`, ... find is
the same for all editions of a scene; `edition`, `edition2`, ... and `timeliness` tell them apart: of two
editions the one that is greater as text is the later. It is a plain function of the identifier, so that no
order of harvesting matters and nothing has to be written anew when a later edition comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# from the first look to the final one
_TIMELINESS = {"NR": "1", "ST": "2", "NT": "3"}
_GROUP = re.compile(r"(?:scene|edition)\d?|timeliness")


@dataclass(frozen=True, slots=True)
class Edition:
    """A scene, named within its collection, and what orders its editions: the greatest is the latest."""

    scene: str
    order: str


def edition_of(rule: str, key: str, processed: str = "") -> Edition | None:
    """What the rule finds in a product's key; None when it does not fit. `processed`, a time as text, is the
    order where the rule has none."""
    found = re.fullmatch(rule, key)
    if found is None:
        return None
    parts = {name: text for name, text in found.groupdict().items() if text}
    scene = "_".join(text for name, text in parts.items() if name.startswith("scene"))
    order = "_".join(
        _TIMELINESS.get(text, text) if name == "timeliness" else text
        for name, text in parts.items()
        if not name.startswith("scene")
    )
    return Edition(scene, order or processed)


def rule_problem(rule: str) -> str:
    """Why this is no rule; empty when it is one, or empty itself."""
    try:
        groups = tuple(re.compile(rule).groupindex)
    except re.error as error:
        return str(error)
    unknown = [name for name in groups if not _GROUP.fullmatch(name)]
    if unknown:
        return f"no group may be called {unknown[0]}; known: scene, scene2, edition, edition2, timeliness"
    return "needs a group (?P<scene>...)" if rule and "scene" not in groups else ""
