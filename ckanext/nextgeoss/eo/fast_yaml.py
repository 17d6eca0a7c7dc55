"""YAML of plain values, read by libyaml where that is there: ten times as fast as without."""

from __future__ import annotations

from typing import Any

import yaml

# it builds plain values only
SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: str) -> Any:
    """The value of a YAML text; yaml.YAMLError says where it is none."""
    return yaml.load(text, Loader=SafeLoader)  # noqa: S506 it is a safe one
