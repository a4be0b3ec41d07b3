"""On real MicroPython: what runs while a person is treated asks the heap for nothing."""

import sys

import guard_passes
import pytest

sys.path.insert(0, str(__import__("pathlib").Path(__file__).parents[1] / "firmware"))
import unix_port  # noqa: E402

TICK = """
import sys
sys.path.append("tools/ionwand/simulation/guest")
import micropython
import job
from firmware import app, session
from hal.sim.board import SimBoard

order = {"product": "vitamin-c", "duration_s": 60, "events": [
    {"at_s": 2.0, "press_s": 2.0}, {"at_s": 5.2, "touch": "hydrated"}]}
world = job.prepare(order)
wand = app.App(SimBoard(world))

def tick():
    wand.board.sleep_until(wand.board.ticks_ms() + 5)
    wand.tick(wand.board.ticks_ms())

while wand.session.state != session.%s:
    tick()
for _ in range(%d):
    tick()

class Still:
    # The board's side of a tick, without the plant's floats.
    bus_failed = False
    precise = wand.board.precise
    dac_codes = 65535
    def ticks_ms(self): return now_ms
    def vbus(self): return False
    def pressed(self): return False
    from_a = precise[1]
    from_e = precise[2] - precise[3]
    snapshot = wand.output.snapshot
    def write_dac(self, code):  # current follows, and voltage: the load is what it was
        self.precise[1] = code * 2224 // 10000
        self.precise[2] = self.precise[3] + self.from_e * self.precise[1] // self.from_a
        self.snapshot[4] = code * 911 // 65536  # SN_A_UA
        self.snapshot[5] = self.snapshot[4] + 4  # SN_B_UA, and both dividers
    def output_off(self): pass
    def panel(self, red, green, blue, hz): pass
    def publish(self, status): pass
    def feed_watchdog(self): pass

wand.board = wand.output._board = Still()
now_ms = wand._last_ms
frame = wand.board.precise
micropython.heap_lock()
for i in range(%d):
    frame[0] += 1
    now_ms += 5
    wand.tick(now_ms)
micropython.heap_unlock()
print(wand.session.state, wand.treatment.dose.dose_uc > 0, wand.faults.bits)
"""


@pytest.mark.req("P-03", "S-10")
def test_a_guard_pass_allocates_nothing():
    assert unix_port.run(guard_passes.source(1000)) == "(1000, 0, True)\n"


@pytest.mark.req("P-06")
@pytest.mark.parametrize(
    ("state", "before", "ticks"), [("RAMPING", 100, 500), ("TREATING", 400, 900)]
)
def test_a_tick_under_current_allocates_nothing(state, before, ticks):
    """Seconds of ticks: whole rhythms of the light, impedances, ramp, trim and dose."""
    out = unix_port.run(TICK % (state, before, ticks), heap="4m")
    assert out.split()[1:] == ["True", "0"], out
