"""Kinds of values in feedback: what each takes from JSON, and what it makes of it; XML encodings are named by
their ISO 19115-3 element."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from ..eo.errors import BadValue, nearest
from ..eo.temporal import format_time, parse_time
from ..eo.worded import Worded, one_of
from .code_lists import CodeList

# what XML 1.0 cannot carry, and what hides text: controls but tab and line ends, surrogates, directions
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


# in place of what is cut off
CUT = "…"


def cleaned(text: str) -> str:
    """A text without what none may have."""
    return _REFUSED.sub("", text)


class Kind(Protocol):
    """A kind of values: `read` gives the normal form of a value of JSON, which is JSON too; BadValue names
    what is wrong at `where`."""

    def read(self, value: Any, where: str) -> Any:
        """The value in its normal form."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """Text with something in it, composed (NFC), without control characters, of `most` characters at most."""

    most: int = 500
    encoding: ClassVar[str] = "gco:CharacterString"

    def read(self, value: Any, where: str) -> str:
        """The text without space around it."""
        if not isinstance(value, str):
            raise BadValue(value, where, Worded("text"))
        if refused := _REFUSED.search(value):
            raise BadValue(refused[0], where, Worded("text without control characters"))
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if not 0 < len(text) <= self.most:
            raise BadValue(value, where, Worded("text of 1 to {most} characters", most=self.most))
        return text

    def fitted(self, value: Any) -> str | None:
        """What can be kept of a text that nobody can be asked to mend; None when nothing can."""
        clean = cleaned(str(value)) if value else ""
        text = unicodedata.normalize("NFC", clean.replace("\r\n", "\n").replace("\r", "\n")).strip()
        return (text if len(text) <= self.most else text[: self.most - 1].rstrip() + CUT) or None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = 2**31 - 1
    encoding: ClassVar[str] = "gco:Integer"

    def read(self, value: Any, where: str) -> int:
        """The number; 4.0 is 4, a truth value is none."""
        number = value
        if isinstance(value, float) and value.is_integer():
            number = int(value)
        if not isinstance(number, int) or isinstance(value, bool) or not self.least <= number <= self.most:
            raise BadValue(
                value,
                where,
                Worded("a whole number from {least} to {most}", least=self.least, most=self.most),
            )
        return number


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number from `least` to `most`."""

    least: float = -1e300
    most: float = 1e300
    encoding: str = "gco:Real"

    def read(self, value: Any, where: str) -> float:
        """The number."""
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not math.isfinite(value) or not self.least <= value <= self.most:
            raise BadValue(value, where, self._allowed())
        return float(value)

    def _allowed(self) -> Worded:
        if self.most > 1e299:
            return Worded("a number")
        return Worded("a number from {least} to {most}", least=f"{self.least:g}", most=f"{self.most:g}")


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""

    encoding: ClassVar[str] = "gco:Boolean"

    def read(self, value: Any, where: str) -> bool:
        """The truth value."""
        if not isinstance(value, bool):
            raise BadValue(value, where, Worded("true or false"))
        return value


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time: a date stays one, a time becomes RFC 3339 in UTC. Where the standard has times only
    (`dates` is false) a date is its midnight."""

    dates: bool = True
    encoding: ClassVar[str] = "gco:DateTime"

    def read(self, value: Any, where: str) -> str:
        """The date or time as text."""
        if not isinstance(value, str):
            raise BadValue(value, where, Worded("a date or an RFC 3339 time"))
        time = parse_time(value, where)
        is_date = self.dates and _DATE.fullmatch(value.strip())
        return value.strip() if is_date else format_time(time)


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the web: http or https, without a password."""

    most: int = 2000
    encoding: ClassVar[str] = "gco:CharacterString"

    def read(self, value: Any, where: str) -> str:
        """The address."""
        text = Text(self.most).read(value, where)
        allowed = Worded("an address that begins with http:// or https://")
        try:
            parts = urlsplit(text)
            named = parts.hostname and parts.port != 0 and not parts.username and not parts.password
        except ValueError as error:
            raise BadValue(value, where, allowed) from error
        if parts.scheme not in ("http", "https") or not named or re.search(r'[\s<>"\\^`{|}]', text):
            raise BadValue(value, where, allowed)
        return text


@dataclass(frozen=True, slots=True)
class Doi:
    """A DOI, in small letters and without the address of a resolver."""

    encoding: ClassVar[str] = "gco:CharacterString"

    def read(self, value: Any, where: str) -> str:
        """The DOI."""
        found = _DOI.fullmatch(Text().read(value, where))
        if not found:
            raise BadValue(value, where, Worded("a DOI such as 10.5194/essd-14-3573-2022"))
        return found[1].lower()


@dataclass(frozen=True, slots=True)
class Word:
    """A code of a list that is too long to be kept here, known by its form; `uri` is the address of the
    list."""

    form: str
    example: str
    allowed: str
    encoding: str
    uri: str

    def read(self, value: Any, where: str) -> str:
        """The code."""
        if not isinstance(value, str) or not re.fullmatch(self.form, value, re.ASCII):
            raise BadValue(
                value,
                where,
                Worded("{allowed}, such as {example}", allowed=self.allowed, example=self.example),
            )
        return value


@dataclass(frozen=True, slots=True)
class Unit:
    """The symbol or the name of a unit of measure."""

    encoding: ClassVar[str] = "gml:UnitDefinition"

    def read(self, value: Any, where: str) -> str:
        """The unit."""
        return Text(40).read(value, where)


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a code list of the standard."""

    of: CodeList

    @property
    def encoding(self) -> str:
        """The element that holds it."""
        return self.of.element

    @property
    def uri(self) -> str:
        """The address of the list."""
        return self.of.uri

    def read(self, value: Any, where: str) -> Any:
        """The value as the list has it."""
        spelled = self.of.also.get(value, value) if isinstance(value, str) else value
        if isinstance(spelled, str | int) and not isinstance(spelled, bool) and spelled in self.of.values:
            return spelled
        near = nearest(value, map(str, self.of.values)) if isinstance(value, str) else None
        raise BadValue(value, where, one_of(self.of.values, near))
