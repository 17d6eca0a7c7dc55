"""Where tests find recorded provider answers and published schemas that are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def _folder(variable: str, name: str) -> Path:
    folder = Path(os.environ.get(variable, ROOT.parent / "shared" / name))
    if not folder.is_dir():
        pytest.skip(f"{name} not found at {folder}; set {variable} to run this test")
    return folder


def provider_samples() -> Path:
    """The folder of recorded provider answers; skips the test when it is absent."""
    return _folder("NEXTGEOSS_PROVIDER_SAMPLES", "provider-samples")


def standards() -> Path:
    """The folder of published schemas and test vectors; skips the test when it is absent."""
    return _folder("NEXTGEOSS_STANDARDS", "standards")
