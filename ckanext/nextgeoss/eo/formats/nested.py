"""Elements of XML records as nested mappings: what vocabularies and paths of provider files walk through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from ..product import Problem, Value
from ..xml import Element, attributes_of, is_element, local_name, text_of
from .vocabulary import Vocabulary

# no record is so deep, and what is deeper is not read
_DEEPEST = 40
# properties that records say in several paragraphs
_PARAGRAPHS = (
    "access_constraint", "citation", "description", "processing_lineage", "purpose", "use_limitation",
)  # fmt: skip

# what is made of what an element of a type says: (the element, what it says)
Typed = Callable[[Element, Any], Any]


def said_by(element: Element, depth: int = 0) -> Any:
    """The text of an element; of one with children, what these say by local name, those of one name as a
    list."""
    if not len(element) or depth > _DEEPEST:
        return " ".join(text_of(element).split())
    said: dict[str, Any] = {}
    for child in element:
        if is_element(child):
            add(said, local_name(child), said_by(child, depth + 1))
    return said


def property_of(element: Element, typed: Typed = lambda _, said: said, depth: int = 0) -> Any:
    """What a property of ISO 19139 and its like says, without the names of types, which begin with a capital:
    `citation/CI_Citation/title/CharacterString` is `citation/title`. A code is its value in the list."""
    about = attributes_of(element)
    if code := about.get("codeListValue"):
        return code
    if not len(element):
        return text_of(element) or (about.get("href", "") if local_name(element) == "Anchor" else "")
    said: dict[str, Any] = {}
    plain: list[str] = []
    for child in element if depth < _DEEPEST else ():
        name = local_name(child)
        value = property_of(child, typed, depth + 1)
        if name == "PT_FreeText":  # the same in other languages
            plain += _translated(child)
        elif not name[:1].isupper():
            add(said, name, value)
        elif isinstance(value := typed(child, value), dict):
            for key, item in cast(dict[str, Any], value).items():
                add(said, key, item)
        elif value:
            plain.append(value)
    return said or (plain[0] if plain else "")


def add(said: dict[str, Any], name: str, value: Any) -> None:
    """Put a value under a name, beside what is there already; nothing says nothing."""
    if value in ("", {}, [], None):
        return
    known = said.get(name)
    if known is None:
        said[name] = value
        return
    items = cast(list[Any], value if isinstance(value, list) else [value])
    if isinstance(known, list):
        cast(list[Any], known).extend(items)
    else:
        said[name] = [known, *items]


def read_properties(vocabulary: Vocabulary, view: Any, problems: list[Problem]) -> dict[str, Value]:
    """The properties of a view; of several values of a property that has one, all paragraphs of a text, or
    the first."""
    return vocabulary.read(_singled(view, vocabulary, ""), problems)


def _singled(view: Any, vocabulary: Vocabulary, path: str) -> Any:
    if isinstance(view, dict):
        said = cast(dict[str, Any], view)
        return {
            name: _singled(value, vocabulary, f"{path}/{name}" if path else name)
            for name, value in said.items()
        }
    target = vocabulary.target(path)
    has_list = target in vocabulary.rows and vocabulary.rows[target].type == "list"
    if not isinstance(view, list):
        return [view] if has_list and view else view  # names with commas are one
    items = cast(list[Any], view)
    if any(isinstance(item, dict) for item in items):
        return [_singled(item, vocabulary, path) for item in items if isinstance(item, dict)]
    if target not in vocabulary.rows or has_list or not items:
        return items
    return "; ".join(dict.fromkeys(map(str, items))) if target in _PARAGRAPHS else items[0]


def each_at(view: Any, path: str) -> Iterator[Any]:
    """All values at a path of names, whatever of it is a list."""
    name, _, rest = path.partition("/")
    for item in cast(list[Any], view if isinstance(view, list) else [view]):
        value = cast(dict[str, Any], item).get(name) if isinstance(item, dict) else None
        if value is None:
            continue
        if rest:
            yield from each_at(value, rest)
        else:
            yield from cast(list[Any], value if isinstance(value, list) else [value])


def texts_at(view: Any, *paths: str) -> Iterator[str]:
    """The texts at these paths, one path after another."""
    for path in paths:
        yield from (value for value in each_at(view, path) if isinstance(value, str) and value)


def first_text(view: Any, *paths: str) -> str:
    """The first text at one of these paths; empty when there is none."""
    return next(texts_at(view, *paths), "")


def _translated(element: Element) -> Iterator[str]:
    return (text for part in element.iter() if not len(part) and (text := text_of(part)))
