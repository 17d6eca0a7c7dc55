"""Random expressions of free text (STAC, extension freetext-search, advanced) and what they find, worked out
in plain Python without any part of the code that is tested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

VOCABULARY = ("zuk", "lom", "rif", "dap", "kew", "vop")


@dataclass(frozen=True)
class Side:
    """Words side by side, as between quotes; one alone is a word."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Joined:
    """AND, OR, or of one part NOT."""

    operator: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Row:
    """Parts with nothing between them, each after `+`, `-` or nothing."""

    parts: tuple[tuple[str, Expression], ...]


Expression: TypeAlias = Side | Joined | Row


def some_expression(random: Random, depth: int = 3) -> Expression:
    """An expression of any kind, with an operator at its top."""
    kind = random.choice(("AND", "OR", "NOT", "row"))
    count = 1 if kind == "NOT" else random.randint(2, 3)
    parts = [_part(random, depth - 1) for _ in range(count)]
    if kind == "row":
        signs = [random.choice(("+", "-", "")) for _ in parts]
        signs[random.randrange(count)] = random.choice("+-")
        return Row(tuple(zip(signs, parts, strict=True)))
    return Joined(kind, tuple(parts))


def _part(random: Random, depth: int) -> Expression:
    if depth and random.random() < 0.5:
        return some_expression(random, depth)
    count = random.choice((1, 1, 1, 2))
    return Side(tuple(random.choices(VOCABULARY, k=count)))


# the later binds more
_BINDS = ("OR", "AND", "NOT", "row")


def written(node: Expression, around: str = "") -> str:
    """The text of an expression that stands within an operator; brackets are where they must be."""
    if isinstance(node, Side):
        return node.words[0] if len(node.words) == 1 else f'"{" ".join(node.words)}"'
    if isinstance(node, Row):
        text = " ".join(sign + written(part, "row") for sign, part in node.parts)
        return text if not around else f"({text})"
    if node.operator == "NOT":
        text = f"NOT {written(node.parts[0], 'NOT')}"
    else:
        text = f" {node.operator} ".join(written(part, node.operator) for part in node.parts)
    return text if not around or _BINDS.index(node.operator) > _BINDS.index(around) else f"({text})"


def finds(node: Expression, words: Sequence[str]) -> bool:
    """Whether an expression finds what has these words, in this order."""
    if isinstance(node, Side):
        count = len(node.words)
        return any(tuple(words[at : at + count]) == node.words for at in range(len(words)))
    if isinstance(node, Joined):
        found = [finds(part, words) for part in node.parts]
        return {"AND": all(found), "OR": any(found), "NOT": not found[0]}[node.operator]
    wanted, unwanted, others = (
        [finds(part, words) for sign, part in node.parts if sign == each] for each in ("+", "-", "")
    )
    enough = all(wanted) if wanted else not others or any(others)
    return enough and not any(unwanted)


def things(random: Random, number: int) -> Iterator[tuple[str, ...]]:
    """Rows of words."""
    for _ in range(number):
        yield tuple(random.choices(VOCABULARY, k=random.randint(1, 4)))
