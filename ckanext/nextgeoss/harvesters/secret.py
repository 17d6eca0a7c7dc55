"""Secrets by reference: `env:NAME` or `file:PATH`, never written down."""

from __future__ import annotations

import os
from pathlib import Path

from ..eo.errors import BadConfiguration


class MissingSecret(BadConfiguration):
    """A secret that is referred to and is not there."""


def is_reference(text: str) -> bool:
    """Whether a text refers to a secret."""
    return text.startswith(("env:", "file:"))


def secret(reference: str) -> str:
    """The secret that `env:NAME` or `file:PATH` refers to; messages name the reference only."""
    kind, _, name = reference.partition(":")
    try:
        value = os.environ[name] if kind == "env" else Path(name).read_text("utf-8")
    except (KeyError, OSError, UnicodeDecodeError) as error:
        raise MissingSecret(f"the secret {reference} is not there") from error
    if not value.strip():
        raise MissingSecret(f"the secret {reference} is empty")
    return value.strip()
