"""One EO property, and how what is said of it is read."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from .errors import BadValue
from .product import Value
from .spellings import SPELLINGS
from .temporal import format_time, parse_time
from .text import clean_text, list_text

TYPES = ("text", "integer", "number", "time", "list", "boolean")
OWN_PREFIX = "nextgeoss:"
_WHOLE = re.compile(r"[+-]?\d{1,40}")
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """What a row says of one property; `stac` is `nextgeoss:<name>` where STAC has no name for it."""

    name: str
    label: str
    # one of TYPES; a list is of text
    type: str
    # as people write it: %, m, °
    unit: str = ""
    help: str = ""
    stac: str
    # other spellings found in STAC answers
    stac_aliases: tuple[str, ...] = ()
    # names of the same thing in older catalogues, understood by our APIs
    aliases: tuple[str, ...] = ()
    # OGC 13-026 parameter
    opensearch: str = ""
    solr: str
    facet: bool = False
    # heading on the product page
    section: str = ""
    # name of the one spelling of what providers spell in many ways (spellings.py); empty: as it is given
    spelling: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def own_name(self) -> str:
        """The name in STAC items for values that the STAC name does not allow."""
        return OWN_PREFIX + self.name

    def parse(self, value: object) -> Value:
        """The typed value of what a provider or a form says; BadValue when it is not allowed."""
        typed = self._typed(value)
        if isinstance(typed, (int, float)) and not isinstance(typed, bool):
            self._check_range(typed)
        if not self.choices:
            return typed
        if isinstance(typed, tuple):
            return _distinct(self._choice(str(item)) for item in typed)
        return self._choice(str(typed))

    @staticmethod
    def to_text(value: Value) -> str:
        """The one text of a value, as stored: numbers without noise, lists as JSON."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, tuple):
            return list_text(value)
        if isinstance(value, datetime):
            return format_time(value)
        if isinstance(value, float):
            return repr(plain_number(value))
        return str(value)

    def from_text(self, text: str) -> Value:
        """The value of a stored text; limits are not checked again, they may have changed since."""
        return self._typed(text)

    def shown(self, text: str) -> Any:
        """A stored text as CKAN's answers give it: numbers, lists and booleans as such, texts and times as
        they are stored; so is what cannot be read."""
        if self.type in ("text", "time"):
            return text
        try:
            value = self.from_text(text)
        except BadValue:
            return text
        if isinstance(value, tuple):
            return list(value)
        return plain_number(value) if isinstance(value, float) else value

    def _typed(self, value: object) -> Value:
        typed = _READERS[self.type](self, value)
        if not self.spelling:
            return typed
        spell = SPELLINGS[self.spelling]
        if isinstance(typed, tuple):
            return _distinct(spell(item) for item in typed)
        return spell(typed) if isinstance(typed, str) else typed

    def _bad(self, value: object, allowed: str) -> BadValue:
        return BadValue(value, self.name, allowed)

    def _text(self, value: object) -> str:
        if isinstance(value, str) and (text := clean_text(value)):
            return text
        if isinstance(value, (list, tuple)) and len(items := cast(list[object], value)) == 1:
            value = items[0]
        if isinstance(value, float) and math.isfinite(value):
            value = repr(plain_number(value))
        if (
            isinstance(value, bool)
            or not isinstance(value, (str, int))
            or not (text := clean_text(str(value)))
        ):
            raise self._bad(cast(object, value), "a text")
        return text

    def _number(self, value: object) -> float:
        try:
            number = float(cast(str, value)) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            raise self._bad(value, "a number" + self._limits())
        return number + 0.0  # no negative zero

    def _integer(self, value: object) -> int:
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            number = value
        elif (decimal := self._number(value)).is_integer():
            number = int(decimal)
        else:
            raise self._bad(value, "a whole number" + self._limits())
        if not -(2**63) <= number < 2**63:
            raise self._bad(value, "a whole number of 64 bits")
        return number

    def _time(self, value: object) -> datetime:
        if not isinstance(value, (str, datetime)):
            raise self._bad(value, "a time")
        return parse_time(value, self.name)

    def _boolean(self, value: object) -> bool:
        answer = value if isinstance(value, bool) else _BOOLEANS.get(str(value).strip().lower())
        if answer is None:
            raise self._bad(value, "true or false")
        return answer

    def _list(self, value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            # codes hold no blanks: `VV VH` and `VV&VH` are two of them
            value = _items(value, r"[\s,;&/+]+" if self.choices else ",")
        elif not isinstance(value, (list, tuple)):
            value = [value]
        return _distinct(self._text(item) for item in cast(list[object], value) if item not in (None, ""))

    def _choice(self, text: str) -> str:
        if text in self.choices:
            return text
        for choice in self.choices:
            if choice.lower() == text.lower():
                return choice
        raise self._bad(text, "one of " + ", ".join(self.choices))

    def _check_range(self, number: float) -> None:
        too_low = self.minimum is not None and number < self.minimum
        too_high = self.maximum is not None and number > self.maximum
        if too_low or too_high:
            raise self._bad(number, "a number" + self._limits())

    def _limits(self) -> str:
        low = "" if self.minimum is None else f" from {plain_number(self.minimum)}"
        return low + ("" if self.maximum is None else f" up to {plain_number(self.maximum)}")


_READERS: Mapping[str, Callable[[Property, object], Value]] = {
    type_: getattr(Property, f"_{type_}") for type_ in TYPES
}


def plain_number(number: float) -> int | float:
    """A whole number as int, so that it is written without a point."""
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number


def _distinct(items: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in order: what a list says twice (STAC forbids it) it says no louder."""
    return tuple(dict.fromkeys(items))


def _items(text: str, separators: str) -> list[object]:
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            pass
    return [item.strip() for item in re.split(separators, text)]
