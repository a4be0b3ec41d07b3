"""The emulated chip's flash takes its time: to be read, to be erased and to be written."""

import pytest

LOOP = """
import time
def loop():
    since = time.ticks_us()
    for i in range(1000):
        i * i
    return time.ticks_us() - since
loop()
print(loop())
"""
HITS = """
from machine import mem32
mem32[0x1400000C] = mem32[0x14000010] = 0
loop()
print(mem32[0x1400000C], mem32[0x14000010])
"""
WRITE = """
import rp2
flash = rp2.Flash()
last = flash.ioctl(4, 0) - 1
since = time.ticks_us()
flash.ioctl(6, last)
erased = time.ticks_us()
flash.writeblocks(last, bytes(range(256)), 0)
print(erased - since, time.ticks_us() - erased)
"""


@pytest.fixture
def start(uf2, monkeypatch):
    from ionwand.emulation import figures

    def start(cycles):
        monkeypatch.setenv("IONWAND_FLASH_CYCLES", cycles)
        return figures.console(uf2)

    return start


def test_a_fill_takes_its_cycles_and_the_chip_counts_them(start):
    chip = start("40")
    least_us = int(chip.execute(LOOP))
    hits, accesses = map(int, chip.execute(HITS).split())
    assert 0.9 < hits / accesses < 1 and accesses > 10_000
    chip = start("50")
    most_us = int(chip.execute(LOOP))
    fills = chip.cache.fills
    chip.execute("loop()")
    fills = chip.cache.fills - fills  # the console's in it
    assert least_us < most_us <= least_us + fills * 10 / 125 + 1
    chip = start("off")
    assert int(chip.execute(LOOP)) < least_us and chip.cache is None


@pytest.mark.req("S-13")
def test_the_guests_flash_writes_stall_it(start):
    """A sector 45 ms, a page 0.4 ms, and no interrupt meanwhile."""
    chip = start("45")
    chip.execute(LOOP)
    erase_us, write_us = map(int, chip.execute(WRITE).split())
    assert 45_000 < erase_us < 46_500 and 400 < write_us < 2500
    assert chip.flash_writes.erased == 1 and chip.flash_writes.programmed == 1
