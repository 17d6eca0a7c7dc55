"""Reads requests as NiMMbus takes them: key-value pairs of WPS, and the parameters of its OGC-like paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...eo.errors import BadValue

ENUMERATE, RETRIEVE, SUMMARY = "ENUMERATE", "RETRIEVE", "SUMMARY"
OPERATIONS = (ENUMERATE, RETRIEVE, SUMMARY)
MOST = 100
_LANGUAGES = ("eng", "cat", "spa", "fre")
_ROLES = ("primary", "secondary", "supplementary")
_OURS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


class BadRequest(BadValue):
    """A parameter that cannot be understood; `code` is that of OWS exceptions."""

    code = "InvalidParameterValue"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: an operation on an item (`id`), or on the items on a thing (a code in a code space)."""

    operation: str
    language: str = "eng"
    id: str = ""
    code: str = ""
    code_space: str = ""
    role: str = ""
    offset: int = 0
    limit: int = 10
    full: bool = False


def read(given: Mapping[str, str]) -> Asked:
    """The request of key-value pairs, whose names have no case; BadRequest names what is wrong."""
    told = {name.upper(): value for name, value in given.items()}
    if told.get("SERVICE", "").upper() != "WPS":
        raise BadRequest(told.get("SERVICE"), "SERVICE", "WPS")
    if told.get("REQUEST", "").upper() != "EXECUTE":
        raise BadRequest(told.get("REQUEST"), "REQUEST", "EXECUTE")
    identifier = told.get("IDENTIFIER", "")
    kind, _, operation = identifier.upper().partition(":")
    if kind != "NB_RESOURCE" or operation not in OPERATIONS:
        allowed = ", ".join(f"NB_RESOURCE:{name}" for name in OPERATIONS)
        raise BadRequest(identifier, "IDENTIFIER", f"one of {allowed}: this service is read only")
    _check_type(told)
    code, space = _thing(told)
    role = told.get("TRG_ROLE", "")
    if role and role not in _ROLES:
        raise BadRequest(role, "TRG_ROLE", f"one of {', '.join(_ROLES)}")
    asked = Asked(
        operation=operation,
        language=told["LANGUAGE"] if told.get("LANGUAGE") in _LANGUAGES else "eng",
        id=told.get("RESOURCE", "") if operation == RETRIEVE else "",
        code=code,
        code_space=space,
        role=role,
        offset=_whole(told, "STARTINDEX", 1, 1) - 1,
        limit=min(_whole(told, "COUNT", 10, 1), MOST),
        full=told.get("CONTENT", "").lower() == "full",
    )
    if operation == RETRIEVE and not _OURS.fullmatch(asked.id):
        raise BadRequest(asked.id, "RESOURCE", "the id of an item, such as NB_RESOURCE:ENUMERATE tells it")
    return asked


def external_ids(text: str, between: str = ",") -> list[tuple[str, str]]:
    """The things of a parameter `externalIds`: JSON of `code` and `codeSpace` each, or an id of ours; with
    `between` between them."""
    found: list[tuple[str, str]] = []
    for each in _pieces(text, between):
        if not each.startswith("{"):
            found.append((each, ""))
            continue
        try:
            told = json.loads(each)
            found.append((str(told["code"]), str(told.get("codeSpace", ""))))
        except (ValueError, KeyError) as error:
            allowed = 'an id or JSON such as {"code":"x","codeSpace":"y"}'
            raise BadRequest(each, "externalIds", allowed) from error
    return found


def _pieces(text: str, between: str) -> Iterator[str]:
    """The parts of a text, of which braces may have the separator in them."""
    piece, depth = "", 0
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == between and depth <= 0:
            yield piece.strip()
            piece = ""
        else:
            piece += letter
    if piece.strip():
        yield piece.strip()


def _check_type(told: Mapping[str, str]) -> None:
    if told.get("TYPE", "FEEDBACK").upper() not in ("FEEDBACK", "ALL"):
        raise BadRequest(told["TYPE"], "TYPE", "FEEDBACK")
    if told.get("FORMAT", "text/xml") not in ("text/xml", "application/atom+xml"):
        raise BadRequest(told["FORMAT"], "FORMAT", "text/xml")
    for name in told:
        if name.startswith("RSC_FLD_"):
            raise BadRequest(told[name], name, "filters of targets only (TRG_FLD_1, TRG_VL_1, ...)")


def _thing(told: Mapping[str, str]) -> tuple[str, str]:
    """The code and the code space of the target that the numbered conditions name."""
    found = {"CODE": "", "NAMESPACE": ""}
    for number in range(1, 10):
        field = told.get(f"TRG_FLD_{number}", "").upper()
        if not field:
            continue
        if field not in found:
            raise BadRequest(field, f"TRG_FLD_{number}", "CODE or NAMESPACE")
        if told.get(f"TRG_OPR_{number}", "EQ").upper() != "EQ":
            raise BadRequest(told[f"TRG_OPR_{number}"], f"TRG_OPR_{number}", "EQ")
        if told.get(f"TRG_NXS_{number}", "AND").upper() != "AND":
            raise BadRequest(told[f"TRG_NXS_{number}"], f"TRG_NXS_{number}", "AND")
        found[field] = told.get(f"TRG_VL_{number}", "")
    return found["CODE"], found["NAMESPACE"]


def _whole(told: Mapping[str, str], name: str, usual: int, least: int) -> int:
    text = told.get(name) or str(usual)
    if not text.isdecimal() or len(text) > 9 or int(text) < least:
        raise BadRequest(text, name, f"a whole number from {least}")
    return int(text)
