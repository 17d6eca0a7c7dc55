"""Random filters in CQL2 JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

TEXTS = ("mission", "orbit_source")
NUMBERS = ("cloud_cover", "snow_cover", "absolute_orbit")
TIMES = ("published", "expires")
LISTS = ("keywords",)
WORDS = (
    "Straße", "STRASSE", "strasse", "débárquér", "DEBARQUER", "debarquer", "Οδος", "οδοσ", "ΟΔΌΣ", "a", "A",
    "á", "a\u0301", "Å", "å", "\u212b", "ﬁn", "fin", "FIN", "ŉ", "İ", "i", "ı", "x*y", "x?y", "x\\y", "x/y",
    'q"u', "AND", "OR", "*", "a b", "a%b", "a_b", "{!x}", "_val_:y", "[a TO b]", "~1", "가", "𐐀x", "𐐨X",
    "mississippi", "Mißißippi", "ẞ", " a", "a ", "  ", "]", "}", "[", '"', "\\", "\\\\", "TO", "* TO *",
    '"]', "'", "+a", "-a", "(a)", "a:b", "^2", "\t", "a\nb", "😀", "\uffee", "¹",
)  # fmt: skip
# a text that is longer than what the index keeps of one, and one that is the same so far
KEPT = 1000
LONG = ("x" * 1200, "x" * KEPT, "x" * 999 + "y", "y" * 1500)
MIDDLE = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
# the ends of the first interval (s, e) and of the second (a, b); all parts of one of the alternatives hold
RELATIONS = {
    "after": "s>b", "before": "e<a", "contains": "s<a e>b", "disjoint": "e<a|s>b", "during": "s>a e<b",
    "equals": "s=a e=b", "finishedBy": "s<a e=b", "finishes": "s>a e=b", "intersects": "s<=b e>=a",
    "meets": "e=a", "metBy": "s=b", "overlappedBy": "s>a s<b e>b", "overlaps": "s<a e>a e<b",
    "startedBy": "s=a e>b", "starts": "s=a e<b",
}  # fmt: skip


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


def operation(op: str, *args: Any) -> dict[str, Any]:
    """A node of a filter."""
    return {"op": op, "args": list(args)}


def _property(random: Random, *names: str) -> dict[str, Any]:
    return {"property": random.choice(names)}


def _sides(random: Random, op: str, one: Any, two: Any) -> dict[str, Any]:
    if random.random() < 0.3:
        return operation(op.translate(str.maketrans("<>", "><")) if op != "<>" else op, two, one)
    return operation(op, one, two)


_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


def _number(random: Random) -> float:
    return random.choice((0, 1, 2.5, 10, 49.5, 50, 50.5, 100, -3, 1e20, -1e20, 7, 20))


def _numbers(random: Random) -> dict[str, Any]:
    name = _property(random, *NUMBERS)
    kind = random.randrange(4)
    if kind == 0:
        return operation("between", name, *sorted((_number(random), _number(random))))
    if kind == 1:
        return operation("in", name, [_number(random) for _ in range(random.randint(1, 4))])
    if kind == 2:
        return operation(random.choice(_COMPARISONS), name, _property(random, *NUMBERS))
    return _sides(random, random.choice(_COMPARISONS), name, _number(random))


def _texts(random: Random) -> dict[str, Any]:
    name, words = _property(random, *TEXTS), random.choices((*WORDS, *LONG, ""), k=3)
    kind = random.randrange(4)
    if kind == 0:
        return operation("in", name, words)
    if kind == 1:
        return operation("between", name, *sorted(words[:2]))
    if kind == 2:
        return operation("like", name, _pattern(random))
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
            node = operation(op, node)
        return node

    name, word = folded(_property(random, *TEXTS)), random.choice(WORDS)
    kind = random.randrange(5)
    if kind == 0:
        return operation("in", name, [folded(each) for each in random.choices(WORDS, k=3)])
    if kind == 1:
        return operation("like", name, folded(_pattern(random)))
    if kind == 2:
        return operation(random.choice(_COMPARISONS), name, word)
    if kind == 3:
        return operation("between", name, *(folded(each) for each in sorted(random.choices(WORDS, k=2))))
    return _sides(random, random.choice(_COMPARISONS), name, folded(word))


def _stamp(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


def _instant(random: Random) -> dict[str, Any]:
    time = some_time(random)
    return {"date": f"{time:%Y-%m-%d}"} if random.random() < 0.3 else {"timestamp": _stamp(time)}


def _times(random: Random) -> dict[str, Any]:
    name = _property(random, *TIMES, "start", "end")
    if random.random() < 0.2:
        return operation(random.choice(_COMPARISONS), name, _property(random, *TIMES, "start", "end"))
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
    return operation(f"t_{random.choice(tuple(RELATIONS))}", *args)


def _arrays(random: Random) -> dict[str, Any]:
    words = random.sample(WORDS, random.choice((0, 1, 1, 2, 3, 20)))
    args: list[Any] = [{"property": "keywords"}, words]
    if random.random() < 0.3:
        args.reverse()
    return operation(random.choice(("a_contains", "a_containedBy", "a_equals", "a_overlaps")), *args)


def _null(random: Random) -> dict[str, Any]:
    return operation(
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
    return random.choice(
        (True, False, operation("=", 1, 1), operation("<", "b", "a"), operation("=", operation("+", 1, 2), 3))
    )


def _spatial(random: Random) -> dict[str, Any]:
    shape = some_shape(random) if random.random() < 0.75 else _box(random)
    ops = ("s_intersects", "s_within", "s_contains", "s_disjoint", "s_equals")
    op = random.choice(ops[:1] + ops[3:4] if mixed(shape) else ops)
    args = [{"property": "geometry"}, shape]
    if random.random() < 0.3:
        args.reverse()
    return operation(op, *args)


def _box(random: Random) -> dict[str, Any]:
    west, south = random.uniform(-180, 170), random.uniform(-90, 80)
    east, north = west + random.uniform(0.5, 120), min(90.0, south + random.uniform(0.5, 60))
    return {"bbox": [west, south, (east + 180) % 360 - 180, north]}


_SIMPLE = ("Point", "LineString", "Polygon")
_KINDS = (*_SIMPLE, "Polygon", "Polygon", *(f"Multi{kind}" for kind in _SIMPLE), "GeometryCollection")


def some_shape(random: Random, kinds: Iterable[str] = _KINDS) -> dict[str, Any]:
    """A GeoJSON geometry of any type, on a grid; some areas have holes, some collections are of all kinds."""
    kind = random.choice(tuple(kinds))
    if kind == "GeometryCollection":
        parts = _SIMPLE if random.random() < 0.4 else (random.choice(_SIMPLE),)
        return {"type": kind, "geometries": [some_shape(random, parts) for _ in range(3)]}
    count = random.randint(2, 3) if kind.startswith("Multi") else 1
    made = [_POSITIONS[kind.removeprefix("Multi")](random) for _ in range(count)]
    return {"type": kind, "coordinates": made if kind.startswith("Multi") else made[0]}


def mixed(shape: Mapping[str, Any]) -> bool:
    """Whether a geometry is of several kinds."""
    return len({part["type"] for part in shape.get("geometries", ())}) > 1


def _position(random: Random) -> list[float]:
    return [float(random.randint(-180, 180)), float(random.randint(-90, 90))]


def _line(random: Random) -> list[list[float]]:
    found = [_position(random)]
    for _ in range(random.randint(1, 3)):
        x, y = found[-1]
        x, y = x + random.randint(-40, 40), y + random.choice((-20, -7, 3, 20))
        found.append([max(-180.0, min(180.0, x)), max(-90.0, min(90.0, y))])
    return found if found[0] != found[-1] else [found[0], [found[0][0] / 2, 0.5]]


def _polygon(random: Random) -> list[list[list[float]]]:
    """A triangle or a trapezium, which may have a hole."""
    west, south = float(random.randint(-180, 150)), float(random.randint(-90, 70))
    east, north = min(180.0, west + random.randint(4, 100)), min(90.0, south + random.randint(4, 60))
    top = [[east - 1, north], [west + 1, north]] if random.random() < 0.5 else [[west + 2, north]]
    ring = [[west, south], [east, south], *top, [west, south]]
    if random.random() < 0.6:
        return [ring]
    x, y = west + 1.5, south + (north - south) / 8
    return [ring, [[x, y], [x, y + 0.25], [x + 0.25, y + 0.25], [x, y]]]


_POSITIONS: Mapping[str, Callable[[Random], Any]] = {
    "Point": _position, "LineString": _line, "Polygon": _polygon,
}  # fmt: skip


_MAKERS: tuple[Callable[[Random], Any], ...] = (
    _numbers, _numbers, _texts, _texts, _folded, _folded, _times, _temporal, _temporal, _arrays, _null,
    _boolean, _constant, _spatial, _spatial,
)  # fmt: skip
