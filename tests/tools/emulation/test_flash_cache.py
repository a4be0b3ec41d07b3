"""The model of the RP2040's flash cache, against one written down another way."""

import random

import pytest

flash_cache = pytest.importorskip(
    "ionwand.emulation.flash_cache",
    reason="the emulator is not installed: make setup",
    exc_type=ImportError,
)

BASE = 0x10000000
LINE = 8
SETS = 1024
WAY = SETS * LINE  # addresses this far apart share a set


class Plain:
    """Sets as lists, the latest used line last."""

    def __init__(self):
        self.sets = [[] for _ in range(SETS)]

    def hit(self, address, allocate=True):
        number = address // LINE
        lines = self.sets[number % SETS]
        half = address // 4 % 2
        for line in lines:
            if line[0] == number:
                lines.remove(line)
                lines.append(line)
                hit = half in line[1]
                if allocate:
                    line[1].add(half)
                return hit
        if allocate:
            if len(lines) == 2:
                del lines[0]
            lines.append((number, {half}))
        return False


@pytest.fixture
def cache():
    return flash_cache.FlashCache(45)


def test_a_half_is_filled_by_itself(cache):
    assert cache.access(BASE) == 45 and cache.access(BASE + 4) == 45
    assert cache.access(BASE) == 0 and cache.access(BASE + 3) == 0 and cache.access(BASE + 4) == 0
    assert (cache.hits, cache.fills) == (3, 2)


def test_two_ways_and_the_older_one_goes(cache):
    first, second, third = BASE, BASE + WAY, BASE + 2 * WAY
    cache.access(first)
    cache.access(second)
    assert cache.access(first) == 0
    assert cache.access(third) == 45  # in the place of `second`
    assert cache.access(first) == 0 and cache.access(third) == 0
    assert cache.access(second) == 45 and cache.access(first) == 45


def test_aliases_past_the_cache(cache):
    no_allocation, no_cache, neither = (BASE + (region << 24) for region in (1, 2, 3))
    assert cache.access(no_allocation) == 45 and cache.access(no_allocation) == 45
    assert cache.access(BASE) == 45  # nothing had come in
    assert cache.access(no_allocation) == 0  # but what is there is found
    assert cache.access(no_cache) == 45 and cache.access(neither) == 45


@pytest.mark.parametrize("address", (0x00000100, 0x20001000, 0x40054000, 0xD0000000, 0x14000000))
def test_only_flash_waits(cache, address):
    assert cache.access(address) == 0 and cache.hits == cache.fills == 0


def test_random_accesses_against_the_other_model(cache):
    chance = random.Random(19)
    plain = Plain()
    for _ in range(20_000):
        region = chance.choice((0, 0, 0, 1))
        offset = chance.randrange(3 * WAY) if chance.random() < 0.5 else chance.randrange(6) * WAY
        address = BASE + (region << 24) + (offset & ~3)
        expected = plain.hit(BASE + (offset & ~3), allocate=region == 0)
        assert (cache.access(address) == 0) is expected
    assert cache.hits > 1000 and cache.fills > 1000


def test_off_and_wrong_by_name(monkeypatch):
    monkeypatch.delenv(flash_cache.VARIABLE, raising=False)
    assert flash_cache.chosen() == 45
    monkeypatch.setenv(flash_cache.VARIABLE, "50")
    assert flash_cache.chosen() == 50
    monkeypatch.setenv(flash_cache.VARIABLE, "off")
    assert flash_cache.chosen() is None
    monkeypatch.setenv(flash_cache.VARIABLE, "0")
    with pytest.raises(flash_cache.BadInput, match="40, 45 or 50, or off"):
        flash_cache.chosen()
