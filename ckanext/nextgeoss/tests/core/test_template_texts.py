"""What templates say goes through `_()`: nothing that people read stands bare in them."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment

PACKAGE = Path(str(files("ckanext.nextgeoss")))
_GAP = "\0"
_NOT_READ = re.compile(r"<(script|style|code|pre)\b.*?</\1>", re.DOTALL)
_READ = re.compile(r'(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"')
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
_WORD = re.compile(r"[^\W\d_]{2,}")
# names and units that are the same in all languages; then pieces of attributes that a block fills in
SAME = {"CSV", "JSON", "MB", "OGC", "API", "Features", "Records", "ORCID", "OpenSearch", "STAC", "UTC", "doi"}
SAME |= {"nbsp", "eo", "wrapper", "date", "text"}


def bare_words(template: str) -> set[str]:
    """Words that a template says itself, and not by an expression."""
    source = "".join(
        value if kind == "data" else _GAP if kind in ("variable_begin", "block_begin") else ""
        for _, kind, value in Environment().lex(template)
    )
    source = _NOT_READ.sub("", source)
    said = [*_READ.findall(source), _ATTRIBUTE.sub(" ", re.sub(r"<[^>]*>", "\n", source))]
    return {word for text in said for word in _WORD.findall(text)} - SAME


def test_bare_words_are_found() -> None:
    bare = '<p title="Hello {{ name }}">{{ _("Yes") }} <b>there</b>{# a note #}</p>'
    assert bare_words(bare) == {"Hello", "there"}
    assert bare_words('<p class="x">{{ _("Yes") }}</p><script>let it = 1</script>') == set()


def test_no_template_has_text_that_cannot_be_translated() -> None:
    templates = [path for path in PACKAGE.rglob("templates/**/*.*") if path.suffix in (".html", ".txt")]
    assert len(templates) > 60
    found = {str(path.relative_to(PACKAGE)): bare_words(path.read_text()) for path in templates}
    assert {name: words for name, words in found.items() if words and "tests" not in name} == {}
