"""The twins of the I2C parts at register level: outputs, ranges, times and faults.

What the drivers never send is here, because another firmware or the emulator may.
"""

import pytest
from i2c_bench import Clock

from hal.sim.ad5693r_twin import Ad5693rTwin
from hal.sim.ads1115_twin import Ads1115Twin
from hal.sim.mcp4725_twin import Mcp4725Twin


# --- AD5693R ---
def test_ad5693r_input_register_and_ldac():
    twin = Ad5693rTwin()
    twin.write(b"\x10\x80\x00")
    assert (twin.code, twin.volts()) == (0, 0)
    twin.write(b"\x20\x00\x00")
    assert twin.volts() == 1.25
    twin.ldac_low = True
    twin.write(b"\x10\x00\x01")
    assert twin.code == 1
    twin.write(b"\x30\xff")  # cut short: not executed
    assert twin.code == 1


def test_ad5693r_output():
    twin = Ad5693rTwin(reference_v=2.505, gain=0.999, offset_v=0.001)
    twin.write(b"\x30\x40\x00")
    assert twin.volts() == pytest.approx(2.505 * 0.999 / 4 + 0.001)
    twin.write(b"\x40\x08\x00")  # gain 2
    assert twin.volts() == pytest.approx(2.505 * 0.999 / 2 + 0.001)
    for control in (b"\x40\x10\x00", b"\x40\x20\x00", b"\x40\x60\x00"):
        twin.write(control)
        assert twin.volts() == 0
    twin.stuck_full_scale = True
    assert twin.volts() == pytest.approx(2.505 * 0.999 + 0.001, abs=1e-4)
    twin.stuck_full_scale = False
    twin.write(b"\x40\x80\x00")
    assert (twin.code, twin.control, twin.volts()) == (0, 0, 0.001)


# --- MCP4725 ---
def test_mcp4725_commands():
    twin = Mcp4725Twin()
    twin.write(b"\x01\x23\x04\x56")  # two fast writes in one transaction
    assert twin.code == 0x456
    twin.write(b"\x40\x78\x90")
    assert (twin.code, twin.stored) == (0x789, 0x800)
    twin.write(b"\x60\x12\x30")
    assert (twin.code, twin.stored) == (0x123, 0x123)
    assert twin.read(6) == b"\xc0\x12\x30\x01\x23\xc0"
    twin.stuck_full_scale = True
    assert twin.volts() == pytest.approx(3.3 * 4095 / 4096)


def test_mcp4725_ignores_commands_while_it_burns():
    clock = [0]
    twin = Mcp4725Twin(now_us=lambda: clock[0])
    twin.write(b"\x60\x00\x00")
    twin.write(b"\x0f\xff")
    assert twin.code == 0
    assert not twin.read(1)[0] & 0x80
    clock[0] = 25_000
    assert twin.read(1)[0] & 0x80
    twin.write(b"\x0f\xff")
    assert twin.code == 0xFFF


# --- ADS1115 ---
def convert(config, volts, **errors):
    clock = Clock()
    twin = Ads1115Twin(clock, volts, **errors)
    twin.write(bytes((1, config >> 8, config & 0xFF)))
    clock.us = 130_000
    twin.update()
    return twin.conversion


@pytest.mark.parametrize(
    "gain, full_scale_v", list(enumerate([6.144, 4.096, 2.048, 1.024, 0.512]))
)
def test_ads1115_ranges(gain, full_scale_v):
    config = 0xC1E3 | gain << 9
    assert convert(config, [full_scale_v / 4, 0, 0, 0]) == 8192
    assert convert(config, [7.0, 0, 0, 0]) == 32767
    assert convert(config, [-7.0, 0, 0, 0]) == -32768


@pytest.mark.parametrize(
    "mux, volts", list(enumerate([-0.1, -0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.4]))
)
def test_ads1115_inputs(mux, volts):
    config = 0x83E3 | mux << 12
    assert convert(config, [0.1, 0.2, 0.3, 0.4]) == round(volts * 8000)


def test_ads1115_errors():
    assert convert(0xC3E3, [1.0, 0, 0, 0], gain=1.01, offset_v=-0.001) == 8072


@pytest.mark.parametrize("rate", [0.9, 1.0, 1.1])
@pytest.mark.parametrize("bits, sps", list(enumerate([8, 16, 32, 64, 128, 250, 475, 860])))
def test_ads1115_takes_its_time(rate, bits, sps):
    clock = Clock()
    twin = Ads1115Twin(clock, [1.0] * 4, rate=rate)
    twin.write(bytes((1, 0xC3, bits << 5 | 3)))
    due_us = 25 + 1e6 / (sps * rate)
    clock.us = int(due_us) - 1
    assert not twin.read(1)[0] & 0x80
    twin.write(bytes((1, 0xC3, bits << 5 | 3)))  # a start during a conversion changes nothing
    clock.us = int(due_us) + 2
    assert twin.read(1)[0] & 0x80
    assert twin.conversion == 8000


def test_ads1115_samples_at_the_end_of_a_conversion():
    clock = Clock()
    volts = [1.0] * 4
    twin = Ads1115Twin(clock, volts)
    twin.write(b"\x01\xc3\xe3")
    volts[0] = 2.0
    clock.us = 1500
    twin.update()
    volts[0] = 3.0
    assert twin.conversion == 16000
    twin.write(b"\x00")
    assert twin.read(2) == b"\x3e\x80"


def test_ads1115_continuous():
    clock = Clock()
    volts = [1.0] * 4
    twin = Ads1115Twin(clock, volts)
    twin.write(b"\x01\x42\xe3")
    for volts[0] in (1.0, 2.0, 3.0):
        clock.us += 1500
        twin.update()
        assert twin.conversion == volts[0] * 8000


def test_ads1115_ready_line():
    """Low while nothing is converted, where thresholds and queue ask for it."""
    clock = Clock()
    twin = Ads1115Twin(clock, [1.0] * 4)
    twin.write(b"\x01\x43\xe0")
    assert twin.alert() == 1
    twin.write(b"\x02\x00\x00")
    assert twin.alert() == 1
    twin.write(b"\x03\x80\x00")
    assert (twin.alert(), twin.busy_us()) == (0, 0)
    twin.write(b"\x01\xc3\xe0")
    assert (twin.alert(), twin.busy_us()) == (1, 1188)
    clock.us += 1188
    twin.update()
    assert (twin.alert(), twin.busy_us()) == (0, 0)
    twin.write(b"\x01\x43\xe3")  # the comparator is off: the pin floats
    assert twin.alert() == 1


def test_ads1115_noise_and_stuck():
    clock = Clock()

    def codes(seed, stuck=None):
        twin = Ads1115Twin(clock, [1.0] * 4, seed=seed)
        twin.noise_codes = 5
        twin.stuck = stuck
        got = []
        for _ in range(200):
            twin.write(b"\x01\xc3\xe3")
            clock.us += 1500
            twin.update()
            got.append(twin.conversion)
        return got

    first = codes(1)
    assert first == codes(1) != codes(2)
    assert 7995 <= min(first) < 7998 and 8002 < max(first) <= 8005
    assert codes(1, stuck=17) == [17] * 200
