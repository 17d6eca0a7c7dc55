"""The demo catalogue: the same everywhere, nothing twice, and true to orbits and tiles."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import zlib
from collections import Counter
from datetime import datetime, timezone

import pytest

from ckanext.nextgeoss.demo import catalogue, images, satellites
from ckanext.nextgeoss.demo.missions.common import data_file
from ckanext.nextgeoss.demo.orbits import sun, wrapped
from ckanext.nextgeoss.demo.tiling import Scene, scene_at, tile_at
from ckanext.nextgeoss.demo.utm import project, unproject
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.stac import read_item, write_item
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.properties import load_properties

_DIGEST = (
    "import hashlib; from ckanext.nextgeoss.demo.catalogue import products; "
    "print(hashlib.sha256(''.join(p.content_hash() for p in products(300)).encode()).hexdigest())"
)


@pytest.fixture(scope="module")
def products() -> list[Product]:
    return list(catalogue.products())


def test_every_process_makes_the_same():
    """No clock, no chance, no order of hashing."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    own = "".join(product.content_hash() for product in catalogue.products(300))
    assert digests == {hashlib.sha256(own.encode()).hexdigest().encode() + b"\n"}


def test_as_many_as_asked_and_none_twice(products: list[Product]):
    assert len(products) == catalogue.USUAL_COUNT
    assert len({product.id for product in products}) == len(products)
    assert len({product.content_hash() for product in products}) == len(products)


@pytest.mark.parametrize("count", [0, -1, catalogue.LIMIT + 1])
def test_a_number_that_cannot_be_made_is_refused(count: int):
    with pytest.raises(ValueError, match=f"{count} products"):
        catalogue.products(count)


def test_a_larger_catalogue_has_nothing_twice_either():
    found = Counter(product.id for product in catalogue.products(6_000))
    assert found.total() == len(found) == 6_000


def test_all_collections_are_there_and_described(products: list[Product]):
    described = {collection.id: collection for collection in catalogue.COLLECTIONS}
    assert {product.collection for product in products} == set(described)
    assert all(c.title and c.description and c.license and c.providers for c in described.values())


def test_values_are_what_the_rows_allow(products: list[Product]):
    rows = load_properties()
    for product in products:
        for name, value in product.properties.items():
            assert rows[name].parse(value) == value, f"{product.id}: {name}"


def test_items_read_again_are_the_products(products: list[Product]):
    for product in products[::3]:
        read = read_item(write_item(product))
        assert read == product
        assert read.problems == ()


def test_places_that_are_hard_are_there(products: list[Product]):
    """Across 180 degrees, with a pole, without any place; clouds from none to all."""
    footprints = [product.footprint for product in products]
    assert sum(f is None for f in footprints) == 5
    known = [f for f in footprints if f]
    assert sum(f.bbox[0] > f.bbox[2] for f in known) > 50
    assert sum(f.bbox[3] == 90 for f in known) > 3 < sum(f.bbox[1] == -90 for f in known)
    fiji = Footprint.from_bbox(178, -19, -179, -16)
    assert sum(f.intersects(fiji) for f in known) > 50
    clouds = [float(p.properties["cloud_cover"]) for p in products if "cloud_cover" in p.properties]  # type: ignore[arg-type]
    assert sum(cloud < 20 for cloud in clouds) > 200 < sum(cloud > 80 for cloud in clouds)


def test_sizes_and_checksums_are_those_of_the_files(products: list[Product]):
    for product in products[::97]:
        (data,) = [asset for asset in product.assets if "data" in asset.roles]
        body = data_file(product.id, product.collection, product.footprint)
        assert (data.size, data.checksum) == (len(body), "sha256:" + hashlib.sha256(body).hexdigest())


def test_optical_images_are_taken_by_day(products: list[Product]):
    for product in products:
        if product.collection.startswith(("sentinel-2", "landsat")):
            assert float(product.properties["sun_elevation"]) > 5, product.id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("satellite", "lon", "lat", "ascending", "hour"),
    [
        (satellites.S2A, 1.4, 43.6, False, 10.95),
        (satellites.L8, -122.4, 37.6, False, 18.75),
        (satellites.S1A, 10.0, 45.0, True, 17.1),
        (satellites.S5P, 10.0, 45.0, True, 12.3),
    ],
)
def test_satellites_pass_at_their_hour(satellite, lon: float, lat: float, ascending: bool, hour: float):
    """Times of day as in real products of these places."""
    argument = satellite.orbit.argument(lat, 0.0, ascending)
    orbits = satellite.passes(lon, lat, 0.0, ascending)
    assert len(orbits) > 30
    for orbit in orbits[:3]:
        time = satellite.time(orbit, argument)
        assert abs(time.hour + time.minute / 60 - hour) < 0.6
        there, latitude = satellite.orbit.ground(argument)
        assert abs(wrapped(there + satellite.orbit.node_longitude(satellite.node(orbit)) - lon)) < 1.3
        assert latitude == pytest.approx(lat)


