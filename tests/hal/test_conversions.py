"""Conversions by interrupt and FIFO, on a twin of the I2C block: the right value, or none at all.

What conversions.py does on the chip is run here as it is, with the part's twin behind the block.
"""

import random
from array import array

import pytest
from i2c_bench import Clock
from i2c_block import Block

from hal.drivers.ads1115 import LOW
from hal.rp2 import conversions as c
from hal.rp2 import pins
from hal.sim.ad5693r_twin import Ad5693rTwin
from hal.sim.ads1115_twin import Ads1115Twin

CODES = [800, -1600, 2400, 3200]
IRQ_US = 60  # from the falling line to the handler, flash cache and the guard before it


class Line:
    """Block, part and ready line; `step` lets time pass and calls the interrupt."""

    def __init__(self, rate=1.0, wake_us=25, seed=1):
        self.clock = Clock()
        self.adc = Ads1115Twin(self.clock, [code / 8000 for code in CODES], rate=rate)
        self.adc._waits_us = [us + wake_us - 25 for us in self.adc._waits_us]
        self.dac = Ad5693rTwin()
        self.block = Block(self.clock, {0x48: self.adc, 0x4C: self.dac})
        self.frame = array("i", [0] * 5)
        self.io = [0] * c.SIZE
        self.io[c.BLOCK], self.io[c.FRAME], self.io[c.LOW] = self.block, self.frame, LOW
        self.io[c.LINE], self.io[c.MASK] = self, 1 << pins.READY
        self.chance = random.Random(seed)
        self.edge_us = None
        self.level = 1
        self.adc.write(b"\x02\x00\x00")
        self.adc.write(b"\x03\x80\x00")
        c.take(self.io)
        c.begin(self.io)

    def __getitem__(self, word):
        """GPIO_IN: the ready line as it is now."""
        return self.adc.alert() << pins.READY

    def step(self, us=10):
        until_us = self.clock.us + us
        self.block.run(until_us)
        self.clock.us = max(self.clock.us, until_us)
        self.adc.update()
        level = self.adc.alert()
        if self.level and not level:
            self.edge_us = self.clock.us + self.chance.randrange(5, IRQ_US)
        self.level = level
        if self.edge_us is not None and self.clock.us >= self.edge_us:
            self.edge_us = None
            c.advance(self.io)

    def run(self, us):
        end_us = self.clock.us + us
        while self.clock.us < end_us:
            self.step()
            self.right()

    def right(self):
        """Every value in the frame is its own input's."""
        for channel in range(4):
            assert self.frame[1 + channel] in (0, CODES[channel])

    def write_dac(self, code):
        """As machine.I2C does it, waiting."""
        c.take(self.io)
        assert not self.block.sent and not self.block.raw
        block = self.block
        block[27] = 0
        block[1] = 0x4C
        block[27] = 1
        for word in (0x30, code >> 8, code & 0xFF | 0x200):
            block[4] = word
        # machine.I2C has been seen to return with the last byte still on the bus.
        while len(block.sent) > self.chance.randrange(2):
            assert self.clock.us < 1 << 29
            self.clock.us += 1
            block.run(self.clock.us)
        self.adc.update()
        c.give(self.io)
        assert self.dac.code == code

    @property
    def frames(self):
        return self.frame[0]


@pytest.mark.parametrize(
    "rate, wake_us, most_us",
    [(0.9, 110, 6950), (0.9, 25, 6600), (1.0, 25, 6100), (1.0, 110, 6450), (1.1, 25, 5650)],
)
def test_a_frame_takes_less_than_seven_ms(rate, wake_us, most_us):
    """The slowest part, woken slowly, answered late: [DS] and TI's engineers, see ads1115.py."""
    line = Line(rate, wake_us)
    line.run(30_000)
    first, since_us = line.frames, line.clock.us
    while line.frames < first + 20:
        line.step()
        line.right()
    assert (line.clock.us - since_us) / 20 <= most_us
    assert line.io[c.STATE] == c.RUNS
    assert list(line.frame[1:]) == CODES


