"""The drivers against register-level twins: what is sent, what is refused, what is read back."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from i2c_bench import Bench

from hal.drivers import ad5693r, asked, mcp4725
from hal.sim.ad5693r_twin import Ad5693rTwin
from hal.sim.ads1115_twin import Ads1115Twin


@pytest.fixture
def bench():
    return Bench()


# --- both DACs ---
def dacs(bench):
    return (bench.dac, bench.dac_twin), (bench.mcp, bench.mcp_twin)


@given(st.floats(0, 1))
def test_dac_holds_what_was_written(part):
    bench = Bench()
    for dac, twin in dacs(bench):
        code = int(part * dac.full_scale)
        dac.setup()
        dac.write(code)
        assert twin.code == code
        assert dac.read() == code


@pytest.mark.req("S-01")
@pytest.mark.parametrize("code", [-1, 65536, 1 << 30, -(1 << 30), float("nan"), float("inf")])
def test_dac_refuses_codes_out_of_range_and_sends_nothing(bench, code):
    for dac, twin in dacs(bench):
        dac.setup()
        dac.write(7)
        calls = bench.bus.calls
        with pytest.raises(ValueError, match=r"must be 0\.\.\d+; clamp it before the driver$"):
            dac.write(code)
        assert bench.bus.calls == calls
        assert twin.code == 7


@pytest.mark.req("S-01")
def test_dac_refuses_the_first_code_beyond_full_scale(bench):
    for dac, twin in dacs(bench):
        dac.write(dac.full_scale)
        with pytest.raises(ValueError):
            dac.write(dac.full_scale + 1)
        assert twin.code == dac.full_scale


@pytest.mark.parametrize("code", [1.0, "1", None])
def test_dac_takes_integers_only(bench, code):
    for dac, twin in dacs(bench):
        dac.setup()
        with pytest.raises(TypeError):
            dac.write(code)
        assert twin.code == 0


@pytest.mark.req("S-19")
def test_dac_passes_bus_errors_on_and_works_again(bench):
    for dac, twin in dacs(bench):
        dac.setup()
        for action in (lambda dac=dac: dac.write(9), dac.read):
            bench.bus.fail_next()
            with pytest.raises(OSError):
                action()
        assert twin.code == 0
        dac.write(9)
        assert dac.read() == 9


# --- AD5693R ---
def test_ad5693r_setup_recovers_from_anything(bench):
    twin = bench.dac_twin
    bench.bus.writeto(0x4C, b"\x30\xff\xff")
    bench.bus.writeto(0x4C, b"\x40\x70\x00")  # powered down, reference off, gain 1
    bench.dac.setup()
    assert (twin.code, twin.input, twin.control) == (0, 0, 0x0800)
    bench.dac.write(0x8000)
    assert twin.volts() == 2.5


@pytest.mark.req("S-01")
def test_ad5693r_that_was_reset_gives_half_until_it_is_written_zero(bench):
    twin = bench.dac_twin
    bench.dac.setup()
    twin.power_on()
    bench.dac.write(0x8000)
    assert twin.volts() == 1.25
    bench.dac.write(0)
    bench.dac.write(0x8000)
    assert twin.volts() == 2.5


@pytest.mark.req("S-01")
@pytest.mark.parametrize("control", range(0, 0x10000, 0x0800))
def test_ad5693r_full_scale_gives_601_microamps_whatever_its_registers_hold(bench, control):
    bench.dac.setup()
    bench.dac_twin.control = control
    bench.dac.write(65535)
    assert bench.dac_twin.volts() * 10.0 / 27.45 / 2000 * 1e6 <= 601.2


def test_ad5693r_bytes_on_the_bus(bench):
    sent = []

    class Recorder(Ad5693rTwin):
        def write(self, data):
            sent.append(bytes(data))

    bench.bus.attach(0x4C, Recorder())
    bench.dac.setup()
    bench.dac.write(0x1234)
    bench.dac.read()
    assert sent == [b"\x40\x80\x00", b"\x40\x08\x00", b"\x30\x12\x34", b"\x00\x00\x00"]


def test_ad5693r_read_is_one_transaction_with_a_repeated_start(bench):
    stops = []
    writeto = bench.bus.writeto

    def recorder(addr, buf, stop=True):
        stops.append(stop)
        return writeto(addr, buf, stop)

    bench.bus.writeto = recorder
    bench.dac.read()
    bench.dac.write(1)
    assert stops == [False, True]


# --- MCP4725 ---
@pytest.mark.req("S-15")
def test_mcp4725_as_delivered_fails_the_check_until_burnt(bench):
    mcp, twin = bench.mcp, bench.mcp_twin
    assert twin.volts() == pytest.approx(1.65)  # mid-scale: half the supply right at power-on
    assert mcp.power_on_code() == 0x800
    mcp.setup()
    assert mcp.read() == 0
    assert not mcp.check_power_on_zero()  # a zero in the DAC register must not hide the EEPROM
    mcp.burn_power_on_zero()
    assert not mcp.ready()
    assert not mcp.check_power_on_zero()
    bench.clock.us += 50_000
    assert mcp.ready()
    assert mcp.check_power_on_zero()
    twin.power_on()
    assert twin.volts() == 0
    assert twin.burns == 1


@pytest.mark.req("S-15")
@pytest.mark.parametrize("stored", [1, 0x0FF, 0x100, 0xFFF])
def test_mcp4725_check_sees_every_bit(bench, stored):
    bench.mcp_twin.stored = stored
    assert not bench.mcp.check_power_on_zero()


def test_mcp4725_write_wakes_it_and_leaves_the_eeprom_alone(bench):
    bench.bus.writeto(0x60, b"\x10\x00")  # power-down, 1 kΩ to ground
    assert not bench.mcp.ready()
    assert bench.mcp_twin.volts() == 0
    bench.mcp.write(4095)
    assert bench.mcp.ready()
    assert bench.mcp_twin.volts() == pytest.approx(3.3, rel=1e-3)
    assert bench.mcp_twin.burns == 0


# --- ADS1115 ---
@pytest.mark.parametrize("channel", range(4))
@pytest.mark.parametrize("volts", [0.0, 0.000125, 1.0, 2.4, -0.001, 4.095])
def test_ads1115_converts_each_input(bench, channel, volts):
    bench.volts[:] = [9.0] * 4
    bench.volts[channel] = volts
    bench.adc.start(channel)
    assert not bench.adc.ready()
    bench.clock.us += 1500
    assert bench.adc.ready()
    assert bench.adc.read() == round(volts / 125e-6)


@pytest.mark.parametrize("code", [-32768, -32767, -256, -255, -1, 0, 127, 128, 255, 256, 32767])
def test_ads1115_sign(bench, code):
    bench.adc_twin.conversion = code
    assert bench.adc.read() == code


def test_ads1115_bytes_on_the_bus(bench):
    """±4.096 V, single-shot, 860 SPS, ready line; the inputs against ground."""
    sent = []

    class Recorder(Ads1115Twin):
        def write(self, data):
            sent.append(bytes(data))

        def read_register(self, register, buffer):
            sent.append(bytes([register]))

    bench.bus.attach(0x48, Recorder(bench.clock, bench.volts))
    bench.adc.setup()
    for channel in range(4):
        bench.adc.start(channel)
    bench.adc.read()
    bench.adc.busy()
    assert sent == [
        b"\x02\x00\x00",
        b"\x03\x80\x00",
        b"\x01\x43\xe0",
        b"\x01\xc3\xe0",
        b"\x01\xd3\xe0",
        b"\x01\xe3\xe0",
        b"\x01\xf3\xe0",
        b"\x00",
        b"\x01",
    ]


@pytest.mark.parametrize("channel", [-1, 4])
def test_ads1115_has_four_inputs(bench, channel):
    calls = bench.bus.calls
    with pytest.raises(ValueError, match=r"must be 0\.\.3"):
        bench.adc.start(channel)
    assert bench.bus.calls == calls


@pytest.mark.req("S-15")
def test_ads1115_config_echo(bench):
    bench.adc.setup()
    assert bench.adc.check_config()
    bench.adc.start(2)
    assert bench.adc.check_config()  # during a conversion, too
    bench.adc_twin.power_on()  # a dip of the supply
    assert not bench.adc.check_config()


@pytest.mark.req("S-15")
@pytest.mark.parametrize("bit", range(15))
def test_ads1115_config_echo_sees_every_bit(bench, bit):
    bench.adc.setup()
    config = 0x43E0 ^ 1 << bit
    bench.bus.writeto_mem(0x48, 1, bytes((config >> 8, config & 0xFF)))
    assert not bench.adc.check_config()


@pytest.mark.req("S-15")
@pytest.mark.parametrize("bit", range(15))
def test_ads1115_another_configuration_is_never_ready(bench, bit):
    bench.adc.setup()
    assert bench.adc.ready()
    config = 0x43E0 ^ 1 << bit
    bench.bus.writeto_mem(0x48, 1, bytes((config >> 8, config & 0xFF)))
    bench.clock.us += 130_000  # what lacks its single-shot bit converts
    with contextlib.suppress(OSError):
        assert not bench.adc.ready()


class DeafBus:
    """machine.I2C towards a part that stops acknowledging after the first byte."""

    def writeto(self, addr, buf, stop=True):
        return 1


@pytest.mark.req("S-19")
def test_a_write_that_was_not_heard_to_the_end_is_an_error():
    for call in (
        lambda: ad5693r.AD5693R(DeafBus()).write(1),
        lambda: ad5693r.AD5693R(DeafBus()).read(),
        lambda: mcp4725.MCP4725(DeafBus()).write(1),
        lambda: asked.AskedADS1115(DeafBus()).start(0),
    ):
        with pytest.raises(OSError):
            call()
