"""Cuts the countries of Natural Earth and the seas beside this file into small pieces with names: the extract
`ckanext/nextgeoss/schemas/places.json`, by which places of products are found (see eo/places.py).

    python frontend/places/build.py COUNTRIES_50M.JSON PLACES.JSON

The first file is of the npm package world-atlas (Natural Earth 4.1 at 1:50 million, public domain)."""
# pyright: basic

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import shapely
import yaml
from shapely import affinity
from shapely.geometry import box

from ckanext.nextgeoss.eo.footprint import Footprint

HERE = Path(__file__).parent
# degrees: of a piece at most, of what is smoothed away, and of the numbers that are written
CELL, SMOOTH, UNIT = 5, 0.02, 0.01
# what is smaller, in square degrees, is no place but where two coastlines do not quite meet
SPECK = 0.0004


def main(source: Path, target: Path) -> None:
    """Write the extract."""
    countries = list(read_countries(json.loads(source.read_text("utf-8"))))
    seas, lakes, elsewhere = read_seas()
    names: dict[str, int] = {}

    def label(*words: str) -> list[int]:
        return [names.setdefault(word, len(names)) for word in words if word]

    pieces: list[list[Any]] = []
    for west in range(-180, 180, CELL):
        for south in range(-90, 90, CELL):
            cell = box(west, south, west + CELL, south + CELL)
            land = []
            for words, area in countries:
                if area.intersects(cell) and (part := polygons(area.intersection(cell))):
                    land.extend(part)
                    for each in part:
                        pieces += written("land", label(*there(words, each, elsewhere)), [each])
            water = cell.difference(shapely.unary_union(land)) if land else cell
            for words, area in [*seas, ((), cell)]:
                if water.intersects(area):
                    parts = [each for each in polygons(water.intersection(area)) if each.area > SPECK]
                    pieces += written("sea", label(*words), parts)
                    water = water.difference(area)
    for name, area in lakes:
        pieces += written("lake", label(name), [area])
    told = {"unit": UNIT, "names": list(names), "pieces": pieces}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text.replace('],["', '],\n["') + "\n", "utf-8")
    sys.stdout.write(f"{target}: {len(pieces)} pieces, {len(names)} names, {target.stat().st_size} bytes\n")


def read_countries(topology: Any):
    """The names (country, region, continent) and the area of each country."""
    arcs = [smoothed(list(decoded(arc, topology["transform"]))) for arc in topology["arcs"]]
    told = {
        original: (name, region, continent)
        for continent, regions in yaml.safe_load((HERE / "regions.yaml").read_text("utf-8")).items()
        for region, members in regions.items()
        for original, name in members.items()
    }
    for country in topology["objects"]["countries"]["geometries"]:
        rings = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        coordinates = [around_pole([joined(ring, arcs) for ring in polygon]) for polygon in rings]
        # the package joins what Natural Earth cuts at 180 degrees and at the pole
        footprint = Footprint.from_geojson({"type": "MultiPolygon", "coordinates": coordinates})
        assert footprint is not None
        yield told[country["properties"]["name"]], footprint.shape


def around_pole(rings: list[Any]) -> list[Any]:
    """The rings of a polygon; where the first one is the pole alone, the coast around it is the outer one."""
    is_pole = all(y < -89.9 for _, y in rings[0])
    return rings[1:] if is_pole and len(rings) > 1 else rings


def decoded(arc: Any, transform: Any):
    """The positions of an arc, which is written in steps."""
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield (
            x * transform["scale"][0] + transform["translate"][0],
            y * transform["scale"][1] + transform["translate"][1],
        )


def smoothed(arc: list[Any]) -> list[Any]:
    """An arc with fewer positions, in whole units. Neighbours share it, so that no gap opens between them; a
    small island stays as it is."""
    line = shapely.LineString(arc)
    is_island = arc[0] == arc[-1] and shapely.box(*line.bounds).area < 0.1
    line = line if is_island else line.simplify(SMOOTH)
    return [(round(round(x / UNIT) * UNIT, 7), round(round(y / UNIT) * UNIT, 7)) for x, y in line.coords]


def joined(ring: list[int], arcs: list[Any]) -> list[Any]:
    """The positions of a ring of arcs; a negative number is an arc backwards."""
    found: list[Any] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        found += arc[1:] if found else arc
    return found


def read_seas():
    """The names and outlines of seas, in the order in which they count, and of lakes."""
    said = yaml.safe_load((HERE / "seas.yaml").read_text("utf-8"))
    seas = []
    for name, about in said["seas"].items():
        words = (about.get("name", name), about.get("part_of", ""))
        seas.append((words, turned(shapely.Polygon(about["outline"]))))
    lakes = [(name, shapely.make_valid(shapely.Polygon(ring))) for name, ring in said["lakes"].items()]
    return seas, lakes, said["elsewhere"]


def there(words: Any, part: Any, elsewhere: Any):
    """The names of a part of a country, which may lie in another region."""
    point = part.representative_point()
    for west, south, east, north, region, continent in elsewhere.get(words[0], ()):
        if west <= point.x <= east and south <= point.y <= north:
            return words[0], region, continent
    return words


def turned(area: Any) -> Any:
    """The area with what lies beyond 180 degrees at the other side."""
    area = shapely.make_valid(area)
    east = area.intersection(box(180, -90, 360, 90))
    return shapely.union(area.intersection(box(-180, -90, 180, 90)), affinity.translate(east, -360))


def polygons(area: Any) -> list[Any]:
    """The polygons of any geometry."""
    parts = shapely.get_parts(shapely.get_parts(area))
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 0]


def written(kind: str, labels: list[int], parts: list[Any]):
    """Pieces as they are written: kind, numbers of names, and rings of numbers, each the step from the one
    before in units."""
    for part in parts:
        rings = [steps(ring) for ring in (part.exterior, *part.interiors)]
        if len(rings[0]) >= 6:
            yield [kind, labels, [ring for ring in rings if len(ring) >= 6]]


def steps(ring: Any) -> list[int]:
    """The positions of a ring without the last one, rounded, as steps."""
    found: list[tuple[int, int]] = []
    for x, y in ring.coords[:-1]:
        position = round(x / UNIT), round(y / UNIT)
        if not found or position != found[-1]:
            found.append(position)
    if len(found) < 3:  # smaller than a unit: a point of an island is kept as the box around it
        x, y = found[0]
        found = [(x - 1, y - 1), (x + 1, y - 1), (x + 1, y + 1), (x - 1, y + 1)]
    before = [(0, 0), *found[:-1]]
    return [number for (x, y), (a, b) in zip(found, before, strict=True) for number in (x - a, y - b)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
