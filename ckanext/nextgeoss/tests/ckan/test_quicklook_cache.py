"""The cache of pictures keeps what is looked at, forgets failures, and never outgrows its bound."""

from __future__ import annotations

from pathlib import Path

from ckanext.nextgeoss.views.image_cache import FORGET_FAILURE, ImageCache


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def make(folder: Path, max_bytes: int = 50_000) -> tuple[ImageCache, Clock]:
    clock = Clock()
    return ImageCache(folder / "cache", max_bytes, clock), clock


def test_an_image_is_kept(tmp_path: Path) -> None:
    cache, _ = make(tmp_path)
    assert cache.get("http://a/1") is None
    cache.put("http://a/1", b"picture")
    assert cache.get("http://a/1") == b"picture"
    assert cache.get("http://a/2") is None


def test_a_failure_is_remembered_for_a_while(tmp_path: Path) -> None:
    cache, clock = make(tmp_path)
    cache.put("http://a/1", b"")
    assert cache.get("http://a/1") == b""
    clock.now += FORGET_FAILURE + 1
    assert cache.get("http://a/1") is None


def test_the_image_not_looked_at_for_longest_goes_first(tmp_path: Path) -> None:
    cache, clock = make(tmp_path)
    for number in range(5):
        clock.now += 1
        cache.put(f"http://a/{number}", bytes(9_000))
    clock.now += 1
    assert cache.get("http://a/0")  # looked at: now the newest
    clock.now += 1
    cache.put("http://a/5", bytes(9_000))
    assert cache.get("http://a/1") is None
    assert cache.get("http://a/0")
    assert cache.get("http://a/5")


def test_the_folder_stays_within_its_bound(tmp_path: Path) -> None:
    cache, clock = make(tmp_path)
    for number in range(40):
        clock.now += 1
        cache.put(f"http://a/{number}", bytes(7_000))
        assert sum(path.stat().st_size for path in cache.folder.iterdir()) <= cache.max_bytes


def test_an_address_never_names_a_file(tmp_path: Path) -> None:
    cache, _ = make(tmp_path)
    cache.put("http://a/../../../escape", b"x")
    assert [path.parent for path in tmp_path.rglob("*") if path.is_file()] == [cache.folder]
