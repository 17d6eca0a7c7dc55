"""Regular expressions that cannot be made to run for ever: those of provider files are tried on names that
strangers give."""

from __future__ import annotations

import re

from .errors import BadValue

# of a name with its folders; longer ones match nothing
LONGEST = 300
# repeats of (almost) anything in one expression: each more makes the worst case longer by the length of names
_MOST_WIDE = 3
_ALLOWED = "a regular expression without repeats within repeats, and with at most 3 of anything (.*)"
_QUANTIFIER = re.compile(r"([*+?]|\{(\d*)(,?)(\d*)\})[?+]?")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.S)
_OPENING = re.compile(r"\((?:\?(?:P<\w+>|[a-zA-Z-]*[:)]|[=!]|<[=!]|P=\w+\)))?")


def safe_pattern(text: str, where: str) -> re.Pattern[str]:
    """The compiled expression; BadValue for one that is none, or that could take for ever."""
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise BadValue(text, where, f"a regular expression ({error})") from error
    _check(text, where)
    return compiled


def matched(pattern: re.Pattern[str], name: str) -> re.Match[str] | None:
    """The match of a whole name that is not too long."""
    return pattern.fullmatch(name) if len(name) <= LONGEST else None


def _check(text: str, where: str) -> None:
    """Walk through the parts of an expression that compiles, groups on a stack: whether each repeats."""
    groups, wide, position = [False], 0, 0
    last_repeats = last_is_wide = False
    while position < len(text):
        if found := _quantifier(text, position):
            many, varies = _amount(found)
            if last_repeats and many:
                raise BadValue(text, where, _ALLOWED)
            wide += last_is_wide and varies and many
            groups[-1] = groups[-1] or varies
            last_repeats = last_is_wide = False
            position = found.end()
            continue
        if text[position] == "(":
            opening = _OPENING.match(text, position)
            position = opening.end() if opening else position + 1
            if opening and opening[0].startswith("(?P="):
                raise BadValue(text, where, _ALLOWED)
            if not (opening and opening[0].endswith(")")):  # which are flags
                groups.append(False)
            last_repeats = last_is_wide = False
            continue
        if text[position] == ")":
            last_repeats = groups.pop()
            # what repeats in a group that is there once or not at all repeats in what the group is in
            groups[-1] = groups[-1] or last_repeats
            last_is_wide = False
            position += 1
            continue
        if text[position] == "|":
            groups[-1] = True  # alternatives may match the same in several ways, as repeats do
        position, last_is_wide = _atom(text, position, where)
        last_repeats = False
    if wide > _MOST_WIDE:
        raise BadValue(text, where, _ALLOWED)


def _atom(text: str, position: int, where: str) -> tuple[int, bool]:
    """Where a character or a class of these ends, and whether it is almost any."""
    if text[position] == "\\":
        if text[position + 1].isdigit() and text[position + 1] != "0":
            raise BadValue(text, where, _ALLOWED)
        return position + 2, text[position + 1] in "wWSD"
    if text[position] == "[" and (found := _CLASS.match(text, position)):
        return found.end(), r"\w" in found[0] or r"\S" in found[0]
    return position + 1, text[position] == "."


def _quantifier(text: str, position: int) -> re.Match[str] | None:
    found = _QUANTIFIER.match(text, position)
    return found if found and found[0] != "{}" and found[0] != "{,}" else None


def _amount(found: re.Match[str]) -> tuple[bool, bool]:
    """Whether a quantifier allows more than one, and whether it leaves open how many."""
    if found[1] == "?":
        return False, True
    if found[1] in "*+":
        return True, True
    least, comma, most = found[2], found[3], found[4]
    if not comma:
        return int(least or 1) > 1, False
    return most == "" or int(most) > 1, least != most