def test_the_ground_track_repeats():
    satellite = satellites.S3A
    first = satellite.epoch_orbit
    again = first + satellite.orbit.orbits
    assert satellite.relative(first) == satellite.relative(again)
    assert satellite.cycle(again) == satellite.cycle(first) + 1
    one, two = (satellite.orbit.node_longitude(satellite.node(orbit)) for orbit in (first, again))
    assert one == pytest.approx(two, abs=1e-6)
    assert (satellite.node(again) - satellite.node(first)).total_seconds() == pytest.approx(27 * 86400)


def test_relative_orbits_name_tracks():
    """Two satellites of one constellation fly the same track under the same number."""
    for one, two in ((satellites.S2A, satellites.S2B), (satellites.S1A, satellites.S1C)):
        for lon in (-100.0, 5.0, 77.0):
            orbits = [s.passes(lon, 40.0, 0.0, False)[0] for s in (one, two)]
            assert one.relative(orbits[0]) == two.relative(orbits[1])


@pytest.mark.parametrize(
    ("place", "name", "corner"),
    [
        # upper left corners as in the published tiling of Sentinel-2
        ((1.4, 43.6), "31TCJ", (300000, 4900020)),
        ((5.2, 51.8), "31UFT", (600000, 5800020)),
        ((28.9, 44.6), "35TPK", (600000, 5000040)),
        ((-122.2, 37.7), "10SEG", (499980, 4200000)),
    ],
)
def test_tiles_are_those_of_sentinel_2(place: tuple[float, float], name: str, corner: tuple[float, float]):
    tile = tile_at(*place)
    assert (tile.name, (tile.easting, tile.northing)) == (name, corner)
    inside = Footprint.from_geojson({"type": "Point", "coordinates": list(place)})
    assert inside and tile.footprint.contains(inside)


@pytest.mark.parametrize("place", [(1.4, 43.6), (179.99, -17.0), (5.0, 60.0), (-62.0, -66.0), (16.0, 78.2)])
def test_utm_there_and_back(place: tuple[float, float]):
    from ckanext.nextgeoss.demo.utm import zone_of

    zone = zone_of(*place)
    assert unproject(*project(*place, zone), zone, place[1] < 0) == pytest.approx(place, abs=1e-8)


def test_utm_of_a_known_point():
    """The CN Tower: 17N 630084 E, 4833438 N."""
    assert project(-79.387139, 43.642567, 17) == pytest.approx((630084, 4833438), abs=2)


@pytest.mark.parametrize(
    ("place", "path", "row"),
    [((-122.2, 37.5), 44, 34), ((2.35, 48.9), 199, 26), ((-0.2, 51.6), 201, 24), ((0.3, 0.0), 192, 60)],
)
def test_scenes_are_those_of_wrs_2(place: tuple[float, float], path: int, row: int):
    assert scene_at(*place) == Scene(path, row)


def test_the_sun():
    """At noon of the June solstice it stands over the tropic; at midnight below."""
    noon = datetime(2024, 6, 21, 12, 2, tzinfo=timezone.utc)
    assert sun(noon, 0.0, 23.44)[1] == pytest.approx(90, abs=0.7)
    assert sun(noon, 180.0, 0.0)[1] < -60
    assert sun(noon, 0.0, 60.0)[0] == pytest.approx(180, abs=3)


def test_pictures_are_png():
    body = images.picture("sentinel-2", "a", 32, 40)
    assert body == images.picture("sentinel-2", "a", 32, 40)
    assert body != images.picture("sentinel-2", "b", 32, 40)
    assert body.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0 \0\0\0 ")
    length = struct.unpack(">I", body[33:37])[0]
    pixels = zlib.decompress(body[41 : 41 + length])
    assert len(pixels) == 32 * (1 + 3 * 32)
    white = sum(
        pixels[n : n + 3] == bytes((244, 246, 250))
        for y in range(32)
        for n in range(97 * y + 1, 97 * y + 97, 3)
    )
    assert white / 1024 == pytest.approx(0.4, abs=0.01)


def test_the_data_file_is_a_geotiff():
    """The directory says where the pixels are, and these end the file."""
    body = images.geotiff("landsat", "scene", (170.0, -20.0, -170.0, -10.0))
    order, magic, directory, count = struct.unpack("<2sHIH", body[:10])
    tags = {}
    for n in range(count):
        tag, kind, number = struct.unpack("<HHI", body[10 + 12 * n : 18 + 12 * n])
        tags[tag] = (kind, number, struct.unpack("<I", body[18 + 12 * n : 22 + 12 * n])[0])
    assert (order, magic, directory) == (b"II", 42, 8)
    assert list(tags) == sorted(tags)
    assert tags[273][2] + tags[279][2] == len(body)
    assert struct.unpack("<3d", body[tags[33550][2] : tags[33550][2] + 24])[:2] == (20 / 64, 10 / 64)
