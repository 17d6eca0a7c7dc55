"""Style sheets know start and end, not left and right: the same pages run from right to left."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

PACKAGE = Path(str(files("ckanext.nextgeoss")))
# that of the map is of its library
SHEETS = [*sorted(PACKAGE.glob("assets/*.css")), PACKAGE / "public/nextgeoss/widget.css"]
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SIDE = re.compile(r"(?:^|;)\s*(?:(?:margin|padding|border)-(?:left|right)[\w-]*|left|right)\s*:")
_TO_A_SIDE = re.compile(r"(?:text-align|float|clear)\s*:\s*(?:left|right)")
_FOUR = re.compile(r"(?:margin|padding|inset)\s*:\s*{0} {0} {0} {0}".format(r"([^\s;!]+)"))


def sided(sheet: str) -> list[str]:
    """The rules of a sheet that name a side."""
    found = []
    for selector, rule in _RULE.findall(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        uneven = any(right != left for _top, right, _bottom, left in _FOUR.findall(rule))
        if "[dir=" not in selector and (uneven or _SIDE.search(rule) or _TO_A_SIDE.search(rule)):
            found.append(f"{selector.strip()} {{{rule}}}")
    return found


def test_sides_are_found() -> None:
    wrong = (
        "margin-left: 1px",
        "float: right",
        "padding: 1px 2px 3px 4px",
        "top: 0; left: 2px",
        "text-align: left",
    )
    right = ("margin-inline-start: 1px", "padding: 1px 2px 3px 2px", "inset-inline-end: 0", "text-align: end")
    for rule in wrong:
        assert sided(f"p {{ {rule} }}")
    for rule in right:
        assert sided(f"@media print {{ p {{ {rule} }} }}") == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_names_no_side(sheet: Path) -> None:
    assert sided(sheet.read_text()) == []
