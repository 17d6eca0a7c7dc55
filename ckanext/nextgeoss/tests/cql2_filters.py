"""Random filters in CQL2 JSON, and what they say of a product, worked out in plain Python without any part of
the code that is tested."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from random import Random
from typing import Any

import shapely
from shapely.geometry import shape as read_shape

TEXTS = ("mission", "orbit_source")
NUMBERS = ("cloud_cover", "snow_cover", "absolute_orbit")
TIMES = ("published", "expires")
LISTS = ("keywords",)
WORDS = (
    "Straße", "STRASSE", "strasse", "débárquér", "DEBARQUER", "debarquer", "Οδος", "οδοσ", "ΟΔΌΣ", "a", "A",
    "á", "a\u0301", "Å", "å", "\u212b", "ﬁn", "fin", "FIN", "ŉ", "İ", "i", "ı", "x*y", "x?y", "x\\y", "x/y",
    'q"u', "AND", "OR", "*", "a b", "a%b", "a_b", "{!x}", "_val_:y", "[a TO b]", "~1", "가", "𐐀x", "𐐨X",
    "mississippi", "Mißißippi", "ẞ",
)  # fmt: skip
MIDDLE = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Thing:
    """A product as plain values; `area` is what shapely makes of its footprint."""

    id: str
    values: Mapping[str, Any]
    start: datetime | None
    end: datetime | None
    area: Any


# --- making


def some_time(random: Random) -> datetime:
    """Times that are often the same, some with a fraction."""
    return MIDDLE + timedelta(
        hours=random.randrange(-60, 60, 6), milliseconds=random.choice((0, 0, 0, 1, 999))
    )


def some_filter(random: Random, depth: int = 3) -> dict[str, Any]:
    """A filter of any kind."""
    if depth and random.random() < 0.55:
        op = random.choice(("and", "or", "not", "not"))
        count = 1 if op == "not" else random.randint(2, 3)
        return {"op": op, "args": [some_filter(random, depth - 1) for _ in range(count)]}
    return random.choice(_MAKERS)(random)


def _op(op: str, *args: Any) -> dict[str, Any]:
    return {"op": op, "args": list(args)}


def _property(random: Random, *names: str) -> dict[str, Any]:
    return {"property": random.choice(names)}


def _sides(random: Random, op: str, one: Any, two: Any) -> dict[str, Any]:
    if random.random() < 0.3:
        return _op(op.translate(str.maketrans("<>", "><")) if op != "<>" else op, two, one)
    return _op(op, one, two)


_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


def _number(random: Random) -> float:
    return random.choice((0, 1, 2.5, 10, 49.5, 50, 50.5, 100, -3, 1e20, -1e20, 7, 20))


def _numbers(random: Random) -> dict[str, Any]:
    name = _property(random, *NUMBERS)
    kind = random.randrange(4)
    if kind == 0:
        return _op("between", name, *sorted((_number(random), _number(random))))
    if kind == 1:
        return _op("in", name, [_number(random) for _ in range(random.randint(1, 4))])
    if kind == 2:
        return _op(random.choice(_COMPARISONS), name, _property(random, *NUMBERS))
    return _sides(random, random.choice(_COMPARISONS), name, _number(random))


def _texts(random: Random) -> dict[str, Any]:
    name, words = _property(random, *TEXTS), random.choices(WORDS, k=3)
    kind = random.randrange(4)
    if kind == 0:
        return _op("in", name, words)
    if kind == 1:
        return _op("between", name, *sorted(words[:2]))
    if kind == 2:
        return _op("like", name, _pattern(random))
    return _sides(random, random.choice(_COMPARISONS), name, words[0])


def _pattern(random: Random) -> str:
    word = random.choice(WORDS).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    cut = random.randint(0, len(word))
    while cut and word[cut - 1] == "\\":
        cut -= 1
    changed = (
        word,
        word[:cut] + "%",
        "%" + word[cut:],
        word[:cut] + "_" + word[cut + 1 :],
        "%_",
        "_%a%",
        "__",
    )
    return random.choice(changed)


def _folded(random: Random) -> dict[str, Any]:
    wrap = random.choice((("casei",), ("accenti",), ("casei", "accenti")))

    def folded(node: Any) -> Any:
        for op in wrap:
            node = _op(op, node)
        return node

    name, word = folded(_property(random, *TEXTS)), random.choice(WORDS)
    kind = random.randrange(4)
    if kind == 0:
        return _op("in", name, [folded(each) for each in random.choices(WORDS, k=3)])
    if kind == 1:
        return _op("like", name, folded(_pattern(random)))
    if kind == 2:
        return _op("=", name, word)
    return _sides(random, random.choice(("=", "<>")), name, folded(word))


def _stamp(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


def _instant(random: Random) -> dict[str, Any]:
    time = some_time(random)
    return {"date": f"{time:%Y-%m-%d}"} if random.random() < 0.3 else {"timestamp": _stamp(time)}


def _times(random: Random) -> dict[str, Any]:
    name = _property(random, *TIMES, "start", "end")
    if random.random() < 0.2:
        return _op(random.choice(_COMPARISONS), name, _property(random, *TIMES, "start", "end"))
    return _sides(random, random.choice(_COMPARISONS), name, _instant(random))


def _temporal(random: Random) -> dict[str, Any]:
    names = random.choice(("datetime", "datetime", "published", ("start", "end"), ("published", "expires")))
    one: Any = (
        {"property": names}
        if isinstance(names, str)
        else {"interval": [{"property": each} for each in names]}
    )
    texts = [_stamp(end) for end in sorted((some_time(random), some_time(random)))]
    if random.random() < 0.3:
        texts[random.randrange(2)] = ".."
    two = _instant(random) if random.random() < 0.4 else {"interval": texts}
    args = [one, two] if random.random() < 0.7 else [two, one]
    return _op(f"t_{random.choice(tuple(_RELATIONS))}", *args)


def _arrays(random: Random) -> dict[str, Any]:
    words = random.sample(WORDS, random.choice((0, 1, 1, 2, 3, 20)))
    args: list[Any] = [{"property": "keywords"}, words]
    if random.random() < 0.3:
        args.reverse()
    return _op(random.choice(("a_contains", "a_containedBy", "a_equals", "a_overlaps")), *args)


def _null(random: Random) -> dict[str, Any]:
    return _op(
        "isNull", _property(random, *TEXTS, *NUMBERS, *TIMES, *LISTS, "is_output", "start", "geometry")
    )


def _boolean(random: Random) -> dict[str, Any]:
    name = {"property": "is_output"}
    return (
        name
        if random.random() < 0.4
        else _sides(random, random.choice(("=", "<>")), name, random.random() < 0.5)
    )


def _constant(random: Random) -> Any:
    return random.choice((True, False, _op("=", 1, 1), _op("<", "b", "a"), _op("=", _op("+", 1, 2), 3)))


def _spatial(random: Random) -> dict[str, Any]:
    west, south = random.uniform(-180, 170), random.uniform(-90, 80)
    width, height = random.uniform(0.5, 120), random.uniform(0.5, 60)
    north = min(90.0, south + height)
    shape: Any = {"bbox": [west, south, (west + width + 180) % 360 - 180, north]}
    kind = random.randrange(3)
    if kind == 0:
        east = min(180.0, west + width)
        ring = [[west, south], [east, south], [(west + east) / 2, north], [west, south]]
        shape = {"type": "Polygon", "coordinates": [ring]}
    if kind == 1:
        shape = {"type": "Point", "coordinates": [west, south]}
    op = random.choice(("s_intersects", "s_within", "s_contains", "s_disjoint", "s_equals"))
    args = [{"property": "geometry"}, shape]
    if random.random() < 0.3:
        args.reverse()
    return _op(op, *args)


_MAKERS: tuple[Callable[[Random], Any], ...] = (
    _numbers, _numbers, _texts, _texts, _folded, _folded, _times, _temporal, _temporal, _arrays, _null,
    _boolean, _constant, _spatial, _spatial,
)  # fmt: skip


# --- judging


def says(node: Any, thing: Thing) -> bool | None:
    """Whether a filter is true of a product, false, or neither (None)."""
    if isinstance(node, bool):
        return node
    if "property" in node:
        return thing.values.get(node["property"])
    op, args = node["op"].lower(), node["args"]
    if op in ("and", "or"):
        found = [says(each, thing) for each in args]
        strong = op == "or"
        return strong if strong in found else None if None in found else not strong
    if op == "not":
        found = says(args[0], thing)
        return None if found is None else not found
    if op == "isnull":
        return _value(args[0], thing) is None
    if op.startswith(("t_", "s_", "a_")):
        return _PREDICATES[op[0]](op[2:], args, thing)
    if op == "between":
        return says(_op("and", _op(">=", args[0], args[1]), _op("<=", args[0], args[2])), thing)
    if op == "in":
        return says(_op("or", *(_op("=", args[0], each) for each in args[1])), thing)
    one, two = (_value(each, thing) for each in args)
    if one is None or two is None:
        return None
    return _like(one, two) if op == "like" else _holds(op, one, two)


def _holds(op: str, one: Any, two: Any) -> bool:
    """Two values compared; a day, a pair of times, is around its times."""
    low, high = two if isinstance(two, tuple) else (two, two)
    if isinstance(one, tuple):
        return _holds(op.translate(str.maketrans("<>", "><")) if op != "<>" else op, two, one)
    return {
        "=": low <= one <= high, "<>": not low <= one <= high, "<": one < low, "<=": one <= high,
        ">": one > high, ">=": one >= low,
    }[op]  # fmt: skip


def _value(node: Any, thing: Thing) -> Any:
    if not isinstance(node, dict):
        return node
    if "timestamp" in node or "date" in node:
        return _ends(next(iter(node.values())))
    if "property" in node:
        own = {"start": thing.start, "end": thing.end, "geometry": thing.area}
        name = node["property"]
        return own[name] if name in own else thing.values.get(name)
    found = [_value(each, thing) for each in node["args"]]
    if node["op"] == "+":
        return sum(found)
    return None if found[0] is None else _FOLDS[node["op"]](found[0])


def _unaccented(text: str) -> str:
    marks = {c for c in unicodedata.normalize("NFD", text) if unicodedata.combining(c)}
    # Korean syllables are left whole
    parts = (c if "가" <= c <= "힣" else unicodedata.normalize("NFD", c) for c in text)
    return "".join(c for part in parts for c in part if c not in marks)


_FOLDS: Mapping[str, Callable[[str], str]] = {"casei": str.casefold, "accenti": _unaccented}


def _like(text: str, pattern: str) -> bool:
    @cache
    def matches(at: int, to: int) -> bool:
        if to == len(pattern):
            return at == len(text)
        sign = pattern[to]
        if sign == "%":
            return matches(at, to + 1) or (at < len(text) and matches(at + 1, to))
        if sign == "\\" and to + 1 < len(pattern):
            return at < len(text) and text[at] == pattern[to + 1] and matches(at + 1, to + 2)
        return at < len(text) and sign in ("_", text[at]) and matches(at + 1, to + 1)

    return matches(0, 0)


def _ends(text: str) -> Any:
    """A time, or the first and the last millisecond of a day."""
    if len(text) > 10:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    day = datetime.fromisoformat(text + "T00:00:00+00:00")
    return day, day + timedelta(days=1) - _MS


_EVER = (datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc))
# the ends of the first interval (s, e) and of the second (a, b); all parts of one of the alternatives hold
_RELATIONS = {
    "after": "s>b", "before": "e<a", "contains": "s<a e>b", "disjoint": "e<a|s>b", "during": "s>a e<b",
    "equals": "s=a e=b", "finishedBy": "s<a e=b", "finishes": "s>a e=b", "intersects": "s<=b e>=a",
    "meets": "e=a", "metBy": "s=b", "overlappedBy": "s>a s<b e>b", "overlaps": "s<a e>a e<b",
    "startedBy": "s=a e>b", "starts": "s=a e<b",
}  # fmt: skip


def _relation(name: str, args: list[Any], thing: Thing) -> bool | None:
    one, two = (_interval(each, thing) for each in args)
    if one is None or two is None:
        return None
    ends = dict(zip("seab", (*one, *two), strict=True))
    rule = {each.lower(): found for each, found in _RELATIONS.items()}[name]
    found = [_every(_compared(part, ends) for part in parts.split()) for parts in rule.split("|")]
    return True if True in found else None if None in found else False


def _every(found: Iterable[bool | None]) -> bool | None:
    known = list(found)
    return False if False in known else None if None in known else True


def _compared(part: str, ends: Mapping[str, Any]) -> bool | None:
    one, two = ends[part[0]], ends[part[-1]]
    return None if one is None or two is None else _holds(part[1:-1], one, two)


def _interval(node: Any, thing: Thing) -> Any:
    own = ["start", "end"]
    if node == {"property": "datetime"} or [_name(e) for e in node.get("interval", ())] == own:
        if thing.start is None and thing.end is None:
            return None
        return thing.start or _EVER[0], thing.end or _EVER[1]
    if "interval" not in node:
        found = _value(node, thing)
        return None if found is None else found if isinstance(found, tuple) else (found, found)
    ends: list[Any] = []
    for place, each in enumerate(node["interval"]):
        found = (
            _EVER[place] if each == ".." else _value(each, thing) if isinstance(each, dict) else _ends(each)
        )
        ends.append(found[place] if isinstance(found, tuple) else found)
    return tuple(ends)


def _name(node: Any) -> str:
    return node.get("property", "") if isinstance(node, dict) else ""


def _place(name: str, args: list[Any], thing: Thing) -> bool | None:
    if thing.area is None:
        return None
    areas = [thing.area if "property" in each else _area(each) for each in args]
    judge = {
        "intersects": shapely.intersects, "disjoint": shapely.disjoint, "within": shapely.covered_by,
        "contains": shapely.covers, "equals": shapely.equals,
    }[name]  # fmt: skip
    return bool(judge(*areas))


def _area(node: Any) -> Any:
    if "bbox" not in node:
        return read_shape(node)
    west, south, east, north = node["bbox"]
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north))


def _sets(name: str, args: list[Any], thing: Thing) -> bool | None:
    one, two = (_value(each, thing) for each in args)
    if one is None or two is None:
        return None
    one, two = set(one), set(two)
    return {
        "contains": one >= two, "containedby": one <= two, "equals": one == two, "overlaps": bool(one & two),
    }[name]  # fmt: skip


_PREDICATES: Mapping[str, Callable[[str, list[Any], Thing], bool | None]] = {
    "t": _relation, "s": _place, "a": _sets,
}  # fmt: skip