@pytest.mark.parametrize("seed", range(20))
def test_the_dac_is_written_in_between(seed):
    line = Line(random.Random(seed).choice((0.9, 1.0, 1.1)), seed=seed)
    for _ in range(60):
        line.run(line.chance.randrange(0, 6000))
        line.write_dac(line.chance.randrange(65536))
        line.right()
    assert line.io[c.STATE] == c.RUNS
    assert line.frames > 15
    assert list(line.frame[1:]) == CODES


def test_a_bus_that_is_kept_makes_the_next_conversion_late_and_no_value_wrong():
    line = Line()
    line.run(20_000)
    c.take(line.io)
    frames = line.frames
    line.run(50_000)
    assert line.frames <= frames + 1
    c.give(line.io)
    line.run(20_000)
    assert line.frames >= frames + 3


@pytest.mark.req("S-19")
@pytest.mark.parametrize("seed", range(20))
def test_a_spike_on_the_ready_line_is_nothing(seed):
    line = Line(seed=seed)
    for _ in range(30):
        line.run(line.chance.randrange(3000))
        if line.adc.alert():
            c.advance(line.io)
    assert line.io[c.STATE] == c.RUNS and line.frames > 5


@pytest.mark.req("S-15", "S-19")
@pytest.mark.parametrize("seed", range(40))
def test_a_line_that_lies_costs_a_beginning_and_no_value(seed):
    """Low although nothing has ended."""
    line = Line(seed=seed)
    line.run(12_000)
    line.run(line.chance.randrange(1500))
    while not line.adc.alert():
        line.step()
    line.io[c.LINE] = [0]
    c.advance(line.io)
    line.run(6000)
    assert line.io[c.STATE] == c.LOST
    line.io[c.LINE] = line
    begin_again(line)


@pytest.mark.req("S-19")
@pytest.mark.parametrize("seed", range(20))
def test_a_part_that_does_not_answer_ends_it(seed):
    line = Line(seed=seed)
    line.run(12_000)
    line.run(line.chance.randrange(1500))
    line.block.deaf = True
    ended = line.io[c.ENDED]
    line.run(10_000)
    assert line.io[c.ENDED] <= ended + 2  # silent: the main loop notices
    begin_again(line)


@pytest.mark.req("S-15")
@pytest.mark.parametrize("seed", range(20))
def test_what_a_part_says_after_its_reset_is_nobodys(seed):
    line = Line(seed=seed)
    line.run(12_000)
    line.run(line.chance.randrange(1500))
    line.adc.power_on()
    line.adc.inputs[:] = [0.1] * 4  # so that a value from now on can be told
    line.run(10_000)
    ended = line.io[c.ENDED]
    line.run(10_000)
    assert line.io[c.STATE] == c.LOST or line.io[c.ENDED] == ended


def test_a_bus_that_hangs_is_not_waited_for():
    line = Line()
    line.run(12_000)
    line.block.hang = True
    line.run(3000)
    since_us = line.clock.us
    c.take(line.io)
    assert line.io[c.STATE] == c.LOST
    assert line.clock.us - since_us <= 4100


def test_the_number_of_frames_stays_a_small_integer():
    line = Line()
    line.frame[0] = (1 << 30) - 1
    line.run(8000)
    assert line.frame[0] == 0
    line.io[c.ENDED] = (1 << 29) - 1
    line.run(1600)
    assert line.io[c.ENDED] <= 1


def test_a_frame_is_copied_whole():
    """The interrupt comes between any two words of the copy."""

    class Torn:
        """A frame that becomes another one while it is read."""

        def __init__(self, at):
            self.words, self.reads, self.at = [7, 1, 2, 3, 4], 0, at

        def __getitem__(self, index):
            self.reads += 1
            if self.reads == self.at:
                self.words = [8, 11, 12, 13, 14]
            return self.words[index]

    for at in range(1, 14):
        io = [0] * c.SIZE
        io[c.FRAME] = Torn(at)
        copy = [0] * 5
        c.latest(io, copy)
        assert copy in ([7, 1, 2, 3, 4], [8, 11, 12, 13, 14])


def begin_again(line):
    """As the main loop does it: idle, then anew."""
    line.run(2000)
    c.take(line.io)
    c.begin(line.io)
    frames = line.frames
    line.run(12_000)
    assert line.frames > frames and line.io[c.STATE] == c.RUNS
